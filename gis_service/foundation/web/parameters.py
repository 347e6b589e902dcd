"""Query parameters many endpoints share, read strictly: what cannot be understood is refused, not guessed.

Dependencies that only compute are `async def`, so that they cost no thread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.web.announcing import announce_day
from gis_service.foundation.web.ground import ground_of

REFUSED = "refused"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEARS = range(1000, 3000)  # outside them a year is a slip of the pen, and calendars disagree
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def parsed_by(parse: Callable[[str], Any], *, written: Mapping[str, Any]) -> BeforeValidator:
    """Let a parameter be read by `parse`, whose `InvalidInput` becomes a finding about that parameter.

    `written` is its JSON schema: how it must be written, as far as a schema can tell.
    """

    def read(value: Any) -> Any:
        try:
            return parse(value) if isinstance(value, str) else value
        except InvalidInput as error:
            told = {"message": error.message, "way_out": error.way_out}
            raise PydanticCustomError(REFUSED, "{message}", told) from error

    return BeforeValidator(read, json_schema_input_type=Annotated[str, WithJsonSchema(dict(written))])


def read_day(text: str) -> date:
    """A day written `YYYY-MM-DD`, in the years 1000 to 2999.

    Raises:
        InvalidInput: another form, no day of the calendar, or a year nobody can mean.
    """
    if not _DAY.fullmatch(text):
        raise InvalidInput(f"日期“{text[:40]}”的写法无法识别", way_out="请写成 YYYY-MM-DD，如 2020-06-05")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"历法中没有 {text} 这一天", way_out="请核对月份和日数") from error
    if day.year not in _YEARS:
        raise InvalidInput(
            f"年份 {day.year} 超出可查询的范围", way_out=f"请写 {_YEARS[0]} 至 {_YEARS[-1]} 年之间的日期"
        )
    return day


WRITTEN_DAY: Mapping[str, Any] = {
    "type": "string",
    "format": "date",
    "pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
}
Day = Annotated[date, parsed_by(read_day, written=WRITTEN_DAY)]


def read_moment(text: str) -> datetime:
    """A moment as ISO 8601 with its time zone, in the years 1000 to 2999.

    Raises:
        InvalidInput: another form, no zone, or a year nobody can mean.
    """
    way_out = "请写如 2026-01-31T08:00:00+08:00"
    if not _MOMENT.fullmatch(text):
        raise InvalidInput(f"时刻“{text[:40]}”的写法无法识别", way_out=way_out)
    try:
        return datetime.fromisoformat(text.replace(" ", "+"))  # as a plus reads that was sent unencoded
    except ValueError as error:
        raise InvalidInput(f"历法中没有 {text} 这一时刻", way_out=way_out) from error


_MOMENT = re.compile(
    r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+ -](0[0-9]|1[0-3]):[0-5][0-9])"
)
WRITTEN_MOMENT: Mapping[str, Any] = {
    "type": "string",
    "pattern": f"^{_MOMENT.pattern}$",
}
Moment = Annotated[datetime, parsed_by(read_moment, written=WRITTEN_MOMENT)]


async def _on_date(
    request: Request,
    on: Annotated[
        Day | None,
        Query(
            description="所问的日期（YYYY-MM-DD）。不写则为北京时间今天；答复的 GIS-On 头写明实际采用的日期",
            examples=["2020-06-05"],
        ),
    ] = None,
) -> date:
    day = on or ground_of(request).this_day()
    announce_day(request, day)
    return day


OnDate = Annotated[date, Depends(_on_date)]


class Bbox(NamedTuple):
    """A rectangle in degrees, lon/lat, west < east and south < north."""

    west: float
    south: float
    east: float
    north: float


_DEGREES = r" *-?[0-9]{1,3}(\.[0-9]+)? *"
WRITTEN_BBOX = {"type": "string", "pattern": f"^{_DEGREES}(,{_DEGREES}){{3}}$"}


def read_bbox(text: str) -> Bbox:
    """`west,south,east,north` in degrees.

    Raises:
        InvalidInput: not four numbers, outside the Earth, or with swapped corners or axes.
    """
    if not re.fullmatch(WRITTEN_BBOX["pattern"], text):
        raise InvalidInput(
            f"范围“{text[:60]}”应为四个数", way_out="请写成 西,南,东,北（度），如 118.0,31.5,119.5,32.5"
        )
    west, south, east, north = (float(part) for part in text.split(","))
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= 90 and -90 <= north <= 90):
        raise InvalidInput(
            "范围中的坐标超出经纬度的取值", way_out="经度在前、纬度在后：西,南,东,北；单位为度"
        )
    if west >= east or south >= north:
        raise InvalidInput("范围的两角颠倒或重合", way_out="请按 西,南,东,北 的顺序，西小于东、南小于北")
    return Bbox(west, south, east, north)


def refuse_unreadable(request: Request) -> None:
    """Refuse control characters, parameters the endpoint does not know, and any that is sent twice.

    A misspelt `on` that is silently dropped would be answered for today: wrong, and looking right. So would
    the first of two.

    Raises:
        InvalidInput: names the parameter and those that are known.
    """
    sent = request.query_params.multi_items()
    for text in (request.url.path, *(part for pair in sent for part in pair)):
        if _CONTROL.search(text):
            raise InvalidInput("请求的地址或参数含有控制字符", way_out="请删除不可见字符后重试")
    known = _known_parameters(request)
    if known is not None:
        _require_known_and_single([name for name, _ in sent], known)


def _require_known_and_single(sent: Sequence[str], known: Mapping[str, Mapping[str, Any]]) -> None:
    unknown = sorted(set(sent) - known.keys())
    if unknown:
        raise InvalidInput(
            f"不认识的参数：{'、'.join(name[:40] for name in unknown[:5])}",
            way_out=f"本接口的参数有：{'、'.join(sorted(known)) or '无'}",
        )
    single = [name for name in sent if known[name].get("type") != "array"]
    twice = sorted(name for name, times in Counter(single).items() if times > 1)
    if twice:
        raise InvalidInput(f"参数 {'、'.join(twice)} 写了不止一次", way_out="每个参数只写一次")


def _known_parameters(request: Request) -> dict[str, Mapping[str, Any]] | None:
    """The query parameters the contract names for this endpoint, with their schemas; None outside of it."""
    path = request.scope["route"].path_format
    operation = request.app.openapi()["paths"].get(path, {}).get(request.method.lower())
    if operation is None:
        return None
    told = operation.get("parameters", ())
    return {entry["name"]: entry["schema"] for entry in told if entry["in"] == "query"}
