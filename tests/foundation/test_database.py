"""Tables and bulk loading on a real PostgreSQL: periods, constraints people can read, COPY without loss."""

from __future__ import annotations

import re
import threading
from datetime import date
from uuid import UUID, uuid4

import psycopg2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, MetaData, Table, UniqueConstraint, event, literal, select, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.database import (
    PeriodColumn,
    conflict_of,
    copy_rows,
    holds_at_or_after,
    holds_on,
    lock_registers,
    open_engine,
    session_factory,
)
from gis_service.foundation.periods import Period
from gis_service.registers.instruments.models import Instrument
from gis_service.schema import metadata
from tests.support.strategies import days, periods

# PostgreSQL stores every character but NUL; half of a surrogate pair is no character.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=50)
@given(period=periods(), day=days)
def test_postgresql_and_python_agree_on_periods(engine: Engine, period: Period, day: date) -> None:
    stored = literal(period, PeriodColumn)
    with engine.connect() as connection:
        row = connection.execute(select(stored, holds_on(stored, day), holds_at_or_after(stored, day))).one()
    assert tuple(row) == (period, day in period, period.overlaps(Period(day)))


def test_an_absent_period_stays_absent(session: Session) -> None:
    assert session.scalar(select(literal(None, PeriodColumn))) is None


@settings(max_examples=50)
@given(number=texts, title=texts, statement=st.none() | texts)
def test_copied_text_comes_back_letter_by_letter(
    engine: Engine, number: str, title: str, statement: str | None
) -> None:
    table = Instrument.__table__
    assert isinstance(table, Table)
    id_ = uuid4()
    columns = ("id", "number", "kind", "title", "issuer", "issued_on", "statement")
    row = (id_, number, "批复", title, "国务院", date(2020, 6, 5), statement)
    with Session(engine) as session:
        assert copy_rows(session, table, columns, [row]) == 1
        stored = session.execute(select(*(table.c[name] for name in columns)).where(table.c.id == id_)).one()
        session.rollback()
    assert tuple(stored) == row


def test_copy_understands_periods_numbers_truth_and_nothing(session: Session) -> None:
    columns = "a daterange, b float8, c boolean, d bigint, e uuid, f text"
    session.execute(text(f"CREATE TEMP TABLE trial ({columns})"))
    trial = Table("trial", MetaData())
    id_ = UUID("12345678-1234-5678-1234-567812345678")
    rows = [
        (Period(date(2020, 1, 1), date(2020, 6, 5)), 0.1 + 0.2, True, 2**62, id_, "NULL"),
        (Period(date(2020, 1, 1)), -1e-300, False, -1, id_, r"\N"),
        (None, None, None, None, None, None),
    ]
    assert copy_rows(session, trial, tuple("abcdef"), rows) == 3
    told = session.execute(text("SELECT a::text, b, c, d, e, f FROM trial")).all()
    assert told[0] == ("[2020-01-01,2020-06-05)", 0.1 + 0.2, True, 2**62, id_, "NULL")
    assert told[1] == ("[2020-01-01,)", -1e-300, False, -1, id_, r"\N")
    assert set(told[2]) == {None}


def test_every_unique_or_exclusive_constraint_says_in_chinese_what_it_forbids() -> None:
    mute = [
        constraint.name
        for table in metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint | ExcludeConstraint)
        and not re.search(r"[\u4e00-\u9fff]", constraint.info.get("conflict", ""))
    ]
    assert not mute


def broken(session: Session, statement: str) -> IntegrityError:
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(statement))
    return refused.value


def test_a_broken_constraint_is_told_in_its_own_words(session: Session) -> None:
    values = "'同号', '批复', '某批复', '国务院', '2020-01-01'"
    columns = "id, number, kind, title, issuer, issued_on"
    session.execute(text(f"INSERT INTO instrument ({columns}) VALUES (gen_random_uuid(), {values})"))
    error = broken(session, f"INSERT INTO instrument ({columns}) VALUES (gen_random_uuid(), {values})")
    assert conflict_of(error).message == "该文号的文件已登记，内容不同"
    assert conflict_of(error).way_out


def test_a_broken_constraint_without_words_is_named(session: Session) -> None:
    error = broken(
        session,
        "INSERT INTO lineage VALUES (gen_random_uuid(), gen_random_uuid(), '2020-01-01', '合并', 1, 1, '',"
        " gen_random_uuid())",
    )
    assert "fk_lineage_" in conflict_of(error).message
    assert "key" not in conflict_of(error).message  # nothing of PostgreSQL's own wording


def test_loaded_values_stay_readable_after_commit(fresh_engine: Engine) -> None:
    with session_factory(fresh_engine)() as session:
        act = Instrument(number="1", kind="批复", title="甲", issuer="国务院", issued_on=date(2020, 6, 5))
        session.add(act)
        session.commit()
    assert act.title == "甲"


def test_a_second_writer_waits_until_the_first_is_done(fresh_engine: Engine) -> None:
    sessions = sessionmaker(fresh_engine)
    entered, seen = threading.Event(), []

    def second() -> None:
        with sessions() as session:
            entered.set()
            lock_registers(session)
            seen.append(session.scalar(text("SELECT count(*) FROM instrument")))

    with sessions() as session:
        lock_registers(session)
        writer = threading.Thread(target=second)
        writer.start()
        assert entered.wait(10)
        writer.join(0.2)
        assert writer.is_alive()
        session.add(Instrument(number="1", kind="批复", title="甲", issuer="乙", issued_on=date(2020, 6, 5)))
        session.commit()
    writer.join(10)
    assert seen == [1]


def test_a_connection_that_died_is_replaced_unseen(make_database: object, server_url: str) -> None:
    assert callable(make_database)
    engine = open_engine(make_database())
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    killer = open_engine(server_url)
    with killer.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != pid
    engine.dispose()
    killer.dispose()


def copy_of_an_act(session: Session, issued_on: str) -> None:
    table = Instrument.__table__
    assert isinstance(table, Table)
    copy_rows(session, table, ("id", "issued_on"), [(uuid4(), issued_on)])


def test_a_copy_that_is_refused_speaks_like_any_statement(session: Session) -> None:
    with pytest.raises(DataError):
        copy_of_an_act(session, "no day")


def test_a_connection_lost_in_a_copy_is_an_operational_error(fresh_engine: Engine, server_url: str) -> None:
    killer = open_engine(server_url)
    with Session(fresh_engine) as session, killer.connect() as other:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        other.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})
        with pytest.raises(OperationalError):
            copy_of_an_act(session, "2020-06-05")
    killer.dispose()


@pytest.mark.parametrize("kind", [psycopg2.DatabaseError, psycopg2.InterfaceError, psycopg2.OperationalError])
def test_whatever_class_the_driver_raises_a_lost_connection_is_operational(
    fresh_engine: Engine, kind: type[psycopg2.Error]
) -> None:
    def lose(*_: object) -> None:
        raise kind("server closed the connection unexpectedly")

    event.listen(fresh_engine, "before_cursor_execute", lose)
    with fresh_engine.connect() as connection, pytest.raises(OperationalError):
        connection.execute(text("SELECT 1"))
