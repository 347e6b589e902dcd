"""Somebody says that a name is wrong, editors answer, and the register follows in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.agenda import due
from gis_service.foundation.access import Act, Role
from gis_service.foundation.transaction import transaction
from gis_service.foundation.web.ground import Ground, stand_on
from gis_service.procedures.corrections.rules import term
from gis_service.reactions import react
from gis_service.registers.placenames.commands import NewFeature, NewName, NewShape, enter_features
from gis_service.registers.placenames.models import Feature, NameEvent, PlaceName, ShapeRole
from gis_service.schema import newest_revision
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn
from tests.support.offices import somebody
from tests.support.web import client_on, known_by_token, service

PAPER = {
    "number": "更正〔2026〕1号",
    "kind": "通知",
    "title": "关于更正地名的通知",
    "issuer": "某区民政局",
    "issued_on": "2025-12-01",
}
URL = "/placenames/suggestions"


@dataclass(frozen=True)
class Desk:
    """A village on record, somebody with an account, and the editor of the district."""

    feature: UUID
    citizen: TestClient
    editor: TestClient
    stranger: TestClient


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> Desk:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        units = drawn(tx, "aabb", {"a": ("320116", "六合区"), "b": ("330102", "上城区")})
        name = NewName("新集村", roman="Xīnjícūn", roman_source="census")
        shape = NewShape(ShapeRole.point, Point(119.0, 32.0))
        village = NewFeature((name,), "22200", (units["a"],), (shape,))
        [feature] = enter_features(tx, [village], on=BEGINNING, instrument_id=an_act(tx))
    people = (
        somebody(sessions, "居民", "330102", Role.viewer),
        somebody(sessions, "编辑", "320116", Role.editor),
        somebody(sessions, "外地编辑", "330102", Role.editor),
    )
    return Desk(feature, *(client_on(sessions, who) for who in people))


def suggested(who: TestClient, *, status: int = 201, **sent: Any) -> Any:
    answer = who.post(URL, json={"text": "牌坊上写作新集", **sent})
    assert answer.status_code == status, answer.text
    return answer.json()


def decided(who: TestClient, number: str, *, status: int = 200, query: str = "", **sent: Any) -> Any:
    whole = {"reason": "经核实", "instrument": PAPER["number"], "acts": [PAPER], **sent}
    answer = who.post(f"{URL}/{number}/decision{query}", json=whole)
    assert answer.status_code == status, answer.text
    return answer.json()


def name_of(sessions: sessionmaker[Session], feature: UUID) -> PlaceName:
    with sessions() as session:
        return session.scalars(select(PlaceName).where(PlaceName.feature_id == feature)).one()


def test_a_correction_is_suggested_rehearsed_accepted_and_told(
    desk: Desk, sessions: sessionmaker[Session]
) -> None:
    told = suggested(
        desk.citizen,
        kind="name",
        feature=str(desk.feature),
        proposed={"name": "辛集村"},
        contact="某人",
    )
    number = told["suggestion"]["number"]
    assert (number, told["receipt"], told["suggestion"]["feature_name"]) == ("JY-2026-00001", None, "新集村")
    assert told["suggestion"]["due_on"] == term().due(NOW.date()).isoformat()
    assert [each["number"] for each in desk.editor.get(URL).json()["items"]] == [number]
    assert desk.stranger.get(URL).json()["items"] == []
    assert desk.stranger.get(f"{URL}/{number}").status_code == 404
    assert decided(desk.stranger, number, status=404, decision="accept")
    decided(desk.editor, number, query="?dry_run=true", decision="accept")
    assert name_of(sessions, desk.feature).text == "新集村"
    done = decided(desk.editor, number, decision="accept", revision=1)
    assert (done["revision"], done["suggestion"]["state_name"]) == (2, "已采纳")
    name = name_of(sessions, desk.feature)
    assert (name.text, name.roman, name.roman_source) == ("辛集村", "Xīnjícūn", "computed")
    own = desk.citizen.get(f"{URL}/own").json()["items"][0]
    assert (own["reason"], own["instrument"], own["contact"]) == ("经核实", PAPER["number"], "某人")
    assert decided(desk.editor, number, status=409, decision="accept")
    with sessions() as session:
        event = session.scalars(select(NameEvent).where(NameEvent.kind == "更正")).one()
        assert event.detail["text"] == ["新集村", "辛集村"]


def test_what_is_refused_leaves_nothing_behind(desk: Desk, sessions: sessionmaker[Session]) -> None:
    feature = str(desk.feature)
    assert "within" in str(suggested(desk.citizen, status=409, kind="missing", proposed={"name": "某村"}))
    suggested(desk.citizen, status=409, kind="position", feature=feature, proposed={"lon": 119.0})
    assert "规定以外" in str(
        suggested(desk.citizen, status=422, kind="spelling", feature=feature, proposed={"roman": "Xīn集"})
    )
    suggested(desk.citizen, status=404, kind="gone", feature="00000000-0000-7000-8000-000000000000")
    number = suggested(desk.citizen, kind="other", feature=feature)["suggestion"]["number"]
    assert "没有可写入" in decided(desk.editor, number, status=422, decision="accept")["detail"]
    decided(desk.editor, number, status=409, decision="adjust")
    decided(desk.editor, number, status=422, decision="adjust", values={"name": "新\u200b集村"})
    decided(desk.editor, number, status=409, decision="adjust", values={"name": "辛集村"}, revision=7)
    assert name_of(sessions, desk.feature).text == "新集村"
    assert desk.citizen.get(f"{URL}/{number}").json()["state"] == "open"
    done = decided(desk.editor, number, decision="reject", instrument=None, acts=[])
    assert done["suggestion"]["state_name"] == "未采纳"


def test_other_kinds_are_written_as_they_are_meant(desk: Desk, sessions: sessionmaker[Session]) -> None:
    feature = str(desk.feature)
    moved = suggested(desk.citizen, kind="position", feature=feature, proposed={"lon": 119.01, "lat": 32.01})
    when = {"decision": "accept", "on": "2025-12-15"}
    assert decided(desk.editor, moved["suggestion"]["number"], **when)["revision"] == 2
    missing = suggested(desk.citizen, kind="missing", within="320116", proposed={"name": "小营"})
    number = missing["suggestion"]["number"]
    assert "类别" in decided(desk.editor, number, status=422, decision="accept", acts=[])["detail"]
    values = {"name": "小营村", "class": "22200"}
    entered = decided(desk.editor, number, decision="adjust", values=values, acts=[])
    assert name_of(sessions, entered["feature_id"]).text == "小营村"
    gone = suggested(desk.citizen, kind="gone", feature=feature)["suggestion"]["number"]
    assert (
        "更晚的日期" in decided(desk.editor, gone, status=409, decision="accept", on="2025-12-15")["way_out"]
    )
    assert decided(desk.editor, gone, decision="accept", acts=[])["suggestion"]["state_name"] == "已采纳"
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Feature)) == 2


@pytest.fixture
def open_to_all(sessions: sessionmaker[Session]) -> Iterator[TestClient]:
    """A service where nobody needs an account to suggest."""
    client, app = client_on(sessions, None), service()
    before = app.state.ground
    opened = frozenset({Act.suggest_corrections})
    ground = Ground(sessions, lambda: NOW, react, newest_revision(), known_by_token, due, open_acts=opened)
    stand_on(app, ground)
    yield client
    stand_on(app, before)


def test_somebody_without_an_account_has_a_receipt_where_this_is_allowed(
    desk: Desk, open_to_all: TestClient
) -> None:
    told = suggested(open_to_all, kind="gone", feature=str(desk.feature), contact="某人")
    number, receipt = told["suggestion"]["number"], told["receipt"]
    assert open_to_all.get(f"{URL}/{number}").status_code == 404
    assert open_to_all.get(f"{URL}/{number}", headers={"X-Receipt": "wrong"}).status_code == 404
    shown = open_to_all.get(f"{URL}/{number}", headers={"X-Receipt": receipt}).json()
    assert (shown["contact"], shown["is_anonymous"]) == ("某人", True)
    assert open_to_all.get(f"{URL}/own").json()["items"] == []
    assert open_to_all.get(URL).status_code == 401
    assert desk.editor.post(f"{URL}/{number}/withdrawal", json={"reason": "不妥"}).status_code == 409
    taken = open_to_all.post(
        f"{URL}/{number}/withdrawal", json={"reason": "看错了"}, headers={"X-Receipt": receipt}
    )
    assert taken.json()["suggestion"]["state_name"] == "已撤回"


def test_without_an_account_nobody_suggests_where_this_is_not_allowed(
    desk: Desk, sessions: sessionmaker[Session]
) -> None:
    suggested(client_on(sessions, None), status=401, kind="gone", feature=str(desk.feature))


def test_what_is_to_be_answered_stands_in_the_calendar(desk: Desk, sessions: sessionmaker[Session]) -> None:
    number = suggested(desk.citizen, kind="gone", feature=str(desk.feature))["suggestion"]["number"]
    items = client_on(sessions).get("/changes/calendar?on=2026-12-30").json()
    assert [item["case"] for item in items["items"]] == [number]
