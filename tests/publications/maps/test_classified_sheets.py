"""Sheets drawn from a register of which a part is kept close: marked, kept, and never shown to the public."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from pypdfium2 import PdfDocument
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Classification
from gis_service.foundation.journal.models import JournalEntry
from gis_service.foundation.readings import READ
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.foundation.web.installation import install
from gis_service.publications.maps.commands import draw, request_division_sheet
from gis_service.publications.maps.models import Edition, Sheet
from gis_service.registers.divisions.models import DivisionVersion
from tests.support.classified import a_reader, mixed
from tests.support.factories import BEGINNING, NOW, REGISTRAR, registered
from tests.support.grid import areas
from tests.support.web import client_on

Ids = dict[str, UUID]
FAR = "X" + "." * 40 + "Y"  # far from one another: neither shows in the frame of the other


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ids(sessions: sessionmaker[Session], home: Path) -> Ids:
    """The sheets of all units of a mixed register, and of one far away."""
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        ids = mixed(tx)
        ids |= registered(tx, {"Y": ("430102", "远区", areas(FAR)["Y"])})
        for letter in "ACDY":
            sheet = request_division_sheet(tx, ids[letter], on=BEGINNING)
            draw(tx, sheet.id, Settings(home=home).editions_dir)
    return ids


def service(sessions: sessionmaker[Session], home: Path, actor: Any) -> TestClient:
    client = client_on(sessions, actor)
    install(client.app, Settings(home=home))
    return client


def traces(sessions: sessionmaker[Session]) -> list[JournalEntry]:
    with sessions() as session:
        return list(session.scalars(select(JournalEntry).where(JournalEntry.command == READ)))


def test_a_public_sheet_holds_nothing_above_public(
    sessions: sessionmaker[Session], ids: Ids, home: Path
) -> None:
    """Every name and code that stands in a file of a public edition stands in the register for all."""
    with sessions() as session:
        secret = {v.name for v in session.scalars(select(DivisionVersion)) if v.classification != "公开"}
        kept = {sheet.subject: sheet.classification for sheet in session.scalars(select(Sheet))}
    assert "影子区" in secret
    assert kept == {ids["A"]: "内部", ids["C"]: "内部", ids["D"]: "内部", ids["Y"]: "公开"}
    public = service(sessions, home, None)
    listed = public.get("/sheets").json()["items"]
    assert [sheet["subject"] for sheet in listed] == [str(ids["Y"])]
    for file in listed[0]["editions"][0]["files"]:
        answer = public.get(file["address"])
        assert answer.status_code == 200
        assert not [
            word for word in secret | {"内部", "涉密"} if word in _words(file["format"], answer.content)
        ]
    front = public.get("/").text
    assert "远区" in front
    assert "甲区" not in front
    assert traces(sessions) == []
    cleared = service(sessions, home, a_reader(ids["320000"]))
    assert "甲区" not in cleared.get("/").text


def test_a_sheet_above_public_is_marked_and_every_reading_of_it_leaves_a_trace(
    sessions: sessionmaker[Session], ids: Ids, home: Path
) -> None:
    cleared = service(sessions, home, a_reader(ids["320000"]))
    [sheet] = cleared.get(f"/sheets?subject={ids['C']}").json()["items"]
    assert sheet["classification"] == sheet["editions"][0]["classification"] == "内部"
    assert len(traces(sessions)) == 1
    for count, file in enumerate(sheet["editions"][0]["files"], start=2):
        answer = cleared.get(file["address"])
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "内部" in _words(file["format"], answer.content)
        assert len(traces(sessions)) == count
        for actor in (None, a_reader(ids["340000"]), a_reader(ids["320000"], Classification.public)):
            other = service(sessions, home, actor)
            assert other.get(file["address"]).status_code == 404
            assert other.get(f"/sheets/{sheet['id']}").status_code == 404
            assert other.get(f"/sheets?subject={ids['C']}").json()["items"] == []
        assert len(traces(sessions)) == count
    assert cleared.get(f"/sheets/{sheet['id']}").status_code == 200
    assert [trace.subject for trace in traces(sessions)].count(sheet["id"]) == 2


def test_the_marking_is_part_of_what_a_sheet_shows(
    sessions: sessionmaker[Session], ids: Ids, home: Path
) -> None:
    assert ids
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        before = {e.sheet_id: e.fingerprint for e in tx.session.scalars(select(Edition))}
        for sheet in tx.session.scalars(select(Sheet)):
            again = draw(tx, sheet.id, Settings(home=home).editions_dir, on=BEGINNING)
            assert again
            assert again.edition is None
        assert {e.sheet_id: e.fingerprint for e in tx.session.scalars(select(Edition))} == before


def _words(format_: str, content: bytes) -> str:
    if format_ == "pdf":
        text = "".join(page.get_textpage().get_text_range() for page in PdfDocument(content))
    else:
        text = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", content.decode(), flags=re.DOTALL)
    return re.sub(r"\s", "", text)
