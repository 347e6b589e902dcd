"""Codes of statisticians and of place names: twelve digits (R-COD-11), twenty digits (R-COD-12)."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.divisions.rules.code_tables import bands, provinces, tables, within
from gis_service.registers.divisions.rules.levels import DivisionType

R_COD_11 = Rule(
    "R-COD-11",
    "十二位统计代码末三位与居委会、村委会相符，城乡分类代码在规定之内",
    "国统字〔2009〕91号；国函〔2008〕60号",
    status="P",
)
R_COD_12 = Rule(
    "R-COD-12", "地名代码为二十位数字，前九位与所在行政区划相符", "民地办发〔2010〕1号", status="P"
)

_PLACE_CODE = 20
_LIKE = {DivisionType.community: "like_community", DivisionType.village: "like_village"}


def urban_rural_classes() -> dict[str, str]:
    """The classes of town and country (城乡分类): code → what it is; 1xx is urban, 2xx rural."""
    return dict(tables()["urban_rural"]["classes"])


def is_urban(class_: str) -> bool:
    """Whether a class of town and country is urban (城镇)."""
    return class_ in urban_rural_classes() and class_.startswith("1")


def judge_statistical_code(
    code: str, name: str, type_: DivisionType | None, class_: str | None = None
) -> list[Finding]:
    """R-COD-11 for a code of twelve digits; `class_` is its class of town and country, where given."""
    subject = f"{code} {name}"
    findings = []
    why = _misfit(code, type_)
    if why:
        findings.append(R_COD_11.finding(Severity.blocking, subject, why, suggestion="请核对统计用区划代码"))
    if class_ is not None and class_ not in urban_rural_classes():
        known = "、".join(urban_rural_classes())
        why = f"城乡分类代码“{class_}”不在规定之内"
        findings.append(R_COD_11.finding(Severity.blocking, subject, why, suggestion=f"应为 {known} 之一"))
    return findings


def _misfit(code: str, type_: DivisionType | None) -> str:
    if not (len(code) == 12 and code.isascii() and code.isdigit()):
        return f"代码“{code}”不是十二位数字"
    if type_ not in _LIKE:
        return ""
    village = tables()["village"]
    allowed = (*bands(village[type_.value]), *bands(village[_LIKE[type_]]))
    if within(int(code[9:]), allowed):
        return ""
    told = "、".join(f"{band.start:03}-{band.stop - 1:03}" for band in allowed)
    return f"{type_.value}代码末三位应在 {told} 内，现为 {code[9:]}"


def judge_place_code(code: str, name: str, division: str) -> list[Finding]:
    """R-COD-12: `division` is the code of the county or township that the place lies in."""
    why = _place_misfit(code, division)
    if not why:
        return []
    return [
        R_COD_12.finding(Severity.blocking, f"{code} {name}", why, suggestion="请核对地名代码与所在行政区划")
    ]


def _place_misfit(code: str, division: str) -> str:
    """Of a place that only its county is known of, the third segment is 000."""
    if not (len(code) == _PLACE_CODE and code.isascii() and code.isdigit()):
        return f"地名代码“{code[:40]}”不是二十位数字"
    if code[:2] not in provinces():
        return f"地名代码的前两位 {code[:2]} 不是省级代码"
    expected = division[:9].ljust(9, "0")
    if code[:9] == expected or (len(division) > 6 and code[:9] == f"{division[:6]}000"):
        return ""
    return f"地名代码的前九位 {code[:9]} 与所在行政区划 {expected} 不符"
