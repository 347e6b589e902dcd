"""What is a move of a seat, and what only a change of the office's address."""

from __future__ import annotations

from gis_service.foundation.findings import Rule

R_CHG_06 = Rule(
    id="R-CHG-06",
    title="跨下级单位（乡级为村、居）迁移的是驻地迁移，须报批；在同一下级单位内的只是变更办公地址",
    legal_basis="行政区划管理条例实施办法 第二条",
)
