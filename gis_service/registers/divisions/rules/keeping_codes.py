"""What keeps its code and what must change it (R-COD-08); no code ends without a word of heirs (R-COD-10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.divisions.rules.code_fits import judge_fit
from gis_service.registers.divisions.rules.codes import superior_code
from gis_service.registers.divisions.rules.levels import DivisionType

R_COD_08 = Rule(
    "R-COD-08",
    "更名不改代码；改建制、改隶属、并入新单位而码段不符的应改代码",
    "GB/T 2260-2007；民政部历年代码表",
    status="D",
)
R_COD_10 = Rule("R-COD-10", "停用的代码须有去向，或写明没有去向", "行政区划管理条例实施办法第三条")


@dataclass(frozen=True, slots=True)
class Coded:
    """A unit as far as its code is concerned; `superior` is the superior's code."""

    code: str
    name: str
    type: DivisionType | None
    superior: str | None


def must_change_code(before: Coded, after: Coded, *, on: date) -> bool:
    """Whether the old code no longer fits: another band for its type, or another superior's digits.

    县 → 自治县 stays in its band and keeps its code; 地区 → 市 gives new codes to all that hang on it.
    """
    if after.superior is not None and superior_code(before.code) != after.superior:
        return True
    return before.type is not after.type and bool(judge_fit(before.code, after.name, after.type, on=on))


def judge_kept_code(before: Coded, after: Coded, *, on: date) -> list[Finding]:
    """R-COD-08 for one unit that is renamed, converted or moved on a day."""
    changes = before.code != after.code
    subject = f"{after.code} {after.name}"
    if must_change_code(before, after, on=on):
        if changes:
            return []
        why = f"“{after.name}”改变建制或隶属后，原代码 {before.code} 不再相符"
        return [R_COD_08.finding(Severity.blocking, subject, why, suggestion="请确定新代码")]
    if changes and before.type is after.type:
        why = f"“{before.name}”的建制、隶属未变，代码却由 {before.code} 改为 {after.code}"
        return [
            R_COD_08.finding(Severity.warning, subject, why, suggestion="更名不改代码；确需改码请说明依据")
        ]
    return []


def judge_successors(
    code: str, name: str, successors: Sequence[str], *, says_none: bool = False
) -> list[Finding]:
    """R-COD-10: a code that ends names the codes its area went to, or says that there are none."""
    if successors or says_none:
        return []
    why = f"代码 {code} 停用，没有写明“{name}”的区域划归何处"
    return [
        R_COD_10.finding(Severity.blocking, f"{code} {name}", why, suggestion="请列出划归的单位，或写明没有")
    ]
