"""What must hold in the register of place names on any day, and what is told of it though it is no fault."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Rule, Severity

R_REG_09 = Rule("R-REG-09", "名称、图形和关系的期限在其地理实体的期限之内", "技术约定", status="D")
R_REG_10 = Rule("R-REG-10", "地理实体所列的单位同日在册", "技术约定", status="D")
R_REG_11 = Rule("R-REG-11", "行政区划的地名与区划登记簿一致", "地名管理条例第三条", status="D")
R_REG_12 = Rule("R-REG-12", "在册的地理实体有标准名称", "地名管理条例第十五条", status="D")
R_REG_13 = Rule("R-REG-13", "供检索的名称与登记的名称一致", "技术约定", status="D")

PROOFS = (R_REG_09, R_REG_10, R_REG_11, R_REG_12, R_REG_13)

_WAY_OUT = "登记簿可能被绕过服务改动；请核对登记日志，必要时从备份恢复"
_FOLLOW = "请运行 gis-service names follow"


def broken(rule: Rule, subject: str, message: str) -> Finding:
    """A broken proof."""
    return rule.finding(Severity.blocking, subject, message, suggestion=_WAY_OUT)


def told(rule: Rule, subject: str, message: str, suggestion: str = _FOLLOW) -> Finding:
    """What is no fault of the register and still wants somebody."""
    return rule.finding(Severity.warning, subject, message, suggestion=suggestion)
