"""Batches of place names over HTTP: held against the register, then entered and edited, or told why not."""

from __future__ import annotations

from fastapi import APIRouter

from gis_service.foundation.access import Act
from gis_service.foundation.web import Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.deadlines import may_last
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.foundation.web.rehearsing import Rehearsal
from gis_service.procedures.intake.commands.placenames.batches import push, rehearse
from gis_service.procedures.intake.routes.telling import told
from gis_service.procedures.intake.schemas.placenames import BatchIn, BatchReportOut

MOST_BODY_BYTES = 120_000_000  # 100,000 records of about a kilobyte
LARGE = body_up_to(MOST_BODY_BYTES) | may_last(800)  # seconds; readers do not wait meanwhile

router = APIRouter(
    prefix="/placenames/batches",
    tags=["地名"],
    route_class=JsonBody,
    dependencies=[permitted(Act.keep_placenames)],
)


@router.post(
    "",
    summary="成批登记、更正地名",
    responses=refusals(404, 409),
    openapi_extra=LARGE,
)
def push_placenames(tx: Tx, sent: BatchIn) -> BatchReportOut:
    """逐条与登记簿对照：新的登记，不同的更名、更正或改动，全部写入或全不写入。

    写明 `revision` 的，登记簿已有他人改动时答复 409，逐条列出，什么也不写；
    以同样内容提交 `/check` 可取得对照表。
    同样的内容再提交一次不作改动。
    """
    return told(push(tx, sent))


@router.post(
    "/check",
    summary="试算成批登记、更正地名",
    responses=refusals(404, 409),
    openapi_extra=LARGE,
)
def check_placenames(tx: Rehearsal, sent: BatchIn) -> BatchReportOut:
    """与成批登记同样核对，不写入；不合格的、已由他人改动的，逐条列出，不作拒绝。"""
    return told(rehearse(tx, sent))
