"""Batches of place names over HTTP: differences become edits, others' edits are told, nothing half pushed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from gis_service.foundation.transaction import Transaction
from gis_service.registers.placenames.models import Feature, FeatureShape, NameEvent, PlaceName
from tests.support.factories import an_act, drawn

ZHOU = {"name": "周庄", "class": "22200", "division": "320102", "lon": 119.005, "lat": 31.995}
LI = {"name": "李庄", "class": "22200", "division": "320104", "aliases": ["李家庄"]}
ACT = "国函〔2020〕1号"


@pytest.fixture(autouse=True)
def units(tx: Transaction) -> dict[str, UUID]:
    an_act(tx)
    found = drawn(tx, "AAB AAB", {"A": ("320102", "玄武区"), "B": ("320104", "秦淮区")})
    tx.session.flush()
    return found


def push(
    client: TestClient, *records: dict[str, Any], on: str = "2024-01-01", path: str = "", **more: Any
) -> Any:
    body = {"instrument": ACT, "on": on, "records": list(records), **more}
    return client.post(f"/placenames/batches{path}", json=body)


@pytest.fixture
def ids(client: TestClient, tx: Transaction) -> dict[str, UUID]:
    report = push(client, ZHOU, LI).json()
    assert (report["entered"], report["blocking"]) == (2, False)
    rows = tx.session.execute(select(PlaceName.text, PlaceName.feature_id)).all()
    return {row[0]: row[1] for row in rows}


def held(tx: Transaction, feature: UUID) -> list[tuple[str, str, str]]:
    rows = select(PlaceName.text, PlaceName.kind, PlaceName.status).where(PlaceName.feature_id == feature)
    return [(row[0], row[1], row[2]) for row in tx.session.execute(rows.order_by(PlaceName.id))]


def test_new_records_are_entered_by_the_act_and_once_only(client: TestClient, tx: Transaction) -> None:
    assert push(client, ZHOU, LI).json()["entered"] == 2
    again = push(client, ZHOU, LI).json()
    assert (again["known"], again["entered"]) == (True, 0)
    assert push(client, ZHOU, LI, source="别处").json()["unchanged"] == 2
    assert tx.session.scalar(select(func.count()).select_from(Feature)) == 2
    zhou = tx.session.scalar(select(PlaceName).where(PlaceName.text == "周庄"))
    assert zhou is not None
    assert (zhou.process, zhou.status, zhou.roman_source) == ("依法命名", "现行", "computed")


def test_each_difference_becomes_its_edit(client: TestClient, tx: Transaction, ids: dict[str, UUID]) -> None:
    zhou, li = str(ids["周庄"]), str(ids["李庄"])
    renamed = {**ZHOU, "id": zhou, "revision": 1, "name": "新周庄", "change": "rename", "lon": 119.006}
    changed = {
        **LI,
        "id": li,
        "revision": 1,
        "aliases": ["李村"],
        "former": ["老李庄"],
        "facts": {"地名含义": "李姓"},
    }
    report = push(client, renamed, changed, on="2025-01-01").json()
    assert (report["changed"], report["entered"], report["conflicts"]) == (2, 0, [])
    assert held(tx, ids["周庄"]) == [("周庄", "标准名称", "停用"), ("新周庄", "标准名称", "现行")]
    assert set(held(tx, ids["李庄"])) == {
        ("李庄", "标准名称", "现行"),
        ("李家庄", "别名", "停用"),
        ("李村", "别名", "现行"),
        ("老李庄", "曾用名", "停用"),
    }
    assert tx.session.scalar(select(func.count()).select_from(FeatureShape)) == 2
    corrected = {**LI, "id": li, "revision": 2, "name": "李家村", "change": "correct", "aliases": None}
    assert push(client, corrected, on="2025-06-01").json()["changed"] == 1
    assert ("李家村", "标准名称", "现行") in held(tx, ids["李庄"])
    kinds = set(tx.session.scalars(select(NameEvent.kind).where(NameEvent.feature_id == ids["李庄"])))
    assert {"更正", "停用"} <= kinds


def test_what_others_edited_is_named_and_nothing_is_written(
    client: TestClient, tx: Transaction, ids: dict[str, UUID]
) -> None:
    zhou, li = str(ids["周庄"]), str(ids["李庄"])
    push(client, {**ZHOU, "id": zhou, "revision": 1, "facts": {"备注": "先"}}, on="2025-01-01")
    mine = [
        {**ZHOU, "id": zhou, "revision": 1, "facts": {"备注": "后"}},
        {**LI, "id": li, "revision": 1, "facts": {"备注": "后"}},
    ]
    answer = push(client, *mine, on="2025-02-01")
    assert answer.status_code == 409
    assert zhou in answer.json()["findings"][0]["subject"]
    assert tx.session.scalar(select(Feature.revision).where(Feature.id == ids["李庄"])) == 1
    told = push(client, *mine, on="2025-02-01", path="/check").json()
    assert told["conflicts"] == [{"row": 1, "id": zhou, "name": "周庄", "seen": 1, "revision": 2}]
    rest = push(client, *mine, on="2025-02-01", partial=True).json()
    assert (rest["changed"], rest["left"]) == (1, 1)


def test_a_check_tells_every_fault_and_writes_nothing(client: TestClient, tx: Transaction) -> None:
    bad = {**ZHOU, "class": "99"}
    told = push(client, *([bad] * 30), path="/check").json()
    assert told["blocking"]
    assert [each["row"] for each in told["findings"] if each["rule"] == "R-CLS-01"] == list(range(1, 31))
    assert push(client, *([bad] * 30)).status_code == 422
    assert tx.session.scalar(select(func.count()).select_from(Feature)) == 0


def test_a_feature_ends_with_its_names(client: TestClient, tx: Transaction, ids: dict[str, UUID]) -> None:
    gone = {"id": str(ids["周庄"]), "revision": 1, "end": True, "reason": "拆迁"}
    assert push(client, gone, on="2025-01-01").json()["ended"] == 1
    assert held(tx, ids["周庄"]) == [("周庄", "标准名称", "注销")]
    later = {**ZHOU, "id": str(ids["周庄"])}
    assert "已注销" in push(client, later, on="2025-02-01").json()["findings"][0]["message"]


def test_a_dry_run_tells_the_same_and_writes_nothing(client: TestClient, tx: Transaction) -> None:
    body = {"instrument": ACT, "on": "2024-01-01", "records": [ZHOU]}
    assert client.post("/placenames/batches?dry_run=true", json=body).json()["entered"] == 1
    assert tx.session.scalar(select(func.count()).select_from(Feature)) == 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": ""}, 422),
        ({"lon": None}, 422),
        ({"lon": 500}, 422),
        ({"division": "999999"}, 422),
        ({"id": "00000000-0000-7000-8000-000000000000"}, 422),
        ({"geometry": {"type": "Point", "coordinates": "x"}}, 422),
        ({"status": "注销"}, 422),
    ],
)
def test_wrong_records_are_refused(client: TestClient, change: dict[str, Any], status: int) -> None:
    answer = push(client, {**ZHOU, **change})
    assert answer.status_code == status, answer.text
    assert answer.json()["findings"]
