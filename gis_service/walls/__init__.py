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
from gis_service.registers.placenames.queries.searching.function import SOUGHT_PLACES
from gis_service.walls.functions import FUNCTIONS
from gis_service.walls.shown import SHOWN

__all__ = ["FUNCTIONS", "SHOWN", "raise_walls", "require_roles"]

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
        for text_ in (*FUNCTIONS.values(), SOUGHT_PLACES)
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
