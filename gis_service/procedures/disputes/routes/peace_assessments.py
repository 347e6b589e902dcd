"""Yearly assessments over HTTP: proposed, kept, signed, handed on as tables."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response

from gis_service.foundation.access import Act
from gis_service.foundation.readings import note_reading
from gis_service.foundation.web import (
    Acting,
    ListingOnDate,
    OnDate,
    PageByText,
    Reading,
    Tx,
    header,
    refusals,
)
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.disputes import commands
from gis_service.procedures.disputes.models import PeaceAssessment
from gis_service.procedures.disputes.queries.assessments import assessments_page, assessments_told
from gis_service.procedures.disputes.queries.peace_ground import numbered
from gis_service.procedures.disputes.routes.peace import OfLine, OfUnit, asked_in
from gis_service.procedures.disputes.schemas.assessments import (
    KeptAssessmentOut,
    PeaceAssessmentIn,
    PeaceAssessmentOut,
    PeaceProposalOut,
)
from gis_service.procedures.disputes.sheets import SHEET_TYPES
from gis_service.registers.boundaries.routes.lines import NamedLine
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision

router = APIRouter(
    prefix="/peace/assessments", tags=["平安边界"], route_class=JsonBody, responses=refusals(404, 409)
)

READS = permitted(Act.read_peace)
ASSESSES = permitted(Act.assess_peace)
BY_NAME = {module.NAME: module for module in SHEET_TYPES}
SheetFormat = StrEnum("SheetFormat", list(BY_NAME))  # type: ignore[misc]

Number = Annotated[
    str, Path(pattern="^KH-[0-9]{4}-[0-9]{5,9}$", description="编号", examples=["KH-2026-00001"])
]
OfYear = Annotated[int | None, Query(ge=2000, le=2999, description="只列此年度的", examples=[2025])]
Newest = Annotated[bool, Query(description="不列已由新版代替的")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get("", summary="列出平安边界年度考核", dependencies=[READS])
def list_peace_assessments(
    session: Reading,
    page: PageByText,
    on: OnDate,
    line: OfLine = None,
    unit: OfUnit = None,
    year: OfYear = None,
    newest: Newest = False,
) -> ListingOnDate[PeaceAssessmentOut]:
    """您辖区界线各侧的年度考核，按编号逐页取得；unit 只列被考核一侧在此单位及其以下的。"""
    asked = asked_in(session, line, unit, on, newest)
    found = assessments_page(session, asked, on=on, year=year, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.number)
    return ListingOnDate(on=on, items=assessments_told(session, shown, on=on), next=following)


@router.get("/proposal", summary="按登记簿拟一侧的年度考核", dependencies=[READS])
def propose_peace_assessment(
    session: Reading,
    actor: Acting,
    line: Annotated[NamedLine, Query(description="界线（代码或标识）", examples=["3234"])],
    side: Annotated[NamedDivision, Query(description="被考核一侧（代码或标识）", examples=["320000"])],
    year: Annotated[int, Query(ge=2000, le=2999, description="年度", examples=[2025])],
    on: OnDate,
) -> PeaceProposalOut:
    """按本系统的考核项目和登记的事项拟出分值和否决项，逐项列出依据；不写入任何内容。"""
    unit = division_named(session, side, on=on)
    sent = PeaceAssessmentIn(line=str(line), side=unit.code, year=year)
    assessed = commands.propose(session, actor, Act.read_peace, sent, today=on)
    told = assessed.told()
    note_reading(session, told.classification, f"{told.line.code} {told.year} 年度考核")
    return PeaceProposalOut(sheet=told, findings=[each.as_json() for each in assessed.findings])


@router.get("/{number}", summary="查一份年度考核", dependencies=[READS])
def read_peace_assessment(session: Reading, number: Number, on: OnDate) -> PeaceAssessmentOut:
    """一份考核：各项目的分值、依据和理由，否决项，等次，签署。"""
    [told] = assessments_told(session, [numbered(session, PeaceAssessment, number)], on=on)
    return told


@router.get(
    "/{number}/sheet.{format}",
    summary="取一份年度考核表",
    response_class=Response,
    responses={
        200: {
            "description": "文件的内容",
            "content": {
                module.MEDIA_TYPE: {"schema": {"type": "array", "items": {"type": "object"}}}
                if module.NAME == "json"
                else _BINARY
                for module in SHEET_TYPES
            },
            "headers": {"Content-Disposition": header("文件名", {"type": "string", "pattern": "^inline; "})},
        }
    },
    dependencies=[READS],
)
def read_peace_sheet(
    session: Reading,
    number: Number,
    format: Annotated[SheetFormat, Path(description="xlsx、html 供人阅读，json 供程序读取")],
    on: OnDate,
) -> Response:
    """一侧的年度考核表，由所存的考核当场出具。"""
    told = assessments_told(session, [numbered(session, PeaceAssessment, number)], on=on)
    kind = BY_NAME[format]
    name = quote(f"{told[0].year}-{told[0].line.name}-{told[0].side_name}-考核表{kind.SUFFIX}", safe="")
    manners = {
        "Content-Disposition": f"inline; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(kind.draw(told), media_type=kind.MEDIA_TYPE, headers=manners)


@router.post("", summary="登记一侧的年度考核", dependencies=[ASSESSES])
def keep_peace_assessment(tx: Tx, sent: PeaceAssessmentIn) -> KeptAssessmentOut:
    """按登记簿所拟的分值登记，改动的写明理由；未签署的就地改写，已签署的写明更正理由、另出一版。"""
    kept, findings = commands.assess(tx, sent)
    [told] = assessments_told(tx.session, [kept], on=tx.today)
    return KeptAssessmentOut(assessment=told, findings=[each.as_json() for each in findings])


@router.post("/{number}/signature", summary="签署一份年度考核", dependencies=[ASSESSES])
def sign_peace_assessment(tx: Tx, number: Number) -> KeptAssessmentOut:
    """签署后不能改动；各项目须都已评分。"""
    kept, findings = commands.sign_assessment(tx, number)
    [told] = assessments_told(tx.session, [kept], on=tx.today)
    return KeptAssessmentOut(assessment=told, findings=[each.as_json() for each in findings])
