"""What the policies ask: functions of the database, written once."""

from __future__ import annotations

from gis_service.foundation.standing import SIGHT_ROLE

# A division and all below it on a day; roots that ended count as what they were merged or converted into, and
# units that ended belong to where their successors lie.
_DIVISIONS_WITHIN = """
CREATE FUNCTION divisions_within(roots uuid[], on_day date) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE heir(id) AS (
        SELECT unnest(roots)
        UNION
        SELECT link.successor_id FROM heir
            JOIN lineage link ON link.predecessor_id = heir.id AND link.on_date <= on_day
        WHERE link.kind IN ('合并', '建制变更') AND NOT EXISTS (
            SELECT FROM division_version v WHERE v.division_id = heir.id AND v.valid @> on_day)
    ),
    below(id) AS (
        SELECT id FROM heir
        UNION
        SELECT v.division_id FROM below, division_version v
        WHERE v.superior_id = below.id AND v.valid @> on_day
    ),
    before(id) AS (
        SELECT id FROM below
        UNION
        SELECT link.predecessor_id FROM before JOIN lineage link ON link.successor_id = before.id
        WHERE NOT EXISTS (
            SELECT FROM division_version v WHERE v.division_id = link.predecessor_id AND v.valid @> on_day)
    )
    SELECT id FROM before
$$
"""

_DIVISIONS_IN_REACH = """
CREATE FUNCTION divisions_in_reach(reach text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT divisions_within(CAST(coalesce(nullif(reach, ''), '{}') AS uuid[]),
        CAST(nullif(current_setting('gis.day', true), '') AS date))
    WHERE coalesce(reach, '') NOT IN ('', '{}', 'everywhere')
$$
"""

_CLEARED_FOR = """
CREATE FUNCTION cleared_for(classification text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(
        array_position(ARRAY['公开', '内部', '涉密'], classification)
        <= array_position(ARRAY['公开', '内部', '涉密'], current_setting('gis.clearance', true)), false)
$$
"""

# Every statement asks this and what follows from it once for each table it reads: PL/pgSQL keeps the plan.
_HIDDEN_INSTRUMENTS = """
CREATE FUNCTION hidden_instruments() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT id FROM instrument
    WHERE classification <> '公开'
        AND NOT (cleared_for(classification) AND (
            current_setting('gis.classified', true) = 'everywhere'
            OR kept_within && ARRAY(SELECT divisions_in_reach(current_setting('gis.classified', true)))));
END $$
"""

_CASES_IN_REACH = """
CREATE FUNCTION cases_in_reach() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM change_case
    WHERE cleared_for(classification) AND (
        current_setting('gis.cases', true) = 'everywhere'
        OR drafted_by = CAST(nullif(current_setting('gis.account', true), '') AS uuid)
        OR id IN (SELECT case_id FROM change_party WHERE division_id IN (
            SELECT divisions_in_reach(current_setting('gis.cases', true)))))
$$
"""

_SHEETS_IN_REACH = """
CREATE FUNCTION sheets_in_reach() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM sheet
    WHERE current_setting('gis.classified', true) = 'everywhere'
        OR subject IN (SELECT divisions_in_reach(current_setting('gis.classified', true)))
        OR subject IN (SELECT id FROM instrument WHERE kept_within && ARRAY(
            SELECT divisions_in_reach(current_setting('gis.classified', true))))
$$
"""

_HIDDEN_SUBJECTS = """
CREATE FUNCTION hidden_subjects() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT number FROM change_case WHERE NOT cleared_for(classification)
    UNION ALL
    SELECT number FROM (
        SELECT number, classification, first_id, second_id FROM dispute_case
        UNION ALL SELECT number, classification, first_id, second_id FROM peace_agreement
        UNION ALL SELECT number, classification, first_id, second_id FROM contingency_plan
        UNION ALL SELECT number, classification, first_id, second_id FROM peace_assessment
    ) kept WHERE NOT (cleared_for(classification) AND (
        current_setting('gis.classified', true) = 'everywhere'
        OR first_id IN (SELECT divisions_in_reach(current_setting('gis.classified', true)))
        OR second_id IN (SELECT divisions_in_reach(current_setting('gis.classified', true)))))
    UNION ALL
    SELECT number FROM joint_meeting WHERE NOT (cleared_for(classification) AND (
        current_setting('gis.classified', true) = 'everywhere'
        OR id IN (SELECT meeting_id FROM joint_meeting_line
            WHERE first_id IN (SELECT divisions_in_reach(current_setting('gis.classified', true)))
            OR second_id IN (SELECT divisions_in_reach(current_setting('gis.classified', true))))))
$$
"""

_ACCOUNTS_IN_REACH = """
CREATE FUNCTION accounts_in_reach(reach text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT account.id FROM account JOIN authority ON authority.id = account.authority_id
    WHERE authority.division_id IN (SELECT divisions_in_reach(reach))
$$
"""

# Units no version of which is shown: neither are the lines and the links that name them.
_HIDDEN_DIVISIONS = """
CREATE FUNCTION hidden_divisions() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT v.division_id FROM hidden_instruments() AS hidden(id)
    JOIN division_version v ON v.begun_by = hidden.id
    WHERE NOT EXISTS (
        SELECT FROM division_version shown WHERE shown.division_id = v.division_id
            AND shown.begun_by NOT IN (SELECT hidden_instruments()));
END $$
"""

# Of pairs of units, those between which some stretch of border is not shown: its length would be told wrong.
_PARTLY_HIDDEN = """
CREATE FUNCTION partly_hidden(ones uuid[], others uuid[], on_day date)
RETURNS TABLE (first_id uuid, second_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = public, pg_temp AS $$
DECLARE
    hidden uuid[] := ARRAY(SELECT hidden_instruments());
BEGIN
    IF hidden = '{}' OR current_setting('role') = 'SIGHT' THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH RECURSIVE tree(root, id, is_hidden) AS (
        SELECT v.division_id, v.division_id, v.begun_by = ANY(hidden) FROM division_version v
        WHERE v.division_id = ANY(ones || others) AND v.valid @> on_day
        UNION ALL
        SELECT tree.root, below.division_id, tree.is_hidden OR below.begun_by = ANY(hidden)
        FROM tree, LATERAL (
            SELECT v.division_id, v.begun_by FROM division_version v
            WHERE v.superior_id = tree.id AND v.valid @> on_day OFFSET 0
        ) below
    ),
    held AS MATERIALIZED (
        SELECT tree.root, own.face_id,
            tree.is_hidden OR own.begun_by = ANY(hidden) OR own.source_id = ANY(hidden) AS is_hidden
        FROM tree, LATERAL (
            SELECT m.face_id, m.begun_by, face.source_id FROM membership m JOIN face ON face.id = m.face_id
            WHERE m.division_id = tree.id AND m.valid @> on_day OFFSET 0
        ) own
    )
    SELECT DISTINCT asked.one, asked.other
    FROM unnest(ones, others) AS asked(one, other)
    JOIN held here ON here.root = asked.one
    CROSS JOIN LATERAL (
        SELECT e.right_face_id AS face_id, e.source_id FROM edge e WHERE e.left_face_id = here.face_id
        UNION ALL
        SELECT e.left_face_id, e.source_id FROM edge e WHERE e.right_face_id = here.face_id OFFSET 0
    ) across
    JOIN held there ON there.face_id = across.face_id AND there.root = asked.other
    WHERE here.is_hidden OR there.is_hidden OR across.source_id = ANY(hidden);
END $$
""".replace("SIGHT", SIGHT_ROLE)

# What the service may tell everybody of the journal: how long it is, and when it was last written.
_JOURNAL_END = """
CREATE FUNCTION journal_end(OUT reached bigint, OUT written_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT max(position), max(at) FROM journal_entry
$$
"""

# Only an owner may take statistics; after a bulk load, plans are hopeless without.
_REFRESH_STATISTICS = """
CREATE FUNCTION refresh_statistics() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    ANALYZE edge (left_face_id, right_face_id), membership (face_id, division_id, valid),
        division_version (division_id, code, superior_id, valid, level, begun_by),
        lineage (predecessor_id, successor_id, on_date), instrument (id, number, classification)
$$
"""

# In the order in which they need each other.
FUNCTIONS = {
    "divisions_within(uuid[], date)": _DIVISIONS_WITHIN,
    "divisions_in_reach(text)": _DIVISIONS_IN_REACH,
    "cleared_for(text)": _CLEARED_FOR,
    "hidden_instruments()": _HIDDEN_INSTRUMENTS,
    "cases_in_reach()": _CASES_IN_REACH,
    "sheets_in_reach()": _SHEETS_IN_REACH,
    "hidden_subjects()": _HIDDEN_SUBJECTS,
    "accounts_in_reach(text)": _ACCOUNTS_IN_REACH,
    "journal_end()": _JOURNAL_END,
    "refresh_statistics()": _REFRESH_STATISTICS,
    "hidden_divisions()": _HIDDEN_DIVISIONS,
    "partly_hidden(uuid[], uuid[], date)": _PARTLY_HIDDEN,
}
