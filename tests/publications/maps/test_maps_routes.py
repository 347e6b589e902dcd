"""Sheets and the front page over HTTP and in a browser: what was drawn, exactly, and nothing else."""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, Route, sync_playwright
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.foundation.web import PROBLEM
from gis_service.foundation.web.installation import install
from gis_service.foundation.web.policy import policy_for
from gis_service.procedures.changes.commands import enact_published
from gis_service.procedures.changes.schemas import parse_proposal
from gis_service.publications.maps.commands import draw, request_division_sheet
from gis_service.publications.maps.models import EditionFile
from gis_service.publications.maps.queries import sheets_listed
from gis_service.reactions import react
from gis_service.registers.divisions.queries import division_by_code
from tests.support.changes import ACT, DAY, a_proposal, draw_city
from tests.support.factories import BEGINNING, NOW, REGISTRAR
from tests.support.web import Statements, client_on

HOST = "http://sheets.test"


@pytest.fixture(scope="module")
def drawn_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawn")


@pytest.fixture(scope="module")
def engine(make_database: Callable[[], str], drawn_home: Path) -> Iterator[Engine]:
    """Registers after a change whose sheet is drawn, with two more sheets waiting; each test is undone."""
    engine = open_engine(make_database())
    sessions = session_factory(engine)
    draw_city(sessions)
    proposal = parse_proposal(a_proposal(instrument=dict(ACT)), source="测试")
    with transaction(sessions, actor=REGISTRAR, at=NOW, react=react) as tx:
        enact_published(tx, proposal)
        [sheet] = [sheet for sheet in sheets_listed(tx.session) if sheet.type == "change"]
        draw(tx, sheet.id, Settings(home=drawn_home).editions_dir)
    yield engine
    engine.dispose()


@pytest.fixture
def home(tmp_path: Path, drawn_home: Path) -> Path:
    """A copy of the home in which the sheet was drawn."""
    return shutil.copytree(drawn_home, tmp_path / "home")


@pytest.fixture
def reader(client: TestClient, home: Path) -> TestClient:
    install(client.app, Settings(home=home))
    return client


def the_change(reader: TestClient) -> dict[str, Any]:
    [sheet] = reader.get("/sheets?type=change").json()["items"]
    return dict(sheet)


def files(reader: TestClient) -> dict[str, dict[str, Any]]:
    [edition] = the_change(reader)["editions"]
    return {file["format"]: file for file in edition["files"]}


def refused(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    told: dict[str, Any] = answer.json()
    assert told["detail"]
    assert told["way_out"]
    return told


def test_sheets_are_listed_with_their_editions(reader: TestClient) -> None:
    sheets = reader.get("/sheets").json()["items"]
    assert [sheet["title"] for sheet in sheets] == sorted(sheet["title"] for sheet in sheets)
    assert {(sheet["type"], bool(sheet["editions"]), sheet["stale_on"]) for sheet in sheets} == {
        ("change", True, None),
        ("division", False, DAY),
    }
    assert reader.get(f"/sheets/{sheets[0]['id']}").json() == sheets[0]
    by_subject = reader.get(f"/sheets?subject={sheets[0]['subject']}").json()["items"]
    assert by_subject == sheets[:1]


def test_lists_of_sheets_come_in_pages_and_by_state(reader: TestClient) -> None:
    seen, address = [], "/sheets?limit=1"
    while address:
        page = reader.get(address).json()
        seen += [sheet["id"] for sheet in page["items"]]
        address = page["next"]
    assert seen == [sheet["id"] for sheet in reader.get("/sheets").json()["items"]]
    assert len(seen) == 3
    assert len(reader.get("/sheets?stale=true").json()["items"]) == 2
    assert len(reader.get("/sheets?stale=false").json()["items"]) == 1


def test_a_list_of_sheets_costs_three_questions_however_long(
    reader: TestClient, statements: Statements
) -> None:
    with statements.counted() as sent:
        reader.get("/sheets")
    assert len([statement for statement in sent if statement.lstrip().startswith("SELECT")]) == 3


@pytest.mark.parametrize(
    ("format_", "media_type", "beginning"),
    [("pdf", "application/pdf", b"%PDF-"), ("html", "text/html; charset=utf-8", b"<!DOCTYPE html>")],
)
def test_an_edition_is_served_as_it_was_drawn(
    reader: TestClient, format_: str, media_type: str, beginning: bytes
) -> None:
    file = files(reader)[format_]
    answer = reader.get(file["address"])
    assert answer.status_code == 200
    assert answer.content.startswith(beginning)
    assert sha256(answer.content).hexdigest() == file["sha256"]
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert quote(ACT["number"]) in answer.headers["content-disposition"]
    assert "immutable" in answer.headers["cache-control"]


def test_a_reader_who_has_the_file_gets_no_second_copy(reader: TestClient) -> None:
    file = files(reader)["pdf"]
    tag = reader.get(file["address"]).headers["etag"]
    assert tag == f'"{file["sha256"]}"'
    again = reader.get(file["address"], headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert reader.get(file["address"], headers={"If-None-Match": '"other"'}).status_code == 200


def test_what_is_not_there_is_not_found(reader: TestClient) -> None:
    sheet = the_change(reader)["id"]
    told = refused(reader.get(f"/sheets/{sheet}/editions/2.pdf"), 404)
    assert "已有的版次：1" in told["way_out"]
    refused(reader.get(f"/sheets/{uuid4()}"), 404)
    refused(reader.get(f"/sheets/{uuid4()}/editions/1.pdf"), 404)


@pytest.mark.parametrize("tail", ["1.svg", "0.pdf", "-1.pdf", "x.pdf", "1", f"{'9' * 30}.pdf"])
def test_odd_editions_are_refused(reader: TestClient, tail: str) -> None:
    answer = reader.get(f"/sheets/{the_change(reader)['id']}/editions/{tail}")
    refused(answer, 404 if tail == "1" else 422)


@pytest.mark.parametrize(
    "address", ["/sheets/x", "/sheets?after=x", "/sheets?type=poem", "/sheets?stale=maybe"]
)
def test_odd_questions_about_sheets_are_refused(reader: TestClient, address: str) -> None:
    refused(reader.get(address), 422)


def stored(sessions: sessionmaker[Session], format_: str) -> str:
    with sessions() as session:
        return session.scalars(select(EditionFile.path).where(EditionFile.format == format_)).one()


def test_a_file_that_is_missing_or_altered_is_not_served(
    reader: TestClient, sessions: sessionmaker[Session], home: Path
) -> None:
    address, place = files(reader)["pdf"]["address"], home / "editions" / stored(sessions, "pdf")
    content = place.read_bytes()
    place.write_bytes(content + b" ")
    assert "不符" in refused(reader.get(address), 404)["detail"]
    place.unlink()
    assert str(home) not in str(refused(reader.get(address), 404))
    place.write_bytes(content)
    assert reader.get(address).content == content


@pytest.mark.parametrize("trick", ["../secret", "/etc/hostname", "x/../../secret", "."])
def test_no_path_leads_out_of_the_folder_of_editions(
    reader: TestClient, sessions: sessionmaker[Session], home: Path, trick: str
) -> None:
    """Even if a stored path were forged, together with its hash."""
    (home / "secret").write_bytes(b"secret")
    address = files(reader)["pdf"]["address"]
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        file = tx.session.scalars(select(EditionFile).where(EditionFile.format == "pdf")).one()
        file.path, file.sha256 = trick, sha256(b"secret").hexdigest()
    assert "secret" not in refused(reader.get(address), 404)["detail"]


def test_old_editions_stay_where_they_are(
    reader: TestClient, sessions: sessionmaker[Session], home: Path
) -> None:
    folder = Settings(home=home).editions_dir
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        unit = division_by_code(tx.session, "320612", on=BEGINNING).division_id
        sheet = request_division_sheet(tx, unit, on=BEGINNING).id
        draw(tx, sheet, folder)
        request_division_sheet(tx, unit, on=NOW.date())
        draw(tx, sheet, folder)
    editions = reader.get(f"/sheets/{sheet}").json()["editions"]
    assert [edition["number"] for edition in editions] == [2, 1]
    contents = [reader.get(file["address"]).content for edition in editions for file in edition["files"]]
    assert len(set(contents)) == 4
    assert UUID(reader.get(f"/sheets/{sheet}").json()["subject"]) == unit


def named(script: bytes) -> str:
    return f"'sha256-{b64encode(sha256(script).digest()).decode()}'"


def test_a_policy_names_exactly_the_scripts_of_its_page() -> None:
    policy = policy_for(b"<p>x<script>one</script><SCRIPT defer>\r\ntwo</SCRIPT><script>one</script>")
    allowed = policy.split("script-src ")[1].split(";")[0].split()
    assert allowed == [named(b"one"), named(b"\ntwo")]
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert "script-src 'none'" in policy_for(b"%PDF-1.7")


def test_the_front_page_tells_what_is_held_and_leads_on(reader: TestClient) -> None:
    answer = reader.get("/")
    assert answer.status_code == 200
    page = answer.text
    assert '<html lang="zh-CN">' in page
    assert "县级单位" in page
    assert the_change(reader)["title"] in page
    for file in files(reader).values():
        assert f'href="{file["address"].removeprefix("/")}"' in page
    links = {link.split('"')[0].replace("&amp;", "&") for link in page.split('href="')[1:]}
    inner = {link for link in links if not link.startswith(("#", "data:"))}
    assert {"docs", "changes?limit=50", "divisions?level=county&limit=50"} <= inner
    assert {link: reader.get(f"/{link}").status_code for link in inner} == dict.fromkeys(inner, 200)


def test_the_front_page_of_another_day_tells_of_that_day(reader: TestClient) -> None:
    assert "2020 年 6 月 4 日" in reader.get("/?on=2020-06-04").text
    before, after = (
        reader.get(f"/divisions?on={day}&level=county").json()["items"] for day in ("2020-06-04", DAY)
    )
    for day, units in (("2020-06-04", before), (DAY, after)):
        assert f'level=county&amp;limit=50&amp;on={day}">{len(units)}</a>' in reader.get(f"/?on={day}").text
    refused(reader.get("/?on=2020-02-30"), 422)


def test_an_empty_service_says_how_to_fill_it(fresh_engine: Engine) -> None:
    page = client_on(session_factory(fresh_engine)).get("/").text
    assert "make demo" in page
    assert "sheets draw --stale" in page


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
def complaints() -> Iterator[list[str]]:
    """What a page complained about, or asked of others; empty in the end, unless the test has read it."""
    heard: list[str] = []
    yield heard
    assert not heard


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["desk", "phone"])
def window(
    request: pytest.FixtureRequest, browser: Browser, reader: TestClient, complaints: list[str]
) -> Iterator[Page]:
    """A window that gets every answer from the service with its headers."""
    width, height = request.param
    opened = browser.new_page(viewport={"width": width, "height": height})

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" != HOST:
            complaints.append(f"foreign address {route.request.url}")
            route.abort()
            return
        told = reader.get(f"{address.path}?{address.query}" if address.query else address.path)
        headers = {name: value for name, value in told.headers.items() if name != "content-length"}
        route.fulfill(status=told.status_code, headers=headers, body=told.content)

    opened.route("**/*", answer)
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()


def test_the_interactive_sheet_runs_under_its_policy(window: Page, reader: TestClient) -> None:
    window.goto(HOST + files(reader)["html"]["address"])
    window.wait_for_selector(".leaflet-after-pane path", state="attached")
    window.locator("label:has(input[value=before])").click()
    window.wait_for_timeout(600)  # the cross-fade takes 350 ms
    assert window.locator("input[value=before]").is_checked()
    assert window.evaluate("document.fonts.check('16px Sheet', '崇川区')")


def test_a_script_that_is_not_of_the_page_does_not_run(
    window: Page, reader: TestClient, complaints: list[str]
) -> None:
    window.goto(HOST + files(reader)["html"]["address"])
    window.wait_for_selector(".leaflet-after-pane path", state="attached")
    refusals = window.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
            const alien = document.createElement("script");
            alien.textContent = "window.alien = true";
            document.body.append(alien);
        })"""
    )
    assert refusals.startswith("script-src")
    assert window.evaluate("window.alien === undefined")
    [complaint] = complaints
    assert "Content Security Policy" in complaint
    complaints.clear()


def test_the_front_page_fits_and_leads_to_the_map(window: Page, reader: TestClient) -> None:
    window.goto(f"{HOST}/")
    assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert window.evaluate("document.fonts.check('16px Sheet', '行政区划')")
    window.get_by_role("link", name=f"{the_change(reader)['title']}，互动图").click()
    window.wait_for_selector(".leaflet-after-pane path", state="attached")
