"""The words proposals are made of: codes, days, kinds; and how a wrong one is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from gis_service.foundation.legal_days import refused
from gis_service.procedures.changes.kinds import KIND_BY_ID
from gis_service.procedures.changes.rules import required_materials, special_areas

MOST_UNITS = 200  # in one list of a proposal: far above any real act, far below what would tie up the service
SHORTEST_REASON = 4


def _known_kind(value: str) -> str:
    if value not in KIND_BY_ID:
        known = "、".join(f"{kind.id}（{kind.title}）" for kind in KIND_BY_ID.values())
        raise refused(f"未知的变更种类“{value[:40]}”", f"现有：{known}")
    return value


def _known_material(value: str) -> str:
    if value not in required_materials():
        raise refused(f"未知的材料种类“{value[:40]}”", f"应为：{'、'.join(required_materials())}")
    return value


def _known_area(value: str) -> str:
    if value not in special_areas():
        known = "、".join(f"{area}（{title}）" for area, title in special_areas().items())
        raise refused(f"未知的特殊地区“{value[:40]}”", f"可选：{known}")
    return value


def _is_code(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) in {6, 9, 12}):
        raise refused(f"“{value[:40]}”不是行政区划代码", '代码是文本，如 "320602"，不要写成数字或小数')
    return value


Code = Annotated[
    str,
    AfterValidator(_is_code),
    Field(json_schema_extra={"pattern": "^([0-9]{6}|[0-9]{9}|[0-9]{12})$"}),
]
KindOfChange = Annotated[
    str, AfterValidator(_known_kind), Field(json_schema_extra={"enum": list(KIND_BY_ID)})
]
KindOfMaterial = Annotated[
    str, AfterValidator(_known_material), Field(json_schema_extra={"enum": list(required_materials())})
]

SpecialArea = Annotated[
    str, AfterValidator(_known_area), Field(json_schema_extra={"enum": list(special_areas())})
]


def without_what_is_unsaid(told: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """What is stored, without fields that say nothing: so that what came later changes no old digest."""
    silent = {field for field in fields if told.get(field) in (None, [])}
    return {key: value for key, value in told.items() if key not in silent}
