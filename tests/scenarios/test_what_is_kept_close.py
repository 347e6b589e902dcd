"""What is kept close, asked for by every route: who may not learns nothing, who may leaves a trace."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Classification, Role
from gis_service.foundation.journal.models import JournalEntry
from gis_service.foundation.logs import configure
from gis_service.foundation.readings import READ
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.procedures.intake.models import LoadedDelivery
from gis_service.registers.boundaries.models import BoundaryLine, Edge
from gis_service.registers.instruments.models import Instrument
from tests.support.classified import PAPER, SECRETS, a_reader, mixed
from tests.support.factories import BEGINNING, NOW, REGISTRAR
from tests.support.web import client_on

Ids = dict[str, UUID]
DAY = "on=2020-06-05"

# Routes whose answer to a cleared reader holds something kept close, and a word of it.
TELLING = {
    f"/divisions?{DAY}": "影子区",
    f"/divisions?{DAY}&limit=1&after=320201": "影子区",
    f"/divisions?{DAY}&name=影子": "影子区",
    f"/divisions?{DAY}&within=320200": "影子区",
    f"/divisions?{DAY}&format=geojson": "影子声明",
    f"/divisions/320205?{DAY}": "影子区",
    "/divisions/{C}?" + DAY: "影子区",
    f"/divisions/320000?{DAY}": "320200",
    f"/divisions/320205/geometry?{DAY}": "影子区",
    f"/divisions/320000/geometry?{DAY}": "MultiPolygon",
    "/divisions/320205/history": "影子区",
    "/divisions/{C}/history": "影子区",
    f"/boundary-lines?{DAY}": "320205",
    f"/boundary-lines?{DAY}&format=geojson": "320205",
    f"/boundary-lines?{DAY}&side=320200": "0102",
    f"/boundary-lines/3234?{DAY}": "320205",
    "/boundary-lines/{line}?" + DAY: "320200",
    f"/boundary-lines/between?{DAY}&one=320205&other=340103": "影子区",
    f"/boundary-lines/between?{DAY}&one=320000&other=340000": "320205",
    f"/edges?{DAY}&limit=200": PAPER,
    "/edges/{edge}?" + DAY: PAPER,
    f"/edges?{DAY}&line=3234": "320205",
    f"/edges?{DAY}&division=320205": PAPER,
    "/instruments": PAPER,
    "/instruments?limit=1&after=影": PAPER,
    f"/instruments/{PAPER}": PAPER,
    "/instruments/{paper}": PAPER,
    "/divisions/320205?on=2019-01-01": "影子区",
    "/boundary-lines/{line}?on=2019-01-01": "2020-01-01",
}


@pytest.fixture
def ids(sessions: sessionmaker[Session]) -> Ids:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        ids = mixed(tx)
        edge = tx.session.scalars(select(Edge.id).where(Edge.source_id == ids["paper"])).first()
        line = tx.session.scalars(
            select(BoundaryLine.id).where(
                BoundaryLine.begun_by == ids["paper"], BoundaryLine.level == "prefecture"
            )
        ).first()
        assert edge
        assert line
        return ids | {"edge": edge, "line": line}


def traces(sessions: sessionmaker[Session]) -> list[JournalEntry]:
    with sessions() as session:
        return list(session.scalars(select(JournalEntry).where(JournalEntry.command == READ)))


def asked(sessions: sessionmaker[Session], actor: Actor | None, address: str) -> Any:
    return client_on(sessions, actor).get(address)


def plain(answer: Any) -> tuple[int, str]:
    """An answer without what differs from request to request."""
    return answer.status_code, re.sub(r'"request_id":"[^"]*"', "", answer.text)


def outsiders(ids: Ids) -> list[Actor]:
    return [
        a_reader(ids["340000"], Classification.secret, Role.registrar),
        a_reader(ids["320000"], Classification.public, Role.registrar),
        a_reader(ids["320106"], Classification.secret),
    ]


@pytest.mark.parametrize("address", TELLING)
def test_only_a_cleared_reader_is_told_and_leaves_one_trace(
    sessions: sessionmaker[Session], ids: Ids, address: str
) -> None:
    place = address.format_map(ids)
    to_the_public = asked(sessions, None, place)
    assert not [
        word for word in ("影子", "320205", PAPER) if word in _without_the_question(to_the_public.text)
    ]
    for actor in outsiders(ids):
        assert plain(asked(sessions, actor, place)) == plain(to_the_public)
    assert traces(sessions) == []
    inside = a_reader(ids["320000"])
    told = asked(sessions, inside, place)
    assert TELLING[address] in told.text, told.text
    [trace] = traces(sessions)
    assert (trace.actor, trace.account_id, trace.authority) == (inside.name, inside.account_id, "某机关")
    assert trace.detail["classification"] == "内部"
    assert trace.detail["by"].startswith("GET /")
    assert told.headers["cache-control"] == "no-store"


def _without_the_question(text: str) -> str:
    """Refusals repeat what was asked, and links too."""
    return re.sub(r'"(detail|next)":"[^"]*"', "", text)


def test_public_rows_leave_no_trace_whoever_asks(sessions: sessionmaker[Session], ids: Ids) -> None:
    inside = a_reader(ids["320000"])
    for address in (
        f"/divisions/340103?{DAY}",
        f"/divisions?{DAY}&within=340000&format=geojson",
        f"/boundary-lines?{DAY}&side=340200",
        "/instruments/测试数据集",
        f"/?{DAY}",
    ):
        assert asked(sessions, inside, address).status_code == 200
    assert traces(sessions) == []


def test_an_internal_neighbour_leaves_a_public_line_without_a_length(
    sessions: sessionmaker[Session], ids: Ids
) -> None:
    told = asked(sessions, None, f"/boundary-lines/3234?{DAY}").json()
    assert told["geometry"] is None
    line = told["properties"]
    assert (line["length_km"], line["stretches"], line["classification"]) == (None, [], "公开")
    border = asked(sessions, None, f"/boundary-lines/between?{DAY}&one=320000&other=340000").json()[
        "properties"
    ]
    assert (border["touching"], border["length_km"], border["stretches"]) == (None, None, [])
    whole = asked(sessions, a_reader(ids["320000"]), f"/boundary-lines/3234?{DAY}").json()["properties"]
    assert whole["length_km"] > 0
    assert whole["classification"] == "内部"
    known = asked(sessions, None, f"/boundary-lines?{DAY}&side=340200").json()["items"]
    assert known
    assert all(line["length_km"] for line in known)


def test_what_holds_an_internal_part_has_no_area_for_the_public(
    sessions: sessionmaker[Session], ids: Ids
) -> None:
    for actor, level in ((None, "公开"), (a_reader(ids["320000"]), "内部")):
        province = asked(sessions, actor, f"/divisions/320000?{DAY}").json()
        assert (province["area_km2"] is None, province["classification"]) == (actor is None, level)
    city = asked(sessions, None, f"/divisions/320100?{DAY}").json()
    assert city["area_km2"] > 0


def test_pages_do_not_betray_what_is_left_out(sessions: sessionmaker[Session], ids: Ids) -> None:
    assert ids
    seen, address = [], f"/divisions?{DAY}&limit=1"
    while address:
        page = asked(sessions, None, address).json()
        assert len(page["items"]) == 1
        seen += [unit["code"] for unit in page["items"]]
        address = page["next"]
    assert seen == sorted(seen)
    assert not set(seen) & {"320205", "320200"}


def test_deliveries_are_as_close_as_their_dataset(sessions: sessionmaker[Session], ids: Ids) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        tx.session.add(
            LoadedDelivery(
                instrument_id=ids["paper"],
                source="影子.gpkg",
                sha256="0" * 64,
                valid_on=BEGINNING,
                units=1,
                loaded_at=NOW,
                report={},
            )
        )
    for actor in outsiders(ids)[:2]:
        assert asked(sessions, actor, "/deliveries").json()["items"] == []
    assert asked(sessions, None, "/deliveries").status_code == 401
    assert traces(sessions) == []
    [told] = asked(sessions, a_reader(ids["320000"], role=Role.registrar), "/deliveries").json()["items"]
    assert (told["source"], told["classification"]) == ("影子.gpkg", "内部")
    assert [trace.subject for trace in traces(sessions)] == ["影子.gpkg"]


def test_an_answer_is_not_sent_without_its_trace(sessions: sessionmaker[Session], ids: Ids) -> None:
    with sessions() as session:
        session.connection().exec_driver_sql("DROP TRIGGER IF EXISTS journal_chained ON journal_entry")
        session.connection().exec_driver_sql(
            "ALTER TABLE journal_entry ADD CHECK (command <> 'records.read') NOT VALID"
        )
        session.commit()
    answer = asked(sessions, a_reader(ids["320000"]), f"/divisions/320205?{DAY}")
    assert answer.status_code >= 409
    assert "影子" not in answer.text


def test_a_second_wall_stops_what_the_database_let_through(
    sessions: sessionmaker[Session], ids: Ids, caplog: pytest.LogCaptureFixture
) -> None:
    """As if somebody had taken the policies down."""
    with sessions() as session:
        for table in ("instrument", "division_version", "extent"):
            session.connection().exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        session.commit()
    for actor in (None, a_reader(ids["320000"], Classification.public)):
        for address in (
            f"/divisions?{DAY}",
            f"/divisions/320205?{DAY}",
            "/instruments",
            "/divisions/320205/history",
        ):
            answer = asked(sessions, actor, address)
            assert answer.status_code == 500, address
            assert not [word for word in SECRETS if word in answer.text]
    assert not [word for word in ("影子", PAPER) if word in caplog.text]
    assert traces(sessions) == []


@pytest.fixture
def told_by_the_log() -> Iterator[StringIO]:
    """What the service logs, in the form it has for machines."""
    root = logging.getLogger()
    before = list(root.handlers)
    stream = StringIO()
    configure(Settings(home=Path("unused"), log_level="DEBUG", log_format="json"), stream)
    yield stream
    root.handlers = before


def _guesses(ids: Ids) -> list[str]:
    """What somebody of the public may try, one for each route that takes a name."""
    return [
        "/divisions/{0}",
        "/divisions/{0}?on=2019-01-01",
        "/divisions/{0}/geometry",
        "/divisions/{0}/history",
        "/divisions?within={0}",
        "/boundary-lines?side={0}",
        "/boundary-lines/between?one={0}&other=340103",
        "/edges?division={0}",
        "/boundary-lines/{1}",
        "/boundary-lines/{1}?on=2019-01-01",
        "/edges?line={1}",
        "/edges/{2}",
        "/instruments/{3}",
        "/instruments/{4}",
        "/sheets/{3}",
        "/sheets/{3}/editions/1.pdf",
        "/sheets?subject={3}",
        "/sheets?subject={0}" if ids else "",
    ]


def test_a_right_guess_is_answered_like_a_wrong_one(
    sessions: sessionmaker[Session], ids: Ids, told_by_the_log: StringIO
) -> None:
    right = [str(ids["C"]), str(ids["line"]), str(ids["edge"]), str(ids["paper"]), PAPER]
    wrong = [*(str(uuid4()) for _ in range(4)), "光亮数据集"]
    for template in _guesses(ids):
        answers = []
        for named in (right, wrong):
            answer = asked(sessions, None, template.format(*named))
            text = answer.text
            for name in named:
                text = text.replace(name, "…")
            answers.append((answer.status_code, re.sub(r'"request_id":"[^"]*"', "", text)))
        assert answers[0] == answers[1], template
    codes = [
        [plain(asked(sessions, None, template.format(code)))[0] for code in ("320205", "320299")]
        for template in _guesses({})[:8]
    ]
    assert all(one == other for one, other in codes)
    logged = told_by_the_log.getvalue()
    assert "request" in logged
    assert not [word for word in ("影子", PAPER, "320205", *right) if word in logged]
    assert traces(sessions) == []


def test_a_paper_says_how_closely_it_is_kept(sessions: sessionmaker[Session], ids: Ids) -> None:
    told = asked(sessions, a_reader(ids["320000"]), f"/instruments/{PAPER}").json()
    assert told["classification"] == "内部"
    assert json.loads(asked(sessions, None, "/instruments").text)["items"][0]["classification"] == "公开"
    with sessions() as session:
        assert session.get_one(Instrument, ids["paper"]).kept_within == [ids["320000"]]
