"""Foreign lists held against the register: what is beyond doubt, what is not, and who decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from gis_service.foundation.access import Actor, Grant, Role
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.models import NameReview
from gis_service.procedures.intake.rules.placenames.scoring import Index, Known, Sought, certain
from gis_service.registers.placenames.models import Feature, FeatureVersion, PlaceName
from tests.support.factories import an_act, drawn
from tests.support.web import client_on

ACT = "国函〔2020〕1号"
UNIT = {"class": "22200", "division": "320102"}
ZHOU = {"name": "瀋家庄", "lon": 119.005, "lat": 31.995, **UNIT}
ON_RECORD = (
    {"name": "沈家庄", "former": ["沈村"], "lon": 119.005, "lat": 31.995, **UNIT},
    {"name": "大王村", "lon": 119.006, "lat": 31.986, **UNIT},
    {"name": "李家塘", "lon": 119.008, "lat": 31.988, **UNIT},
)


@pytest.fixture
def units(tx: Transaction) -> dict[str, UUID]:
    an_act(tx)
    return drawn(tx, "AAB AAB", {"A": ("320102", "玄武区"), "B": ("320104", "秦淮区")})


@pytest.fixture
def ids(client: TestClient, tx: Transaction, units: dict[str, UUID]) -> dict[str, str]:  # noqa: ARG001
    body = {"instrument": ACT, "on": "2020-02-01", "records": list(ON_RECORD)}
    assert client.post("/placenames/batches", json=body).json()["entered"] == 3
    rows = tx.session.execute(select(PlaceName.text, PlaceName.feature_id)).all()
    return {row[0]: str(row[1]) for row in rows}


def matched(client: TestClient, *records: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post("/placenames/matching", json={"on": "2021-01-01", "records": list(records)})
    found: list[dict[str, Any]] = answer.json()["matches"]
    return found


def queued(client: TestClient, *records: dict[str, Any], source: str = "外来名单") -> dict[str, Any]:
    body = {"on": "2021-01-01", "records": list(records), "source": source}
    report: dict[str, Any] = client.post("/placenames/reviews", json=body).json()
    return report


@pytest.mark.parametrize(
    ("record", "name", "reason"),
    [
        (ZHOU, "沈家庄", "异体、繁体"),
        ({**ZHOU, "name": "沈村"}, "沈家庄", "曾用名"),
        ({**ZHOU, "name": "大望村", "lon": 119.006, "lat": 31.986}, "大王村", "同音"),
        ({"name": "李家", **UNIT}, "李家塘", "差一字"),
    ],
)
def test_a_record_is_found_by_every_form_of_a_name(
    client: TestClient, ids: dict[str, str], record: dict[str, Any], name: str, reason: str
) -> None:
    [match] = matched(client, record)
    assert match["candidates"][0]["id"] == ids[name]
    assert reason in "".join(match["candidates"][0]["reasons"])


def test_only_what_is_near_in_everything_is_beyond_doubt() -> None:
    here, far = (119.0, 32.0), (119.3, 32.0)
    known = {
        UUID(int=n): Known(UUID(int=n), "张村", (), (), "22200", "320102001", place)
        for n, place in ((1, here), (2, far))
    }
    alone, both = Index({UUID(int=1): known[UUID(int=1)]}), Index(known)
    assert certain(alone.alike(Sought("张村", (), "22200", "320102001", here))) is not None
    assert certain(both.alike(Sought("张村", (), "22200", "320102001", here))) is not None
    assert certain(both.alike(Sought("张村", (), "22200", "320102001"))) is None
    assert certain(alone.alike(Sought("张村", (), "12100", "320102001", far))) is None
    assert alone.alike(Sought("王集", (), "22200", "320102001", here)) == []


def test_what_is_certain_is_entered_and_the_rest_waits(
    client: TestClient, tx: Transaction, ids: dict[str, str]
) -> None:
    told = queued(
        client, {**ZHOU, "facts": {"地名含义": "沈姓"}}, {"name": "李家", **UNIT}, {"name": "新塘", **UNIT}
    )
    assert (told["rows"], told["queued"], told["report"]["changed"]) == (3, 2, 1)
    facts = tx.session.scalars(
        select(FeatureVersion.facts).where(FeatureVersion.feature_id == UUID(ids["沈家庄"]))
    ).all()
    assert {"地名含义": "沈姓"} in facts
    assert "瀋家庄" not in set(tx.session.scalars(select(PlaceName.text)))
    again = queued(
        client, {**ZHOU, "facts": {"地名含义": "沈姓"}}, {"name": "李家", **UNIT}, {"name": "新塘", **UNIT}
    )
    assert again["queued"] == 0


def test_an_editor_decides_undoes_and_enters(
    client: TestClient, tx: Transaction, ids: dict[str, str]
) -> None:
    records = [{"name": name, **UNIT} for name in ("李家", "新塘", "错名", "大望")]
    queued(client, *records)
    rows = {each["name"]: each for each in client.get("/placenames/reviews?state=pending").json()["items"]}
    assert [c["name"] for c in rows["李家"]["candidates"]] == ["李家塘"]

    def say(name: str, **told: Any) -> Any:
        return client.post(f"/placenames/reviews/{rows[name]['id']}/decision", json=told)

    assert say("新塘", decision="accepted").status_code == 422
    assert say("新塘", decision="new").json()["state"] == "new"
    assert say("新塘", decision="new").status_code == 409
    assert client.post(f"/placenames/reviews/{rows['新塘']['id']}/undoing").json()["state"] == "pending"
    assert say("新塘", decision="new", record={"name": "新塘村"}).json()["adjusted"] == {"name": "新塘村"}
    assert say("错名", decision="rejected").status_code == 422
    assert say("错名", decision="rejected", reason="重复").json()["reason"] == "重复"
    more = {"facts": {"备注": "核定"}}
    assert say("李家", decision="adjusted", record=more).json()["feature_id"] == ids["李家塘"]
    entered = client.post(
        "/placenames/reviews/entering", json={"source": "外来名单", "on": "2021-06-01", "instrument": ACT}
    ).json()
    assert (entered["entered"], entered["changed"]) == (1, 1)
    states = {row.name: row.state for row in tx.session.scalars(select(NameReview))}
    assert states == {"李家": "entered", "新塘": "entered", "错名": "rejected", "大望": "pending"}
    assert "新塘村" in set(tx.session.scalars(select(PlaceName.text)))
    undone = client.post(f"/placenames/reviews/{rows['新塘']['id']}/undoing")
    assert undone.status_code == 409
    assert tx.session.scalar(select(Feature.revision).where(Feature.id == UUID(ids["李家塘"]))) == 2


def test_all_above_a_score_are_accepted_at_once(client: TestClient, ids: dict[str, str]) -> None:  # noqa: ARG001
    queued(client, {"name": "李家", **UNIT}, {"name": "新塘", **UNIT})
    answer = client.post("/placenames/reviews/acceptance", json={"source": "外来名单", "at_least": 0.3})
    assert answer.json() == {"accepted": 1}


@pytest.mark.usefixtures("ids")
def test_an_editor_of_elsewhere_sees_and_decides_nothing(
    client: TestClient, sessions: Any, units: dict[str, UUID]
) -> None:
    queued(client, {"name": "李家", **UNIT})
    [row] = client.get("/placenames/reviews").json()["items"]
    other = client_on(sessions, Actor("编辑", "秦淮区", grants=(Grant(Role.editor, units["B"]),)))
    assert other.get("/placenames/reviews").json()["items"] == []
    assert other.get(f"/placenames/reviews/{row['id']}").status_code == 404
    told = {"decision": "rejected", "reason": "试"}
    assert other.post(f"/placenames/reviews/{row['id']}/decision", json=told).status_code == 404
