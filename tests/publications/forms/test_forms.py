"""Forms tell what the registers hold, in tables for people and without loss for machines."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook

from gis_service.foundation.transaction import Transaction
from gis_service.publications.forms.formats import FORMATS, docx, gpkg, json_text, pdf, xlsx
from gis_service.publications.forms.queries import gather
from gis_service.publications.forms.schemas import Cell, FormPlan, LineEvidence, MachineTable, Table
from gis_service.publications.forms.sheets import (
    SHEET_TYPES,
    course,
    maintenance,
    points,
    record,
    registration,
    results,
)
from gis_service.publications.forms.sheets.drafting.figures import dms
from gis_service.publications.forms.sheets.drafting.imprint import SYNTHETIC
from gis_service.publications.forms.sheets.drafting.stations import legs
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.boundaries.rules import course_text_findings, read_course_text
from gis_service.registers.markers.commands import Consent, Position, relocate_markers
from gis_service.registers.markers.queries import markers_on
from tests.publications.forms.conftest import ON
from tests.support.factories import an_act


def words(plan: FormPlan) -> str:
    """All that people read of a form."""
    told = []
    for section in plan.sections:
        told += [section.left, section.right]
        for block in section.blocks:
            rows = block.rows if isinstance(block, Table) else ((Cell(block.text),),)
            told += [cell.text for row in rows for cell in row]
    return "\n".join(told)


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("degrees", [0.0, 119.03, 31.9999999999, 59 / 60 + 59.9999 / 3600, -1.5])
def test_seconds_never_reach_sixty(degrees: float) -> None:
    assert "60." not in dms(degrees)
    assert dms(59 / 60 + 59.9999 / 3600) == "1°00′00.000″"


def test_a_registration_form_has_a_page_for_each_marker(evidence: LineEvidence) -> None:
    plan = registration.plan(evidence)
    assert [section.left for section in plan.sections] == [
        f"界桩编号：{marker.number}" for marker in evidence.markers
    ]
    told = words(plan)
    for word in ("玄武区孝陵卫街道钟灵街社区第三居民小组", "119°01′48.000″", "3541852.432", "40405000.118"):
        assert word in told
    assert "CGCS2000，3°带第40带（中央子午线120°）" in told
    assert "独立大树" in told
    assert "查看：完好（国函〔2020〕1号）" in told


def test_a_sketch_shows_the_line_the_marker_and_its_objects(evidence: LineEvidence) -> None:
    first = registration.plan(evidence).sections[0].blocks[0]
    assert isinstance(first, Table)
    [sketch] = [cell.sketch for row in first.rows for cell in row if cell.sketch]
    assert [symbol.kind for symbol in sketch.symbols] == ["marker", "object", "object", "object"]
    texts = {word.text for word in sketch.words}
    assert {"0204001Q", "1 独立大树", "2 水塔中心", "3 桥头东北角", "北"} <= texts
    tree = sketch.symbols[1]
    assert tree.x_mm > sketch.width_mm / 2
    assert tree.y_mm < sketch.height_mm / 2
    assert all(0 <= word.x_mm <= sketch.width_mm for word in sketch.words)


def test_a_course_text_is_read_back_to_the_numbers_of_the_line(evidence: LineEvidence) -> None:
    text = words(course.plan(evidence))
    read = read_course_text(text)
    assert [leg.start.partition("（")[0] for leg in read] == [
        "起点",
        "0204001Q号界桩",
        "0204002A、0204002B号界桩",
        "0204003Q号界桩",
    ]
    assert sum(leg.length_m for leg in read) == pytest.approx(evidence.course.length_m, abs=0.06)
    assert read[1].passing == ("友谊桥",)
    assert {run.phrase for leg in read for run in leg.runs} == {"沿友谊河中心线"}
    assert not course_text_findings(text, legs(evidence), evidence.name)


def test_a_record_sets_counts_and_lengths_beside_what_is_stated(evidence: LineEvidence) -> None:
    told = words(record.plan(evidence))
    assert "单立 2　双立 1（登记为 2，不符）　三立 0（按编号计）" in told
    assert "计算长度比公布长度长 1.180 千米（16.39%）" in told
    assert "已定界 8.380" in told
    assert "江苏省人民政府" in told


def test_each_side_has_the_list_of_what_it_keeps(evidence: LineEvidence) -> None:
    plan = maintenance.plan(evidence)
    assert [(section.left.rpartition("：")[2], section.right) for section in plan.sections] == [
        ("玄武区", "共 2 座"),
        ("秦淮区", "共 2 座"),
    ]
    elsewhere = tuple(replace(each, managing_side=None) for each in evidence.markers)
    nobodys = tuple(replace(each, managing=None) for each in elsewhere)
    for markers, keeper in ((elsewhere, "第三方（三交点）"), (nobodys, "未明确管理方")):
        last = maintenance.plan(replace(evidence, markers=markers)).sections[-1]
        assert last.left.endswith(keeper)


def test_points_tell_between_which_markers_they_lie(evidence: LineEvidence) -> None:
    [point] = evidence.points
    between = replace(evidence, points=(replace(point, after="0204001Q", before="0204002A"),))
    assert "0204001Q — 0204002A" in words(points.plan(between))


@pytest.mark.parametrize("sheet", SHEET_TYPES, ids=lambda sheet: sheet.NAME)
def test_every_form_says_what_it_is(sheet: object, evidence: LineEvidence) -> None:
    told = replace(evidence, statements=("本数据不具法律效力",))
    plan = sheet.plan(told)  # type: ignore[attr-defined]
    assert plan.marks == (SYNTHETIC,)
    for page in pages(pdf.draw(plan)):
        for word in (SYNTHETIC, "公开", "2020年6月5日"):
            assert word in page
    assert "本数据不具法律效力" in "".join(pages(pdf.draw(plan)))
    bare = replace(evidence, markers=(), points=())
    assert pages(pdf.draw(sheet.plan(bare)))  # type: ignore[attr-defined]


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.NAME)
def test_equal_plans_give_equal_bytes(format_: object, evidence: LineEvidence) -> None:
    one, again = (format_.draw(registration.plan(evidence)) for _ in range(2))  # type: ignore[attr-defined]
    assert one == again


@pytest.mark.parametrize("sheet", SHEET_TYPES, ids=lambda sheet: sheet.NAME)
def test_json_is_read_back_as_it_was(sheet: object, evidence: LineEvidence) -> None:
    plan = sheet.plan(evidence)  # type: ignore[attr-defined]
    assert json_text.read(json_text.draw(plan)) == plan.tables


def test_workbooks_keep_codes_as_text(evidence: LineEvidence) -> None:
    plan = registration.plan(replace(evidence, markers=(replace(evidence.markers[0], note="=1+1"),)))
    book = load_workbook(io.BytesIO(xlsx.draw(plan)))
    assert book.sheetnames == ["界桩", "变更记录", "移位和增设的文件", "文件", "说明"]
    head, row = book["界桩"].iter_rows()
    cells = {name.value: cell for name, cell in zip(head, row, strict=True)}
    assert [cells[name].value for name in ("界线代码", "X坐标", "备注")] == ["0204", 3541852.432, "=1+1"]
    assert cells["界线代码"].data_type == cells["备注"].data_type == "s"
    assert tuple(cell.value for cell in row) == plan.tables[0].rows[0]


def test_geopackages_keep_every_value_and_place(evidence: LineEvidence, tmp_path: Path) -> None:
    path = tmp_path / "form.gpkg"
    plan = results.plan(evidence)
    path.write_bytes(gpkg.draw(plan))
    layer = gpd.read_file(path, layer="界桩")
    assert layer.crs.to_epsg() == 4490
    [table] = plan.tables
    assert list(layer.geometry) == list(table.geometries or ())
    assert as_rows(layer, table) == list(table.rows)
    about = gpd.read_file(path, layer="说明")
    assert SYNTHETIC in set(about["内容"])


def as_rows(layer: pd.DataFrame, table: MachineTable) -> list[tuple[object, ...]]:
    frame = layer[[column.name for column in table.columns]].astype(object)
    return [tuple(None if pd.isna(value) else value for value in row) for row in frame.to_numpy()]


def test_word_documents_hold_the_same_tables(evidence: LineEvidence) -> None:
    plan = registration.plan(evidence)
    document = Document(io.BytesIO(docx.draw(plan)))
    assert len(document.tables) == len(document.inline_shapes) == len(evidence.markers)
    told = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"0204001Q", "界桩编号", "40405000.118", "1985国家高程基准"} <= told
    assert SYNTHETIC in document.sections[0].header.paragraphs[0].text


def test_what_is_told_depends_on_the_day(tx: Transaction, line: BoundaryLine) -> None:
    found = gather(tx.session, line, on=ON)
    assert [marker.number for marker in found.markers] == ["0204001Q", "0204002A", "0204002B", "0204003Q"]
    assert [happening.what for happening in found.markers[0].history] == ["登记，测定位置，查看：完好"]


def test_the_papers_of_a_moved_marker_are_told_from_that_day_on(tx: Transaction, line: BoundaryLine) -> None:
    moved, eve = date(2021, 5, 1), date(2021, 4, 30)
    numbers = ("协议〔2021〕3号", "测量〔2021〕4号", "备案〔2021〕5号", "申请〔2021〕1号", "批准〔2021〕2号")
    agreement, *others = (an_act(tx, number) for number in numbers)
    consent = Consent(agreement, frozenset({line.first_id, line.second_id}), *others)
    [marker] = markers_on(tx.session, on=ON, number="0204001Q")
    place = Position((119.03, 31.995), "CGCS2000")
    relocate_markers(tx, [(marker.marker.id, place)], on=moved, consent=consent)
    tx.session.flush()
    before, after = (gather(tx.session, line, on=day).markers[0] for day in (eve, moved))
    assert before.moved_by == ()
    assert [each.number for each in after.moved_by] == [numbers[n] for n in (3, 0, 4, 1, 2)]
    plan = registration.plan(gather(tx.session, line, on=moved))
    told = words(plan)
    assert "移位所据：申请 申请〔2021〕1号；协议 协议〔2021〕3号（玄武区、秦淮区同意）" in told
    [table] = (table for table in plan.tables if table.name == "移位和增设的文件")
    assert table.rows[1] == ("0204001Q", "2021-05-01", "移位", "协议", numbers[0], "320102、320104")
