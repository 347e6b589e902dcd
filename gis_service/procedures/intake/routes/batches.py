"""Batches of place names over HTTP: held against the register, then entered and edited, or told why not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter

from gis_service.foundation.access import Act
from gis_service.foundation.findings import Finding
from gis_service.foundation.web import Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.foundation.web.rehearsing import Rehearsal
from gis_service.procedures.intake.commands.placenames.batches import push, rehearse
from gis_service.procedures.intake.commands.placenames.reporting import NamesReport
from gis_service.procedures.intake.schemas.placenames import (
    BatchIn,
    BatchReportOut,
    RecordConflictOut,
    RecordFindingOut,
)

MOST_BODY_BYTES = 120_000_000  # 100,000 records of about a kilobyte

router = APIRouter(
    prefix="/placenames/batches",
    tags=["地名"],
    route_class=JsonBody,
    dependencies=[permitted(Act.keep_placenames)],
)

_PLACE = re.compile(r"第(\d+)行(?:“([^”]*)”列)?\s*(.*)", re.DOTALL)


@router.post(
    "",
    summary="成批登记、更正地名",
    responses=refusals(404, 409),
    openapi_extra=body_up_to(MOST_BODY_BYTES),
)
def push_placenames(tx: Tx, sent: BatchIn) -> BatchReportOut:
    """逐条与登记簿对照：新的登记，不同的更名、更正或改动，全部写入或全不写入。

    写明 `revision` 的，登记簿已有他人改动时答复 409，逐条列出，什么也不写；
    以同样内容提交 `/check` 可取得对照表。
    同样的内容再提交一次不作改动。
    """
    return _told(push(tx, sent))


@router.post(
    "/check",
    summary="试算成批登记、更正地名",
    responses=refusals(404, 409),
    openapi_extra=body_up_to(MOST_BODY_BYTES),
)
def check_placenames(tx: Rehearsal, sent: BatchIn) -> BatchReportOut:
    """与成批登记同样核对，不写入；不合格的、已由他人改动的，逐条列出，不作拒绝。"""
    return _told(rehearse(tx, sent))


def _told(report: NamesReport) -> BatchReportOut:
    counts = {
        name: getattr(report, name)
        for name in ("rows", "entered", "changed", "unchanged", "ended", "left", "known")
    }
    return BatchReportOut(
        **counts,
        blocking=any(finding.blocking for finding in report.findings),
        findings=list(_findings(report.findings)),
        conflicts=[RecordConflictOut(**each.as_json()) for each in report.conflicts],
    )


def _findings(findings: Iterable[Finding]) -> Iterable[RecordFindingOut]:
    for finding in findings:
        place = _PLACE.fullmatch(finding.subject)
        row, column, subject = place.groups() if place else (None, None, finding.subject)
        told: dict[str, Any] = {
            "row": None if row is None else int(row),
            "column": column,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "subject": subject,
            "message": finding.message,
            "suggestion": finding.suggestion,
        }
        yield RecordFindingOut(**told)
