"""Forms over HTTP: the list leads to the files, which are what the registers hold on the day."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from gis_service.publications.forms.formats import FORMATS
from gis_service.publications.forms.sheets import SHEET_TYPES
from tests.publications.forms.conftest import a_line
from tests.support.factories import NOW, REGISTRAR

DAY = "on=2020-06-05"


@pytest.fixture
def reader(client: TestClient, sessions: sessionmaker[Session]) -> TestClient:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        a_line(tx)
    return client


def test_every_listed_file_is_there(reader: TestClient) -> None:
    told = reader.get(f"/boundary-lines/0204/forms?{DAY}").json()
    assert (told["code"], told["on"]) == ("0204", "2020-06-05")
    assert [form["title"] for form in told["forms"]] == [sheet.TITLE for sheet in SHEET_TYPES]
    for form in told["forms"]:
        assert [file["format"] for file in form["files"]] == [kind.NAME for kind in FORMATS]
        answer = reader.get(form["files"][-1]["address"])
        assert answer.status_code == 200
        assert answer.json()["title"] == form["title"]


def test_a_file_is_sent_once(reader: TestClient) -> None:
    address = f"/boundary-lines/0204/forms/registration.pdf?{DAY}"
    first = reader.get(address)
    assert first.content.startswith(b"%PDF-")
    assert "%E7%95%8C%E6%A1%A9%E7%99%BB%E8%AE%B0%E8%A1%A8.pdf" in first.headers["Content-Disposition"]
    again = reader.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/boundary-lines/9999/forms/record.json?{DAY}", 404),
        (f"/boundary-lines/0204/forms/nothing.json?{DAY}", 422),
        (f"/boundary-lines/0204/forms/record.doc?{DAY}", 422),
    ],
)
def test_what_is_not_there_is_told(reader: TestClient, address: str, status: int) -> None:
    assert reader.get(address).status_code == status
