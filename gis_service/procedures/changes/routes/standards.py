"""Standards for setting up units: what they demand, and what they say of figures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.web import parsed_by
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import open_to_all, permitted
from gis_service.procedures.changes.commands import judge_unit
from gis_service.procedures.changes.rules.standards import editions, known_standards
from gis_service.procedures.changes.schemas import FiguresIn, StandardsOut, VerdictOut

router = APIRouter(prefix="/standards", tags=["设立标准"], route_class=JsonBody)


def read_standard(text: str) -> str:
    """The name of a standard.

    Raises:
        InvalidInput: no such standard; names all there are.
    """
    if text in known_standards():
        return text
    raise InvalidInput(f"没有标准“{text[:40]}”", way_out=f"现有：{'、'.join(known_standards())}")


Standard = Annotated[
    str | None,
    parsed_by(read_standard, written={"type": "string", "enum": list(known_standards())}),
    Query(description="只列此标准的各版", examples=["镇"]),
]


@router.get("", summary="列出设立标准", dependencies=[open_to_all(Act.ask_the_service)])
def list_standards(
    standard: Standard = None,
) -> StandardsOut:
    """各版设立标准（全国的和各省的）：出处、把握程度、有效期、各种情形的要求；没有公开文本的也列出并写明。"""
    return StandardsOut.of(each for each in editions() if standard in {None, each.standard})


@router.post("/verdict", summary="对照设立标准", dependencies=[permitted(Act.rehearse_change)])
def judge_by_standard(figures: FiguresIn) -> VerdictOut:
    """把一个单位的指标与当日当地适用的标准逐项对照：达标、不达标、缺数据；没有公开标准的如实写明。什么也不保存。"""
    return VerdictOut.of(judge_unit(figures))
