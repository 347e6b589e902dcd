"""The contract and the manual drawn from it: complete, Chinese, and of this service alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web import PROBLEM
from gis_service.foundation.web.manual import kind_of_value, operations_by_tag
from gis_service.foundation.web.problems import KINDS
from tests.support.factories import drawn
from tests.support.web import behind_a_server, client_on, service

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in service().openapi()["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize(("address", "operation"), operations(), ids=lambda value: str(value)[:60])
def test_every_endpoint_is_explained_in_chinese(address: str, operation: dict[str, Any]) -> None:
    assert address
    for text in (operation["summary"], operation["description"]):
        assert CHINESE.search(text)
    for parameter in operation.get("parameters", ()):
        assert CHINESE.search(parameter["description"]), parameter["name"]
        assert "description" in parameter


@pytest.mark.parametrize(("address", "operation"), operations(), ids=lambda value: str(value)[:60])
def test_every_refusal_is_a_problem_in_the_contract(address: str, operation: dict[str, Any]) -> None:
    refusals = {status: told for status, told in operation["responses"].items() if status[0] in "45"}
    assert {"422", "500", "503"} <= set(refusals), address
    for told in refusals.values():
        assert set(told["content"]) == {PROBLEM}
        assert CHINESE.search(told["description"])


def test_every_endpoint_stands_in_a_chapter_with_a_description() -> None:
    document = service().openapi()
    chapters = list(operations_by_tag(document))
    assert sum(len(own) for _, own in chapters) == len(operations())
    assert all(CHINESE.search(tag["description"]) for tag, _ in chapters)


def test_every_reference_of_the_contract_leads_somewhere(client: TestClient) -> None:
    told = client.get("/openapi.json")
    named = set(re.findall(r'"#/components/schemas/(\w+)"', told.text))
    assert named <= set(told.json()["components"]["schemas"])
    assert "HTTPValidationError" not in told.text


def test_values_are_told_in_chinese() -> None:
    document = {"components": {"schemas": {"Level": {"enum": ["county", "province"]}}}}
    optional = {"anyOf": [{"$ref": "#/components/schemas/Level"}, {"type": "null"}]}
    assert kind_of_value(optional, document) == "county、province或空"
    assert kind_of_value(optional, document, with_null=False) == "county、province"
    assert kind_of_value({"type": "array", "items": {"format": "date"}}, document) == "日期的列表"


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_the_type_of_a_problem_leads_to_its_explanation(client: TestClient, kind: str) -> None:
    answer = client.get(f"/problems/{kind}", follow_redirects=False)
    assert answer.headers["location"] == f"/docs#problem-{kind}"
    assert f'id="problem-{kind}"' in client.get("/docs").text


def test_descriptions_cannot_smuggle_in_markup(client: TestClient) -> None:
    answer = client.get("/docs")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert re.findall(r"<script(?! src=\"docs/manual.js\")", answer.text) == []


@dataclass
class Visit:
    """An open page, what it asked for elsewhere, and what it complained about."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def address(sessions: sessionmaker[Session], tx: Transaction) -> Iterator[str]:
    """The service behind a real server on this machine, with one district registered."""
    drawn(tx, "A", {"A": ("320102", "玄武区")})
    with behind_a_server(client_on(sessions).app) as address:
        yield address


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
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    seen = Visit(page)
    page.on(
        "request", lambda asked: None if asked.url.startswith(address) else seen.foreign.append(asked.url)
    )
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.goto(f"{address}/docs")
    yield seen
    page.close()


def test_the_manual_answers_questions_and_needs_nobody_else(visit: Visit) -> None:
    chapter = visit.page.locator("#read_division")
    chapter.locator("input[name=reference]").fill("320102")
    chapter.locator("input[name=on]").fill("2020-06-05")
    chapter.get_by_role("button", name="发送").click()
    chapter.locator(".answer", has_text="玄武区").wait_for()
    assert "GIS-On: 2020-06-05" in chapter.locator(".answer").inner_text()
    assert visit.foreign == []
    assert visit.complaints == []


def test_the_manual_fits_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
