"""What lies around a place on a day: its units, the lines near it, the nearest markers."""

from __future__ import annotations

from fastapi import APIRouter

from gis_service.foundation.access import Act
from gis_service.foundation.web import OnDate, Reading
from gis_service.foundation.web.identity import permitted
from gis_service.registers.boundaries.routes.places import Lat, Lon
from gis_service.registers.markers.queries.nearest import nearest
from gis_service.registers.markers.schemas import NearestOut

router = APIRouter(prefix="/nearest", tags=["界桩"], dependencies=[permitted(Act.read_registers)])


@router.get("", summary="查某日一点所在的单位、附近的界线和最近的界桩")
def read_nearest(session: Reading, lon: Lon, lat: Lat, on: OnDate) -> NearestOut:
    """一点在哪个最低一级的单位，离附近各条界线多远，最近的三座界桩在哪个方向、多远。

    距离在 CGCS2000 椭球面上量算，方向为真北起算的十六方位。`within_m` 以内的界线全部列出，不作遗漏。
    """
    return nearest(session, lon, lat, on=on)
