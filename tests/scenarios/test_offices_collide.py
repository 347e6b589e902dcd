"""Several offices write at once, connections break: one change comes about whole, or none does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.database import session_factory
from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import Event, Transaction, transaction
from gis_service.foundation.web import PROBLEM, Ground, stand_on
from gis_service.foundation.web.installation import install
from gis_service.publications.maps.commands import draw, request_division_sheet
from gis_service.publications.maps.models import Sheet
from gis_service.reactions import react
from gis_service.registers.boundaries.queries.proofs import days_of_change, prove_day, prove_timeless
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.divisions.queries import division_by_code
from tests.support.changes import ACT, CONVERSION, MERGE, a_pdf, a_proposal, approved, draw_city, opened
from tests.support.factories import NOW, REGISTRAR
from tests.support.web import client_on, known_by_token

OTHER_ACT = {**ACT, "number": "国函〔2020〕78号"}
OTHER_MERGE = {**MERGE, "into": {**MERGE["into"], "code": "320615", "name": "通州湾区"}}


@pytest.fixture
def sessions(fresh_engine: Engine) -> sessionmaker[Session]:
    """Sessions that really commit, on a database of their own."""
    sessions = session_factory(fresh_engine)
    draw_city(sessions)
    return sessions


@pytest.fixture
def office(sessions: sessionmaker[Session], tmp_path: Path) -> TestClient:
    client = client_on(sessions)
    install(client.app, Settings(home=tmp_path))
    return client


def at_once(*requests: Callable[[], Any]) -> list[Any]:
    """The answers to requests that start in the same moment, each in a thread of its own."""
    start = Barrier(len(requests))

    def send(request: Callable[[], Any]) -> Any:
        start.wait(timeout=30)
        return request()

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(send, requests))


def counted(sessions: sessionmaker[Session]) -> list[int]:
    with sessions() as session:
        tables = (DivisionVersion, Lineage, JournalEntry, Sheet)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def require_proved(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert not prove_timeless(session)
        assert not [finding for day in days_of_change(session) for finding in prove_day(session, on=day)]


def states(client: TestClient) -> list[str]:
    return sorted(case["state"] for case in client.get("/changes").json()["items"])


def test_a_case_enacted_twice_at_once_is_enacted_once(
    office: TestClient, sessions: sessionmaker[Session]
) -> None:
    number = approved(office)
    answers = at_once(*[lambda: office.post(f"/changes/{number}/enactment")] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            assert answer.headers["content-type"] == PROBLEM
            assert "已实施" in answer.json()["detail"]
    with sessions() as session:
        wanted = select(func.count()).where(JournalEntry.command == "changes.enacted")
        assert session.scalar(wanted) == 1
    require_proved(sessions)


def test_of_two_changes_to_the_same_districts_one_wins(
    office: TestClient, sessions: sessionmaker[Session]
) -> None:
    numbers = [
        approved(office, a_proposal(MERGE)),
        approved(office, a_proposal(OTHER_MERGE), act=OTHER_ACT),
    ]
    answers = at_once(
        *(lambda number=number: office.post(f"/changes/{number}/enactment") for number in numbers)
    )
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 422), lost.text
    assert lost.headers["content-type"] == PROBLEM
    assert any("320602" in finding["message"] for finding in lost.json()["findings"])
    assert states(office) == ["approved", "enacted"]
    standing = {unit["code"] for unit in office.get("/divisions?on=2020-06-05&level=county").json()["items"]}
    assert len(standing & {"320613", "320615"}) == 1
    assert not standing & {"320602", "320611"}
    require_proved(sessions)


def test_two_changes_that_do_not_touch_each_other_both_come_about(
    office: TestClient, sessions: sessionmaker[Session]
) -> None:
    """They share neighbours and a superior, so their sheets and lines must not trip over each other."""
    numbers = [
        approved(office, a_proposal(MERGE)),
        approved(office, a_proposal(CONVERSION), act=OTHER_ACT),
    ]
    answers = at_once(
        *(lambda number=number: office.post(f"/changes/{number}/enactment") for number in numbers)
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    require_proved(sessions)


def test_one_change_filed_twice_at_once_is_one_case(office: TestClient) -> None:
    answers = at_once(*[lambda: office.post("/changes", json=a_proposal())] * 4)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert states(office) == ["draft"]


def test_different_changes_filed_at_once_get_numbers_of_their_own(office: TestClient) -> None:
    proposals = [a_proposal(title=f"调整之{number}") for number in range(4)]
    answers = at_once(
        *(lambda proposal=proposal: office.post("/changes", json=proposal) for proposal in proposals)
    )
    numbers = {answer.json()["number"] for answer in answers}
    assert numbers == {f"BG-2026-{number:05d}" for number in range(1, 5)}


def test_of_two_who_read_the_same_revision_one_writes(office: TestClient) -> None:
    number = opened(office)
    seen = {"If-Match": office.get(f"/changes/{number}").headers["etag"]}
    answers = at_once(
        *(
            lambda kind=kind: office.post(
                f"/changes/{number}/materials",
                params={"kind": kind, "name": "甲.pdf"},
                content=a_pdf("甲"),
                headers=seen,
            )
            for kind in ("risk_report", "expert_report")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(office.get(f"/changes/{number}").json()["materials"]) == 1


def test_a_connection_that_breaks_in_the_middle_leaves_nothing_half(
    office: TestClient, sessions: sessionmaker[Session]
) -> None:
    number = approved(office)
    before, case = counted(sessions), office.get(f"/changes/{number}").json()

    def break_off(tx: Transaction, event: Event) -> None:
        react(tx, event)
        tx.session.flush()
        tx.session.execute(text("SET LOCAL ROLE NONE"))  # the role of the service may end nobody
        tx.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    stand_on(office.app, Ground(sessions, lambda: NOW, break_off, identify=known_by_token))
    broken = office.post(f"/changes/{number}/enactment")
    assert broken.status_code == 503
    assert broken.headers["content-type"] == PROBLEM
    assert counted(sessions) == before
    assert office.get(f"/changes/{number}").json() == case

    stand_on(office.app, Ground(sessions, lambda: NOW, react, identify=known_by_token))
    assert office.post(f"/changes/{number}/enactment").status_code == 200
    require_proved(sessions)


def test_a_sheet_is_drawn_from_one_state_of_the_registers(
    office: TestClient, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    """An enactment that comes while a sheet is in the making waits until the sheet is kept."""
    number = approved(office)
    with transaction(sessions, actor=REGISTRAR, at=NOW, react=react) as tx:
        city = division_by_code(tx.session, "320600", on=NOW.date()).division_id
        sheet = request_division_sheet(tx, city, on=NOW.date()).id
    with ThreadPoolExecutor(1) as threads:
        with transaction(sessions, actor=REGISTRAR, at=NOW, react=react) as tx:
            drawn = draw(tx, sheet, tmp_path / "editions")
            enactment = threads.submit(office.post, f"/changes/{number}/enactment")
            with pytest.raises(TimeoutError):
                enactment.result(timeout=0.5)
        assert enactment.result(timeout=30).status_code == 200
    assert drawn is not None
    assert drawn.edition == 1


def test_a_reaction_that_fails_fails_the_change(office: TestClient, sessions: sessionmaker[Session]) -> None:
    number = approved(office)
    before = counted(sessions)

    def stumble(tx: Transaction, event: Event) -> None:
        react(tx, event)
        raise RuntimeError("a reaction with a bug")

    stand_on(office.app, Ground(sessions, lambda: NOW, stumble, identify=known_by_token))
    assert office.post(f"/changes/{number}/enactment").status_code == 500
    assert counted(sessions) == before
    assert states(office) == ["approved"]
