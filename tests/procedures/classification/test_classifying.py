"""Deciding how closely an act is kept: by whom, for what reason, and what follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Classification, Role
from gis_service.foundation.journal.models import JournalEntry
from gis_service.foundation.transaction import transaction
from gis_service.publications.maps.commands import draw, request_division_sheet
from gis_service.publications.maps.models import Edition, Sheet
from gis_service.registers.boundaries.models import Extent
from tests.support.classified import PAPER, a_reader, mixed
from tests.support.factories import BEGINNING, NOW, REGISTRAR
from tests.support.web import client_on

Ids = dict[str, UUID]
DAY = "on=2020-06-05"


@pytest.fixture
def ids(sessions: sessionmaker[Session]) -> Ids:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        return mixed(tx)


def decided(sessions: sessionmaker[Session], actor: Actor | None, number: str, **wanted: str) -> Any:
    return client_on(sessions, actor).post("/classification", json={"number": number, **wanted})


def told(sessions: sessionmaker[Session], address: str) -> int:
    """How the public is answered."""
    return int(client_on(sessions, None).get(address).status_code)


def registrar_of(ids: Ids, code: str, clearance: Classification = Classification.internal) -> Actor:
    return a_reader(ids[code], clearance, Role.registrar)


def test_what_is_declassified_is_told_to_all(sessions: sessionmaker[Session], ids: Ids) -> None:
    address = f"/divisions/320205?{DAY}"
    assert told(sessions, address) == 404
    done = decided(
        sessions,
        registrar_of(ids, "320000"),
        PAPER,
        classification="公开",
        reason="保密期满",
        basis="解密〔2026〕1号",
    )
    assert done.json() == {"number": PAPER, "before": "内部", "classification": "公开", "units": 2}
    assert told(sessions, address) == 200
    with sessions() as session:
        entry = session.scalars(
            select(JournalEntry).where(JournalEntry.command == "instruments.classify")
        ).one()
    assert entry.before == {"classification": "内部", "kept_within": [str(ids["320000"])]}
    assert entry.after == {"classification": "公开", "kept_within": []}
    assert (entry.detail["reason"], entry.detail["basis"]) == ("保密期满", "解密〔2026〕1号")


def test_what_is_raised_is_hidden_with_all_that_stands_by_it(
    sessions: sessionmaker[Session], ids: Ids
) -> None:
    """Also areas that were derived from it before, and those an older program named no source of."""
    with sessions() as session:
        for extent in session.scalars(select(Extent)):
            extent.sources = []
        session.commit()
    assert decided(sessions, REGISTRAR, "测试数据集", classification="内部").status_code == 200
    for place in ("320102", "340103", "320000"):
        assert told(sessions, f"/divisions/{place}?{DAY}") == 404
    assert client_on(sessions, None).get(f"/divisions?{DAY}&format=geojson").json()["features"] == []
    inside = client_on(sessions, a_reader(ids["340000"])).get(f"/divisions/340103?{DAY}")
    assert inside.json()["classification"] == "内部"


@pytest.mark.parametrize(
    ("place", "clearance", "wanted", "status"),
    [
        ("340000", "涉密", {"classification": "公开", "reason": "期满"}, 404),
        ("320000", "公开", {"classification": "公开", "reason": "期满"}, 404),
        ("320100", "涉密", {"classification": "公开", "reason": "期满"}, 404),
        ("320000", "内部", {"classification": "涉密"}, 403),
        ("320000", "内部", {"classification": "公开"}, 422),
        ("320000", "内部", {"classification": "内部"}, 409),
        ("320000", "涉密", {"classification": "涉密"}, 200),
    ],
)
def test_who_may_decide(
    sessions: sessionmaker[Session], ids: Ids, place: str, clearance: str, wanted: dict[str, str], status: int
) -> None:
    actor = registrar_of(ids, place, Classification(clearance))
    assert decided(sessions, actor, PAPER, **wanted).status_code == status


def test_an_act_of_two_provinces_is_not_decided_by_one(sessions: sessionmaker[Session], ids: Ids) -> None:
    answer = decided(sessions, registrar_of(ids, "320000"), "测试数据集", classification="内部")
    assert answer.status_code == 403
    assert decided(sessions, None, PAPER, classification="公开", reason="猜").status_code == 401
    assert (
        decided(sessions, a_reader(ids["320000"]), PAPER, classification="公开", reason="猜").status_code
        == 403
    )


def test_sheets_follow(sessions: sessionmaker[Session], ids: Ids, tmp_path: Path) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        sheets = {letter: request_division_sheet(tx, ids[letter], on=BEGINNING).id for letter in "CDG"}
        for sheet in sheets.values():
            draw(tx, sheet, tmp_path)
    state = _states(sessions)
    assert {letter: state[sheets[letter]][:2] for letter in "CDG"} == {
        "C": ("内部", None),
        "D": ("内部", None),
        "G": ("内部", None),
    }
    decided(sessions, REGISTRAR, PAPER, classification="公开", reason="期满")
    state = _states(sessions)
    assert {state[sheet][:2] for sheet in sheets.values()} == {("内部", BEGINNING)}
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        for sheet in sheets.values():
            draw(tx, sheet, tmp_path)
    assert set(_states(sessions).values()) == {("公开", None, ("内部", "公开"))}
    public = client_on(sessions, None)
    [item] = public.get(f"/sheets?subject={ids['C']}").json()["items"]
    assert [edition["number"] for edition in item["editions"]] == [2]
    decided(sessions, REGISTRAR, PAPER, classification="涉密")
    assert public.get(f"/sheets?subject={ids['C']}").json()["items"] == []


def _states(sessions: sessionmaker[Session]) -> dict[UUID, tuple[str, Any, tuple[str, ...]]]:
    with sessions() as session:
        editions: dict[UUID, list[str]] = {}
        for edition in session.scalars(select(Edition).order_by(Edition.number)):
            editions.setdefault(edition.sheet_id, []).append(edition.classification)
        return {
            sheet.id: (sheet.classification, sheet.stale_on, tuple(editions.get(sheet.id, ())))
            for sheet in session.scalars(select(Sheet))
        }
