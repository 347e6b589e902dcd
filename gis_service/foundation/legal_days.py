"""A day as people write it: four digits, two, two; how all else is refused; and months counted from it."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1000, 3000)  # outside them a year is a slip of the pen


def refused(message: str, way_out: str) -> PydanticCustomError:
    """A refusal that every edge tells as it is written here."""
    return PydanticCustomError("refused", "{message}", {"message": message, "way_out": way_out})


def _is_written_as_a_day(value: Any) -> Any:
    """A number would be taken for seconds since 1970, a moment for its day: neither is what was meant."""
    if type(value) is date or (isinstance(value, str) and _DAY.fullmatch(value.strip())):
        return value
    raise refused(f"“{str(value)[:40]}”不是日期", "请写成 YYYY-MM-DD，如 2020-06-05")


def _is_plausible(value: date) -> date:
    if value.year not in YEARS:
        raise refused(f"年份 {value.year} 不可能", f"请写 {YEARS[0]} 至 {YEARS[-1]} 年之间的日期")
    return value


LegalDay = Annotated[
    date,
    BeforeValidator(_is_written_as_a_day),
    AfterValidator(_is_plausible),
    Field(json_schema_extra={"pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}),
]


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later; the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
