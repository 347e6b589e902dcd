"""Where many points lie."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.web import OnDate, Reading
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.publications.exchange.formats import csv_table
from gis_service.publications.exchange.queries.places import MOST_POINTS, Place, place_table, places_of
from gis_service.registers.boundaries.schemas import PlacedUnitOut, PlaceOut

MOST_BODY_BYTES = 4_000_000

router = APIRouter(
    prefix="/divisions",
    tags=["行政区划"],
    route_class=JsonBody,
    dependencies=[permitted(Act.ask_at_length)],
)

_SIDES = TypeAdapter(list[list[PlacedUnitOut]])
Degrees = Annotated[float, Field(ge=-180, le=180)]


class PointsIn(BaseModel):
    """Points, as a list or as a table."""

    model_config = ConfigDict(extra="forbid")

    points: list[tuple[Degrees, Degrees]] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_POINTS,
        description="各点的 [经度,纬度]（度，CGCS2000）",
        examples=[[[120.86, 32.01], [118.36, 31.34]]],
    )
    csv: str | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_BODY_BYTES,
        description="CSV 文本，有 lon、lat 两列，可有 on 列（每行自己的日期）；其余各列原样保留",
        examples=["lon,lat\n120.86,32.01\n"],
    )


class PlacesOut(BaseModel):
    """Where the points lie."""

    on: date = Field(description="本答复所依据的日期；表格中写明日期的行除外")
    items: list[PlaceOut] | None = Field(description="points 的各点，按来件的次序；来件是 csv 时为空")
    csv: str | None = Field(
        description="csv 的各行，加上各级的代码与名称（在界线上的点各侧以分号隔开）；来件是 points 时为空"
    )


@router.post(
    "/locate",
    response_model=PlacesOut,
    summary="查某日许多点各在哪个单位",
    openapi_extra=body_up_to(MOST_BODY_BYTES),
)
def locate_points(session: Reading, on: OnDate, asked: PointsIn) -> PlacesOut | Response:
    """至多一万个点，以 points（坐标列表）或 csv（表格文本）之一送来，从省到最低一级逐级列出所在的单位。

    点恰在界线上时列出各侧的单位；没有登记范围的地方为空，不作推测。
    """
    if (asked.points is None) == (asked.csv is None):
        raise InvalidInput(
            "各点须以 points 或 csv 送来，只写其一", way_out="请写 points（坐标）或 csv（文本）"
        )
    if asked.csv is not None:
        table = place_table(session, csv_table.parse(asked.csv), on=on)
        return PlacesOut(on=on, items=None, csv=table.to_csv(index=False, lineterminator="\n"))
    points = asked.points or []
    places = places_of(session, points, [on] * len(points))
    answer = {"on": on, "items": _told(places), "csv": None}
    return Response(orjson.dumps(answer), media_type="application/json")


def _told(places: Iterable[Place]) -> list[dict[str, Any]]:
    """Each point as `PlaceOut` tells it; what is said of units is written once, not point by point."""
    written: dict[int, orjson.Fragment] = {}
    items = []
    for place in places:
        same = id(place.sides)  # of all points in the same units on the same day
        if same not in written:
            written[same] = orjson.Fragment(_SIDES.dump_json(_SIDES.validate_python(place.sides)))
        lon, lat = place.point
        told = {"on": place.on, "lon": lon, "lat": lat, "sides": written[same], "remark": place.remark}
        items.append(told)
    return items
