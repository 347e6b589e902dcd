"""The interactive page: whole in itself, the same every time, safe against markup in names."""

from __future__ import annotations

import re

import pytest

from gis_service.publications.maps.formats import html
from gis_service.publications.maps.sheets import change, division
from tests.support import map_samples


@pytest.fixture(scope="module")
def page() -> str:
    return html.draw(change.plan(map_samples.nantong_change())).decode()


def test_page_names_no_foreign_address(page: str) -> None:
    assert set(re.findall(r"https?://[\w./-]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"""(?:src|href)\s*=\s*["']?//""", page)
    assert "@import" not in page


def test_page_needs_neither_jquery_nor_bootstrap(page: str) -> None:
    assert "jquery" not in page.lower()
    assert "bootstrap" not in page.lower()


def test_drawing_twice_gives_the_same_page(page: str) -> None:
    assert html.draw(change.plan(map_samples.nantong_change())).decode() == page


def test_page_shows_title_act_and_statement(page: str) -> None:
    for text in (
        "变更前后对照图",
        "国函〔2020〕79号",
        "不具有法律效力",
        map_samples.SOURCE.statement,
        "审图号",
    ):
        assert text in page


def test_markup_in_names_stays_text() -> None:
    hostile = "</script><img src=x>"
    drawn = html.draw(change.plan(map_samples.grid_change(["甲区", "乙区", hostile, "丁区"]))).decode()
    assert hostile not in drawn
    assert "<img" not in drawn


def test_a_division_page_has_no_date_switch() -> None:
    drawn = html.draw(division.plan(map_samples.division("320614"))).decode()
    assert 'name="moment"' not in drawn
    assert "海门区行政区域界线图" in drawn
