"""The second wall: what each row of the database is shown by, whoever forgot to ask.

The service works as a role that owns nothing. For every transaction it says who it is for (`standing.py`);
the policies here let that role see no row above what he may know, and no case file foreign to him. They are
no migration: they are put up anew whenever they differ from what stands, so that there is one text of them.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from gis_service.foundation.database import Base
from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.journal.models import RUNTIME_RIGHTS
from gis_service.foundation.standing import LEAKPROOF, ROLES, SIGHT_ROLE, WORK_ROLE

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

_STANDS_BY = "{column} NOT IN (SELECT hidden_instruments())"
_BETWEEN_SHOWN = " AND ".join(
    (
        _STANDS_BY,
        "{one} NOT IN (SELECT hidden_divisions())",
        "{other} NOT IN (SELECT hidden_divisions())",
    )
)
_OF_A_CASE = "case_id IN (SELECT id FROM change_case)"
_OF_A_SETTLEMENT = "settlement_id IN (SELECT id FROM settlement)"
_OF_AN_ITEM = _STANDS_BY.format(column="instrument_id") + " AND item_id IN (SELECT id FROM archive_item)"
_ABOUT_SHOWN = " AND ".join(
    (
        _OF_AN_ITEM,
        "(line_id IS NULL OR line_id IN (SELECT id FROM boundary_line))",
        "(marker_id IS NULL OR marker_id IN (SELECT id FROM marker))",
        "(tri_point_id IS NULL OR tri_point_id IN (SELECT id FROM tri_point))",
    )
)
_KEPT_CLOSE = (
    "classification = '公开' OR (cleared_for(classification) AND {id} IN (SELECT sheets_in_reach()))"
)

# Of those who act for an authority within reach; never what tells of things the reader may not know.
_OF_HIS_OWN = """
((SELECT current_setting('gis.journal', true)) = 'everywhere'
    OR account_id IN (SELECT accounts_in_reach(current_setting('gis.journal', true))))
AND (instrument_id IS NULL OR instrument_id NOT IN (SELECT hidden_instruments()))
AND subject NOT IN (SELECT hidden_subjects())
""".strip()

# Facts of lines and markers that hold for a period.
_DATED = (
    "line_record",
    "edge_survey",
    "claimed_line",
    "indicator",
    "cross_line_use",
    "marker_version",
    "marker_line",
    "marker_side",
    "marker_position",
    "bearing_object",
    "boundary_point",
    "tri_point",
)

# Of lines a side of which lies within reach, as far as the reader is cleared.
_OF_EITHER_SIDE = """
cleared_for(classification) AND ((SELECT current_setting('gis.classified', true)) = 'everywhere'
    OR first_id IN (SELECT divisions_in_reach(current_setting('gis.classified', true)))
    OR second_id IN (SELECT divisions_in_reach(current_setting('gis.classified', true))))
""".strip()

# Which rows of a table are shown. Facts are as classified as the instrument they stand by.
SHOWN: dict[str, str] = {
    "instrument": "classification = '公开' OR id NOT IN (SELECT hidden_instruments())",
    "instrument_file": _STANDS_BY.format(column="instrument_id"),
    "division_version": _STANDS_BY.format(column="begun_by"),
    "seat_record": "division_id NOT IN (SELECT hidden_divisions())",
    "lineage": _BETWEEN_SHOWN.format(column="instrument_id", one="predecessor_id", other="successor_id"),
    "superseded_version": _STANDS_BY.format(column="begun_by"),
    "superseded_link": _BETWEEN_SHOWN.format(
        column="instrument_id", one="predecessor_id", other="successor_id"
    ),
    "face": _STANDS_BY.format(column="source_id"),
    "edge": _STANDS_BY.format(column="source_id"),
    "membership": _STANDS_BY.format(column="begun_by"),
    "extent": "NOT (sources && ARRAY(SELECT hidden_instruments()))",
    "boundary_line": _BETWEEN_SHOWN.format(column="begun_by", one="first_id", other="second_id"),
    **{table: _STANDS_BY.format(column="begun_by") for table in _DATED},
    "edge_descent": _STANDS_BY.format(column="instrument_id"),
    "marker": _STANDS_BY.format(column="registered_by"),
    "marker_observation": _STANDS_BY.format(column="instrument_id"),
    "marker_file": _STANDS_BY.format(column="instrument_id"),
    "archive_item": _STANDS_BY.format(column="instrument_id"),
    "archive_subject": _ABOUT_SHOWN,
    "archive_file": _OF_AN_ITEM,
    "georeference": _OF_AN_ITEM,
    "archive_image": _OF_AN_ITEM,
    "traced_vector": _OF_AN_ITEM,
    "archive_appraisal": _OF_AN_ITEM,
    "loaded_delivery": _STANDS_BY.format(column="instrument_id"),
    "change_case": "id IN (SELECT cases_in_reach())",
    "change_party": _OF_A_CASE,
    "change_endorsement": _OF_A_CASE,
    "change_material": _OF_A_CASE,
    "change_follow_up": _OF_A_CASE,
    "change_step": _OF_A_CASE,
    "change_consultation": _OF_A_CASE,
    "change_standard_verdict": _OF_A_CASE,
    "change_evaluation": _OF_A_CASE,
    "change_filing": _OF_A_CASE,
    "settlement": _BETWEEN_SHOWN.format(column="instrument_id", one="first_id", other="second_id"),
    "settlement_entry": _OF_A_SETTLEMENT,
    "dispute_case": _OF_EITHER_SIDE,
    "dispute_step": "case_id IN (SELECT id FROM dispute_case)",
    "sheet": _KEPT_CLOSE.format(id="id"),
    "edition": _KEPT_CLOSE.format(id="sheet_id"),
    "edition_file": "edition_id IN (SELECT id FROM edition)",
    "journal_entry": _OF_HIS_OWN,
}

_MARK = "divisions_within(uuid[], date)"  # its comment holds the hash of the walls that stand


def raise_walls(connection: Connection) -> bool:
    """Put the walls up as they are written here; whether that changed anything. Works as the owner.

    Raises:
        DatabaseUnavailable: the role the service works as is missing and may not be made.
    """
    require_roles(connection)
    statements = [*_functions(), *_policies(), *_rights(connection)]
    mark = sha256("\n".join(statements).encode()).hexdigest()
    if connection.scalar(text(_STANDING)) == mark:
        return False
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%"))
    if connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")):
        for (
            function
        ) in LEAKPROOF:  # in the private cluster this is done already, elsewhere by its administrator
            connection.exec_driver_sql(f"ALTER FUNCTION {function} LEAKPROOF")
    connection.exec_driver_sql(f"COMMENT ON FUNCTION {_MARK} IS '{mark}'")
    return True


_STANDING = f"SELECT obj_description(to_regprocedure('{_MARK}'), 'pg_proc')"


def _functions() -> list[str]:
    return [
        text_.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1).strip()
        for text_ in FUNCTIONS.values()
    ]


def _policies() -> list[str]:
    """SELECT, UPDATE and DELETE reach only what is shown; INSERT is judged by the commands."""
    return [
        statement
        for table, shown in SHOWN.items()
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS wall ON {table}",
            f"CREATE POLICY wall ON {table} TO {WORK_ROLE} USING ({shown}) WITH CHECK (true)",
            f"DROP POLICY IF EXISTS sight ON {table}",
            f"CREATE POLICY sight ON {table} TO {SIGHT_ROLE} USING (true) WITH CHECK (true)",
        )
    ]


def _rights(connection: Connection) -> list[str]:
    tables, both = ", ".join(sorted(Base.metadata.tables)), ", ".join(ROLES)
    versions = connection.scalar(
        text("SELECT to_regclass('alembic_version')::text")
    )  # none in a trial schema
    return [
        f"GRANT USAGE ON SCHEMA public TO {both}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {both}",
        *([f"GRANT SELECT ON {versions} TO {both}"] if versions else []),
        *(right.format(role=role) for right in RUNTIME_RIGHTS for role in ROLES),
    ]


def require_roles(connection: Connection) -> None:
    """Make the roles the service works as, and let the owner step into them."""
    member = text(
        "SELECT count(*) FROM pg_roles WHERE rolname = ANY(:roles) AND pg_has_role(rolname, 'MEMBER')"
    )
    if connection.scalar(member, {"roles": list(ROLES)}) == len(ROLES):
        return
    try:
        with connection.begin_nested():
            for role in ROLES:
                connection.exec_driver_sql(_MAKE_ROLE.format(role=role))
    except ProgrammingError as error:
        raise DatabaseUnavailable(
            f"数据库没有服务所用的角色 {'、'.join(ROLES)}，也无权建立",
            way_out="请管理员执行："
            + "; ".join(f"CREATE ROLE {role} NOLOGIN; GRANT {role} TO 所用的账户" for role in ROLES),
        ) from error


_MAKE_ROLE = """
DO $$ BEGIN
    IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role} NOLOGIN; END IF;
    EXECUTE format('GRANT {role} TO %%I', current_user);
END $$
"""
