"""The rules that a history of codes is judged by."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.chronicle.values import Place

R_HIS_01 = Rule("R-HIS-01", "沿革资料完整，各行可读", "技术约定", status="M")
R_HIS_02 = Rule("R-HIS-02", "每个选择符恰好指到一条记录", "技术约定", status="D")
R_HIS_03 = Rule("R-HIS-03", "上年代码表加变更等于下年代码表", "行政区划管理条例 第十七条", status="D")
R_HIS_04 = Rule("R-HIS-04", "每项变更有说明和依据", "行政区划管理条例 第六条至第十条", status="D")
R_HIS_05 = Rule("R-HIS-05", "沿革资料与登记簿首尾相接", "行政区划管理条例 第十七条", status="D")
R_HIS_06 = Rule(
    "R-HIS-06", "终止的单位有去向，或载明没有去向（R-COD-10）", "行政区划管理条例实施办法 第三条", status="D"
)
R_HIS_07 = Rule("R-HIS-07", "没有变更表的年份，承接关系只能推断", "技术约定", status="D")

RULES = (R_HIS_01, R_HIS_02, R_HIS_03, R_HIS_04, R_HIS_05, R_HIS_06, R_HIS_07)

_CORRECT = "请核对原文，改正后重新提交"


def bad_line(place: Place, why: str, *, rule: Rule = R_HIS_01, way_out: str = _CORRECT) -> Finding:
    """A blocking finding about one line."""
    return rule.finding(Severity.blocking, str(place), f"{place}：{why}", suggestion=way_out)


def doubtful_line(place: Place, why: str, *, rule: Rule = R_HIS_01) -> Finding:
    """A warning about one line."""
    return rule.finding(Severity.warning, str(place), f"{place}：{why}", suggestion=_CORRECT)
