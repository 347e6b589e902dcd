"""What entering a survey did, told to people and to programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.rules.surveys.comparing import Compared

_NOT_STORED = (
    "没有登记任何内容：界线由边导出，不由来件改动。逐点登记请用 --as points；"
    "一方的主张请用 boundaries claim 界线 --act 文号 --section 段名 --claim 单位代码=图形文件"
)


@dataclass(frozen=True, slots=True)
class SurveyReport:
    """What entering a survey did; `left` counts things that were left out, each named by a finding."""

    source: str
    kind: str
    rows: int
    entered: int
    left: int
    findings: tuple[Finding, ...]
    known: bool = False
    tri_points: int = 0
    compared: tuple[Compared, ...] = ()

    @property
    def told(self) -> str:
        """The same in one line, for people."""
        if self.known:
            return f"{self.source}：已装入过，没有改动"
        if self.kind == "lines":
            return f"{self.source}：{self.rows} 行，比对 {len(self.compared)} 条线；{_NOT_STORED}"
        word = {"markers": "座界桩", "points": "个边界点"}[self.kind]
        left = f"；略过 {self.left} {word[0]}" if self.left else ""
        met = f"、{self.tri_points} 处三交点" if self.tri_points else ""
        return f"{self.source}：{self.rows} 行，装入 {self.entered} {word}{met}{left}"

    def as_json(self) -> dict[str, Any]:
        """For `--json` and for the record of the delivery."""
        told = asdict(replace(self, findings=(), compared=()))
        told["findings"] = [finding.as_json() for finding in self.findings]
        return told | {"compared": [each.as_json() for each in self.compared]}
