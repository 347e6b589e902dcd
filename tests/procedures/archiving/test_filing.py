"""Archives are filed over HTTP: an item, its scan, its place on the ground, and what was put right."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web.installation import install
from gis_service.registers.boundaries.models import BoundaryLine
from tests.registers.test_marker_commands import UNITS
from tests.support.archives import CONTROL, a_scan, ground
from tests.support.factories import BEGINNING, an_act, drawn

PAPER = "协议〔2021〕1号"
WORLD = "0.00001\n0\n0\n-0.00001\n119.015\n32\n"


@pytest.fixture
def office(client: TestClient, tx: Transaction, tmp_path: Path) -> TestClient:
    install(client.app, Settings(home=tmp_path))
    drawn(tx, "AABB AABB CCBB", UNITS)
    an_act(tx, PAPER)
    tx.session.commit()
    return client


@pytest.fixture
def item(office: TestClient, tx: Transaction) -> dict[str, Any]:
    line = tx.session.scalars(select(BoundaryLine.id)).first()
    sent = {"instrument": PAPER, "number": "FT-1", "title": "附图", "kind": "协议书附图", "issuer": "某局"}
    sent |= {"dated_on": str(BEGINNING), "lines": [str(line)]}
    assert office.post("/archives?dry_run=true", json=sent).status_code == 201
    assert office.get("/archives").json()["items"] == [], "a dry run files nothing"
    nothing = office.post("/archives", json=sent | {"lines": []})
    assert nothing.status_code == 422
    answer = office.post("/archives", json=sent)
    assert answer.status_code == 201, answer.text
    assert office.post("/archives", json=sent).status_code == 409
    told: dict[str, Any] = answer.json()["item"]
    return told


def a_pdf_scan() -> bytes:
    stream = BytesIO()
    Image.open(BytesIO(a_scan())).save(stream, "PDF", resolution=300)
    return stream.getvalue()


def test_a_scan_is_filed_and_laid_on_the_ground(office: TestClient, item: dict[str, Any]) -> None:
    files = f"/archives/{item['id']}/files"
    wrong = office.post(f"{files}?name=附图.pdf&instrument={PAPER}", content=b"MZ\x90 no scan")
    assert wrong.status_code == 422
    filed = office.post(f"{files}?name=附图.pdf&instrument={PAPER}", content=a_pdf_scan())
    assert filed.status_code == 201, filed.text
    [scan] = filed.json()["item"]["files"]
    assert (scan["name"], scan["told"]["pages"]) == ("附图.pdf", 1)
    laying = f"{files}/{scan['sha256']}/georeference"
    points = [
        {"name": str(n), "column": c, "row": r, "lon": ground(c, r)[0], "lat": ground(c, r)[1]}
        for n, (c, r) in enumerate(CONTROL, 1)
    ]
    tried = office.post(f"{laying}?dry_run=true", json={"instrument": PAPER, "points": points, "scale": 500})
    assert tried.status_code == 201, tried.text
    assert office.get(f"/archives/{item['id']}").json()["georeferences"] == []
    points[0]["lon"] += 0.0001  # nine metres: too much on a map of 1:5 000, little on one of 1:50 000
    strict, loose = (
        office.post(f"{laying}?dry_run=true", json={"instrument": PAPER, "points": points, "scale": scale})
        for scale in (5_000, 50_000)
    )
    assert ("超过 2.5 米" in strict.text, loose.json()["findings"]) == (True, [])
    assert office.post(laying, json={"instrument": PAPER}).status_code == 422
    assert office.post(laying, json={"instrument": PAPER, "world": "1 2 3"}).status_code == 422
    assert office.post(laying, json={"instrument": PAPER, "world": WORLD, "scale": 7}).status_code == 422
    laid = office.post(laying, json={"instrument": PAPER, "world": WORLD, "scale": 10_000}).json()["item"]
    assert (laid["georeferences"][0]["method"], laid["images"][0]["crs"]) == ("二次多项式", "EPSG:4490")
    ring = laid["images"][0]["footprint"]["coordinates"][0]
    assert min(x for x, _ in ring) == pytest.approx(119.015, abs=2e-5)
    assert office.get(f"/archives/{item['id']}/preview?on={BEGINNING}").status_code == 200


def test_what_was_published_stays_beside_what_was_put_right(office: TestClient, item: dict[str, Any]) -> None:
    address = f"/archives/{item['id']}/corrections"
    sent = {"instrument": PAPER, "reason": "题名有误植", "title": "界线协议书附图", "pages": 2}
    assert office.post(f"{address}?dry_run=true", json=sent).status_code == 201
    told = office.post(address, json=sent).json()["item"]
    assert (told["title"], told["pages"], told["number"]) == ("界线协议书附图", 2, "FT-1")
    [correction] = told["corrections"]
    assert correction["published"] == {"title": "附图", "pages": None}
    assert office.post(address, json=sent).status_code == 422, "nothing is left to put right"
    assert office.post(address, json={**sent, "kind": "影像"}).status_code == 422
    unknown = office.post(address, json={**sent, "instrument": "无此文号"})
    assert "无此文号" in unknown.json()["detail"]


def test_what_is_kept_for_ever_is_not_appraised(office: TestClient, item: dict[str, Any]) -> None:
    address = f"/archives/{item['id']}/appraisals"
    refused = office.post(address, json={"instrument": PAPER, "conclusion": "继续保存"})
    assert refused.status_code == 422
    assert refused.json()["findings"][0]["rule"] == "R-ARC-06"
