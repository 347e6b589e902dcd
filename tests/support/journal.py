"""A journal with entries in it, and somebody who may do anything to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.cluster.address import SUPERUSER
from gis_service.foundation.journal import Break, Proof, prove, snapshot
from gis_service.foundation.transaction import transaction
from tests.support.factories import NOW, REGISTRAR


def write(engine: Engine, *subjects: str) -> None:
    """Commit entries, each in a transaction of its own."""
    for subject in subjects:
        with transaction(sessionmaker(engine), actor=REGISTRAR, at=NOW) as tx:
            tx.journal("trial", subject, before={"名称": "旧"}, after={"名称": "新"}, 面积=1.5)


def proof_of(engine: Engine, known: dict[int, str] | None = None) -> Proof:
    with snapshot(sessionmaker(engine)) as session:
        return prove(session, known)


@contextmanager
def superuser(engine: Engine) -> Iterator[Connection]:
    """A connection of the database's superuser, for whom no trigger fires; rolled back unless committed."""
    with engine.connect() as connection:
        is_one = connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = session_user"))
    strongest = create_engine(engine.url if is_one else engine.url.set(username=SUPERUSER))
    with strongest.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        yield connection
    strongest.dispose()


def tamper(engine: Engine, *statements: str) -> None:
    """Do as superuser what nobody should, for good."""
    with superuser(engine) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()


def proof_after(engine: Engine, *statements: str, known: dict[int, str] | None = None) -> Proof:
    """What proving says once a superuser has done this; it is undone afterwards."""
    with superuser(engine) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        return prove(Session(connection), known)


def break_after(engine: Engine, *statements: str, known: dict[int, str] | None = None) -> Break:
    """The break that proving then names."""
    found = proof_after(engine, *statements, known=known).first_break
    assert found is not None
    return found
