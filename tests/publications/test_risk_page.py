"""The risk map in a real browser: what is on it can be chosen, texts stay texts, nothing foreign is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands import open_case
from gis_service.procedures.disputes.queries import Asked, picture
from gis_service.publications.risks.formats import page as page_format
from tests.support.disputes import DAY, LONG, a_case, a_line, marked, unplaced

pytestmark = pytest.mark.browser
NASTY = "</script><script>document.title='x'</script>`${1}{% endraw %}{{7*7}}<b>某村</b>"


@pytest.fixture
def file(tx: Transaction, tmp_path: Path) -> Path:
    line = a_line(tx, LONG)
    marked(tx, line, {"0402001Q": 4900.0}, is_synthetic=True)
    open_case(tx, a_case(line, level="重大", place=NASTY, due_on=DAY))
    open_case(tx, unplaced(line, level="一般", marker="0402001Q"))
    open_case(tx, unplaced(line, place="不详"))
    path = tmp_path / "risk.html"
    shown = picture(tx.session, Asked(), f"风险图 {NASTY}", on=DAY.replace(year=2021))
    path.write_bytes(page_format.draw(shown))
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
        page.wait_for_selector(".leaflet-overlay-pane path.case", state="attached")
        yield page, wrong
        browser.close()


def test_stretches_and_cases_are_shown_and_chosen(visit: tuple[Page, list[str]]) -> None:
    page, wrong = visit
    paths = page.locator(".leaflet-overlay-pane path")
    assert paths.count() == 5  # three stretches, two cases
    assert [paths.nth(index).get_attribute("stroke") for index in range(3)] == [
        "#7d8a97",
        "#c9a400",
        "#b3122b",
    ]
    panel = page.locator(".risk").inner_text()
    for told in ("权数 9", "逾期", "合成数据", "无法律效力", "不在所示地段", "{{7*7}}", "<b>某村</b>"):
        assert told in panel
    assert page.title() == f"风险图 {NASTY}"
    page.locator("[data-case]").first.click()
    popup = page.locator(".leaflet-popup-content")
    assert "设立临时标志" in popup.inner_text()
    assert NASTY in popup.inner_text()
    page.locator("[data-stretch]").nth(1).press("Enter")
    page.emulate_media(media="print")
    assert page.locator(".risk").evaluate("it => getComputedStyle(it).position") == "static"
    assert wrong == []
