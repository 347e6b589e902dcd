"""Forms over HTTP: the list leads to the files, which are what the registers hold on the day."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Classification
from gis_service.foundation.transaction import transaction
from gis_service.publications.forms.formats import FORMATS
from gis_service.publications.forms.queries import gather
from gis_service.publications.forms.sheets import SHEET_TYPES
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.instruments.models import Instrument
from tests.publications.forms.conftest import ON, a_line
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


def test_what_is_kept_close_is_in_no_public_form(reader: TestClient, sessions: sessionmaker[Session]) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        act = tx.session.scalars(select(Instrument).where(Instrument.kind == "批复")).one()
        act.classification = Classification.internal.value
        tx.session.flush()
        line = tx.session.scalars(select(BoundaryLine)).one()
        assert gather(tx.session, line, on=ON).classification is Classification.internal
    address = f"/boundary-lines/0204/forms/registration.json?{DAY}"
    assert reader.get(address).json()["classification"] == "内部"
    del reader.headers["Authorization"]
    told = reader.get(address).json()
    assert told["classification"] == "公开"
    assert told["tables"][0]["rows"] == []
    assert "0204001Q" not in str(told)
