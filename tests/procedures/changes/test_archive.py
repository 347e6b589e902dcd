"""Filing, documents of duties, and the list of what the file holds when it is archived."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.settings import Settings
from gis_service.foundation.web.installation import install
from gis_service.procedures.changes.rules import duties, required_materials
from gis_service.procedures.changes.rules.archive import material_titles, papers
from gis_service.procedures.changes.rules.versioned import table
from tests.support.changes import a_pdf, approved, draw_city, opened

Sessions = sessionmaker[Session]
FILING = {
    "matter": "协议书备案",
    "number": "苏民函〔2020〕9号",
    "filed_on": "2020-09-01",
    "filed_with": "国务院",
}


@pytest.fixture
def office(client: TestClient, sessions: Sessions, tmp_path: Path) -> TestClient:
    install(client.app, Settings(home=tmp_path))
    draw_city(sessions)
    return client


def parts(client: TestClient, number: str) -> dict[str, dict[str, Any]]:
    told = client.get(f"/changes/{number}/archive-list").json()
    return {part["title"]: part for part in told["parts"]}


def test_every_document_and_record_has_its_part() -> None:
    rows = table("archive.toml")["part"]
    filed = [kind for row in rows for kind in row.get("materials", ())]
    assert sorted(filed) == sorted(material_titles())
    assert set(required_materials()) | set(papers()) == set(filed)
    assert {f"duty_{duty.id}" for duty in duties()} <= set(filed)


def test_the_list_tells_what_is_there_and_what_is_missing(office: TestClient) -> None:
    number = opened(office)
    before = parts(office, number)
    assert before["请示"]["missing"] == ["申请书"]
    assert before["程序记录"]["missing"] == ["程序记录"]
    assert before["公告"]["missing"] == []
    office.post(f"/changes/{number}/withdrawal", json={"reason": "方案尚需论证"})
    number = approved(office, act=APPROVAL)
    office.post(f"/changes/{number}/enactment")
    after = parts(office, number)
    [form] = after["请示"]["held"]
    assert form["sha256"] == sha256(a_pdf("application_form 的内容")).hexdigest()
    assert after["图表"]["missing"] == []
    assert after["公告"]["missing"] == ["向社会公告的文件"]
    assert "国函〔2020〕80号" in after["批准文件"]["held"][0]["title"]
    assert len(after["勘界、界桩、协议书"]["missing"]) == 3


APPROVAL = {
    "number": "国函〔2020〕80号",
    "issuer": "国务院",
    "issued_on": "2020-06-05",
    "title": "国务院关于同意调整部分行政区划的批复",
}


def test_documents_of_duties_fill_the_list(office: TestClient) -> None:
    number = approved(office)
    path = f"/changes/{number}/duties/notice/documents?name=公告.pdf"
    assert office.post(path, content=a_pdf("公告")).status_code == 409
    office.post(f"/changes/{number}/enactment")
    filed = office.post(path, content=a_pdf("公告"))
    assert filed.status_code == 201, filed.text
    [notice] = [each for each in filed.json()["materials"] if each["kind"] == "duty_notice"]
    assert notice["kind_name"] == "向社会公告的文件"
    assert parts(office, number)["公告"]["missing"] == []
    assert office.get(f"/changes/{number}/materials/{notice['sha256']}").content == a_pdf("公告")
    unknown = f"/changes/{number}/duties/dance/documents?name=x.pdf"
    assert office.post(unknown, content=a_pdf("x")).status_code == 404


def test_an_application_document_comes_too_late_after_the_approval_a_paper_does_not(
    office: TestClient,
) -> None:
    number = approved(office)
    late = {"kind": "risk_report", "name": "报告.pdf"}
    assert office.post(f"/changes/{number}/materials", params=late, content=a_pdf("迟")).status_code == 409
    paper = {"kind": "filing_report", "name": "备案报告.pdf"}
    assert office.post(f"/changes/{number}/materials", params=paper, content=a_pdf("备")).status_code == 201


def test_filings_are_recorded_once_each(office: TestClient) -> None:
    draft = opened(office)
    assert office.post(f"/changes/{draft}/filings", json=FILING).status_code == 409
    office.post(f"/changes/{draft}/withdrawal", json={"reason": "方案尚需论证"})
    number = approved(office)
    early = FILING | {"filed_on": "2020-06-04"}
    assert office.post(f"/changes/{number}/filings", json=early).status_code == 422
    [told] = office.post(f"/changes/{number}/filings", json=FILING).json()
    assert told["number"] == "苏民函〔2020〕9号"
    assert office.post(f"/changes/{number}/filings", json=FILING).status_code == 409
    assert office.get(f"/changes/{number}/filings").json() == [told]
    assert parts(office, number)["备案"]["held"][0]["title"] == "协议书备案 苏民函〔2020〕9号（国务院）"


def test_a_filing_told_with_the_approval_is_a_record_of_its_own(office: TestClient) -> None:
    number = approved(office, act=APPROVAL | {"filing": "苏政函〔2020〕3号"})
    [told] = office.get(f"/changes/{number}/filings").json()
    assert (told["matter"], told["number"], told["filed_on"]) == (
        "批准备案",
        "苏政函〔2020〕3号",
        "2020-06-05",
    )
