"""Survey data entered into the register: by line and unit, judged as registered, and without loss."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString
from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli.marker_files import WRITERS, write_markers
from gis_service.foundation.access import Actor, Grant, Role
from gis_service.foundation.errors import InvalidInput, NotPermitted
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.offset_grids import bd09_of, gcj02_of
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.intake.commands.entering_surveys import (
    SYNTHETIC,
    Entering,
    SurveyReport,
    load_survey,
)
from gis_service.procedures.intake.commands.photo_folders import open_photos
from gis_service.procedures.intake.commands.photographing import Photos
from gis_service.procedures.intake.commands.surveying import SurveyOptions, open_survey
from gis_service.procedures.intake.commands.synthesising import synthesise
from gis_service.publications.exchange.queries.markers import marker_rows
from gis_service.registers.boundaries.queries.by_sides import line_referred_to
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.markers.models import BoundaryPoint
from gis_service.registers.markers.queries import MarkerOnDay, markers_on
from gis_service.registers.markers.queries.histories import history_of
from tests.registers.test_marker_rules import a_photo
from tests.support.factories import BEGINNING, NOW, drawn
from tests.support.surveys import DRAWING, LINE, LON, UNITS, row, workbook

REBORN = date(2021, 1, 1)


@pytest.fixture
def ids(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, DRAWING, UNITS)


def loaded(
    tx: Transaction, path: Path, kind: str = "markers", *, on: date = BEGINNING, **more: Any
) -> SurveyReport:
    wish = {name: more.pop(name) for name in ("partial", "instrument", "photos") if name in more}
    return load_survey(tx, open_survey(path, kind, SurveyOptions(**more)), Entering(on, **wish))


def known(tx: Transaction, on: date = BEGINNING) -> list[MarkerOnDay]:
    tx.session.expire_all()
    return markers_on(tx.session, on=on)


@pytest.mark.usefixtures("ids")
def test_markers_are_entered_once_and_stand_by_the_file(tx: Transaction, tmp_path: Path) -> None:
    path = workbook(tmp_path / "界桩.xlsx", [row("0204001"), row("0204002Q", 31.98, 状况="倾斜")])
    report = loaded(tx, path)
    assert (report.entered, report.left) == (2, 0)
    assert [(each.number, each.state) for each in known(tx)] == [("0204001Q", None), ("0204002Q", "倾斜")]
    again = loaded(tx, path)
    assert (again.known, again.entered) == (True, 0)
    with pytest.raises(RuleViolated) as refused:
        loaded(tx, workbook(tmp_path / "又一份.xlsx", [row("0204001Q", 材质="花岗岩")]))
    assert any("已有编号" in f.message and "第2行" in f.message for f in refused.value.findings)


@pytest.mark.usefixtures("ids")
def test_half_a_double_is_left_out_and_the_rest_entered_when_asked(tx: Transaction, tmp_path: Path) -> None:
    rows = [row("0204001Q"), row("0204002A", 31.985, 119.0195), row("0204003Q", 31.98)]
    path = workbook(tmp_path / "界桩.xlsx", rows)
    with pytest.raises(RuleViolated) as refused:
        loaded(tx, path)
    assert any(f.rule == "R-MRK-04" and "缺 B" in f.message for f in refused.value.findings)
    assert known(tx) == []
    report = loaded(tx, path, partial=True)
    assert (report.entered, report.left) == (2, 1)
    assert [each.number for each in known(tx)] == ["0204001Q", "0204003Q"]


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"界线代码": "9999"}, "没有代码为 9999"),
        ({"管理方代码": "320199"}, "320199"),
        ({"一侧代码": "320199", "一侧所在地": "某村"}, "320199"),
    ],
)
def test_what_is_not_in_the_register_is_named(
    tx: Transaction, tmp_path: Path, more: dict[str, Any], word: str
) -> None:
    path = workbook(tmp_path / "界桩.xlsx", [row("0204001Q"), row("0204002Q", 31.98, **more)])
    with pytest.raises(RuleViolated) as refused:
        loaded(tx, path)
    assert any(word in f.message and "第3行" in f.message for f in refused.value.findings)
    assert loaded(tx, path, partial=True).entered == 1


@pytest.mark.usefixtures("ids")
def test_later_measurements_are_later_epochs(tx: Transaction, tmp_path: Path) -> None:
    rows = [
        row("0204001Q", 测定日期="2020-01-01"),
        row("0204001Q", 31.9901, 测定日期=str(REBORN)),
    ]
    report = loaded(tx, workbook(tmp_path / "界桩.xlsx", rows), epochs=True)
    assert report.entered == 1
    [before], [after] = known(tx), known(tx, REBORN)
    assert before.point is not None
    assert after.point is not None
    assert (before.point.y, after.point.y) == pytest.approx((31.99, 31.9901), abs=1e-7)


def test_a_county_hands_in_markers_of_a_provincial_line_at_its_own_border(
    sessions: sessionmaker[Session], tx: Transaction, tmp_path: Path
) -> None:
    units = {"A": ("320102", "甲区"), "B": ("340104", "乙区"), "C": ("320105", "丙区")}
    known_units = drawn(tx, "AABB AABB CCBB", units)
    tx.session.commit()
    own, beyond = (row(f"323400{n}Q", lat, 界线代码="3234") for n, lat in ((1, 31.995), (2, 31.975)))
    mine, theirs = workbook(tmp_path / "一.xlsx", [own]), workbook(tmp_path / "二.xlsx", [beyond])
    officer = Actor("员", "甲区局", known_units["A"], (Grant(Role.boundary_officer, known_units["A"]),))
    with transaction(sessions, actor=officer, at=NOW) as acting:
        assert loaded(acting, mine).entered == 1
    with (
        transaction(sessions, actor=officer, at=NOW) as acting,
        pytest.raises(NotPermitted, match="3234002Q"),
    ):
        loaded(acting, theirs)


@pytest.mark.usefixtures("ids")
def test_boundary_points_lie_between_markers(tx: Transaction, tmp_path: Path) -> None:
    loaded(tx, workbook(tmp_path / "界桩.xlsx", [row("0204001Q"), row("0204002Q", 31.98)]))
    given = row("", 31.985) | {
        "边界点号": "1",
        "前一界桩": "0204001Q",
        "后一界桩": "0204002Q",
        "特征": "路口",
    }
    path = workbook(tmp_path / "边界点.xlsx", [{k: v for k, v in given.items() if k != "界桩编号"}])
    assert loaded(tx, path, "points").entered == 1
    [point] = tx.session.query(BoundaryPoint)
    assert (point.number, point.feature) == ("1", "路口")
    assert point.after_marker_id is not None


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize("suffix", WRITERS)
def test_what_is_exported_is_what_is_loaded(tx: Transaction, tmp_path: Path, suffix: str) -> None:
    line = line_referred_to(tx.session, LINE, on=BEGINNING)
    made = tmp_path / "合成.xlsx"
    count = synthesise(tx.session, [line], made, on=BEGINNING, spacing_km=0.4)
    assert count > 3
    first = tx.session.begin_nested()
    assert loaded(tx, made).entered == count
    rows = marker_rows(tx.session, on=BEGINNING, lines=[line.id])
    path = tmp_path / f"导出{suffix}"
    write_markers(rows, path)
    first.rollback()
    tx.session.expire_all()
    assert known(tx) == []
    assert loaded(tx, path).entered == count
    assert marker_rows(tx.session, on=BEGINNING, lines=[line.id]) == rows


def test_synthetic_markers_say_so_and_keep_the_rules(
    tx: Transaction, ids: dict[str, UUID], tmp_path: Path
) -> None:
    line = line_referred_to(tx.session, f"{UNITS['A'][0]}-{UNITS['B'][0]}", on=BEGINNING)
    made, again = tmp_path / "合成.xlsx", tmp_path / "再次.xlsx"
    synthesise(tx.session, [line], made, on=BEGINNING, spacing_km=0.4)
    synthesise(tx.session, [line], again, on=BEGINNING, spacing_km=0.4)
    one, other = (open_survey(path, "markers", SurveyOptions()) for path in (made, again))
    assert (one.sha256, one.markers) == (other.sha256, other.markers)
    report = loaded(tx, made)
    assert {f.rule for f in report.findings} <= {"R-SUR-01", "R-MRK-14"}
    markers = known(tx)
    assert all(each.marker.is_synthetic for each in markers)
    assert all(len(each.bearings) == 3 and len(each.sides) == 2 for each in markers)
    assert {each.version.managing_id for each in markers} == {ids["A"], ids["B"]}
    paper = tx.session.get_one(Instrument, markers[0].marker.registered_by)
    assert (paper.statement, paper.kind) == (SYNTHETIC, "数据集")


def a_drawn_line(path: Path, lons: list[float], *, lat: float = 32.0, named: bool = True) -> Path:
    shape = LineString([(lon, lat - 0.005 * step) for step, lon in enumerate(lons)])
    known = {"line": [LINE]} if named else {"of": ["?"]}
    gpd.GeoDataFrame(known, geometry=[shape], crs="EPSG:4490").to_file(path)
    return path


@pytest.mark.usefixtures("ids")
def test_a_drawn_line_is_held_against_the_register_and_stored_nowhere(
    tx: Transaction, tmp_path: Path
) -> None:
    report = loaded(tx, a_drawn_line(tmp_path / "线.gpkg", [LON, LON + 1e-3, LON, LON, LON]), "lines")
    [compared] = report.compared
    assert compared.match.hausdorff_m == pytest.approx(94.4, abs=1)
    assert compared.match.farthest.y == pytest.approx(31.995, abs=1e-4)
    [apart] = compared.match.apart
    assert 0 < apart.from_m < 554 < apart.to_m < 1109
    assert apart.max_m == pytest.approx(94.4, abs=5)  # told at every 25 m of the line
    told = " ".join(finding.message for finding in report.findings)
    assert "1 段超出 50 米" in told
    assert "终点一端" in told  # 31.98 is no end of the line
    assert "boundaries claim" in report.told
    assert report.as_json()["compared"][0]["code"] == LINE
    assert report.entered == 0


@pytest.mark.usefixtures("ids")
def test_a_drawn_line_without_a_name_is_held_against_the_nearest(tx: Transaction, tmp_path: Path) -> None:
    path = a_drawn_line(tmp_path / "线.gpkg", [LON] * 5, named=False)
    report = loaded(tx, path, "lines")
    assert (report.compared[0].code, report.compared[0].is_guessed) == (LINE, True)
    far = a_drawn_line(tmp_path / "远.gpkg", [100.0] * 5, lat=40.0, named=False)
    with pytest.raises(RuleViolated):
        loaded(tx, far, "lines")


def with_photos(folder: Path, *, packed: bool) -> Photos:
    folder.mkdir()
    for name, located in {"东.jpg": True, "西.JPG": False, "没人提.jpg": False}.items():
        (folder / name).write_bytes(a_photo(located=located))
    if packed:
        with zipfile.ZipFile(folder / "照片.zip", "w") as archive:
            for each in sorted(folder.glob("*.[jJ]*")):
                archive.write(each, f"照片/{each.name}")
    return Photos(open_photos(folder / "照片.zip" if packed else folder), FileStore(folder.parent / "files"))


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize("packed", [False, True])
def test_photos_come_with_the_table(tx: Transaction, tmp_path: Path, packed: bool) -> None:
    path = workbook(tmp_path / "界桩.xlsx", [row("0204001Q", 31.995, 照片="东.jpg；西.jpg；无.jpg")])
    photos = with_photos(tmp_path / "照片", packed=packed)
    report = loaded(tx, path, photos=photos)
    told = [finding.message for finding in report.findings if finding.rule in ("R-SUR-12", "R-MRK-15")]
    assert any("第2行：照片“无.jpg”没有找到" in message for message in told)
    assert any("没人提.jpg" in message for message in told)
    assert any("西.JPG”没有记载" in message for message in told)
    assert not any("东.jpg" in message for message in told)
    [marker] = known(tx)
    files = history_of(tx.session, marker.marker.id).files
    assert sorted(each.name for each in files) == ["东.jpg", "西.JPG"]
    assert [each.azimuth_deg for each in files if each.name == "东.jpg"] == [45.0]


@pytest.mark.usefixtures("ids")
def test_photos_that_did_not_come_are_told_by_row(tx: Transaction, tmp_path: Path) -> None:
    report = loaded(tx, workbook(tmp_path / "界桩.xlsx", [row("0204001Q", 照片="东.jpg")]))
    [found] = [finding for finding in report.findings if finding.rule == "R-SUR-12"]
    assert "第2行" in found.message
    assert "--photos" in found.suggestion
    with pytest.raises(InvalidInput):
        open_photos(tmp_path / "没有")


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(("move", "name"), [(gcj02_of, "GCJ-02"), (bd09_of, "BD-09")])
def test_markers_of_a_web_map_are_suspected(tx: Transaction, tmp_path: Path, move: Any, name: str) -> None:
    lats = (31.998, 31.995, 31.99, 31.985)
    there = [move(np.array([[LON, lat]]))[0] for lat in lats]
    rows = [row(f"020400{n}Q", float(at[1]), float(at[0])) for n, at in enumerate(there, start=1)]
    report = loaded(tx, workbook(tmp_path / "界桩.xlsx", rows))
    [found] = [finding for finding in report.findings if finding.rule == "R-MAP-04"]
    assert (name in found.message, found.blocking) == (True, False)


@pytest.mark.usefixtures("ids")
def test_markers_on_their_line_or_shifted_otherwise_are_not_suspected(
    tx: Transaction, tmp_path: Path
) -> None:
    for file, lon in (("在.xlsx", LON), ("偏.xlsx", LON - 0.004)):
        rows = [row(f"02040{int(lon * 1e4) % 7}{n}Q", 32 - n / 400, lon) for n in range(1, 5)]
        report = loaded(tx, workbook(tmp_path / file, rows))
        assert not [finding for finding in report.findings if finding.rule == "R-MAP-04"]
