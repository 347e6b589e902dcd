"""The answer about a place: in which units it lies, which lines run near it, which markers are nearest."""

from __future__ import annotations

import math
from datetime import date

from sqlalchemy.orm import Session

from gis_service.foundation.measure import azimuth_deg
from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.queries.chains import sides_of_point
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.boundaries.rules import direction_word, remark_on_point
from gis_service.registers.boundaries.schemas import PlacedUnitOut
from gis_service.registers.markers.queries.around import LineNear, MarkerNear, around, markers_near
from gis_service.registers.markers.schemas import LineNearOut, MarkerNearOut, NearestOut


def nearest(session: Session, lon: float, lat: float, *, on: date) -> NearestOut:
    """All that is told of a place on a day."""
    [units] = locate(session, [(lon, lat)], on=on)
    found = around(session, lon, lat, on=on, units=units)
    chains, lines = sides_of_point(units, found.chains), found.near
    markers = markers_near(session, lon, lat, on=on)
    note_readings(session, ((near.line.classification, near.line.code) for near in lines.lines))
    note_readings(session, ((near.classification, near.number) for near in markers))
    return NearestOut(
        on=on,
        lon=lon,
        lat=lat,
        sides=[[PlacedUnitOut.model_validate(unit) for unit in chain] for chain in chains],
        lines=[_line(near, lon, lat) for near in lines.lines],
        within_m=None if math.isinf(lines.certain_m) else round(lines.certain_m, 1),
        markers=[_marker(near, lon, lat) for near in markers],
        remark=remark_on_point(lon, lat),
    )


def _line(near: LineNear, lon: float, lat: float) -> LineNearOut:
    return LineNearOut(
        id=near.line.id,
        code=near.line.code,
        name=near.line.name,
        level=near.line.level,
        distance_m=round(near.distance_m, 2),
        direction=_direction(lon, lat, near.foot),
        lon=near.foot[0],
        lat=near.foot[1],
    )


def _marker(near: MarkerNear, lon: float, lat: float) -> MarkerNearOut:
    return MarkerNearOut(
        id=near.id,
        number=near.number,
        state=near.state,
        distance_m=round(near.distance_m, 2),
        direction=_direction(lon, lat, near.point),
        lon=near.point[0],
        lat=near.point[1],
        is_synthetic=near.is_synthetic,
        classification=near.classification,
    )


def _direction(lon: float, lat: float, there: tuple[float, float]) -> str:
    return direction_word(azimuth_deg(lon, lat, *there))
