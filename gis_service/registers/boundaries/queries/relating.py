"""How units lie to one unit on a day: inside it, around it, beside it, next to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.database import read_rows
from gis_service.foundation.errors import NotFound
from gis_service.foundation.measure import areas_km2, distance_m, lengths_m
from gis_service.foundation.plane import plane_around
from gis_service.foundation.topology import Geometries
from gis_service.registers.boundaries.queries.areas import areas_on
from gis_service.registers.boundaries.queries.chains import PlacedUnit, chains_of
from gis_service.registers.divisions.rules import DivisionLevel


class Predicate(StrEnum):
    """How units may lie to the one asked about.

    Areas of one day nest or lie side by side, so `overlaps` finds something only where registers are broken.
    """

    contains = "contains"
    within = "within"
    touches = "touches"
    overlaps = "overlaps"
    nearest = "nearest"


@dataclass(frozen=True, slots=True)
class Related:
    """A unit that lies so, with what the predicate measures: of others it is None.

    `border_km` of `touches` is 0 where the two meet in points only; `distance_m` of `nearest` is 0 where they
    meet.
    """

    unit: PlacedUnit
    area_km2: float
    border_km: float | None = None
    shared_km2: float | None = None
    distance_m: float | None = None


Found = tuple[UUID, BaseGeometry, float | None]  # unit, area, measure
_FIRST_REACH, _LAST_REACH = 0.1, 60.0  # degrees
_LEAST_KM2 = 1e-6

_AREAS = f"""
SELECT e.division_id, ST_AsBinary(e.geom) FROM extent e
WHERE e.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {STORAGE_SRID})
    AND e.valid @> %(on)s
    AND e.division_id <> %(unit)s::uuid AND (%(level)s::text IS NULL OR EXISTS (
        SELECT FROM division_version v
        WHERE v.division_id = e.division_id AND v.valid @> %(on)s AND v.level = %(level)s))"""


def related(
    session: Session,
    unit: UUID,
    predicate: Predicate,
    *,
    on: date,
    level: DivisionLevel | None,
    limit: int,
) -> list[Related]:
    """The units of a level (of any where none is named) that lie so to one: the nearest, or by code.

    Raises:
        NotFound: the unit has no area that day.
    """
    own = areas_on(session, [unit], on=on).get(unit)
    if own is None:
        raise NotFound(f"该单位在 {on} 没有范围数据", way_out="请换一个日期，或先导入该单位的范围")
    if predicate is Predicate.nearest:
        found = _nearest(session, unit, own[0], on=on, level=level, limit=limit)
    else:
        around = _areas_near(session, unit, own[0].bounds, on=on, level=level)
        found = list(_lying(own[0], predicate, *around))
    chains = chains_of(session, [unit, *(each[0] for each in found)], on=on)
    placed = [(chains[key][-1], shape, measure) for key, shape, measure in found if key in chains]
    if predicate is not Predicate.nearest:
        placed.sort(key=lambda each: each[0].code)
    km2 = areas_km2(shape for _, shape, _ in placed[:limit])
    return [_told(predicate, *each, area) for each, area in zip(placed[:limit], km2, strict=True)]


def _told(
    predicate: Predicate, unit: PlacedUnit, _: BaseGeometry, measure: float | None, km2: float
) -> Related:
    if predicate is Predicate.touches:
        return Related(unit, km2, border_km=measure)
    if predicate is Predicate.overlaps:
        return Related(unit, km2, shared_km2=measure)
    return Related(unit, km2, distance_m=measure)


def _areas_near(
    session: Session, unit: UUID, bounds: Iterable[float], *, on: date, level: DivisionLevel | None
) -> tuple[list[UUID], Geometries]:
    west, south, east, north = map(float, bounds)
    asked = {"west": west, "south": south, "east": east, "north": north, "on": on, "unit": str(unit)}
    rows = list(read_rows(session, _AREAS, asked | {"level": level.value if level else None}))
    shapes = np.asarray(shapely.from_wkb([row[1] for row in rows]), dtype=object)
    return [UUID(bytes=row[0]) for row in rows], shapes


def _lying(own: MultiPolygon, predicate: Predicate, units: list[UUID], shapes: Geometries) -> Iterator[Found]:
    shapely.prepare(own)
    for unit, shape in zip(units, shapes, strict=True):
        if not own.intersects(shape):
            continue
        lies, measure = _judged(own, shape, predicate)
        if lies:
            yield unit, shape, measure


def _judged(own: MultiPolygon, shape: BaseGeometry, predicate: Predicate) -> tuple[bool, float | None]:
    if predicate is Predicate.contains:
        return own.covers(shape), None
    if predicate is Predicate.within:
        return shape.covers(own), None
    if predicate is Predicate.touches:
        return (True, _border_km(own, shape)) if own.touches(shape) else (False, None)
    if own.covers(shape) or shape.covers(own) or own.touches(shape):
        return False, None
    shared = sum(areas_km2(_areas_in(shapely.intersection(own, shape))))
    return shared > _LEAST_KM2, shared


def _areas_in(geometry: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]


def _border_km(one: BaseGeometry, other: BaseGeometry) -> float:
    common = shapely.get_parts(shapely.intersection(one.boundary, other.boundary))
    return sum(lengths_m([part for part in common if part.geom_type == "LineString"])) / 1000.0


def _nearest(
    session: Session, unit: UUID, own: MultiPolygon, *, on: date, level: DivisionLevel | None, limit: int
) -> list[Found]:
    """Look farther and farther until enough units lie no farther away than was looked."""
    west, south, east, north = own.bounds
    reach = _FIRST_REACH
    while True:
        box = (west - reach, south - reach, east + reach, north + reach)
        units, shapes = _areas_near(session, unit, box, on=on, level=level)
        found = [(key, shape, _distance_m(own, shape)) for key, shape in zip(units, shapes, strict=True)]
        found.sort(key=lambda each: each[2])
        surely = distance_m((west + east) / 2, north, (west + east) / 2, north + reach) * _NARROWEST
        within = [each for each in found if each[2] <= surely]
        if len(within) >= limit or reach >= _LAST_REACH:
            return list((within if len(within) >= limit else found)[:limit])
        reach *= 4


_NARROWEST = 0.55  # a degree of longitude in the far north of China, as part of a degree of latitude


def _distance_m(one: BaseGeometry, other: BaseGeometry) -> float:
    """On the ellipsoid, between the points where the two come nearest."""
    if one.intersects(other):
        return 0.0
    plane = plane_around([one, other])
    between = plane.degrees(shapely.shortest_line(plane.metres(one), plane.metres(other)))
    (lon1, lat1), (lon2, lat2) = shapely.get_coordinates(between).tolist()
    return distance_m(lon1, lat1, lon2, lat2)
