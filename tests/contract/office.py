"""An office at work: an application on a database of its own, and what can be asked of it.

Its registers hold a city of which a part has been changed, cases in every state, a drawn sheet and a
delivery, so that generated requests meet real records. Every request is undone once it is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, update
from sqlalchemy.orm import Session, sessionmaker
from starlette.types import ASGIApp, Receive, Scope, Send

from gis_service.foundation.access import Actor, Classification, Grant, Role
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.procedures.intake.models import LoadedDelivery
from gis_service.publications.maps.commands import draw
from gis_service.publications.maps.queries import sheets_listed
from gis_service.registers.authorities.commands import NewAccount, open_account
from gis_service.registers.authorities.models import Account
from tests.support.changes import (
    ACT,
    CONVERSION,
    DAY,
    EVE,
    MERGE,
    a_proposal,
    approved,
    draw_city,
    file_materials,
    opened,
)
from tests.support.factories import BEGINNING, NOW, REGISTRAR, a_dataset
from tests.support.web import UNRATED, composed, stand, token_of

Known = Mapping[str, list[Any]]
Move = tuple[str, dict[str, Any] | None]
SUBMITTED: Move = ("submission", None)
REASON = {"reason": "方案尚需论证"}
COURSES: Mapping[str, list[Move]] = {
    "起草": [],
    "已报请": [SUBMITTED],
    "已批准": [SUBMITTED, ("approval", dict(ACT) | {"number": "苏政复〔2020〕1号"})],
    "未获批准": [SUBMITTED, ("rejection", REASON)],
    "已撤回": [("withdrawal", REASON)],
}
READY: Mapping[str, str] = {
    "check": "已批准",
    "submission": "起草",
    "approval": "已报请",
    "rejection": "已报请",
    "withdrawal": "已报请",
    "enactment": "已批准",
    "extension": "已实施",
    "completion": "已实施",
    "duties/{duty}": "已实施",
    "materials": "起草",
    "duties/{duty}/documents": "已实施",
    "steps": "起草",
    "steps/{ordinal}/correction": "起草",
    "consultations": "起草",
    "consultations/{department}/answer": "起草",
    "verdicts": "起草",
    "filings": "已批准",
    "evaluations": "已实施",
}
A_STEP = {"kind": "site_visit", "begun_on": DAY, "organiser": "江苏省民政厅", "result": "同意"}
AN_EVALUATION = {
    "round": 1,
    "side": "自评",
    "evaluated_on": "2021-06-01",
    "evaluator": "某市民政局",
    "figures": [{"indicator": "population", "before": 100, "after": 104}],
}
RECORDED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("起草", "steps", A_STEP),
    ("起草", "consultations", {"department": "finance", "asked_on": DAY, "answer_by": "2020-07-05"}),
    ("已实施", "evaluations", AN_EVALUATION),
)


@dataclass(frozen=True, slots=True)
class Office:
    """The application, and values of its records by names of parameters: `name`, or `GET /path name`."""

    app: ASGIApp
    known: Known


# Somebody who may do everything by his roles, so that what he is refused is refused for other reasons.
OFFICER = Actor(
    "经办人",
    "某机关",
    UUID(int=20200605),
    tuple(Grant(role) for role in Role),
    Classification.secret,
    second_factor=True,
)


def headers_for(actor: Actor | None) -> dict[str, str]:
    """What somebody shows to be let in; None is a passer-by."""
    return {} if actor is None else {"Authorization": f"Bearer {token_of(actor)}"}


@contextmanager
def office_on(engine: Engine, home: Path, *, undoing: bool = True) -> Iterator[Office]:
    """An office on an empty, migrated database; without `undoing` it keeps what it is told."""
    app = composed(Settings(home=home, rates=UNRATED), engine)
    with engine.connect() as connection:
        outer = connection.begin()
        inside = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        sessions = inside if undoing else sessionmaker(engine, expire_on_commit=False)
        known = _at_work(stand(app, sessions), sessions, Settings(home=home))
        yield Office(Undoing(app, connection if undoing else None), known)
        outer.rollback()


@dataclass(frozen=True, slots=True)
class Undoing:
    """ASGI middleware: what a request has written is undone when it has been answered."""

    app: FastAPI
    connection: Connection | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; refuse to be started, since the ground is laid already."""
        assert scope["type"] == "http"
        if self.connection is None:
            await self.app(scope, receive, send)
            return
        before = self.connection.begin_nested()
        try:
            await self.app(scope, receive, send)
        finally:
            before.rollback()


def _at_work(client: TestClient, sessions: sessionmaker[Session], settings: Settings) -> Known:
    """Fill the registers, and tell what was filled in."""
    draw_city(sessions)
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        account = open_account(tx, NewAccount("officer", OFFICER.name, OFFICER.authority, None))
        tx.session.execute(update(Account).where(Account.id == account.id).values(id=OFFICER.account_id))
    enacted = approved(client, a_proposal(MERGE))
    answer = client.post(f"/changes/{enacted}/enactment")
    assert answer.status_code == 200, answer.text
    cases = {"已实施": enacted} | _cases(client)
    for course, part, body in RECORDED:
        answer = client.post(f"/changes/{cases[course]}/{part}", json=body)
        assert answer.status_code == 200, answer.text
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        [sheet] = [sheet for sheet in sheets_listed(tx.session) if sheet.type == "change"]
        draw(tx, sheet.id, settings.editions_dir)
        tx.session.add(
            LoadedDelivery(
                instrument_id=a_dataset(tx),
                source="来件.gpkg",
                sha256="0" * 64,
                valid_on=BEGINNING,
                units=5,
                loaded_at=NOW,
                report={"entered": 5},
            )
        )
    return _known(client, cases)


def _cases(client: TestClient) -> dict[str, str]:
    """The numbers of cases about another unit, by the course they have taken."""
    numbers = {}
    for title, moves in COURSES.items():
        number = numbers[title] = opened(client, a_proposal(CONVERSION, title=title))
        file_materials(client, number)
        for move, body in moves:
            answer = client.post(f"/changes/{number}/{move}", json=body)
            assert answer.status_code == 200, answer.text
    return numbers


def _ready_for(cases: Mapping[str, str]) -> Iterator[tuple[str, list[Any]]]:
    """For each move mostly cases on which it can be made."""
    for move, course in READY.items():
        yield f"POST /changes/{{number}}/{move} number", [cases[course]] * 6 + list(cases.values())


def _known(client: TestClient, cases: Mapping[str, str]) -> Known:
    units = client.get(f"/divisions?on={DAY}").json()["items"]
    lines = client.get(f"/boundary-lines?on={DAY}").json()["items"]
    edges = client.get(f"/edges?on={DAY}").json()["features"]
    sheets = client.get("/sheets").json()["items"]
    case = client.get(f"/changes/{cases['已实施']}").json()
    units_named = [*(unit["code"] for unit in units), units[0]["id"], "320602", "320611"]
    lines_named = [*(line["code"] for line in lines), lines[0]["id"]]
    ids = [edge["id"] for edge in edges] + [sheet["id"] for sheet in sheets]
    return {
        "on": [DAY, EVE, "2019-12-31", "1000-01-01", "2999-12-31", "2024-02-29"],
        "reference": units_named,
        **{
            f"GET /boundary-lines/{{reference}}{part} reference": lines_named
            for part in ("", "/sections", "/claims", "/indicators", "/uses", "/chainage")
        },
        "GET /instruments/{reference} reference": [ACT["number"], "测试数据集", case["instrument"]["id"]],
        **dict.fromkeys(("within", "division", "side", "one", "other"), units_named),
        "line": lines_named,
        "code": [line["code"] for line in lines],
        "GET /divisions name": ["区", "崇川", "市"],
        "POST /changes/{number}/materials name": ["风险评估报告.txt", "方案.pdf", "范围.geojson"],
        "edge_id": [edge["id"] for edge in edges],
        "number": list(cases.values()),
        **dict(_ready_for(cases)),
        "GET /sheets/{sheet_id}/editions/{number}.{format} number": [1, 2],
        "duty": [duty["duty"] for duty in case["follow_ups"]],
        "sha256": [material["sha256"] for material in case["materials"]],
        "sheet_id": [sheet["id"] for sheet in sheets],
        "subject": [sheet["subject"] for sheet in sheets],
        "after": [*ids, *cases.values(), ACT["number"], "320600", f"{lines[0]['code']}.{lines[0]['id']}"],
        "limit": [1, 2, 1000],
        "bbox": ["119,31,121,33", "-180,-90,180,90", "179,10,-179,20", "119.005,32.005,119.015,32.015"],
        "GET /changes/calendar after": [f"2020-07-05 {cases['已实施']} code"],
        "GET /changes/{number}/evaluations/{round}/report number": [cases["已实施"]],
        "ordinal": [1],
        "round": [1],
        "department": ["finance"],
        "body.unit": ["320613", "320600"],
        "body.begun_on": [DAY],
        "body.evaluated_on": ["2021-06-01"],
        "If-Match": ['"1"', "*", '"2"', 'W/"7"'],
        "body.effective_on": [DAY, EVE, "1000-01-01", "2999-12-31"],
        "body.on": [DAY, "2021-05-20", "2999-12-31"],
        "body.issued_on": [DAY, EVE],
        "body.number": [ACT["number"], "国函〔2020〕80号"],
        "body.operations[*].from[*]": [unit["code"] for unit in units],
        "body.operations[*].into.code": ["320613", "320614", "320699"],
        "body.operations[*].into.superior": ["320600"],
    }
