"""Reading place names over HTTP: flat records of any day, histories, what is called after what."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import LineString, Point
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from gis_service.registers.placenames.commands import (
    AddName,
    CorrectName,
    EndFeature,
    NewFeature,
    NewName,
    NewShape,
    Relate,
    Rename,
    Seen,
    edit_features,
    enter_features,
)
from gis_service.registers.placenames.models import (
    NameKind,
    NameProcess,
    RelationKind,
    ShapeRole,
)
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn

UNITS = {"A": ("320102", "甲区"), "B": ("320104", "乙区")}
LATER, LAST = date(2021, 5, 1), date(2023, 7, 1)
LAW = NameProcess.statutory


@pytest.fixture
def ids(sessions: sessionmaker[Session]) -> dict[str, UUID]:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        units = drawn(tx, "AABB AABB", UNITS)
        act = an_act(tx, "宁政发〔2021〕1号")
        point = NewShape(ShapeRole.point, Point(118.8, 32.05), method="实测", accuracy_m=2.5)
        road = NewShape(ShapeRole.line, LineString([(118.8, 32), (118.9, 32)]))
        hill = NewFeature(
            (NewName("𨭎山", process=LAW, specific="𨭎", generic="山"),),
            "13400",
            (units["B"], units["A"]),
            (point,),
            {"高程": "448.9"},
            "32010400013400000001",
        )
        street = NewFeature((NewName("𨭎山路", process=LAW),), "23514", (units["A"],), (road,))
        school = NewFeature((NewName("𨭎山路小学"),), "27300", (units["A"],))
        features = enter_features(tx, [hill, street, school], on=BEGINNING, instrument_id=act)
        found = dict(zip(("hill", "street", "school"), features, strict=True))
        first = [
            Rename(Seen(found["hill"], 1), NewName("友谊山", process=LAW), "名实不符"),
            AddName(Seen(found["hill"], 1), NewName("老山", NameKind.alias)),
            AddName(Seen(found["hill"], 1), NewName("ཡུལ", NameKind.minority, "bod", roman="Yul")),
            Relate(Seen(found["street"], 1), found["hill"], RelationKind.derived),
            Relate(Seen(found["school"], 1), found["street"], RelationKind.derived),
        ]
        edit_features(tx, first, on=LATER, instrument_id=act)
        edit_features(tx, [EndFeature(Seen(found["school"], 2), "撤并")], on=LAST, instrument_id=act)
        name = CorrectName(Seen(found["street"], 2), street.names[0].id, {"roman": "Xishan Lu"}, "审音")
        edit_features(tx, [name], on=LAST, instrument_id=act)
    return found


def get(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def named(listing: Any) -> list[str]:
    return [each["name"] for each in listing["items"]]


def test_records_are_flat_and_of_the_day(client: TestClient, ids: dict[str, UUID]) -> None:
    before = get(client, f"/placenames/{ids['hill']}?on=2020-06-01")
    assert (before["name"], before["status"], before["former"]) == ("𨭎山", "现行", [])
    assert (before["division"], before["divisions"]) == ("320104", ["320104", "320102"])
    after = get(client, f"/placenames/{ids['hill']}?on=2022-01-01")
    assert (after["name"], after["former"], after["aliases"]) == ("友谊山", ["𨭎山"], ["老山"])
    assert after["minority"] == [{"language": "bod", "text": "ཡུལ", "roman": "Yul"}]
    assert (after["class"], after["code"], after["revision"]) == ("13400", "32010400013400000001", 2)
    assert (after["lon"], after["lat"], after["role"]) == (118.8, 32.05, "点")
    assert after["facts"] == {"高程": "448.9"}
    assert [each["kind"] for each in after["names"]] == ["标准名称", "别名", "少数民族语书写"]
    assert [each["name"] for each in after["relations"]] == ["𨭎山路"]


@pytest.mark.usefixtures("ids")
def test_lists_are_filtered_and_paged(client: TestClient) -> None:
    assert named(get(client, "/placenames?on=2022-01-01&within=320102")) == ["友谊山", "𨭎山路", "𨭎山路小学"]
    assert named(get(client, "/placenames?on=2022-01-01&within=320104")) == ["友谊山"]
    assert named(get(client, "/placenames?on=2022-01-01&within=320000&class=23")) == ["𨭎山路"]
    assert named(get(client, "/placenames?on=2024-01-01")) == ["友谊山", "𨭎山路"]
    assert named(get(client, "/placenames?on=2024-01-01&validity=历史")) == ["𨭎山路小学"]
    assert len(named(get(client, "/placenames?on=2024-01-01&validity=全部"))) == 3
    page = get(client, "/placenames?on=2022-01-01&limit=2")
    assert named(get(client, page["next"])) == ["𨭎山路小学"]
    shown = get(client, "/placenames?on=2022-01-01&format=geojson&class=23")
    assert shown["features"][0]["geometry"]["type"] == "LineString"


@pytest.mark.usefixtures("ids")
def test_of_many_units_the_same_is_listed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    few = named(get(client, "/placenames?on=2022-01-01&within=320100"))
    monkeypatch.setattr("gis_service.registers.placenames.queries.records.FEW", 1)
    assert named(get(client, "/placenames?on=2022-01-01&within=320100")) == few
    page = get(client, "/placenames?on=2022-01-01&within=320100&limit=1")
    assert named(get(client, page["next"])) == few[1:2]


def test_a_history_tells_of_everything(client: TestClient, ids: dict[str, UUID]) -> None:
    told = get(client, f"/placenames/{ids['hill']}/history")
    spells = [(each["text"], each["valid_from"], each["valid_to"]) for each in told["names"]]
    assert spells[:2] == [("𨭎山", "2020-01-01", "2021-05-01"), ("友谊山", "2021-05-01", None)]
    happened = {(each["kind"], each["name"], each["to_status"]) for each in told["events"]}
    assert {
        ("命名", "𨭎山", "现行"),
        ("更名", "𨭎山", "停用"),
        ("更名", "友谊山", "现行"),
        ("登记", "老山", "待核"),
    } <= happened
    assert {each["instrument"] for each in told["events"]} == {"宁政发〔2021〕1号"}
    street = get(client, f"/placenames/{ids['street']}/history")
    assert street["events"][-1]["detail"] == {"roman": [None, "Xishan Lu"]}


def test_what_is_called_after_it(client: TestClient, ids: dict[str, UUID]) -> None:
    told = get(client, f"/placenames/{ids['hill']}/derived?on=2022-01-01")
    assert [(each["steps"], each["name"]) for each in told["items"]] == [(1, "𨭎山路"), (2, "𨭎山路小学")]
    later = get(client, f"/placenames/{ids['hill']}/derived?on=2024-01-01")
    assert [each["name"] for each in later["items"]] == ["𨭎山路"]


def test_classes_are_told_with_their_marks(client: TestClient) -> None:
    rows = {each["code"]: each for each in get(client, "/placenames/classes")["items"]}
    assert (rows["22200"]["name"], rows["22200"]["mark"]) == ("农村居民点", "D")


@pytest.mark.parametrize(
    "address",
    ["/placenames/0194fdc2-fa2f-7cc0-81d3-ff120745b99d", "/placenames?within=999999&on=2022-01-01"],
)
def test_unknown_ones_are_not_found(client: TestClient, ids: dict[str, UUID], address: str) -> None:
    assert ids
    assert client.get(address).status_code == 404
