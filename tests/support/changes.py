"""A small city about to change, and a case about it as people send it over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from io import BytesIO
from typing import Any

from fastapi.testclient import TestClient
from pikepdf import Pdf
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from gis_service.procedures.changes.rules import required_materials
from tests.support.factories import NOW, REGISTRAR, drawn

EVE, DAY = "2020-06-04", "2020-06-05"
CITY = {
    "A": ("320602", "崇川区"),
    "B": ("320611", "港闸区"),
    "C": ("320684", "海门市"),
    "D": ("320612", "通州区"),
    "E": ("320509", "吴江区"),
}
DRAWING = """
    AABBD
    AABBD
    CCDDD
    EEEEE
"""
ACT: Mapping[str, Any] = {
    "number": "国函〔2020〕79号",
    "issuer": "国务院",
    "issued_on": DAY,
    "title": "国务院关于同意调整部分行政区划的批复",
}
MERGE: Mapping[str, Any] = {
    "kind": "merge",
    "from": ["320602", "320611"],
    "into": {"code": "320613", "name": "崇川区", "type": "市辖区", "superior": "320600", "seat": "虹桥街道"},
}
CONVERSION: Mapping[str, Any] = {
    "kind": "conversion",
    "from": ["320684"],
    "into": {"code": "320614", "name": "海门区", "type": "市辖区", "superior": "320600", "seat": "海门街道"},
}


def draw_city(sessions: sessionmaker[Session]) -> None:
    """Register the city with its neighbours as of 2020-01-01."""
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, DRAWING, CITY)


def a_proposal(*operations: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """An application to merge two districts and turn a county-level city into a district."""
    wanted = operations or (MERGE, CONVERSION)
    return {
        "title": "测试市部分行政区划调整",
        "effective_on": DAY,
        "operations": [deepcopy(dict(operation)) for operation in wanted],
    } | changes


def opened(client: TestClient, proposal: Mapping[str, Any] | None = None) -> str:
    """The number of a new case."""
    answer = client.post("/changes", json=dict(proposal or a_proposal()))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def a_pdf(words: str) -> bytes:
    """A PDF of one empty page that says something in its title."""
    with Pdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = words
        written = BytesIO()
        document.save(written, deterministic_id=True)
    return written.getvalue()


def file_materials(client: TestClient, number: str) -> None:
    """Put every document the law asks for into the file."""
    for kind in required_materials():
        answer = client.post(
            f"/changes/{number}/materials",
            params={"kind": kind, "name": f"{kind}.pdf"},
            content=a_pdf(f"{kind} 的内容"),
        )
        assert answer.status_code == 201, answer.text


def approved(
    client: TestClient, proposal: Mapping[str, Any] | None = None, act: Mapping[str, Any] = ACT
) -> str:
    """The number of a case that is ready to be enacted."""
    number = opened(client, proposal)
    file_materials(client, number)
    for move, body in (("submission", None), ("approval", dict(act))):
        answer = client.post(f"/changes/{number}/{move}", json=body)
        assert answer.status_code == 200, answer.text
    return number
