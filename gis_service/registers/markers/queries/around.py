"""Which lines run at or near places on a day, and which markers stand nearest: by the index, then exactly.

Edges are found by nearness in degrees and measured on the ellipsoid. Degrees of longitude are shorter than
degrees of latitude, so nearness in degrees is only a bound: what lies within the bound is known for certain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.measure import distance_m
from gis_service.foundation.plane import METRES_PER_DEGREE
from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.queries.chains import Chain
from gis_service.registers.boundaries.queries.edges_near import EdgeNear, edges_near
from gis_service.registers.boundaries.queries.sides import Sides, SidesOnDay, sides_on
from gis_service.registers.boundaries.queries.standing import LineInForce

EDGES, MOST_EDGES = 48, 768  # asked of the index at first, and at most
MARKERS, MOST_MARKERS = 12, 3072
_SHORTEST = METRES_PER_DEGREE * 0.99  # no degree of latitude is shorter

_MARKERS = text(f"""
WITH near AS MATERIALIZED (
    SELECT p.marker_id, p.geom, p.begun_by,
        p.geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), {STORAGE_SRID}) AS degrees
    FROM marker_position p WHERE p.valid @> :on
    ORDER BY p.geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), {STORAGE_SRID}) LIMIT :many
)
SELECT m.id, m.number, m.is_synthetic, near.degrees, ST_X(near.geom) AS lon, ST_Y(near.geom) AS lat,
    ARRAY(SELECT paper.classification FROM instrument paper
        WHERE paper.id IN (m.registered_by, near.begun_by, v.begun_by)) AS kept,
    (SELECT o.state FROM marker_observation o WHERE o.marker_id = m.id AND o.seen_on <= :on
        ORDER BY o.seen_on DESC, o.ordinal DESC LIMIT 1) AS state
FROM near LEFT JOIN (
    marker m JOIN marker_version v ON v.marker_id = m.id AND v.valid @> :on
) ON m.id = near.marker_id
""")


@dataclass(frozen=True, slots=True)
class LineNear:
    """A line near a place: how far, on the ellipsoid, and where on the line (lon, lat)."""

    line: LineInForce
    distance_m: float
    foot: tuple[float, float]


@dataclass(frozen=True, slots=True)
class LinesNear:
    """The lines near a place, the nearest first: all of those within `certain_m`, and nothing beyond."""

    lines: tuple[LineNear, ...]
    certain_m: float


@dataclass(frozen=True, slots=True)
class MarkerNear:
    """A marker near a place, by its registered position (lon, lat); as classified as its papers."""

    id: UUID
    number: str
    is_synthetic: bool
    state: str | None
    point: tuple[float, float]
    distance_m: float
    classification: Classification


@dataclass(frozen=True, slots=True)
class Around:
    """The lines near a place, and the chains of the units in which it lies, asked for together."""

    near: LinesNear
    chains: Mapping[UUID, Chain]


def lines_near(session: Session, lon: float, lat: float, *, on: date) -> LinesNear:
    """Lines near a place on a day, one entry for each; at least one, where any is within reach."""
    return around(session, lon, lat, on=on, units=()).near


def around(session: Session, lon: float, lat: float, *, on: date, units: Iterable[UUID]) -> Around:
    """Lines near a place on a day, and the chains of some units."""
    day = sides_on(session, on)
    near = _lines_near(session, day, (lon, lat))
    chains = day.chains(session, units)
    note_readings(session, {(unit.classification, unit.code) for chain in chains.values() for unit in chain})
    return Around(near, chains)


def _lines_near(session: Session, day: SidesOnDay, place: tuple[float, float]) -> LinesNear:
    many = EDGES
    while True:
        edges = edges_near(session, *place, many=many)
        certain = _certain_m(edges, many, place[1])
        feet = [(edge, distance_m(*place, *edge.foot)) for edge in edges]
        found = _lines(session, day, [(edge, metres) for edge, metres in feet if metres <= certain])
        if found or len(edges) < many or many >= MOST_EDGES:
            return LinesNear(found, certain)
        many *= 4


def _lines(session: Session, day: SidesOnDay, feet: list[tuple[EdgeNear, float]]) -> tuple[LineNear, ...]:
    holders = day.holders(session, {face for edge, _ in feet for face in edge.faces if face is not None})
    between = [_sides(edge, holders) for edge, _ in feet]
    lines = day.lines(session, {sides for sides in between if sides is not None})
    nearest: dict[UUID, LineNear] = {}
    for (edge, metres), sides in zip(feet, between, strict=True):
        line = lines.get(sides) if sides else None
        if line is not None and (line.id not in nearest or metres < nearest[line.id].distance_m):
            nearest[line.id] = LineNear(line, metres, edge.foot)
    return tuple(sorted(nearest.values(), key=lambda near: (near.distance_m, near.line.code)))


def _sides(edge: EdgeNear, holders: Mapping[UUID, UUID]) -> Sides | None:
    left, right = edge.faces
    if right is None or not {left, right} <= holders.keys():
        return None
    return holders[left], holders[right]


def _certain_m(rows: Sequence[Any], many: int, lat: float) -> float:
    """Nothing that was left out lies nearer than this."""
    if len(rows) < many:
        return math.inf
    farthest = max(row.degrees for row in rows)
    narrowest = math.cos(math.radians(min(abs(lat) + farthest, 90.0)))
    return float(farthest * narrowest * _SHORTEST)


def markers_near(
    session: Session, lon: float, lat: float, *, on: date, limit: int = 3
) -> tuple[MarkerNear, ...]:
    """The markers whose registered positions are nearest to a place on a day, the nearest first."""
    many = max(MARKERS, 4 * limit)
    while True:
        rows = session.execute(_MARKERS, {"lon": lon, "lat": lat, "on": on, "many": many}).all()
        certain = _certain_m(rows, many, lat)
        told = [row for row in rows if row.id is not None]  # others hold a place the reader may not know
        measured = sorted(((distance_m(lon, lat, row.lon, row.lat), row) for row in told), key=_first)
        sure = [each for each in measured if each[0] <= certain][:limit]
        if len(sure) == limit or len(rows) < many or many >= MOST_MARKERS:
            return _told(measured[:limit])
        many *= 4


def _first(each: tuple[float, Any]) -> float:
    return each[0]


def _told(nearest: list[tuple[float, Any]]) -> tuple[MarkerNear, ...]:
    return tuple(
        MarkerNear(
            id=row.id,
            number=row.number,
            is_synthetic=row.is_synthetic,
            state=row.state,
            point=(row.lon, row.lat),
            distance_m=metres,
            classification=highest(*row.kept),
        )
        for metres, row in nearest
    )
