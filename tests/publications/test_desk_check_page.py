"""The page of a desk check in a real browser: findings are on the map, nothing foreign is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from gis_service.foundation.transaction import Transaction
from gis_service.publications.checks.formats import page as page_format
from gis_service.publications.checks.queries import Asked, check_line
from gis_service.registers.boundaries.queries import course_on, lines_in_force
from tests.support.factories import drawn

pytestmark = pytest.mark.browser
ON = date(2020, 6, 5)
UNITS = {"A": ("320102", "玄武区"), "B": ("320104", "秦淮区"), "C": ("320105", "建邺区")}


HOSTILE = "`${document.title='骗'}` {% endraw %}{{ 7 * 7 }}</li><script>document.title='骗'</script>\\"


@pytest.fixture
def file(tx: Transaction, tmp_path: Path) -> Path:
    drawn(tx, "AAABBB\nAAABBB\nAAAABB\nCCCCCC", UNITS)
    line = next(each for each in lines_in_force(tx.session, on=ON) if each.name == "玄武—秦淮线")
    course = course_on(tx.session, line, on=ON)
    assert course is not None
    check = check_line(tx.session, line, Asked(), on=ON)
    hostile = [each.model_copy(update={"message": HOSTILE}) for each in check.findings]
    path = tmp_path / "check.html"
    path.write_bytes(page_format.draw([(check.model_copy(update={"findings": hostile}), course.geometry)]))
    return path


@pytest.fixture
def visit(file: Path) -> Iterator[tuple[Page, list[str]]]:
    wrong: list[str] = []

    def guard(route: Any) -> None:
        if route.request.url == file.as_uri():
            route.continue_()
        else:
            wrong.append(route.request.url)
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.route("**/*", guard)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector(".leaflet-overlay-pane path", state="attached")
        page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        page.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim')")  # at rest
        yield page, wrong
        browser.close()


def test_findings_stand_on_the_map_and_are_shown_when_chosen(visit: tuple[Page, list[str]]) -> None:
    page, wrong = visit
    placed = page.locator(".check li[data-lat]")
    assert placed.count() == 1  # the tri-point that is missing
    paths = page.locator(".leaflet-overlay-pane path")
    assert paths.count() == 2  # the line, and the finding
    assert paths.nth(1).get_attribute("stroke") == "#c26a00"
    placed.first.click()
    circle, ground = paths.nth(1).bounding_box(), page.locator(".folium-map").bounding_box()
    assert circle is not None
    assert ground is not None
    assert circle["x"] + circle["width"] / 2 == pytest.approx(ground["x"] + ground["width"] / 2, abs=3)
    assert circle["y"] + circle["height"] / 2 == pytest.approx(ground["y"] + ground["height"] / 2, abs=3)
    told = page.locator(".check").inner_text()
    assert HOSTILE in told
    page.mouse.move(circle["x"] + 2, circle["y"] + circle["height"] / 2)
    assert HOSTILE in page.locator(".leaflet-tooltip").inner_text()
    assert "骗" not in page.title()
    assert "R-BND-05" in page.locator(".check").inner_text()
    assert wrong == []
