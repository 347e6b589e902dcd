"""Reading acts over HTTP: by number or id, page by page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from gis_service.foundation.transaction import Transaction
from tests.support.factories import an_act
from tests.support.web import Statements

NUMBERS = ["国函〔2020〕79号", "国函〔2020〕80号", "数据集/甲 1.0"]


@pytest.fixture
def acts(tx: Transaction) -> dict[str, str]:
    return {number: str(an_act(tx, number)) for number in NUMBERS}


@pytest.mark.usefixtures("acts")
def test_acts_are_listed_by_number_page_by_page(client: TestClient) -> None:
    address, seen = "/instruments?limit=1", []
    while address:
        told = client.get(address).json()
        seen += [act["number"] for act in told["items"]]
        address = told["next"]
    assert seen == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_an_act_is_found_by_number_and_by_id(client: TestClient, acts: dict[str, str], number: str) -> None:
    by_number = client.get(f"/instruments/{quote(number)}")
    assert by_number.status_code == 200
    assert by_number.json()["number"] == number
    assert client.get(f"/instruments/{acts[number]}").json() == by_number.json()


@pytest.mark.parametrize("reference", ["国函〔1999〕1号", "00000000-0000-0000-0000-000000000000", "x" * 200])
def test_unknown_acts_are_not_found(client: TestClient, reference: str) -> None:
    answer = client.get(f"/instruments/{quote(reference)}")
    assert answer.status_code == 404
    assert answer.json()["detail"]


@pytest.mark.usefixtures("acts")
def test_a_longer_list_of_acts_costs_no_more_statements(client: TestClient, statements: Statements) -> None:
    counts = []
    for limit in (1, 3):
        with statements.counted() as sent:
            client.get(f"/instruments?limit={limit}")
        counts.append(len(sent))
    assert counts == [1, 1]
