"""The table of classes of features."""

from __future__ import annotations

from fastapi import APIRouter

from gis_service.foundation.access import Act
from gis_service.foundation.web.identity import permitted
from gis_service.registers.placenames.rules.classes import classes
from gis_service.registers.placenames.schemas import FeatureClassesOut, FeatureClassOut

router = APIRouter(prefix="/placenames", tags=["地名"], dependencies=[permitted(Act.read_registers)])

STATEMENT = "按公开数据和普查门类归纳，并非国家标准全表；较长的代码属于其每个前缀"


@router.get("/classes", summary="地名类别表")
def list_classes() -> FeatureClassesOut:
    """地名类别代码（GB/T 18521 的前缀码）及各行出处的把握。"""
    rows = sorted(classes().values(), key=lambda each: each.code)
    return FeatureClassesOut(
        statement=STATEMENT, items=[FeatureClassOut.model_validate(each) for each in rows]
    )
