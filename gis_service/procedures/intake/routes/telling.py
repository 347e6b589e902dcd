"""Reports and findings of records as they are answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.commands.placenames.reporting import NamesReport
from gis_service.procedures.intake.schemas.placenames import (
    BatchReportOut,
    RecordConflictOut,
    RecordFindingOut,
)

_PLACE = re.compile(r"第(\d+)行(?:“([^”]*)”列)?\s*(.*)", re.DOTALL)


def told(report: NamesReport) -> BatchReportOut:
    """A report with its findings by record."""
    return BatchReportOut(
        rows=report.rows,
        entered=report.entered,
        changed=report.changed,
        unchanged=report.unchanged,
        ended=report.ended,
        left=report.left,
        known=report.known,
        blocking=any(finding.blocking for finding in report.findings),
        findings=list(by_record(report.findings)),
        conflicts=[RecordConflictOut.model_validate(each.as_json()) for each in report.conflicts],
    )


def by_record(findings: Iterable[Finding]) -> Iterator[RecordFindingOut]:
    """Findings with the record and the field each is about."""
    for finding in findings:
        place = _PLACE.fullmatch(finding.subject)
        row, column, subject = place.groups() if place else (None, None, finding.subject)
        yield RecordFindingOut(
            row=None if row is None else int(row),
            column=column,
            rule=finding.rule,
            severity=finding.severity.value,
            subject=subject,
            message=finding.message,
            suggestion=finding.suggestion,
        )
