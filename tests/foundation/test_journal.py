"""The journal can be written on, and nothing else: the database itself refuses."""

from __future__ import annotations

from datetime import date, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.errors import Conflict
from gis_service.foundation.journal import JournalEntry, prove
from gis_service.foundation.readings import record_reading
from gis_service.foundation.standing import SIGHT_ROLE, WORK_ROLE
from gis_service.foundation.transaction import Actor, Transaction, transaction
from tests.support.factories import NOW, REGISTRAR
from tests.support.journal import proof_of, superuser, tamper, write


@pytest.fixture
def written(fresh_engine: Engine) -> Engine:
    """A database with one committed journal entry."""
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        tx.journal("trial", "甲", on="2020-06-05", 面积=1.5, 单位=["320602", "320611"])
    return fresh_engine


REWRITING = (
    "UPDATE journal_entry SET actor = '别人'",
    "UPDATE journal_entry SET actor = actor WHERE false",
    "DELETE FROM journal_entry",
    "TRUNCATE journal_entry",
    "TRUNCATE journal_entry, instrument CASCADE",
    "INSERT INTO journal_entry SELECT * FROM journal_entry"
    " ON CONFLICT (position) DO UPDATE SET actor = '别人'",
)
BEYOND_THE_SERVICE = (
    "UPDATE journal_head SET position = 0",
    "DELETE FROM journal_head",
    "TRUNCATE journal_head",
    "INSERT INTO journal_head VALUES (true, gen_random_uuid(), 0, '')",
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER journal_entry_append_only ON journal_entry",
    "ALTER FUNCTION journal_line(journal_entry) RENAME TO line",
    "SET session_replication_role = replica",
)


@pytest.mark.parametrize("statement", REWRITING)
def test_what_was_written_can_be_neither_changed_nor_removed(written: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError), written.begin() as connection:
        connection.execute(text(statement))
    with Session(written) as session:
        assert [entry.actor for entry in session.scalars(select(JournalEntry))] == [REGISTRAR.name]


@pytest.mark.parametrize("statement", REWRITING + BEYOND_THE_SERVICE)
def test_the_role_of_the_service_has_no_right_to_it(written: Engine, statement: str) -> None:
    with superuser(written) as connection:
        act_as(connection, WORK_ROLE)
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            connection.exec_driver_sql(statement)


def test_the_role_of_the_service_can_write_and_prove(written: Engine) -> None:
    with superuser(written) as connection:
        act_as(connection, WORK_ROLE)
        connection.exec_driver_sql(INSERT)
        assert connection.scalar(text("SELECT max(position) FROM journal_entry")) is None
        assert connection.scalar(text("SELECT position FROM journal_head")) == 2
        connection.exec_driver_sql(f"SET LOCAL ROLE {SIGHT_ROLE}")
        assert prove(Session(connection)).holds


def act_as(connection: Connection, role: str) -> None:
    connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
    connection.exec_driver_sql(f"SET LOCAL ROLE {role}")


INSERT = (
    "INSERT INTO journal_entry"
    " (position, at, actor, authority, command, subject, detail, previous_hash, hash)"
    " VALUES (7, now(), '', '', '', '', '{}', 'forged', 'forged')"
)


def test_position_link_and_hash_are_the_databases_whatever_an_insert_says(written: Engine) -> None:
    with written.begin() as connection:
        connection.exec_driver_sql(INSERT)
    with Session(written) as session:
        first, second = session.scalars(select(JournalEntry).order_by(JournalEntry.position))
    assert second.position == 2
    assert second.previous_hash == first.hash != second.hash
    assert proof_of(written).holds


def test_the_detail_of_an_entry_comes_back_as_it_was_given(written: Engine) -> None:
    with Session(written) as session:
        [entry] = session.scalars(select(JournalEntry))
    assert entry.detail == {"on": "2020-06-05", "面积": 1.5, "单位": ["320602", "320611"]}
    assert entry.before is entry.after is None


def test_before_and_after_hold_days_and_ids_as_text(fresh_engine: Engine) -> None:
    day, unit = date(2020, 6, 5), UUID(int=7)
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        tx.journal("trial", "甲", before={"day": None}, after={"day": day}, units=[unit])
    with Session(fresh_engine) as session:
        [entry] = session.scalars(select(JournalEntry))
    assert (entry.before, entry.after) == ({"day": None}, {"day": "2020-06-05"})
    assert entry.detail == {"units": [str(unit)]}


def test_an_entry_names_the_account_that_acted(fresh_engine: Engine) -> None:
    actor = Actor("登记员", "测试机关", account_id=UUID(int=5))
    with transaction(sessionmaker(fresh_engine), actor=actor, at=NOW) as tx:
        tx.journal("trial", "甲")
    with Session(fresh_engine) as session:
        assert list(session.scalars(select(JournalEntry.account_id))) == [UUID(int=5)]


def test_record_time_is_the_same_moment_whatever_zone_it_was_told_in(
    fresh_engine: Engine,
) -> None:
    told = NOW.astimezone(timezone(timedelta(hours=8)))
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=told) as tx:
        tx.journal("trial", "甲")
    with Session(fresh_engine) as session:
        [at] = session.scalars(select(JournalEntry.at))
    assert at == NOW
    assert at.tzinfo is not None


def test_entries_stand_in_the_order_they_were_written(fresh_engine: Engine) -> None:
    subjects = [f"第 {number} 件" for number in range(2500)]
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        for subject in subjects:
            tx.journal("trial", subject)
    with Session(fresh_engine) as session:
        rows = session.execute(select(JournalEntry.position, JournalEntry.subject).order_by("position")).all()
    assert [tuple(row) for row in rows] == list(enumerate(subjects, start=1))
    assert proof_of(fresh_engine).position == 2500


def test_what_a_savepoint_undoes_is_not_journaled(fresh_engine: Engine) -> None:
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        tx.journal("trial", "先")
        with pytest.raises(Conflict), tx.session.begin_nested():
            journal_and_refuse(tx)
        with tx.session.begin_nested():
            tx.journal("trial", "后")
    with Session(fresh_engine) as session:
        assert list(session.scalars(select(JournalEntry.subject).order_by("position"))) == ["先", "后"]


def journal_and_refuse(tx: Transaction) -> None:
    tx.journal("trial", "未成")
    raise Conflict("未成")


def test_a_transaction_that_is_undone_leaves_no_gap(written: Engine) -> None:
    with transaction(sessionmaker(written), actor=REGISTRAR, at=NOW, dry_run=True) as tx:
        tx.journal("trial", "试")
    write(written, "乙")
    assert proof_of(written).position == 2


def test_an_entry_after_a_cut_does_not_hide_the_cut(written: Engine) -> None:
    write(written, "乙", "丙")
    tamper(written, "DELETE FROM journal_entry WHERE position = 3")
    with written.begin() as connection:
        connection.exec_driver_sql("INSERT INTO journal_entry SELECT * FROM journal_entry WHERE false")
    write(written, "丁")
    found = proof_of(written).first_break
    assert found is not None
    assert found.message == "缺少第 3 条，下一条是第 4 条"


def test_a_reading_is_journaled_by_itself(written: Engine) -> None:
    record_reading(sessionmaker(written), actor=REGISTRAR, at=NOW, subject="苏皖线", ids=[UUID(int=7)])
    with Session(written) as session:
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.position.desc())).first()
    assert entry is not None
    assert (entry.command, entry.subject, entry.actor) == ("records.read", "苏皖线", REGISTRAR.name)
    assert entry.detail == {"ids": [str(UUID(int=7))]}
    assert entry.before is entry.after is None
