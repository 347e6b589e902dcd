"""Which deliveries were entered, over HTTP: oldest first, page by page, without anybody's folders."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.models import LoadedDelivery
from tests.support.factories import BEGINNING, NOW, a_dataset


@pytest.fixture
def names(tx: Transaction) -> list[str]:
    """Three deliveries; the last two were entered in the same moment."""
    source = a_dataset(tx)
    for number, minutes in enumerate((0, 5, 5)):
        tx.session.add(
            LoadedDelivery(
                instrument_id=source,
                source=f"deep/in/some/folder/来件{number}.gpkg",
                sha256=f"{number}" * 64,
                valid_on=BEGINNING,
                units=number,
                loaded_at=NOW + timedelta(minutes=minutes),
                report={"entered": number},
            )
        )
    tx.session.flush()
    return [f"来件{number}.gpkg" for number in range(3)]


def test_deliveries_are_listed_page_by_page(client: TestClient, names: list[str]) -> None:
    seen, address = [], "/deliveries?limit=1"
    while address:
        page = client.get(address).json()
        seen += [item["source"] for item in page["items"]]
        address = page["next"]
    assert sorted(seen) == names
    assert seen[0] == names[0]
    assert seen == [item["source"] for item in client.get("/deliveries").json()["items"]]


def test_a_delivery_is_told_with_its_report(client: TestClient, names: list[str]) -> None:
    first = client.get("/deliveries").json()["items"][0]
    assert (first["source"], first["units"], first["report"]) == (names[0], 0, {"entered": 0})
    assert first["valid_on"] == "2020-01-01"


def test_a_position_that_no_page_gave_is_refused(client: TestClient) -> None:
    assert client.get("/deliveries?after=x").status_code == 422
    assert client.post("/deliveries").status_code == 405
