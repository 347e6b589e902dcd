"""R-SUR-12: photos that a table names come with it."""

from __future__ import annotations

from gis_service.foundation.findings import Rule

R_SUR_12 = Rule("R-SUR-12", "表中所列的照片随表提交，逐张收入", "本服务约定", status="D")
