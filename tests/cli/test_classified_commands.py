"""What is kept close, at the keyboard: shown to who may see it, journaled, and declassified by command."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.journal.models import JournalEntry
from gis_service.foundation.readings import READ
from gis_service.foundation.transaction import transaction
from tests.cli.conftest import Desk
from tests.support.classified import PAPER, mixed
from tests.support.factories import NOW, REGISTRAR

ON = ("--on", "2020-06-05")


@pytest.fixture
def mixed_desk(desk: Desk) -> Desk:
    """A desk at a register of which a part is kept close."""
    with transaction(sessionmaker(desk.engine()), actor=REGISTRAR, at=NOW) as tx:
        mixed(tx)
    return desk


def traces(desk: Desk) -> int:
    with Session(desk.engine()) as session:
        found = select(func.count()).select_from(JournalEntry).where(JournalEntry.command == READ)
        return session.scalar(found) or 0


def test_every_command_that_shows_it_leaves_a_trace(mixed_desk: Desk, tmp_path: Path) -> None:
    desk = mixed_desk
    listed = {each["number"]: each["classification"] for each in desk.json("instruments", "list")}
    assert listed == {PAPER: "内部", "测试数据集": "公开"}
    assert desk.json("instruments", "show", PAPER)["classification"] == "内部"
    assert "320205" in {row["code"] for row in desk.json_list("divisions", "list", *ON)}
    desk.run("divisions", "list", *ON, "--format", "gpkg", "--out", tmp_path / "all.gpkg")
    assert desk.json("divisions", "show", "320205", *ON)["name"] == "影子区"
    assert desk.json("boundaries", "lines", *ON)
    assert desk.json("boundaries", "between", "320205", "340103", *ON)["length_km"] > 0
    assert traces(desk) == 7
    desk.run("divisions", "show", "340103", *ON)
    desk.run("instruments", "show", "测试数据集")
    desk.run("boundaries", "between", "340103", "340104", *ON)
    assert traces(desk) == 7


def test_an_act_is_declassified_by_command_for_a_reason(mixed_desk: Desk) -> None:
    desk = mixed_desk
    assert "降低密级须写明理由" in desk.run("instruments", "classify", PAPER, "--as", "公开", code=2).output
    desk.run("instruments", "classify", PAPER, "--as", "公开", "--reason", "期满", "--dry-run")
    done = desk.json("instruments", "classify", PAPER, "--as", "公开", "--reason", "期满")
    assert (done["before"], done["classification"], done["units"]) == ("内部", "公开", 2)
    before = traces(desk)
    desk.run("divisions", "list", *ON)
    desk.run("instruments", "list")
    assert traces(desk) == before
