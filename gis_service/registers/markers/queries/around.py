"""Which lines run at or near places on a day, and which markers stand nearest: by the index, then exactly.

Edges are found by nearness in degrees and measured on the ellipsoid. Degrees of longitude are shorter than
degrees of latitude, so nearness in degrees is only a bound: what lies within the bound is known for certain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import any_, cast, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.database import holds_on
from gis_service.foundation.measure import distance_m
from gis_service.foundation.plane import METRES_PER_DEGREE
from gis_service.registers.boundaries.models import BoundaryLine, Membership
from gis_service.registers.boundaries.queries.chains import Chain, chains_of, chains_within
from gis_service.registers.divisions.rules import DivisionLevel

_IDS = ARRAY(PG_UUID(as_uuid=True))
EDGES, MOST_EDGES = 48, 768  # asked of the index at first, and at most
MARKERS, MOST_MARKERS = 12, 3072
_SHORTEST = METRES_PER_DEGREE * 0.99  # no degree of latitude is shorter

# `narrow` makes degrees of longitude as long as those of latitude: the foot is where it is on the ground.
_EDGES = text(f"""
WITH asked AS (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), {STORAGE_SRID}) AS point),
near AS MATERIALIZED (
    SELECT e.geom, e.left_face_id, e.right_face_id, e.geom <-> (SELECT point FROM asked) AS degrees
    FROM edge e ORDER BY e.geom <-> (SELECT point FROM asked) LIMIT :many
),
foot AS (
    SELECT left_face_id, right_face_id, degrees, ST_ClosestPoint(
        ST_Scale(geom, :narrow, 1), ST_SetSRID(ST_MakePoint(:lon * :narrow, :lat), {STORAGE_SRID})) AS at
    FROM near
)
SELECT degrees, ST_X(at) / :narrow AS lon, ST_Y(at) AS lat,
    (SELECT m.division_id FROM membership m WHERE m.face_id = left_face_id AND m.valid @> :on) AS here,
    (SELECT m.division_id FROM membership m WHERE m.face_id = right_face_id AND m.valid @> :on) AS there
FROM foot
""")
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

    line: BoundaryLine
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
    """Lines near a place on a day, and the chains of some units and of those along the lines."""
    many = EDGES
    while True:
        rows = session.execute(_EDGES, _asked(lon, lat) | {"many": many, "on": on}).all()
        certain = _certain_m(rows, many, lat)
        feet = [(row, distance_m(lon, lat, row.lon, row.lat)) for row in rows]
        within = [
            (row, metres) for row, metres in feet if metres <= certain and None not in (row.here, row.there)
        ]
        chains = chains_of(
            session, {*units, *(unit for row, _ in within for unit in (row.here, row.there))}, on=on
        )
        found = _lines(session, within, chains, on=on)
        if found or len(rows) < many or many >= MOST_EDGES:
            return Around(LinesNear(found, certain), chains)
        many *= 4


def _asked(lon: float, lat: float) -> dict[str, float]:
    return {"lon": lon, "lat": lat, "narrow": max(math.cos(math.radians(lat)), 1e-6)}


def _certain_m(rows: Sequence[Any], many: int, lat: float) -> float:
    """Nothing that was left out lies nearer than this."""
    if len(rows) < many:
        return math.inf
    farthest = max(row.degrees for row in rows)
    narrowest = math.cos(math.radians(min(abs(lat) + farthest, 90.0)))
    return float(farthest * narrowest * _SHORTEST)


def _lines(
    session: Session, feet: list[tuple[Any, float]], chains: Mapping[UUID, Chain], *, on: date
) -> tuple[LineNear, ...]:
    lines = _of_sides(session, {(row.here, row.there) for row, _ in feet}, chains, on=on)
    nearest: dict[UUID, LineNear] = {}
    for row, metres in feet:
        line = lines.get((row.here, row.there))
        if line is not None and (line.id not in nearest or metres < nearest[line.id].distance_m):
            nearest[line.id] = LineNear(line, metres, (row.lon, row.lat))
    return tuple(sorted(nearest.values(), key=lambda near: (near.distance_m, near.line.code)))


Faces = tuple[UUID, UUID | None]
Sides = tuple[UUID, UUID]


def lines_between(session: Session, faces: Iterable[Faces], *, on: date) -> dict[Faces, BoundaryLine]:
    """The line that runs between two faces on a day; pairs between which none runs are left out.

    For what the service itself concludes: nothing is noted as read.
    """
    wanted = set(faces)
    holders = _holders(session, {face for pair in wanted for face in pair if face is not None}, on=on)
    sides = {
        (left, right): (holders[left], holders[right])
        for left, right in wanted
        if right is not None and {left, right} <= holders.keys()
    }
    chains = chains_within(session, set(holders.values()), on=on)
    lines = _of_sides(session, sides.values(), chains, on=on)
    return {key: lines[pair] for key, pair in sides.items() if pair in lines}


def _of_sides(
    session: Session, sides: Iterable[Sides], chains: Mapping[UUID, Chain], *, on: date
) -> dict[Sides, BoundaryLine]:
    """The line between each two lowest-level units: at the highest level on which they part."""
    pairs = {(here, there) for here, there in sides if here != there and {here, there} <= chains.keys()}
    lines = _of_pairs(session, [(chains[here], chains[there]) for here, there in pairs], on=on)
    found = {(here, there): _highest(lines, chains[here], chains[there]) for here, there in pairs}
    return {pair: line for pair, line in found.items() if line is not None}


def _holders(session: Session, faces: Iterable[UUID], *, on: date) -> dict[UUID, UUID]:
    wanted = select(Membership.face_id, Membership.division_id).where(
        Membership.face_id == any_(cast(list(faces), _IDS)), holds_on(Membership.valid, on)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _of_pairs(
    session: Session, chains: Iterable[tuple[Chain, Chain]], *, on: date
) -> dict[frozenset[UUID], BoundaryLine]:
    units = {unit.id for pair in chains for chain in pair for unit in chain}
    ids = cast(list(units), _IDS)
    wanted = select(BoundaryLine).where(
        BoundaryLine.first_id == any_(ids),
        BoundaryLine.second_id == any_(ids),
        holds_on(BoundaryLine.valid, on),
    )
    return {frozenset((line.first_id, line.second_id)): line for line in session.scalars(wanted)}


def _highest(lines: Mapping[frozenset[UUID], BoundaryLine], one: Chain, other: Chain) -> BoundaryLine | None:
    """The line of two chains of units: at the highest level on which they part."""
    pairs = (frozenset((here.id, there.id)) for here, there in product(one, other) if here.id != there.id)
    met = [lines[pair] for pair in pairs if pair in lines]
    return min(met, key=lambda line: DivisionLevel(line.level).rank, default=None)


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
