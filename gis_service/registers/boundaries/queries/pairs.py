"""Which units border which on a day, each pair at the level on which their line is registered (R-BND-03)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.registers.divisions.rules import DivisionLevel

# LATERAL … OFFSET 0, here and below, keeps the planner on the indexes: it can know neither how small a tree
# is nor, behind row-level security, how much a day selects, and would join row by row for minutes.

# Pairs of lowest-level units that meet along some edge.
_MEETING = """
meeting AS (
    SELECT DISTINCT l.division_id AS left_leaf, r.division_id AS right_leaf
    FROM {edges} e, LATERAL (
        SELECT division_id FROM membership m WHERE m.face_id = e.left_face_id AND m.valid @> :on OFFSET 0
    ) l, LATERAL (
        SELECT division_id FROM membership m WHERE m.face_id = e.right_face_id AND m.valid @> :on OFFSET 0
    ) r
    WHERE l.division_id <> r.division_id
)"""

_TREE = """
tree(id) AS (
    SELECT unnest(:units)
    UNION
    SELECT below.division_id FROM tree, LATERAL (
        SELECT division_id FROM division_version v WHERE v.superior_id = tree.id AND v.valid @> :on OFFSET 0
    ) below
)"""

_EDGES_AROUND = """
held AS (
    SELECT own.face_id FROM tree, LATERAL (
        SELECT face_id FROM membership m WHERE m.division_id = tree.id AND m.valid @> :on OFFSET 0
    ) own
),
edges_around AS (
    SELECT near.* FROM held, LATERAL (
        SELECT left_face_id, right_face_id FROM edge e WHERE e.left_face_id = held.face_id
        UNION ALL
        SELECT left_face_id, right_face_id FROM edge e WHERE e.right_face_id = held.face_id OFFSET 0
    ) near
)"""

# Where each lowest-level unit hangs: its province, prefecture, county and township. A city without counties
# (不设区的市) stands at the county level for itself.
_PLACED = """
up AS (
    SELECT leaf, own.*
    FROM (SELECT left_leaf AS leaf FROM meeting UNION SELECT right_leaf FROM meeting) leaves, LATERAL (
        SELECT v.division_id AS unit, v.level, v.superior_id FROM division_version v
        WHERE v.division_id = leaf AND v.valid @> :on OFFSET 0
    ) own
    UNION ALL
    SELECT up.leaf, above.*
    FROM up, LATERAL (
        SELECT v.division_id, v.level, v.superior_id FROM division_version v
        WHERE v.division_id = up.superior_id AND v.valid @> :on OFFSET 0
    ) above
),
rungs AS (
    SELECT leaf,
        (array_agg(unit) FILTER (WHERE level = 'province'))[1] AS province,
        (array_agg(unit) FILTER (WHERE level = 'prefecture'))[1] AS prefecture,
        (array_agg(unit) FILTER (WHERE level = 'county'))[1] AS county,
        (array_agg(unit) FILTER (WHERE level = 'township'))[1] AS township
    FROM up GROUP BY leaf
),
placed AS (
    SELECT leaf, province, prefecture, COALESCE(county, prefecture) AS county, township FROM rungs
)"""

# The highest level on which both sides have a unit and these differ, and those two units. `<>` with an
# absent unit is unknown, so it falls to the next level.
_PAIRED = """
borders AS (
    SELECT CASE WHEN pl.province <> pr.province THEN 'province'
                WHEN pl.prefecture <> pr.prefecture THEN 'prefecture'
                WHEN pl.county <> pr.county THEN 'county'
                WHEN pl.township <> pr.township THEN 'township' END AS level,
        pl.province AS left_province, pl.prefecture AS left_prefecture, pl.county AS left_county,
        pl.township AS left_township, pr.province AS right_province, pr.prefecture AS right_prefecture,
        pr.county AS right_county, pr.township AS right_township
    FROM meeting JOIN placed pl ON pl.leaf = left_leaf JOIN placed pr ON pr.leaf = right_leaf
),
sided AS (
    SELECT level,
        CASE level WHEN 'province' THEN left_province WHEN 'prefecture' THEN left_prefecture
                   WHEN 'county' THEN left_county ELSE left_township END AS one,
        CASE level WHEN 'province' THEN right_province WHEN 'prefecture' THEN right_prefecture
                   WHEN 'county' THEN right_county ELSE right_township END AS other
    FROM borders
)
SELECT DISTINCT level, LEAST(one, other) AS one, GREATEST(one, other) AS other
FROM sided WHERE level IS NOT NULL"""

_IDS = bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True)))
_ALL = text(f"WITH RECURSIVE{_MEETING.format(edges='edge')},{_PLACED},{_PAIRED}")
_OF_UNITS = text(
    f"WITH RECURSIVE{_TREE},{_EDGES_AROUND},{_MEETING.format(edges='edges_around')},{_PLACED},{_PAIRED}"
    " AND (one = ANY(:units) OR other = ANY(:units))"
).bindparams(_IDS)
_BELOW = text(f"WITH RECURSIVE{_TREE} SELECT id FROM tree").bindparams(_IDS)


def bordering_pairs(
    session: Session, *, on: date, of: Iterable[UUID] | None = None
) -> dict[tuple[UUID, UUID], DivisionLevel]:
    """Every pair of units that shares a line of its own on a day, with the level of that line.

    The level is the highest on which both sides have a unit and these differ. With `of`, only the pairs with
    one of these units as a side: the cost then grows with these units, not with the registers.
    """
    if of is None:
        rows = session.execute(_ALL, {"on": on})
    else:
        rows = session.execute(_OF_UNITS, {"on": on, "units": list(of)})
    return {(row.one, row.other): DivisionLevel(row.level) for row in rows}


def with_all_below(session: Session, units: Iterable[UUID], *, on: date) -> set[UUID]:
    """These units, in force or not, and all that hang below them on a day."""
    return set(session.scalars(_BELOW, {"on": on, "units": list(units)}))
