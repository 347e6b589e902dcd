"""The audit after the kills sees what it is there to see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from gis_service.procedures.changes.commands import enact_published
from gis_service.procedures.changes.models import ChangeCase, FollowUp
from gis_service.procedures.changes.schemas import parse_proposal
from gis_service.publications.maps.commands import draw
from gis_service.publications.maps.models import EditionFile
from gis_service.publications.maps.queries import sheets_listed
from gis_service.reactions import react
from gis_service.registers.divisions.models import Lineage
from tests.faults.audit import faults
from tests.faults.ledger import Promise, Step
from tests.faults.province import Change, changes_to, register_province
from tests.support.factories import NOW, REGISTRAR


@pytest.fixture
def change(sessions: sessionmaker[Session], tmp_path: Path) -> Change:
    """A change that was enacted and drawn."""
    register_province(sessions, prefectures=1)
    change = next(changes_to(0))
    with transaction(sessions, actor=REGISTRAR, at=NOW, react=react) as tx:
        enact_published(tx, parse_proposal(change.proposal | {"instrument": change.act}, source="测试"))
        draw(tx, sheets_listed(tx.session)[0].id, tmp_path / "editions")
    return change


def lose_lineage(session: Session, _home: Path) -> None:
    session.execute(delete(Lineage))


def lose_a_duty(session: Session, _home: Path) -> None:
    session.execute(delete(FollowUp).where(FollowUp.duty == "code"))


def set_back(session: Session, _home: Path) -> None:
    session.execute(update(ChangeCase).values(state="approved"))


def lose_an_edition(session: Session, _home: Path) -> None:
    session.execute(delete(EditionFile).where(EditionFile.format == "pdf"))


def cut_a_file_short(_session: Session, home: Path) -> None:
    file = next((home / "editions").glob("*.pdf"))
    file.write_bytes(file.read_bytes()[:1000])


def test_a_whole_register_has_no_faults(session: Session, change: Change, tmp_path: Path) -> None:
    assert faults(session, tmp_path, [Promise(change.act_number, Step.enacted)]) == []


@pytest.mark.parametrize(
    "damage",
    [lose_lineage, lose_a_duty, set_back, lose_an_edition, cut_a_file_short],
    ids=lambda each: each.__name__,
)
@pytest.mark.usefixtures("change")
def test_damage_is_seen(damage: Callable[[Session, Path], None], session: Session, tmp_path: Path) -> None:
    damage(session, tmp_path)
    assert faults(session, tmp_path, [])


def test_a_broken_promise_is_seen(session: Session, change: Change, tmp_path: Path) -> None:
    never_drafted = Promise("国函〔2020〕0号", Step.drafted)
    never_filed = Promise(change.act_number, Step.filed, "0" * 64)
    assert len(faults(session, tmp_path, [never_drafted, never_filed])) == 2
