"""What lies near a place on a day: by the index of shapes, then measured on the ellipsoid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.measure import azimuth_deg, distance_m
from gis_service.foundation.plane import METRES_PER_DEGREE
from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.queries.chains import Chain, chains_of, sides_of_point
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.boundaries.rules import direction_word, remark_on_point

MOST = 5_000  # shapes that are measured
_SHORTEST = METRES_PER_DEGREE * 0.99  # no degree of latitude is shorter

_NEAR = text(f"""
WITH near AS MATERIALIZED (
    SELECT g.feature_id, g.role, g.begun_by, g.valid @> :on AS holds,
        ST_ClosestPoint(g.geom, here.point) AS foot, g.geom <-> here.point AS degrees
    FROM feature_shape g, (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), {STORAGE_SRID}) AS point) here
    ORDER BY g.geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), {STORAGE_SRID}) LIMIT :many
)
SELECT near.feature_id, near.role, near.degrees, near.holds, ST_X(near.foot) AS lon, ST_Y(near.foot) AS lat,
    v.class_code, named.text AS name,
    ARRAY(SELECT DISTINCT i.classification FROM instrument i
        WHERE i.id IN (near.begun_by, v.begun_by, named.begun_by)) AS kept
FROM near
LEFT JOIN LATERAL (
    SELECT known.* FROM (
        SELECT f.class_code, f.begun_by, f.valid FROM feature_version f
        WHERE f.feature_id = near.feature_id OFFSET 0
    ) known WHERE known.valid @> :on LIMIT 1
) v ON TRUE
LEFT JOIN LATERAL (
    SELECT known.* FROM (
        SELECT n.text, n.kind, n.begun_by, n.valid FROM place_name n
        WHERE n.feature_id = near.feature_id OFFSET 0
    ) known WHERE known.kind = '标准名称' AND known.valid @> :on LIMIT 1
) named ON TRUE
""")


@dataclass(frozen=True, slots=True)
class Near:
    """A feature near a place: how far in metres, in which direction, and where it is nearest."""

    id: str
    name: str | None
    class_code: str
    distance_m: float
    direction: str | None
    lon: float
    lat: float
    role: str


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a place: its units, and the nearest features, none left out within `within_m`."""

    sides: list[Chain]
    items: tuple[Near, ...]
    within_m: float | None
    remark: str | None


def near(
    session: Session, lon: float, lat: float, *, on: date, class_code: str | None = None, limit: int = 10
) -> Around:
    """The features nearest to a place on a day, of a class or below it, and the units it lies in."""
    [units] = locate(session, [(lon, lat)], on=on)
    sides = sides_of_point(units, chains_of(session, units, on=on))
    items, certain = _nearest(session, lon, lat, on=on, class_code=class_code or "", limit=limit)
    within = None if math.isinf(certain) else round(certain, 1)
    return Around(sides, items, within, remark_on_point(lon, lat))


def _nearest(
    session: Session, lon: float, lat: float, *, on: date, class_code: str, limit: int
) -> tuple[tuple[Near, ...], float]:
    many = 4 * limit + 8
    while True:
        rows = session.execute(_NEAR, {"lon": lon, "lat": lat, "on": on, "many": many}).all()
        certain = _certain_m(rows, many, lat)
        told = [row for row in rows if row.holds and row.class_code and row.class_code.startswith(class_code)]
        nearest: dict[Any, tuple[float, Any]] = {}
        for row in told:
            metres = distance_m(lon, lat, row.lon, row.lat)
            if row.feature_id not in nearest or metres < nearest[row.feature_id][0]:
                nearest[row.feature_id] = metres, row
        found = sorted(nearest.values(), key=lambda each: (each[0], str(each[1].feature_id)))
        sure = [each for each in found if each[0] <= certain][:limit]
        if len(sure) == limit or len(rows) < many or many >= MOST:
            chosen = sure if len(sure) == limit else found[:limit]
            note_readings(session, ((highest(*map(Classification, row.kept)), row.name) for _, row in chosen))
            return tuple(_told(lon, lat, *each) for each in chosen), certain
        many = min(many * 4, MOST)


def _certain_m(rows: Any, many: int, lat: float) -> float:
    """Nothing that was left out lies nearer than this."""
    if len(rows) < many:
        return math.inf
    farthest = max(row.degrees for row in rows)
    narrowest = math.cos(math.radians(min(abs(lat) + farthest, 90.0)))
    return float(farthest * narrowest * _SHORTEST)


def _told(lon: float, lat: float, metres: float, row: Any) -> Near:
    direction = direction_word(azimuth_deg(lon, lat, row.lon, row.lat)) if metres > 0 else None
    return Near(
        str(row.feature_id), row.name, row.class_code, round(metres, 2), direction, row.lon, row.lat, row.role
    )
