"""The one result type of every check: which rule, how grave, about what, on which legal basis, where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gis_service.foundation.errors import ServiceError


class Severity(StrEnum):
    """How much a finding weighs: only `blocking` stops a command."""

    blocking = "blocking"
    warning = "warning"
    info = "info"


SEVERITY_ZH: Mapping[Severity, str] = {
    Severity.blocking: "阻断",
    Severity.warning: "警告",
    Severity.info: "提示",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A testable rule with its legal basis.

    `status` is the mark of its source: V read, P secondary, D derived, M from memory.
    """

    id: str
    title: str
    legal_basis: str
    status: str = "V"
    version: str = "1"

    def finding(
        self,
        severity: Severity,
        subject: str,
        message: str,
        *,
        place: Mapping[str, Any] | None = None,
        suggestion: str = "",
        class_: str | None = None,
    ) -> Finding:
        """State one finding under this rule; `place` is a GeoJSON geometry in EPSG:4490, lon/lat order."""
        return Finding(
            rule=self.id,
            severity=severity,
            subject=subject,
            message=message,
            legal_basis=self.legal_basis,
            place=place,
            suggestion=suggestion,
            class_=class_,
            rule_version=self.version,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found. `message` and `suggestion` are Chinese, for officials."""

    rule: str
    severity: Severity
    subject: str
    message: str
    legal_basis: str = ""
    place: Mapping[str, Any] | None = None
    suggestion: str = ""
    class_: str | None = None
    rule_version: str = "1"

    @property
    def blocking(self) -> bool:
        """Whether this finding stops the command."""
        return self.severity is Severity.blocking

    def as_json(self) -> dict[str, Any]:
        """The same shape everywhere: API, CLI `--json`, stored cases."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "subject": self.subject,
            "class": self.class_,
            "message": self.message,
            "legal_basis": self.legal_basis,
            "place": self.place,
            "suggestion": self.suggestion,
            "rule_version": self.rule_version,
        }


class RuleViolated(ServiceError):
    """Blocking findings stopped a command; nothing was written."""

    def __init__(self, message: str, findings: Sequence[Finding], *, way_out: str = "") -> None:
        super().__init__(message, way_out=way_out)
        self.findings = tuple(findings)


def in_order_of_weight(findings: Iterable[Finding]) -> list[Finding]:
    """Blocking first, then warnings, then infos; the order within each stays."""
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def refuse_if_blocking(findings: Sequence[Finding], message: str, *, way_out: str = "") -> None:
    """Raise `RuleViolated` when any finding blocks, carrying all findings so that none is hidden."""
    if any(finding.blocking for finding in findings):
        raise RuleViolated(message, in_order_of_weight(findings), way_out=way_out)
