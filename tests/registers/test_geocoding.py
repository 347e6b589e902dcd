"""Addresses to places: by units of any day, and nothing guessed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import Point, box

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.reactions import react
from gis_service.registers.divisions.commands import (
    end,
)
from gis_service.registers.divisions.models import Lineage
from gis_service.registers.placenames.commands import NewFeature, NewName, NewShape, enter_features
from gis_service.registers.placenames.models import ShapeRole
from gis_service.registers.placenames.queries.searching import geocode, geocode_each
from tests.support.factories import BEGINNING, an_act, registered

TODAY, ENDED = date(2024, 1, 1), date(2021, 6, 1)


@pytest.fixture(autouse=True)
def units(tx: Transaction) -> dict[str, UUID]:
    """Two districts and a county that came to one of them."""
    object.__setattr__(tx, "react", react)
    squares = {
        "320102": ("玄武区", box(118.8, 32.0, 118.9, 32.1)),
        "320111": ("浦口区", box(118.6, 32.0, 118.7, 32.1)),
        "320122": ("江浦县", box(118.7, 32.0, 118.8, 32.1)),
    }
    made = registered(tx, {code: (code, name, area) for code, (name, area) in squares.items()})
    act = an_act(tx, "国函〔2021〕9号", ENDED)
    end(tx, made["320122"], on=ENDED, instrument_id=act)
    tx.session.add(
        Lineage(
            predecessor_id=made["320122"],
            successor_id=made["320111"],
            on_date=ENDED,
            kind="合并",
            instrument_id=act,
        )
    )
    places = (
        ("孝陵卫", "320102", 118.85, 32.05),
        ("文德路", "320111", 118.65, 32.05),
        ("新村", "320111", 118.61, 32.01),
        ("新村", "320111", 118.69, 32.09),
    )
    new = [
        NewFeature((NewName(name),), "22200", (made[code],), (NewShape(ShapeRole.point, Point(lon, lat)),))
        for name, code, lon, lat in places
    ]
    enter_features(tx, new, on=BEGINNING, instrument_id=act)
    tx.session.flush()
    return made


def test_units_are_read_from_the_left_then_the_place_then_the_door(
    tx: Transaction,
) -> None:
    for address in ("玄武区孝陵卫5号201室", "玄武孝陵卫5号201室"):
        told = geocode(tx.session, address, on=TODAY)
        [best] = told.candidates
        assert (best.name, best.unit, best.precise, best.lon) == ("孝陵卫", "320102", True, 118.85)
        assert (told.rest, told.door) == ("", "5号201室")
    assert geocode(tx.session, "玄武区孝陵卫", on=TODAY).candidates[0].confidence == 1.0


def test_a_retired_unit_is_told_as_what_it_became(tx: Transaction) -> None:
    told = geocode(tx.session, "江浦县文德路", on=TODAY)
    assert [(each.text, each.code, each.retired) for each in told.matched] == [
        ("江浦县", "320111", True),
        ("文德路", None, False),
    ]
    assert (told.candidates[0].unit, told.candidates[0].confidence) == ("320111", 0.9)
    only = geocode(tx.session, "江浦县", on=TODAY).candidates[0]
    assert (only.name, only.precise) == ("浦口区", False)
    assert only.why_zh == "“江浦县”已撤销，归入浦口区"
    then = geocode(tx.session, "江浦县", on=date(2020, 6, 1)).candidates[0]
    assert (then.unit, then.why_zh) == ("320122", "在江浦县范围内，具体位置不明")


def test_unknown_rather_than_a_wrong_guess(tx: Transaction) -> None:
    assert geocode(tx.session, "不知何处大街88号", on=TODAY).unknown
    told = geocode(tx.session, "玄武区文德路", on=TODAY)  # there is one, in another district
    assert told.rest == "文德路"
    assert [(each.name, each.precise) for each in told.candidates] == [("玄武区", False)]
    two = geocode(tx.session, "浦口区新村", on=TODAY)
    assert len(two.candidates) == 2
    assert all(each.confidence < 0.8 for each in two.candidates)
    with pytest.raises(InvalidInput):
        geocode(tx.session, "，。", on=TODAY)


def test_a_list_is_answered_in_its_order_and_stops_at_nothing(tx: Transaction, client: TestClient) -> None:
    told = geocode_each(tx.session, ["玄武区", "。", "玄武区"], on=TODAY)
    assert [each.unknown for each in told] == [False, True, False]
    answer = client.post("/placenames/geocode?on=2024-01-01", json={"addresses": ["玄武区孝陵卫", "？"]})
    assert answer.status_code == 200, answer.text
    assert [each["unknown"] for each in answer.json()["items"]] == [False, True]
    one = client.get("/placenames/geocode", params={"address": "江浦县文德路3号", "on": "2024-01-01"}).json()
    assert (one["candidates"][0]["name"], one["door"], one["matched"][0]["retired"]) == (
        "文德路",
        "3号",
        True,
    )
