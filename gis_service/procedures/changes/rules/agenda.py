"""The rules by which matters of a case fall due: R-CHG-10, R-CHG-11 and R-COD-09."""

from __future__ import annotations

from collections.abc import Mapping

from gis_service.foundation.findings import Rule

R_CHG_10 = Rule(
    id="R-CHG-10",
    title="变更自批准之日起12个月内完成，经批准机关同意可延长6个月；完成后报告",
    legal_basis="行政区划管理条例 第十五条",
)
R_CHG_11 = Rule(
    id="R-CHG-11",
    title="变更后勘定界线、更新区划图、公告、备案、归档，各有事项",
    legal_basis="行政区划管理条例 第十六条、第十八条、第二十条；行政区域界线管理条例 第九条",
)
R_COD_09 = Rule(
    id="R-COD-09",
    title="变更后一个月内确定并公布新的行政区划代码",
    legal_basis="行政区划管理条例 第十七条",
)

RULE_OF_DUTY: Mapping[str, str] = {"completion_report": R_CHG_10.id, "code": R_COD_09.id}
