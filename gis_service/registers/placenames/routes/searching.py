"""Finding place names: one ranked list for whatever somebody types, and what lies near a place."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.plain import values_of
from gis_service.foundation.web import UUID_WRITTEN, OnDate, Page, Reading, parsed_by, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.paging import After, keyed
from gis_service.foundation.web.parameters import WRITTEN_BBOX, read_bbox
from gis_service.registers.boundaries.routes.places import Lat, Lon
from gis_service.registers.boundaries.schemas import PlacedUnitOut
from gis_service.registers.divisions.routes import NamedDivision
from gis_service.registers.placenames.queries.searching import Hit, Limits, geocode, near, search
from gis_service.registers.placenames.rules.searching import MatchKind
from gis_service.registers.placenames.rules.searching.addresses import LONGEST as LONGEST_ADDRESS
from gis_service.registers.placenames.rules.searching.asking import LONGEST

router = APIRouter(prefix="/placenames", tags=["地名"], dependencies=[permitted(Act.read_registers)])

MOST = 100
_POINT = r"-?(180|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]+)?),-?(90|[0-8]?[0-9](\.[0-9]+)?)"
# A letter, a figure or a character of the scripts that names are written in: signs alone name nothing.
_NAMED = (
    "[0-9A-Za-zÀ-ÖØ-öø-ɏА-яء-غف-يཀ-ཇᠠ-ᡂぁ-ゖ㐀-䶿一-鿿ꀀ-ꒌ가-힣０-９Ａ-Ｚａ-ｚ"
    "\ue000-\uf8ff\U00020000-\U0002a6df\U0002a700-\U0003134a]"
)


class Existing(StrEnum):
    """Which features are sought: those that exist on the day, or all."""

    in_force = "in_force"
    all = "all"


class SoughtNameOut(BaseModel):
    """A feature that was found, by which of its names and why."""

    id: UUID = Field(description="地理实体的标识，见 /placenames/{id}")
    name: str = Field(description="所问之日的标准名称；当日没有的为所查到的名称", examples=["南京市"])
    name_id: UUID = Field(description="所查到的名称的标识")
    matched_on: str = Field(description="所查到的名称：标准名称、曾用名、别名等", examples=["江宁府"])
    match_kind: MatchKind = Field(description="如何相符，由优到次；见 why_zh")
    why_zh: str = Field(description="为何列出", examples=["“南京市”省去通名"])
    score: int = Field(description="得分，越高越前；同分的按字数、用字排列", examples=[13590])
    class_: str = Field(alias="class", description="地名类别代码", examples=["22200"])
    division: str | None = Field(description="当日所列单位的代码", examples=["320102"])
    division_name: str | None = Field(description="当日所列单位的名称", examples=["玄武区"])
    lon: float | None = Field(description="代表点的经度（度，CGCS2000）；空表示没有图形")
    lat: float | None = Field(description="代表点的纬度（度，CGCS2000）")
    kind: str = Field(description="所查到的名称的种类", examples=["标准名称"])
    in_use: bool = Field(description="所查到的名称在所问之日是否在用")
    exists: bool = Field(description="该地理实体在所问之日是否存在")
    valid_from: date = Field(description="该地理实体的登记起始日（含）")
    valid_to: date | None = Field(description="终止日（不含）；空表示至今")


class SearchOut(BaseModel):
    """One page of what was found."""

    on: date = Field(description="本答复所依据的日期")
    q: str = Field(description="所查的")
    hits: list[SoughtNameOut] = Field(description="由优到次；一个地理实体只列一次，按最相符的名称")
    capped: bool = Field(description="相符的过多，同一等次中有未列入的")
    unknown: bool = Field(description="登记簿中没有相符的：不作猜测")
    hint: str | None = Field(description="没有相符的时，可如何改查")
    next: str | None = Field(description="下一页的地址（同时写在 Link 头）；为空表示已是最后一页")


class NearOut(BaseModel):
    """A feature near a place."""

    id: UUID = Field(description="地理实体的标识")
    name: str | None = Field(description="所问之日的标准名称")
    class_: str = Field(alias="class", description="地名类别代码")
    distance_m: float = Field(description="椭球面上的距离（米）；在其范围以内的为 0", examples=[120.5])
    direction: str | None = Field(description="在所问之点的哪个方向（十六方位）", examples=["东北"])
    lon: float = Field(description="该地理实体离所问之点最近处的经度")
    lat: float = Field(description="最近处的纬度")
    role: str = Field(description="按点、线、面还是范围量算")


class AroundOut(BaseModel):
    """What lies around a place on a day."""

    on: date = Field(description="本答复所依据的日期")
    sides: list[list[PlacedUnitOut]] = Field(description="此点所在的单位，从省到最低一级；在界线上的列出各侧")
    items: list[NearOut] = Field(description="最近的地理实体，由近及远")
    within_m: float | None = Field(description="此距离以内的没有遗漏；空表示登记簿中的全部")
    remark: str | None = Field(description="对此点的说明，如经纬度颠倒")


class UnderstoodOut(BaseModel):
    """A part of an address that was understood."""

    text: str = Field(description="地址中的这一段", examples=["江浦县"])
    what: str = Field(description="unit：行政区划；name：地名", examples=["unit"])
    name: str = Field(description="登记的名称", examples=["江浦县"])
    code: str | None = Field(description="所问之日的代码；已撤销的为其归入的单位", examples=["320111"])
    retired: bool = Field(description="该单位所问之日是否已撤销")


class CandidateOut(BaseModel):
    """A place that an address may mean."""

    confidence: float = Field(description="把握，0 至 1", examples=[0.9])
    name: str = Field(description="地名或单位的名称")
    unit: str | None = Field(description="所在单位的代码")
    unit_name: str | None = Field(description="所在单位的名称")
    feature_id: UUID | None = Field(description="地理实体的标识；只认出行政区划的为空")
    lon: float | None = Field(description="代表点的经度（度，CGCS2000）")
    lat: float | None = Field(description="代表点的纬度（度，CGCS2000）")
    precise: bool = Field(description="是否认出了行政区划以下的地名；否则为单位范围内的一点")
    why_zh: str = Field(description="为何如此", examples=["与“孝陵卫”相同"])


class GeocodedOut(BaseModel):
    """What was made of an address."""

    model_config = ConfigDict(from_attributes=True)

    address: str = Field(description="所问的地址")
    candidates: list[CandidateOut] = Field(description="可能的位置，把握大的在前；把握不足的不列")
    matched: list[UnderstoodOut] = Field(description="认出的各段")
    rest: str = Field(description="未能认出的部分")
    door: str = Field(description="门牌、楼栋、房号等，登记簿不载")
    unknown: bool = Field(description="没有把握，不作猜测")


class GeocodeOut(GeocodedOut):
    """What was made of an address on a day."""

    on: date = Field(description="本答复所依据的日期")


class Place(NamedTuple):
    """A place in degrees."""

    lon: float
    lat: float


def read_point(text: str) -> Place:
    """`lon,lat` in degrees.

    Raises:
        InvalidInput: no two numbers, or not on the Earth.
    """
    lon, _, lat = text.partition(",")
    try:
        place = Place(float(lon), float(lat))
    except ValueError as error:
        raise InvalidInput("near 应为经度,纬度", way_out="请写如 near=118.78,32.06") from error
    if not (abs(place[0]) <= 180 and abs(place[1]) <= 90):
        raise InvalidInput("near 超出经纬度的取值", way_out="经度在前、纬度在后，如 near=118.78,32.06")
    return place


_KEY = rf"^([1-9]|1[0-9])\.{UUID_WRITTEN}$"


async def _page(
    request: Request,
    after: Annotated[str | None, keyed(_KEY), After] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description=f"每页至多几项，1 至 {MOST}")] = 20,
) -> Page:
    return Page(request, after, limit)


Class = Annotated[
    str | None,
    Query(alias="class", pattern="^[0-9]{1,5}$", description="地名类别代码或其前缀", examples=["222"]),
]


async def _limits(
    within: Annotated[
        NamedDivision | None,
        Query(description="只查此单位及其下属的（代码或 UUID），按所问之日", examples=["320102"]),
    ] = None,
    class_: Class = None,
    bbox: Annotated[
        Any,  # a `Bbox`
        parsed_by(read_bbox, written=WRITTEN_BBOX),
        Query(description="只查此范围内的：西,南,东,北（度）", examples=["118.0,31.5,119.5,32.5"]),
    ] = None,
    near: Annotated[
        Any,  # a `Place`
        parsed_by(read_point, written={"type": "string", "pattern": f"^{_POINT}$"}),
        Query(description="只查此点（经度,纬度）附近的，不能与 bbox 同写", examples=["118.78,32.06"]),
    ] = None,
    distance: Annotated[
        float | None, Query(gt=0, le=200_000, description="离 near 至多几米；不写则为 10000", examples=[5000])
    ] = None,
    validity: Annotated[
        Existing, Query(description="in_force：只列当日存在的；all：已注销的也列")
    ] = Existing.in_force,
) -> Limits:
    return Limits(class_, within, bbox, near, distance, validity is Existing.in_force)


@router.get("/search", summary="查地名", response_model=SearchOut, responses=refusals(404, 409))
def search_place_names(
    session: Reading,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LONGEST,
            pattern=_NAMED,
            description="名称、其中几个字、曾用名、繁体或异体字、拼音（可带声调、可不分写）、拼音首字母；容一处笔误",
            examples=["南京"],
        ),
    ],
    on: OnDate,
    page: Annotated[Page, Depends(_page)],
    limits: Annotated[Limits, Depends(_limits)],
) -> Any:
    """一个排好次序的列表：全名、省去通名、开头、中间、笔误、同音、拼音、首字母，依次列出；标准名称在前，级别高的在前。

    现用名、曾用名、别名、简称都查；`matched_on` 是查到的名称，`why_zh` 说明为何列出。
    没有相符的时 `unknown` 为真，不作猜测。
    """
    found = search(session, q, on=on, limits=limits, limit=page.limit, after=page.after)
    session.close()  # what follows asks nothing: the connection is given back by this thread, not by another
    answer = {
        "on": on,
        "q": q,
        "hits": [_hit(each) for each in found.hits],
        "capped": found.capped,
        "unknown": found.unknown,
        "hint": found.hint,
        "next": page.leads_to(found.after),
    }
    return Response(orjson.dumps(answer), media_type="application/json")


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "name": hit.name,
        "name_id": hit.name_id,
        "matched_on": hit.matched_on,
        "match_kind": hit.match_kind,
        "why_zh": hit.why_zh,
        "score": hit.score,
        "class": hit.class_code,
        "division": hit.division,
        "division_name": hit.division_name,
        "lon": hit.lon,
        "lat": hit.lat,
        "kind": hit.kind,
        "in_use": hit.in_use,
        "exists": hit.exists,
        "valid_from": hit.valid_from,
        "valid_to": hit.valid_to,
    }


@router.get("/near", summary="查一点附近的地名")
def read_near_place_names(
    session: Reading,
    lon: Lon,
    lat: Lat,
    on: OnDate,
    class_: Class = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description=f"至多几项，1 至 {MOST}")] = 10,
) -> AroundOut:
    """某一天离一点最近的地理实体，和此点所在的单位。

    距离在 CGCS2000 椭球面上量算，方向为真北起算的十六方位。
    """
    found = near(session, lon, lat, on=on, class_code=class_, limit=limit)
    sides = [[PlacedUnitOut.model_validate(unit) for unit in chain] for chain in found.sides]
    items = [NearOut.model_validate(values_of(each) | {"class": each.class_code}) for each in found.items]
    return AroundOut(on=on, sides=sides, items=items, within_m=found.within_m, remark=found.remark)


@router.get("/geocode", summary="查一个地址在哪里")
def geocode_address(
    session: Reading,
    address: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LONGEST_ADDRESS,
            pattern=_NAMED,
            description="省、市、县、乡、村、路等，可省去通名，可用已撤销单位的名称",
            examples=["江苏省南京市江浦县珠江镇文德路5号"],
        ),
    ],
    on: OnDate,
) -> GeocodeOut:
    """由大到小认出行政区划和其下的地名：任何一天有过的单位都认得，已撤销的换算为所问之日的单位并注明。

    `rest` 是未能认出的部分；没有把握的 `unknown` 为真，不作猜测。
    """
    return GeocodeOut(on=on, **asdict(geocode(session, address, on=on)))
