"""What is told of names that were found: read from the registers, behind their walls, in one statement."""

from __future__ import annotations

_IS_NAME = "s.rank < 1 << 20 AND s.name_valid @> on_day"  # the standard one of the day: none is looked for
# OFFSET 0 keeps the planner from the indexes that hold all that stands on a day, ANY from those of exclusion:
# they cost five times as much as those of one column.
HITS = f"""
    SELECT coalesce(json_agg(json_build_object(
        'tier', h.tier, 'name_id', s.name_id, 'id', s.feature_id, 'matched_on', s.text, 'kind', s.kind,
        'in_use', s.name_valid @> on_day, 'exists', s.feature_valid @> on_day, 'weight', s.weight,
        'is_standard', s.rank < 1 << 20,
        'name', coalesce(named.text, s.text), 'class', coalesce(v.class_code, s.class_code),
        'division', d.code, 'division_name', d.name, 'lon', g.lon, 'lat', g.lat,
        'from', lower(s.feature_valid), 'to', upper(s.feature_valid),
        'kept', (SELECT array_agg(DISTINCT i.classification) FROM instrument i
            WHERE i.id = ANY (s.sources) AND i.classification <> '公开')
    ) ORDER BY h.at), '[]') INTO hits
    FROM unnest(found[:page], tiers[:page]) WITH ORDINALITY AS h(row, tier, at)
    JOIN sought_name s ON s.ctid = h.row
    LEFT JOIN LATERAL (
        SELECT known.class_code, known.division_ids FROM (
            SELECT f.class_code, f.division_ids, f.valid FROM feature_version f
            WHERE f.feature_id = ANY (ARRAY[s.feature_id]) OFFSET 0
        ) known WHERE known.valid @> on_day LIMIT 1
    ) v ON TRUE
    LEFT JOIN LATERAL (
        SELECT known.text FROM (
            SELECT n.text, n.kind, n.valid FROM place_name n
            WHERE n.feature_id = ANY (ARRAY[s.feature_id]) AND NOT ({_IS_NAME}) OFFSET 0
        ) known WHERE known.kind = '标准名称' AND known.valid @> on_day LIMIT 1
    ) named ON TRUE
    LEFT JOIN LATERAL (
        SELECT ST_X(p.point) AS lon, ST_Y(p.point) AS lat FROM (
            SELECT CASE WHEN known.role = '点' THEN known.geom ELSE ST_PointOnSurface(known.geom) END AS point
            FROM (SELECT f.role, f.geom, f.valid FROM feature_shape f
                WHERE f.feature_id = ANY (ARRAY[s.feature_id]) OFFSET 0) known
            WHERE known.valid @> on_day ORDER BY known.role <> '点' LIMIT 1
        ) p
    ) g ON TRUE
    LEFT JOIN LATERAL (
        SELECT known.code, known.name FROM (
            SELECT u.code, u.name, u.valid FROM division_version u
            WHERE u.division_id
                = (CASE WHEN v.division_ids IS NULL THEN s.division_ids ELSE v.division_ids END)[1] OFFSET 0
        ) known WHERE known.valid @> on_day LIMIT 1
    ) d ON TRUE;"""
