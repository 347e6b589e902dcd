"""A reader follows two districts that merge: over HTTP only, before the day, on the day, and looking back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.transaction import transaction
from gis_service.procedures.changes.commands import enact_published
from gis_service.procedures.changes.schemas import parse_proposal
from tests.support.factories import NOW, REGISTRAR, drawn
from tests.support.web import service

EVE, DAY = "2020-06-04", "2020-06-05"
CITY = {
    "A": ("320602", "崇川区"),
    "B": ("320611", "港闸区"),
    "C": ("320684", "海门市"),
    "D": ("320612", "通州区"),
    "E": ("340102", "皖中区"),
}
DRAWING = """
    AABBD
    AABBD
    CCDDD
    EEEEE
"""


@pytest.fixture(scope="module")
def engine(make_database: Callable[[], str]) -> Iterator[Engine]:
    """Registers in which 崇川 and 港闸 have become 320613, 海门市 has become 海门区 320614; read only."""
    engine = open_engine(make_database())
    with transaction(session_factory(engine), actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, DRAWING, CITY)
        enact_published(tx, parse_proposal(the_merger(), source="测试"))
    yield engine
    engine.dispose()


def the_merger() -> dict[str, Any]:
    act = {
        "number": "国函〔2020〕79号",
        "issuer": "国务院",
        "issued_on": date(2020, 6, 5),
        "title": "国务院关于同意江苏省调整南通市部分行政区划的批复",
    }
    operations = [
        {
            "kind": "merge",
            "from": ["320602", "320611"],
            "into": {"code": "320613", "name": "崇川区", "type": "市辖区"},
        },
        {
            "kind": "conversion",
            "from": ["320684"],
            "into": {"code": "320614", "name": "海门区", "type": "市辖区"},
        },
    ]
    return {
        "title": "南通市部分行政区划调整",
        "effective_on": date(2020, 6, 5),
        "instrument": act,
        "operations": operations,
    }


def get(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_list_of_districts_changes_on_the_day_and_not_before(client: TestClient) -> None:
    before, after = (
        {
            unit["code"]: unit
            for unit in get(client, f"/divisions?on={day}&within=320600&level=county")["items"]
        }
        for day in (EVE, DAY)
    )
    assert set(before) == {"320602", "320611", "320612", "320684"}
    assert set(after) == {"320612", "320613", "320614"}
    assert after["320613"]["begun_by"] == before["320602"]["ended_by"] == "国函〔2020〕79号"
    total = sum(unit["area_km2"] for unit in before.values())
    assert sum(unit["area_km2"] for unit in after.values()) == pytest.approx(total, abs=1e-9)


def test_a_reader_with_an_old_code_is_led_to_the_unit_of_today(client: TestClient) -> None:
    gone = client.get(f"/divisions/320611?on={DAY}")
    assert gone.status_code == 404
    assert "港闸区 2020-01-01 至 2020-06-05" in gone.json()["way_out"]
    [history] = get(client, "/divisions/320611/history")["units"]
    [link] = history["went_into"]
    assert (link["unit"]["code"], link["kind"], link["on"]) == ("320613", "合并", DAY)
    today = get(client, f"/divisions/{link['unit']['id']}?on={DAY}")
    assert sorted(back["unit"]["code"] for back in today["came_from"]) == ["320602", "320611"]
    assert sum(back["share_of_successor"] for back in today["came_from"]) == pytest.approx(1)
    act = get(client, f"/instruments/{quote(link['instrument'])}")
    assert act["issuer"] == "国务院"


def test_the_line_between_the_merged_is_gone_and_the_others_run_on(client: TestClient) -> None:
    names_before, names_after = (
        {line["name"] for line in get(client, f"/boundary-lines?on={day}&level=county")["items"]}
        for day in (EVE, DAY)
    )
    assert "崇川—港闸线" in names_before
    assert "崇川—港闸线" not in names_after
    assert "崇川—海门线" in names_after
    province = [get(client, f"/boundary-lines/3234?on={day}") for day in (EVE, DAY)]
    assert province[0]["id"] == province[1]["id"]
    assert province[0]["geometry"] == province[1]["geometry"]


def test_the_edge_inside_the_merged_district_remains_but_is_no_border(client: TestClient) -> None:
    edges = get(client, f"/edges?on={EVE}&division=320611")["features"]
    [inner] = [edge for edge in edges if "320602" in edge["properties"].values()]
    today = get(client, f"/edges/{inner['id']}?on={DAY}")
    assert today["properties"]["left"] == today["properties"]["right"] == "320613"
    assert inner["id"] not in {edge["id"] for edge in get(client, f"/edges?on={DAY}")["features"]}


def test_the_city_keeps_its_extent_and_its_districts_fill_it(client: TestClient) -> None:
    for day in (EVE, DAY):
        city = get(client, f"/divisions/320600/geometry?on={day}")
        parts = get(client, f"/divisions?on={day}&within=320600&level=county&format=geojson")["features"]
        shapes = [shapely.geometry.shape(part["geometry"]) for part in parts]
        assert shapely.union_all(shapes).equals(shapely.geometry.shape(city["geometry"]))


NASTY = [
    "2020-02-30",
    "0001-01-01",
    "9999-12-31",
    "-1",
    "1e9",
    "NaN",
    "119,32,118,31",
    "nan,nan,nan,nan",
    "0,0,1000,1",
    "' OR '1'='1",
    "'; DROP TABLE division; --",
    "%' AND pg_sleep(9) --",
    "\x00",
    "甲\x00乙",
    "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"),
    "𠮷" * 300,
    "x" * 60_000,
    "../../etc/passwd",
    "{}",
    "[]",
    "null",
    "",
]
# any text may be part of a name, come after some number, or be what the journal or archives are searched for
HARMLESS = {"q", "address", "name", "after", "subject", "actor", "command", "text", "source"}


def readable_addresses() -> list[tuple[str, list[dict[str, Any]]]]:
    paths = service().openapi()["paths"]
    return [
        (path, methods["get"].get("parameters", [])) for path, methods in paths.items() if "get" in methods
    ]


def attacks() -> list[tuple[str, str]]:
    return [
        (path, parameter["name"])
        for path, parameters in readable_addresses()
        for parameter in parameters
        if parameter["in"] in {"path", "query"}
    ]


@pytest.mark.parametrize(("path", "name"), attacks(), ids=str)
def test_nonsense_is_refused_and_never_breaks_the_service(client: TestClient, path: str, name: str) -> None:
    for value in NASTY:
        address = path
        query = {"one": "320600", "other": "340100"} if path.endswith("/between") else {}
        if f"{{{name}}}" in path:
            address = path.replace(f"{{{name}}}", quote(value, safe="") or "%20")
        else:
            address, query = (
                path.replace("{reference}", "320600").replace("{edge_id}", "0" * 32),
                query | {name: value},
            )
        answer = client.get(address, params=query)
        allowed = {200} if name in HARMLESS else set()
        assert answer.status_code in {404, 414, 422, *allowed}, (
            value[:40],
            answer.status_code,
            answer.text[:300],
        )
        if answer.status_code != 200:
            assert answer.headers["content-type"] == "application/problem+json"


def test_the_registers_are_whole_after_the_nonsense(client: TestClient) -> None:
    client.get("/divisions", params={"name": "'; DROP TABLE division; --"})
    assert len(get(client, f"/divisions?on={DAY}")["items"]) == 8


def test_the_service_is_alive_and_ready(client: TestClient) -> None:
    assert get(client, "/healthz") == {"status": "ok"}
    ready = get(client, "/readyz")
    assert ready["status"] == "ready"
    assert ready["postgis"] >= "3.3"
    assert ready["disk"] in {"ample", "low"}
    assert "rows" not in ready


def test_the_age_of_the_data_is_told(client: TestClient, sessions: sessionmaker[Session], now: Any) -> None:
    with transaction(sessions, actor=REGISTRAR, at=now) as tx:
        tx.journal("note", "某事")
    ready = get(client, "/readyz")
    assert date.fromisoformat(ready["newest_entry_at"][:10]) == now.date()
    assert ready["data_age_s"] == 0


def test_a_database_of_another_version_is_not_ready(client: TestClient, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "older" in answer.json()["detail"]
    assert answer.json()["way_out"]
