"""The printed sheet: vector, lettered with embedded fonts, complete, and the same bytes every time."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from gis_service.publications.maps.formats import pdf
from gis_service.publications.maps.schemas import Rect, SheetPlan
from gis_service.publications.maps.sheets import change, division
from tests.publications.maps.pdf_reader import fonts, page_sizes_mm, read_page, texts
from tests.support import map_samples


@pytest.fixture(scope="module")
def plan() -> SheetPlan:
    return change.plan(map_samples.nantong_change())


@pytest.fixture(scope="module")
def printed(plan: SheetPlan) -> bytes:
    return pdf.draw(plan)


def test_page_has_the_planned_size(plan: SheetPlan, printed: bytes) -> None:
    assert page_sizes_mm(printed) == [pytest.approx((plan.page.width_mm, plan.page.height_mm), abs=0.01)]


def test_every_font_is_embedded(printed: bytes) -> None:
    found = fonts(printed)
    assert found
    assert all(font["embedded"] and "NotoSansSC" in font["name"] for font in found)


def test_sheet_holds_no_raster_image(printed: bytes) -> None:
    assert read_page(printed).images == 0


def test_all_names_can_be_found_as_text(plan: SheetPlan, printed: bytes) -> None:
    found = texts(printed)
    for frame in plan.frames:
        for label in frame.labels:
            assert label.text in found


def test_title_act_scale_statement_and_review_number_are_printed(printed: bytes) -> None:
    found = texts(printed)
    for text in (
        "江苏省南通市部分行政区划调整变更前后对照图",
        "国函〔2020〕79号",
        "自2020年6月5日起施行",
        "变更前（2020年6月4日）",
        "变更后（2020年6月5日）",
        "1:500000",
        map_samples.SOURCE.statement,
        "本图界线为概略数据，仅供参考，不具有法律效力",
        "审图号：____",
        "第1版2020年6月5日",
        "2000国家大地坐标系",
        "EPSG:4549",
    ):
        assert "".join(text.split()) in found


def test_every_row_of_the_table_is_printed(plan: SheetPlan, printed: bytes) -> None:
    found = texts(printed)
    for row in (*plan.table.rows, *plan.table.more_rows):
        assert "".join("".join(row).split()) in found


def test_rows_without_room_follow_on_a_continuation_page() -> None:
    plan = change.plan(map_samples.nantong_change())
    shorter = replace(plan.table, rows=plan.table.rows[:4], more_rows=plan.table.rows[4:])
    drawn = pdf.draw(replace(plan, table=shorter))
    assert len(page_sizes_mm(drawn)) == 2
    assert all("".join(row[1:3]) in texts(drawn) for row in plan.table.rows)


def test_inner_and_outer_neat_line_are_drawn(plan: SheetPlan, printed: bytes) -> None:
    drawn = read_page(printed)
    for frame in plan.frames[:2]:
        assert any(is_rect(path, frame.inner) for width, path in drawn.paths if 0.1 < width < 0.3)
        assert any(is_rect(path, frame.outer.grown(-0.4)) for width, path in drawn.paths if width > 0.7)


def is_rect(path: np.ndarray, rect: Rect) -> bool:
    corners = np.array([path.min(axis=0), path.max(axis=0)])
    wanted = np.array([[rect.x_mm, rect.y_mm], [rect.right_mm, rect.bottom_mm]])
    return len(path) in {4, 5} and bool(np.abs(corners - wanted).max() < 0.02)


def test_drawing_twice_gives_the_same_bytes(plan: SheetPlan, printed: bytes) -> None:
    again = change.plan(map_samples.nantong_change())
    assert again.frames == plan.frames
    assert pdf.draw(again) == printed


def test_a_sheet_is_planned_and_drawn_within_three_seconds() -> None:
    evidence = map_samples.division("320612")
    begin = time.perf_counter()
    pdf.draw(division.plan(evidence))
    assert time.perf_counter() - begin < 3.0


def test_a_character_the_typeface_lacks_is_printed_as_its_code_point() -> None:
    plan = change.plan(map_samples.grid_change(["甲区", "乙区", "丙\U0002ffff县", "丁区"]))
    assert any("U+2FFFF" in finding.message for finding in plan.findings)
    assert "丙〔U+2FFFF〕县" in texts(pdf.draw(plan))


def test_markup_in_names_is_printed_as_it_stands() -> None:
    name = '#"*_$@<b>'
    drawn = pdf.draw(change.plan(map_samples.grid_change(["甲区", "乙区", name, "丁区"])))
    assert name in texts(drawn)
