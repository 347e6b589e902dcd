"""Sheets follow the registers: marked in the transaction of a change, drawn later, kept for ever."""

from __future__ import annotations

import errno
import os
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.database import session_factory
from gis_service.foundation.errors import NotFound
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.changes.commands import enact_published
from gis_service.procedures.changes.schemas import parse_proposal
from gis_service.publications.maps.commands import Drawn, draw, mark_stale, request_division_sheet
from gis_service.publications.maps.models import Edition, EditionFile, Sheet
from gis_service.publications.maps.queries import edition_files, editions_of, sheet_of, sheets_listed
from gis_service.reactions import react
from gis_service.registers.boundaries.commands import LineFacts, record_line
from gis_service.registers.boundaries.queries import lines_along
from gis_service.registers.divisions.queries import division_by_code
from tests.support.changes import ACT, CITY, DAY, DRAWING, MERGE, a_proposal
from tests.support.factories import NOW, REGISTRAR, an_act, drawn

BEFORE, ON, LATER = date(2020, 3, 1), date(2020, 6, 5), date(2021, 3, 1)


@pytest.fixture
def city(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, DRAWING, CITY)


def merge(tx: Transaction) -> None:
    """Merge two districts of the city, with everything that follows."""
    acting = Transaction(tx.session, tx.actor, tx.at, react)
    enact_published(acting, parse_proposal(a_proposal(MERGE, instrument=dict(ACT)), source="测试"))


def drawn_sheet(tx: Transaction, unit: UUID, folder: Path, *, on: date) -> Sheet:
    """The sheet of a unit with its first edition."""
    sheet = request_division_sheet(tx, unit, on=on)
    assert edition_of(draw(tx, sheet.id, folder)) == 1
    return sheet


def edition_of(result: Drawn | None) -> int | None:
    assert result is not None, "the sheet is locked"
    return result.edition


def stale_on(tx: Transaction, sheet: Sheet) -> date | None:
    tx.session.flush()
    tx.session.refresh(sheet)
    return sheet.stale_on


def test_a_change_opens_a_sheet_for_its_act_and_for_every_new_unit(
    tx: Transaction, city: dict[str, UUID]
) -> None:
    merge(tx)
    new = division_by_code(tx.session, "320613", on=ON)
    sheets = {(sheet.type, sheet.subject): sheet for sheet in sheets_listed(tx.session, stale=True)}
    assert {type_ for type_, _ in sheets} == {"change", "division"}
    assert sheets["division", new.division_id].title == "崇川区行政区域界线图"
    assert all(sheet.stale_on == ON for sheet in sheets.values())
    assert len(sheets) == 2, f"neighbours of {city} have no sheets, and get none"


def test_existing_sheets_of_neighbours_go_stale(
    tx: Transaction, city: dict[str, UUID], tmp_path: Path
) -> None:
    near = drawn_sheet(tx, city["D"], tmp_path, on=BEFORE)
    ended = drawn_sheet(tx, city["A"], tmp_path, on=BEFORE)
    merge(tx)
    assert stale_on(tx, near) == ON
    assert stale_on(tx, ended) is None, "yesterday's map of a unit that has ended stays as it is"


def test_a_unit_that_ends_before_its_sheet_is_drawn_is_shown_as_it_last_stood(
    tx: Transaction, city: dict[str, UUID], tmp_path: Path
) -> None:
    sheet = request_division_sheet(tx, city["A"], on=ON)  # as a neighbour's change of that day asks for it
    merge(tx)
    assert edition_of(draw(tx, sheet.id, tmp_path)) == 1
    [edition] = editions_of(tx.session, sheet.id)
    assert edition.valid_on == ON - timedelta(days=1)
    assert stale_on(tx, sheet) is None


def test_a_drawing_that_is_broken_off_leaves_no_half_file(
    tx: Transaction, city: dict[str, UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    sheet = request_division_sheet(tx, city["A"], on=BEFORE)
    monkeypatch.setattr(os, "fsync", break_off)
    with pytest.raises(OSError, match="No space"):
        draw(tx, sheet.id, tmp_path)
    assert not [path for path in tmp_path.iterdir() if not path.name.startswith(".")]


def test_equal_content_gives_no_new_edition(tx: Transaction, city: dict[str, UUID], tmp_path: Path) -> None:
    sheet = drawn_sheet(tx, city["E"], tmp_path, on=BEFORE)
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}
    mark_stale(tx, (city["E"],), on=BEFORE)
    assert stale_on(tx, sheet) == BEFORE
    assert edition_of(draw(tx, sheet.id, tmp_path)) is None
    assert stale_on(tx, sheet) is None
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_changed_content_gives_a_new_edition_and_the_old_one_is_kept(
    tx: Transaction, city: dict[str, UUID], tmp_path: Path
) -> None:
    sheet = drawn_sheet(tx, city["D"], tmp_path, on=BEFORE)
    old = {path: path.read_bytes() for path in tmp_path.iterdir()}
    merge(tx)
    result = draw(tx, sheet.id, tmp_path)
    assert edition_of(result) == 2
    first, second = editions_of(tx.session, sheet.id)
    assert (first.valid_on, second.valid_on) == (BEFORE, ON)
    assert first.fingerprint != second.fingerprint
    assert {path: path.read_bytes() for path in old} == old
    for edition in (first, second):
        files = edition_files(tx.session, edition.id)
        assert [file.format for file in files] == ["html", "pdf"]
        for file in files:
            assert sha256((tmp_path / file.path).read_bytes()).hexdigest() == file.sha256


def test_a_sheet_is_never_set_back(tx: Transaction, city: dict[str, UUID], tmp_path: Path) -> None:
    """A change of 2020 recorded after the sheet was drawn for 2021 shows on the sheet as of 2021."""
    sheet = drawn_sheet(tx, city["D"], tmp_path, on=LATER)
    merge(tx)
    assert stale_on(tx, sheet) == LATER
    assert edition_of(draw(tx, sheet.id, tmp_path)) == 2
    assert [edition.valid_on for edition in editions_of(tx.session, sheet.id)] == [LATER, LATER]


def test_a_mark_keeps_the_later_day(tx: Transaction, city: dict[str, UUID]) -> None:
    sheet = request_division_sheet(tx, city["D"], on=BEFORE)
    mark_stale(tx, (city["D"],), on=LATER)
    mark_stale(tx, (city["D"],), on=ON)
    assert stale_on(tx, sheet) == LATER


def test_drawing_for_another_day_leaves_the_sheet_stale(
    tx: Transaction, city: dict[str, UUID], tmp_path: Path
) -> None:
    sheet = request_division_sheet(tx, city["D"], on=LATER)
    assert edition_of(draw(tx, sheet.id, tmp_path, on=BEFORE)) == 1
    assert stale_on(tx, sheet) == LATER


def test_asking_twice_for_a_sheet_gives_one(tx: Transaction, city: dict[str, UUID]) -> None:
    first = request_division_sheet(tx, city["D"], on=BEFORE)
    assert request_division_sheet(tx, city["D"], on=ON).id == first.id
    assert stale_on(tx, first) == ON


@pytest.mark.parametrize(("letter", "on"), [("A", date(2019, 1, 1)), ("A", LATER)])
def test_no_sheet_is_opened_of_a_unit_that_does_not_exist_that_day(
    tx: Transaction, city: dict[str, UUID], letter: str, on: date
) -> None:
    merge(tx)
    with pytest.raises(NotFound) as refusal:
        request_division_sheet(tx, city[letter], on=on)
    assert refusal.value.way_out
    assert sheet_of(tx.session, "division", city[letter]) is None


def test_an_unknown_sheet_is_nothing_to_draw(tx: Transaction, tmp_path: Path) -> None:
    assert draw(tx, uuid4(), tmp_path) is None
    assert not list(tmp_path.iterdir())


@pytest.fixture
def offices(fresh_engine: Engine) -> sessionmaker[Session]:
    """Sessions that really commit, on a database with the city and one sheet waiting."""
    sessions = session_factory(fresh_engine)
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        unit = drawn(tx, DRAWING, CITY)["D"]
        request_division_sheet(tx, unit, on=BEFORE)
    return sessions


def the_sheet(sessions: sessionmaker[Session]) -> Sheet:
    with sessions() as session:
        return session.scalars(select(Sheet)).one()


def test_a_sheet_in_the_hands_of_one_worker_is_left_alone_by_another(
    offices: sessionmaker[Session], tmp_path: Path
) -> None:
    sheet = the_sheet(offices)
    with transaction(offices, actor=REGISTRAR, at=NOW) as one:
        assert edition_of(draw(one, sheet.id, tmp_path)) == 1
        with transaction(offices, actor=REGISTRAR, at=NOW) as other:
            other.session.execute(text("SET LOCAL lock_timeout = '5s'"))
            assert draw(other, sheet.id, tmp_path / "other") is None
    assert not (tmp_path / "other").exists()
    with offices() as session:
        assert len(editions_of(session, sheet.id)) == 1


def test_a_mark_made_while_a_worker_draws_is_not_lost(offices: sessionmaker[Session], tmp_path: Path) -> None:
    """The marker has read the sheet as stale already; the worker's commit takes that mark away meanwhile."""
    sheet = the_sheet(offices)
    with transaction(offices, actor=REGISTRAR, at=NOW) as marker:
        seen = marker.session.get(Sheet, sheet.id)
        assert seen is not None
        assert seen.stale_on == BEFORE
        with transaction(offices, actor=REGISTRAR, at=NOW) as worker:
            draw(worker, sheet.id, tmp_path)
        mark_stale(marker, (sheet.subject,), on=BEFORE)
    assert the_sheet(offices).stale_on == BEFORE


def test_a_drawing_that_is_undone_leaves_the_sheet_stale_and_can_be_repeated(
    offices: sessionmaker[Session], tmp_path: Path
) -> None:
    sheet = the_sheet(offices)
    with transaction(offices, actor=REGISTRAR, at=NOW, dry_run=True) as undone:
        draw(undone, sheet.id, tmp_path)
    assert the_sheet(offices).stale_on == BEFORE
    with transaction(offices, actor=REGISTRAR, at=NOW) as again:
        assert edition_of(draw(again, sheet.id, tmp_path)) == 1
    with offices() as session:
        [edition] = session.scalars(select(Edition))
        for file in session.scalars(select(EditionFile).where(EditionFile.edition_id == edition.id)):
            assert sha256((tmp_path / file.path).read_bytes()).hexdigest() == file.sha256


def test_the_day_of_a_change_is_the_day_its_sheet_shows(
    tx: Transaction, city: dict[str, UUID], tmp_path: Path
) -> None:
    merge(tx)
    [sheet] = [sheet for sheet in sheets_listed(tx.session) if sheet.type == "change"]
    assert edition_of(draw(tx, sheet.id, tmp_path)) == 1
    [edition] = editions_of(tx.session, sheet.id)
    assert str(edition.valid_on) == DAY
    assert ACT["number"] in sheet.title, f"{city} has changed by this act"


def test_sheets_along_a_line_go_stale_when_it_is_called_otherwise(
    tx: Transaction, city: dict[str, UUID], tmp_path: Path
) -> None:
    along, away = (drawn_sheet(tx, city[letter], tmp_path, on=BEFORE) for letter in "AD")
    acting = Transaction(tx.session, tx.actor, tx.at, react)
    lines = lines_along(tx.session, [city["A"]], on=BEFORE)
    line = next(each for each in lines if city["D"] not in (each.first_id, each.second_id))
    act = an_act(tx, "协议〔2021〕1号")
    record_line(acting, line, LineFacts(note="界桩完好"), on=LATER, instrument_id=act)
    assert stale_on(tx, along) is None, "what is not drawn changes no sheet"
    record_line(acting, line, LineFacts(name="江海线"), on=LATER, instrument_id=act)
    assert (stale_on(tx, along), stale_on(tx, away)) == (LATER, None)
