"""What must hold in the registers on any day; a finding here means the database was altered from outside."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Rule, Severity

R_REG_01 = Rule("R-REG-01", "最低一级单位的范围无缝隙、无重叠", "行政区域界线管理条例 第二条", status="D")
R_REG_02 = Rule("R-REG-02", "上级范围等于下级范围之和", "行政区划管理条例 第二条", status="D")
R_REG_03 = Rule("R-REG-03", "每个面由其四周的边围成", "技术约定", status="D")
R_REG_04 = Rule("R-REG-04", "在册界线与实际相邻关系一致", "行政区域界线管理条例 第二条", status="D")
R_REG_05 = Rule("R-REG-05", "在册单位的上级同日在册", "行政区划管理条例 第二条", status="D")
R_REG_06 = Rule("R-REG-06", "面归属于同日在册、下级没有面的单位", "行政区划管理条例 第二条", status="D")
R_REG_07 = Rule(
    "R-REG-07", "终止的单位有去向，或载明没有去向（R-COD-10）", "行政区划管理条例实施办法 第三条", status="D"
)
R_REG_08 = Rule("R-REG-08", "登记的长度与面积等于按坐标重算的值", "技术约定", status="D")

PROOFS = (R_REG_01, R_REG_02, R_REG_03, R_REG_04, R_REG_05, R_REG_06, R_REG_07, R_REG_08)

_WAY_OUT = "登记簿可能被绕过服务改动；请核对登记日志，必要时从备份恢复"


def broken(rule: Rule, subject: str, message: str) -> Finding:
    """A broken proof: always blocking, always the same way out."""
    return rule.finding(Severity.blocking, subject, message, suggestion=_WAY_OUT)
