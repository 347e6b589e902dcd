"""Findings of many rows: each kind of fault with its first places, and counted; never a line for each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.placenames.words import limit


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing found about one row, in the column it stands in."""

    rule: Rule
    severity: Severity
    row: int
    subject: str
    message: str
    way_out: str = ""
    column: str = ""
    kind: str = ""  # faults of one kind are counted together; by default those of one message

    def told(self, source: str) -> Finding:
        """As it is told alone."""
        place = f"第{self.row}行" + (f"“{self.column}”列" if self.column else "")
        return self.rule.finding(
            self.severity,
            f"{place} {self.subject}".rstrip(),
            f"{source} {place}：{self.message}",
            suggestion=self.way_out,
            class_=self.kind or None,
        )


@dataclass(slots=True)
class Tally:
    """What was found on the way. `refused` are the rows that cannot be entered, with the first reason."""

    source: str
    keep_all: bool = False
    refused: dict[int, str] = field(default_factory=dict)
    counts: dict[tuple[str, Severity, str], int] = field(default_factory=lambda: defaultdict(int))
    faults: list[Fault] = field(default_factory=list)
    whole: list[Finding] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Count a fault; keep it where it is among the first of its kind."""
        if fault.severity is Severity.blocking:
            where = f"“{fault.column}”列：" if fault.column else ""
            self.refused.setdefault(fault.row, f"{where}{fault.message}")
        key = (fault.rule.id, fault.severity, fault.kind or fault.message)
        self.counts[key] += 1
        if self.keep_all or self.counts[key] <= limit("listed_rows"):
            self.faults.append(fault)

    def refuse(
        self,
        rule: Rule,
        row: int,
        subject: str,
        message: str,
        way_out: str = "",
        column: str = "",
        kind: str = "",
    ) -> None:
        """The row cannot be entered."""
        self.add(Fault(rule, Severity.blocking, row, subject, message, way_out, column, kind))

    def warn(
        self,
        rule: Rule,
        row: int,
        subject: str,
        message: str,
        way_out: str = "",
        column: str = "",
        kind: str = "",
    ) -> None:
        """Something to look at; the row is entered."""
        self.add(Fault(rule, Severity.warning, row, subject, message, way_out, column, kind))

    def tell(
        self,
        rule: Rule,
        row: int,
        subject: str,
        message: str,
        way_out: str = "",
        column: str = "",
        kind: str = "",
    ) -> None:
        """Something done on the way."""
        self.add(Fault(rule, Severity.info, row, subject, message, way_out, column, kind))

    @property
    def findings(self) -> list[Finding]:
        """Of the whole, then row by row, then how many more there are of each kind."""
        return [*self.whole, *(fault.told(self.source) for fault in self.faults), *self._more()]

    def _more(self) -> Iterator[Finding]:
        if self.keep_all:
            return
        first = {(each.rule.id, each.severity, each.kind or each.message): each for each in self.faults}
        for key, count in self.counts.items():
            rest = count - int(limit("listed_rows"))
            if rest > 0:
                fault = first[key]
                message = (
                    f"{self.source}：同类意见共 {count} 行，以上列出 {count - rest} 行（如：{fault.message}）"
                )
                yield fault.rule.finding(
                    fault.severity,
                    f"另有 {rest} 行",
                    message,
                    suggestion=fault.way_out,
                    class_=fault.kind or None,
                )

    def extend(self, findings: Iterable[Finding]) -> None:
        """Findings that are about the whole."""
        self.whole.extend(findings)
