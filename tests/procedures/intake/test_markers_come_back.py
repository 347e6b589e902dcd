"""Markers written by forms and exports are taken in again without loss: every field equal, codes as text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli.marker_files import WRITERS, write_markers
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.intake.commands.entering_surveys import Entering, load_survey
from gis_service.procedures.intake.commands.surveying import SurveyOptions, open_survey
from gis_service.procedures.intake.commands.synthesising import synthesise
from gis_service.procedures.intake.formats import ReadOptions
from gis_service.publications.exchange.queries.markers import marker_rows
from gis_service.publications.forms.formats import FORMATS
from gis_service.publications.forms.queries import gather
from gis_service.publications.forms.sheets import registration
from gis_service.registers.boundaries.queries import LineInForce, lines_in_force
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.markers.models import TriPoint
from gis_service.registers.markers.queries import markers_on
from gis_service.registers.markers.queries.meeting import tri_points_of
from tests.support.factories import BEGINNING, NOW, REGISTRAR, drawn

# Three cities meet, two of them in one province; the county lines of one end on the others.
UNITS = {
    "A": ("320302", "甲区"),
    "B": ("320305", "乙区"),
    "C": ("321302", "丙区"),
    "D": ("341302", "𠮷区"),
}
DRAWING = """
    AABBCCC
    AABBCCC
    DDDDDDD
"""
FORMS = [kind for kind in FORMATS if kind.NAME in {"xlsx", "gpkg", "json"}]


@pytest.fixture
def lines(tx: Transaction) -> list[LineInForce]:
    drawn(tx, DRAWING, UNITS)
    return lines_in_force(tx.session, on=BEGINNING)


def _entered(tx: Transaction, path: Path, layer: str | None = None) -> Any:
    options = SurveyOptions(reading=ReadOptions(layer=layer))
    return load_survey(tx, open_survey(path, "markers", options), Entering(BEGINNING))


def _facts(row: Any, *left_out: str) -> dict[str, Any]:
    ours = {"id", "marker_id", "begun_by", "registered_by", "instrument_id", "recorded_at", *left_out}
    return {
        name: str(getattr(row, name))
        for name in (column.name for column in row.__table__.c)
        if name not in ours
    }


def _known(tx: Transaction) -> dict[str, Any]:
    """Every field of every marker, and of every tri-point."""
    tx.session.expire_all()
    known: dict[str, Any] = {
        f"{each.number} {each.marker.line_id}": (
            _facts(each.marker),
            _facts(each.version),
            each.position and _facts(each.position),
            {str(unit): words for unit, words in each.sides.items()},
            [_facts(one) for one in each.bearings],
            sorted(map(str, each.lines)),
            each.seen and _facts(each.seen, "ordinal"),
        )
        for each in markers_on(tx.session, on=BEGINNING)
    }
    return known | {each.name: _facts(each) for each in tx.session.scalars(select(TriPoint))}


def _made(tx: Transaction, lines: list[LineInForce], path: Path) -> Path:
    assert synthesise(tx.session, lines, path, on=BEGINNING, spacing_km=0.4) > 10
    return path


def test_what_three_units_meet_in_is_synthetic_in_every_record(
    tx: Transaction, lines: list[LineInForce], tmp_path: Path
) -> None:
    report = _entered(tx, _made(tx, lines, tmp_path / "合成.xlsx"))
    assert report.tri_points == 2
    met = {each.name: each for each in tx.session.scalars(select(TriPoint))}
    assert set(met) == {
        "3203市、3213市、3413市三交点（合成）",
        "甲区、乙区、𠮷区三交点（合成）",
    }
    stand = {each.marker.id: each for each in markers_on(tx.session, on=BEGINNING)}
    cities = stand[met["3203市、3213市、3413市三交点（合成）"].marker_id]
    assert cities.number == "050202I"
    assert cities.marker.is_synthetic
    assert cities.version.shape == "三面型"
    assert "合成" in str(cities.version.note)
    names = {line.id: line.name for line in lines}
    assert {names[line] for line in cities.lines} == {"3203—3213线", "苏皖线"}
    provincial = next(line for line in lines if line.level == DivisionLevel.province)
    assert len(tri_points_of(tx.session, [provincial], on=BEGINNING)[provincial.id]) == 2


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: str(kind.NAME))
def test_a_form_is_taken_in_again_as_it_was(
    tx: Transaction, lines: list[LineInForce], tmp_path: Path, kind: Any
) -> None:
    made = _made(tx, lines, tmp_path / "合成.xlsx")
    first = tx.session.begin_nested()
    _entered(tx, made)
    before = _known(tx)
    paths = []
    for line in lines:
        path = tmp_path / f"{line.id}{kind.SUFFIX}"
        path.write_bytes(kind.draw(registration.plan(gather(tx.session, line, on=BEGINNING))))
        paths.append(path)
    first.rollback()
    tx.session.expire_all()
    assert _known(tx) == {}
    _entered_once(tx, paths, lines)
    assert _known(tx) == before


def _entered_once(tx: Transaction, paths: list[Path], lines: list[LineInForce]) -> None:
    """The forms of all lines; a marker that stands on several is refused after the first."""
    for path, _ in zip(paths, lines, strict=True):
        options = SurveyOptions(reading=ReadOptions(layer="界桩"))
        load_survey(tx, open_survey(path, "markers", options), Entering(BEGINNING, partial=True))


@pytest.mark.parametrize("suffix", WRITERS)
def test_an_export_is_taken_in_again_as_it_was(
    tx: Transaction, lines: list[LineInForce], tmp_path: Path, suffix: str
) -> None:
    made = _made(tx, lines, tmp_path / "合成.xlsx")
    first = tx.session.begin_nested()
    _entered(tx, made)
    before, path = _known(tx), tmp_path / f"导出{suffix}"
    write_markers(marker_rows(tx.session, on=BEGINNING, lines=[line.id for line in lines]), path)
    first.rollback()
    tx.session.expire_all()
    _entered(tx, path)
    assert _known(tx) == before


def test_codes_stay_text_in_a_workbook(tx: Transaction, lines: list[LineInForce], tmp_path: Path) -> None:
    _entered(tx, _made(tx, lines, tmp_path / "合成.xlsx"))
    path = tmp_path / "导出.xlsx"
    write_markers(marker_rows(tx.session, on=date(2020, 1, 2), lines=[line.id for line in lines]), path)
    [sheet] = load_workbook(path).worksheets[:1]
    for row in sheet.iter_rows(min_row=2):
        assert all(cell.value is None or isinstance(cell.value, str) for cell in row)


def test_tri_points_are_listed_by_their_lines(
    client: TestClient, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, DRAWING, UNITS)
        _entered(tx, _made(tx, lines_in_force(tx.session, on=BEGINNING), tmp_path / "合成.xlsx"))
    listed = client.get("/boundary-lines/3234/tri-points?on=2020-01-01").json()
    assert [each["number"] for each in listed["items"]] == ["050202I", "020502I"]
    assert all(each["is_synthetic"] for each in listed["items"])
    assert len(client.get("/tri-points?on=2020-01-01").json()["items"]) == 2
    cities = client.get("/boundary-lines/0313/tri-points?on=2020-01-01").json()
    assert [each["number"] for each in cities["items"]] == ["050202I"]
    markers = client.get("/boundary-lines/3234/markers?on=2020-01-01").json()
    assert sum(each["kind"] == "三交点界桩" for each in markers["items"]) == 2
    check = client.get("/boundary-lines/3234/check?on=2020-01-01").json()
    assert {each["severity"] for each in check["findings"]} == {"warning"}
    assert "R-BND-09" not in {each["rule"] for each in check["findings"]}
