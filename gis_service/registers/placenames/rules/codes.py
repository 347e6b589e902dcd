"""R-COD-12: place-name codes of 20 digits: county 6, township 3 (000 county-wide), class 5, serial 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis_service.foundation.findings import Finding, Severity
from gis_service.registers.divisions.rules.long_codes import R_COD_12

LENGTH = 20
_COUNTY, _TOWNSHIP, _CLASS = 6, 9, 14


@dataclass(frozen=True, slots=True)
class NameCode:
    """A place-name code taken apart."""

    county: str
    township: str
    class_code: str
    serial: str


def is_code(code: str) -> bool:
    """Whether it is 20 digits."""
    return len(code) == LENGTH and code.isascii() and code.isdigit()


def read_code(code: str) -> NameCode:
    """A code of 20 digits taken apart."""
    return NameCode(code[:_COUNTY], code[_COUNTY:_TOWNSHIP], code[_TOWNSHIP:_CLASS], code[_CLASS:])


def judge_code(
    subject: str, code: str, *, class_code: str, divisions: Sequence[str], stands: bool = False
) -> list[Finding]:
    """What is wrong with a place-name code; `divisions` are the codes of the units it lies in on the day.

    Of a unit above the township only as many digits are compared as its own code tells. A code that `stands`
    keeps its digits when its unit gets another code: there a difference warns.
    """
    if not is_code(code):
        message = f"地名代码“{code[:30]}”不是 20 位数字"
        return [R_COD_12.finding(Severity.blocking, subject, message, suggestion="请核对代码")]
    severity, found = Severity.warning if stands else Severity.blocking, []
    if divisions and not any(_agrees(code, unit) for unit in divisions):
        message = f"地名代码前九位 {code[:_TOWNSHIP]} 与所在单位 {'、'.join(divisions[:3])} 不一致"
        advice = "区划已变更的属正常；否则请核对代码或所在单位" if stands else "请核对代码或所在单位"
        found.append(R_COD_12.finding(severity, subject, message, suggestion=advice))
    if class_code and not code[_TOWNSHIP:_CLASS].startswith(class_code.rstrip("0") or class_code):
        message = f"地名代码中的类别 {code[_TOWNSHIP:_CLASS]} 与登记的类别 {class_code} 不一致"
        found.append(R_COD_12.finding(severity, subject, message, suggestion="请核对代码或类别"))
    return found


def _agrees(code: str, unit: str) -> bool:
    """Whether the first nine digits lie within a unit, as far as its code tells."""
    told = _telling(unit) if len(unit) == _COUNTY else _TOWNSHIP
    county_wide = code[_COUNTY:_TOWNSHIP] == "000"
    return code.startswith(unit[:told]) or (county_wide and code.startswith(unit[:_COUNTY]))


def _telling(unit: str) -> int:
    """How many digits of a code of six tell something: 2 of a province, 4 of a prefecture, else 6."""
    return 2 if unit.endswith("0000") else 4 if unit.endswith("00") else _COUNTY
