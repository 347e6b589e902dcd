"""The journal can be written on, and nothing else: the database itself refuses."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.transaction import Transaction, transaction
from tests.support.factories import NOW, REGISTRAR


@pytest.fixture
def written(fresh_engine: Engine) -> Engine:
    """A database with one committed journal entry."""
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        tx.journal("trial", "甲", on="2020-06-05", 面积=1.5, 单位=["320602", "320611"])
    return fresh_engine


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET actor = '别人'",
        "UPDATE journal_entry SET actor = actor WHERE false",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "TRUNCATE journal_entry, instrument CASCADE",
        "INSERT INTO journal_entry SELECT * FROM journal_entry ON CONFLICT (id) DO UPDATE SET actor = '别人'",
    ],
)
def test_what_was_written_can_be_neither_changed_nor_removed(written: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError), written.begin() as connection:
        connection.execute(text(statement))
    with Session(written) as session:
        assert [entry.actor for entry in session.scalars(select(JournalEntry))] == [REGISTRAR.name]


def test_numbers_of_entries_are_given_by_the_database_alone(written: Engine) -> None:
    insert = (
        "INSERT INTO journal_entry (id, at, actor, authority, command, subject, detail)"
        " VALUES (7, now(), '', '', '', '', '{}')"
    )
    with pytest.raises(ProgrammingError, match="GENERATED ALWAYS"), written.begin() as connection:
        connection.execute(text(insert))


def test_the_detail_of_an_entry_comes_back_as_it_was_given(written: Engine) -> None:
    with Session(written) as session:
        [entry] = session.scalars(select(JournalEntry))
    assert entry.detail == {"on": "2020-06-05", "面积": 1.5, "单位": ["320602", "320611"]}


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


def test_entries_stand_in_the_order_they_were_written(tx: Transaction) -> None:
    for subject in "甲乙丙":
        tx.journal("trial", subject)
        tx.session.flush()
    assert list(tx.session.scalars(select(JournalEntry.subject).order_by(JournalEntry.id))) == list("甲乙丙")
