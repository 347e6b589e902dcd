"""What entering records did, told to people and to programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gis_service.foundation.findings import Finding


@dataclass(frozen=True, slots=True)
class Conflicting:
    """A feature that somebody else edited since it was seen."""

    row: int
    feature_id: UUID
    name: str
    seen: int
    revision: int

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "row": self.row,
            "id": str(self.feature_id),
            "name": self.name,
            "seen": self.seen,
            "revision": self.revision,
        }


@dataclass(slots=True)
class NamesReport:
    """Counts of records: entered anew, changed, as they were, ended; `left` were refused and left out."""

    source: str
    rows: int = 0
    entered: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    left: int = 0
    for_review: int = 0
    known: bool = False
    findings: tuple[Finding, ...] = ()
    conflicts: tuple[Conflicting, ...] = ()
    refused: dict[int, str] = field(default_factory=dict)
    instrument_id: UUID | None = None

    @property
    def told(self) -> str:
        """The same in one line, for people."""
        if self.known:
            return f"{self.source}：已装入过，没有改动"
        parts = [f"装入 {self.entered} 条地名"]
        for count, word in ((self.changed, "改动"), (self.ended, "注销"), (self.unchanged, "无改动")):
            if count:
                parts.append(f"{word} {count} 条")
        if self.for_review:
            parts.append(f"{self.for_review} 条待核对")
        if self.left:
            parts.append(f"略过 {self.left} 条")
        return f"{self.source}：{self.rows} 行，{'，'.join(parts)}"

    def as_json(self) -> dict[str, Any]:
        """For `--json` and for the record of the delivery."""
        return {
            "source": self.source,
            "rows": self.rows,
            "entered": self.entered,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "ended": self.ended,
            "left": self.left,
            "for_review": self.for_review,
            "known": self.known,
            "findings": [finding.as_json() for finding in self.findings],
            "conflicts": [each.as_json() for each in self.conflicts],
        }
