"""Which unit holds a point on a day, and how units lie to one another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from gis_service.foundation.access import Act
from gis_service.foundation.web import OnDate, Reading, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.registers.boundaries.queries.chains import chains_of, sides_of_point
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.boundaries.queries.relating import Predicate, related
from gis_service.registers.boundaries.rules.points import remark_on_point
from gis_service.registers.boundaries.schemas import PlacedUnitOut, PlaceOut, RelatedOut, RelationsOut
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import DivisionReference
from gis_service.registers.divisions.rules import DivisionLevel

router = APIRouter(prefix="/divisions", tags=["行政区划"], dependencies=[permitted(Act.read_registers)])

Lon = Annotated[float, Query(ge=-180, le=180, description="经度（度，CGCS2000）", examples=[120.86])]
Lat = Annotated[float, Query(ge=-90, le=90, description="纬度（度，CGCS2000）", examples=[32.01])]


@router.get("/at", summary="查某日一点所在的单位")
def read_place(session: Reading, lon: Lon, lat: Lat, on: OnDate) -> PlaceOut:
    """一点在某一天位于哪个单位，从省到最低一级逐级列出。

    点恰在界线上时，`sides` 列出两侧（三交点则为各侧）的单位；没有登记范围的地方 `sides` 为空，不作推测。
    不在中国范围内或经纬度写反的点在 `remark` 中说明。
    """
    [units] = locate(session, [(lon, lat)], on=on)
    chains = sides_of_point(units, chains_of(session, units, on=on))
    sides = [[PlacedUnitOut.model_validate(unit) for unit in chain] for chain in chains]
    return PlaceOut(on=on, lon=lon, lat=lat, sides=sides, remark=remark_on_point(lon, lat))


@router.get("/{reference}/relations", summary="查与一个单位有某种位置关系的单位", responses=refusals(404))
def read_relations(
    session: Reading,
    reference: DivisionReference,
    on: OnDate,
    predicate: Annotated[
        Predicate,
        Query(
            description="contains：全部范围在此单位以内（含共有界线）的单位；within：把此单位全部包含在内的单位；"
            "touches：与此单位相接而不共有面积的单位，仅相交于一点也算，`border_km` 为 0；"
            "overlaps：与此单位共有面积而互不包含的单位（同一日的登记范围不会如此）；"
            "nearest：离此单位最近的单位，距离为两范围最近两点间的椭球面距离，相接者为 0",
            examples=["touches"],
        ),
    ],
    level: Annotated[
        DivisionLevel | None,
        Query(
            description="只列此层级的单位；不写时 contains、within 为各级，其余为与此单位同级",
            examples=["county"],
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="至多列出的单位数", examples=[50])] = 100,
) -> RelationsOut:
    """某一天按范围判定的位置关系。nearest 由近及远，其余按代码排列。"""
    version = division_named(session, reference, on=on)
    if level is None and predicate not in (Predicate.contains, Predicate.within):
        level = DivisionLevel(version.level)
    found = related(session, version.division_id, predicate, on=on, level=level, limit=limit)
    return RelationsOut(
        on=on, predicate=predicate.value, items=[RelatedOut.model_validate(each) for each in found]
    )
