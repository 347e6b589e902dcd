"""What a fresh cluster is furnished with: extensions, the register role and its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor

from gis_service.foundation.cluster.address import DATABASE, ROLE, SUPERUSER, Address
from gis_service.foundation.cluster.binaries import EXTENSIONS
from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.standing import LEAKPROOF, ROLES

NURSERY = "template1"  # extensions put here are in every database the role creates later, as tests do


def furnish(address: Address) -> None:
    """Create what is missing; the database comes last, so that its presence means all is there.

    The role owns its database and may create others; being no superuser, it can be denied the right to alter
    the journal.
    """
    with _as_superuser(address) as cursor:
        for extension in EXTENSIONS:
            cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        _create_roles(cursor)
        _create_database(cursor)
    for database in (NURSERY, DATABASE):
        with _as_superuser(address, database) as cursor:
            _trust_operators(cursor)


def set_password(address: Address, secret: str) -> None:
    """Give the register role the password it needs on a TCP port."""
    with _as_superuser(address) as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(ROLE)), (secret,))


@contextmanager
def _as_superuser(address: Address, database: str = NURSERY) -> Iterator[cursor]:
    try:
        server = address.connect(role=SUPERUSER, database=database)
    except psycopg2.OperationalError as error:
        raise DatabaseUnavailable(
            "数据库已启动，但无法以管理角色连接", way_out="请先停止数据库（make stop），再重新运行"
        ) from error
    with closing(server):
        server.autocommit = True
        with server.cursor() as cursor:
            yield cursor


def _create_roles(cursor: cursor) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,))
    if cursor.fetchone() is None:
        role = sql.Identifier(ROLE)
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB IN ROLE pg_monitor").format(role))
    for stepped_into in ROLES:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (stepped_into,))
        if cursor.fetchone() is None:
            names = sql.Identifier(stepped_into), sql.Identifier(ROLE)
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN ROLE {}").format(*names))


def _trust_operators(cursor: cursor) -> None:
    """Let the indexes of geometries and periods serve behind row-level security.

    PostgreSQL uses an index past a policy only by operators that tell nothing of the values they reject.
    """
    for function in LEAKPROOF:
        cursor.execute(f"ALTER FUNCTION {function} LEAKPROOF")


def _create_database(cursor: cursor) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
    if cursor.fetchone() is None:
        names = sql.Identifier(DATABASE), sql.Identifier(ROLE)
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
