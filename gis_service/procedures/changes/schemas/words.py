"""The words proposals are made of: codes, days, kinds; and how a wrong one is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from gis_service.procedures.changes.kinds import KIND_BY_ID
from gis_service.procedures.changes.rules import required_materials, special_areas

MOST_UNITS = 200  # in one list of a proposal: far above any real act, far below what would tie up the service
SHORTEST_REASON = 4
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1000, 3000)  # outside them a year is a slip of the pen


def refused(message: str, way_out: str) -> PydanticCustomError:
    """A refusal that every edge tells as it is written here."""
    return PydanticCustomError("refused", "{message}", {"message": message, "way_out": way_out})


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


def _is_written_as_a_day(value: Any) -> Any:
    """A number would be taken for seconds since 1970, a moment for its day: neither is what was meant."""
    if type(value) is date or (isinstance(value, str) and _DAY.fullmatch(value.strip())):
        return value
    raise refused(f"“{str(value)[:40]}”不是日期", "请写成 YYYY-MM-DD，如 2020-06-05")


def _is_plausible(value: date) -> date:
    if value.year not in YEARS:
        raise refused(f"年份 {value.year} 不可能", f"请写 {YEARS[0]} 至 {YEARS[-1]} 年之间的日期")
    return value


Code = Annotated[
    str,
    AfterValidator(_is_code),
    Field(json_schema_extra={"pattern": "^([0-9]{6}|[0-9]{9}|[0-9]{12})$"}),
]
LegalDay = Annotated[
    date,
    BeforeValidator(_is_written_as_a_day),
    AfterValidator(_is_plausible),
    Field(json_schema_extra={"pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}),
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
