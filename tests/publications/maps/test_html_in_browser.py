"""The interactive page in a real browser that may reach nothing but the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from gis_service.publications.maps.formats import html
from gis_service.publications.maps.sheets import change
from tests.support import map_samples

pytestmark = pytest.mark.browser


@dataclass
class Visit:
    """An open page with what it asked for and complained about."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("html") / "change.html"
    path.write_bytes(html.draw(change.plan(map_samples.nantong_change())))
    return path


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["desk", "phone"])
def visit(request: pytest.FixtureRequest, browser: Browser, file: Path) -> Iterator[Visit]:
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height})
    seen = Visit(page)

    def guard(route) -> None:
        if route.request.url == file.as_uri():
            route.continue_()
        else:
            seen.foreign.append(route.request.url)
            route.abort()

    page.route("**/*", guard)
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector(".leaflet-after-pane path", state="attached")
    yield seen
    page.close()


def shown_names(page: Page, pane: str) -> list[str]:
    return page.eval_on_selector_all(
        f".leaflet-{pane}-names-pane .subject span",
        "all => all.filter(one => one.checkVisibility({opacityProperty: true})).map(one => one.textContent)",
    )


def choose(page: Page, moment: str) -> None:
    page.locator(f"label:has(input[value={moment}])").click()
    page.wait_for_timeout(600)  # the cross-fade takes 350 ms


def test_page_opens_without_a_request_or_a_complaint(visit: Visit) -> None:
    assert visit.page.title() == "江苏省南通市部分行政区划调整变更前后对照图"
    assert visit.foreign == []
    assert visit.complaints == []


def test_units_of_both_dates_are_drawn(visit: Visit) -> None:
    for pane in ("before", "after"):
        paths = visit.page.locator(f".leaflet-{pane}-pane path[d]")
        assert paths.count() >= 20
    assert visit.page.evaluate("document.fonts.check('16px Sheet', '崇川区')")


def test_switching_the_date_swaps_the_units(visit: Visit) -> None:
    assert sorted(shown_names(visit.page, "after")) == ["崇川区", "海门区"]
    assert shown_names(visit.page, "before") == []
    choose(visit.page, "before")
    assert sorted(shown_names(visit.page, "before")) == ["崇川区", "海门市", "港闸区"]
    assert shown_names(visit.page, "after") == []
    assert visit.complaints == []


def test_opacity_slider_blends_the_dates(visit: Visit) -> None:
    visit.page.locator("#fade").fill("40")
    opacity = visit.page.eval_on_selector(".leaflet-after-pane", "pane => getComputedStyle(pane).opacity")
    assert float(opacity) == pytest.approx(0.4)
    assert shown_names(visit.page, "before")


def test_curtain_shows_the_earlier_date_on_its_left(visit: Visit) -> None:
    choose(visit.page, "curtain")
    curtain = visit.page.locator("#curtain")
    box = curtain.bounding_box()
    assert box is not None
    visit.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.page.mouse.down()
    visit.page.mouse.move(visit.page.viewport_size["width"] * 0.25, box["y"] + 200)
    visit.page.mouse.up()
    clips = [
        visit.page.eval_on_selector(f".leaflet-{pane}-pane", "pane => pane.style.clip")
        for pane in ("before", "after")
    ]
    assert all(clip.startswith("rect(") for clip in clips)
    assert clips[0] != clips[1]
    assert int(curtain.get_attribute("aria-valuenow") or 0) == pytest.approx(25, abs=2)


def test_a_row_of_the_list_leads_to_its_line(visit: Visit) -> None:
    visit.page.locator(".lines summary").click()
    visit.page.locator("tr", has_text="崇川区—港闸区线").click()
    visit.page.wait_for_selector("path.flash", state="attached")
    assert visit.page.locator("input[value=before]").is_checked()
    assert visit.complaints == []


def test_pointing_at_a_unit_tells_its_name_and_code(visit: Visit) -> None:
    spot = visit.page.locator(".leaflet-after-names-pane .subject span", has_text="海门区").bounding_box()
    assert spot is not None
    visit.page.mouse.move(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    reading = visit.page.locator(".leaflet-tooltip.reading").inner_text()
    assert "海门区" in reading
    assert "320614" in reading
