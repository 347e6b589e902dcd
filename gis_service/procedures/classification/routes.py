"""Deciding on classification over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from gis_service.foundation.access import Act
from gis_service.foundation.web import Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.classification.commands import classify
from gis_service.procedures.classification.schemas import ReclassificationIn, ReclassifiedOut

router = APIRouter(
    prefix="/classification",
    tags=["定密"],
    route_class=JsonBody,
    dependencies=[permitted(Act.classify_records)],
)


@router.post("", summary="定密、变更密级、解密", responses=refusals(404, 409))
def classify_instrument(tx: Tx, wanted: ReclassificationIn) -> ReclassifiedOut:
    """为一份文件定密、变更密级或解密；依此文件登记的单位、界线、范围随之同级，有关图幅待重绘。

    提高密级随时可办；降低密级须写明理由。已出的图幅各版保持原密级。查阅不得的文件，答复与没有此文件相同。
    """
    return classify(tx, wanted)
