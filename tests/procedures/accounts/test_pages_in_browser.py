"""The pages for people in a real browser, at a desk and on a phone, that may reach the service alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright
from sqlalchemy import Engine

from gis_service.foundation.access import Role
from gis_service.foundation.database import session_factory
from gis_service.foundation.transaction import transaction
from gis_service.procedures.accounts import commands
from tests.support.accounts import PASSWORD, House
from tests.support.factories import REGISTRAR
from tests.support.web import behind_a_server

pytestmark = pytest.mark.browser


@dataclass
class Visit:
    """An open browser with what it asked for elsewhere and complained about."""

    page: Page
    house: House
    address: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def sign_in(self, name: str = "wang", code: str = "") -> Page:
        page = self.go("/sign-in")
        page.get_by_label("账户名").fill(name)
        page.get_by_label("口令", exact=True).fill(PASSWORD)
        page.get_by_label("动态验证码").fill(code)
        page.get_by_role("button", name="登录").click()
        return page

    def hear(self, said: ConsoleMessage) -> None:
        if said.type in {"warning", "error"}:
            self.complaints.append(said.text)

    def is_whole(self) -> bool:
        """Whether nothing was asked elsewhere, refused by the policy, or hangs over the edge."""
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        policy = [told for told in self.complaints if "Content Security Policy" in told]
        return not (self.foreign or policy or wide)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield started
        started.close()


@pytest.fixture
def served(fresh_engine: Engine, tmp_path: Path) -> Iterator[tuple[House, str]]:
    house = House(session_factory(fresh_engine), tmp_path)
    with behind_a_server(house.app) as address:
        yield house, address


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["desk", "phone"])
def visit(request: pytest.FixtureRequest, browser: Browser, served: tuple[House, str]) -> Iterator[Visit]:
    width, height = request.param
    house, address = served
    context = browser.new_context(viewport={"width": width, "height": height})
    seen = Visit(context.new_page(), house, address)

    def guard(route: Route) -> None:
        if route.request.url.startswith((address, "data:")):
            route.continue_()
        else:
            seen.foreign.append(route.request.url)
            route.abort()

    seen.page.route("**/*", guard)
    seen.page.on("console", seen.hear)
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    yield seen
    context.close()


def test_a_one_time_link_sets_the_first_password(visit: Visit) -> None:
    visit.house.open("wang", password=None)
    with transaction(visit.house.sessions, actor=REGISTRAR, at=visit.house.at) as tx:
        token = commands.invite(tx, "wang").token
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    page = visit.go(f"/welcome#{token}")
    assert page.url == f"{visit.address}/welcome"
    page.get_by_label("口令", exact=True).fill(PASSWORD)
    page.get_by_label("再写一遍").fill("something else")
    page.get_by_role("button", name="设定口令").click()
    assert "不一样" in page.get_by_role("alert").inner_text()
    page.get_by_label("再写一遍").fill(PASSWORD)
    page.get_by_role("button", name="设定口令").click()
    page.get_by_text("口令已设定").wait_for()
    assert page.locator("[data-show=name]").inner_text() == "wang"
    assert not [url for url in asked if token in url], "never sent as part of an address"
    assert visit.is_whole()
    assert not visit.complaints


def test_a_link_without_its_token_says_so(visit: Visit) -> None:
    page = visit.go("/welcome")
    assert page.locator("#no-token").is_visible()
    assert not page.get_by_role("button", name="设定口令").is_visible()


def test_what_is_wrong_is_told_on_the_page(visit: Visit) -> None:
    page = visit.sign_in("nobody")
    page.get_by_text("不正确").wait_for()
    assert visit.is_whole()


def test_an_authenticator_is_enrolled_with_the_account_page(visit: Visit) -> None:
    house = visit.house
    house.open("wang", Role.registrar)
    page = visit.sign_in()
    page.wait_for_url("**/account")
    assert page.get_by_text("未登记验证器").is_visible()
    assert visit.is_whole()
    begin = page.locator("form[data-send='POST account/second-factor']")
    begin.get_by_label("口令").fill(PASSWORD)
    begin.get_by_role("button").click()
    page.locator("img.qr").wait_for()
    assert page.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 100")
    secret = page.locator("[data-show=secret]").inner_text()
    confirm = page.locator("form[data-send$=confirmation]")
    confirm.get_by_label("六位数字").fill(house.code(secret))
    confirm.get_by_role("button").click()
    page.locator("#codes li").first.wait_for()
    assert page.locator("#codes li").count() == 10
    assert visit.is_whole()
    page.get_by_role("link", name="已经保管好").click()
    page.get_by_text("已登记验证器").wait_for()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in")
    house.later(minutes=1)
    page = visit.sign_in()
    page.get_by_text("须经第二重验证").wait_for()
    page.get_by_label("动态验证码").fill(house.code(secret))
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/account")
    assert page.get_by_text("此次登录已经过验证").is_visible()
    assert visit.is_whole()


def test_a_password_is_changed_and_everybody_is_out(visit: Visit) -> None:
    house = visit.house
    house.open("wang")
    other = house.bearer("wang")
    page = visit.sign_in()
    page.wait_for_url("**/account")
    page.locator("summary", has_text="更改口令").click()
    form = page.locator("form[data-send='POST account/password']")
    form.get_by_label("现用口令").fill(PASSWORD)
    form.get_by_label("新口令").fill("password123456")
    form.get_by_label("再写一遍").fill("password123456")
    form.get_by_role("button").click()
    page.get_by_text("过于常见").wait_for()
    form.get_by_label("新口令").fill("孤舟蓑笠翁 独钓寒江雪 1045")
    form.get_by_label("再写一遍").fill("孤舟蓑笠翁 独钓寒江雪 1045")
    form.get_by_role("button").click()
    page.wait_for_url("**/sign-in")
    assert house.client.get("/session", headers=other).status_code == 401


def test_one_is_signed_out_elsewhere(visit: Visit) -> None:
    house = visit.house
    house.open("wang")
    other = house.bearer("wang")
    page = visit.sign_in()
    page.wait_for_url("**/account")
    assert page.locator(".tokens li").count() == 3
    page.get_by_role("button", name="撤销：访问令牌").click()
    expect(page.locator(".tokens li")).to_have_count(1)
    assert house.client.get("/session", headers=other).status_code == 401


def test_who_is_not_signed_in_is_led_to_the_door(visit: Visit) -> None:
    page = visit.go("/account")
    assert page.url == f"{visit.address}/sign-in"
    assert not visit.complaints
