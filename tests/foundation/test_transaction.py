"""A transaction writes all or nothing: fact, journal and reactions together."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.errors import Conflict
from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.transaction import Event, Transaction, transaction
from gis_service.registers.instruments.models import Instrument
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act


@dataclass(frozen=True, slots=True)
class SomethingHappened(Event):
    what: str


@pytest.fixture
def committing(fresh_engine: Engine) -> sessionmaker[Session]:
    """Sessions that really commit."""
    return sessionmaker(fresh_engine)


def written(sessions: sessionmaker[Session]) -> tuple[int, int]:
    """How many acts and how many journal entries a new reader sees."""
    with sessions() as session:
        acts, entries = (
            session.scalar(select(func.count()).select_from(t)) for t in (Instrument, JournalEntry)
        )
    return int(acts or 0), int(entries or 0)


def test_a_fact_and_its_journal_entry_are_written_together(committing: sessionmaker[Session]) -> None:
    with transaction(committing, actor=REGISTRAR, at=NOW) as tx:
        act = an_act(tx)
        assert written(committing) == (0, 0)
    assert written(committing) == (1, 1)
    with committing() as session:
        entry = session.scalars(select(JournalEntry)).one()
    assert (entry.at, entry.actor, entry.authority) == (NOW, REGISTRAR.name, REGISTRAR.authority)
    assert (entry.command, entry.instrument_id) == ("instruments.register", act)


def test_an_error_undoes_fact_and_journal_entry(committing: sessionmaker[Session]) -> None:
    with pytest.raises(KeyError), transaction(committing, actor=REGISTRAR, at=NOW) as tx:
        {}[an_act(tx)]
    assert written(committing) == (0, 0)


def test_a_dry_run_goes_through_everything_and_writes_nothing(committing: sessionmaker[Session]) -> None:
    with transaction(committing, actor=REGISTRAR, at=NOW, dry_run=True) as tx:
        act = an_act(tx)
        assert tx.session.get(Instrument, act) is not None
    assert written(committing) == (0, 0)


def test_a_dry_run_meets_the_same_constraints(committing: sessionmaker[Session]) -> None:
    with pytest.raises(Conflict), transaction(committing, actor=REGISTRAR, at=NOW, dry_run=True) as tx:
        tx.session.add_all(same_number_twice())


def test_a_broken_constraint_is_a_conflict_in_chinese_and_writes_nothing(
    committing: sessionmaker[Session],
) -> None:
    with (
        pytest.raises(Conflict, match="该文号的文件已登记"),
        transaction(committing, actor=REGISTRAR, at=NOW) as tx,
    ):
        journal_and_break(tx)
    assert written(committing) == (0, 0)


def journal_and_break(tx: Transaction) -> None:
    tx.journal("trial", "甲")
    tx.session.add_all(same_number_twice())


def same_number_twice() -> list[Instrument]:
    return [
        Instrument(number="同号", kind="批复", title="某批复", issuer="国务院", issued_on=BEGINNING)
        for _ in range(2)
    ]


def enter_and_tell(tx: Transaction) -> None:
    an_act(tx)
    tx.publish(SomethingHappened("甲"))


def test_reactions_run_inside_the_transaction(committing: sessionmaker[Session]) -> None:
    heard: list[tuple[Event, int]] = []

    def react(tx: Transaction, event: Event) -> None:
        tx.journal("reaction", "甲")
        heard.append((event, len(tx.session.scalars(select(Instrument)).all())))

    with transaction(committing, actor=REGISTRAR, at=NOW, react=react) as tx:
        enter_and_tell(tx)
    assert heard == [(SomethingHappened("甲"), 1)]
    assert written(committing) == (1, 2)


def test_a_failing_reaction_fails_the_whole_change(committing: sessionmaker[Session]) -> None:
    def react(_tx: Transaction, _event: Event) -> None:
        raise Conflict("后续事项无法办理")

    with pytest.raises(Conflict), transaction(committing, actor=REGISTRAR, at=NOW, react=react) as tx:
        enter_and_tell(tx)
    assert written(committing) == (0, 0)
