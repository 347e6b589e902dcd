"""What a user's point, line or area lies in on a day, and what became of those units by another day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.database import read_rows
from gis_service.foundation.measure import areas_km2, lengths_m
from gis_service.registers.boundaries.queries.chains import PlacedUnit, chains_of
from gis_service.registers.boundaries.queries.tracing import Revision, Step, trace
from gis_service.registers.divisions.rules import DivisionLevel

LEAST_KM2 = 1e-6  # a square metre: less is what the arithmetic of borders leaves
LEAST_KM = 1e-3
LEAST_SHARE = 1e-6  # of shapes so small that a square metre or a metre would be much of them
STEP_DEGREES = (
    0.001  # a drawn edge is straight on the map, so its parts are measured as it is: in short steps
)
MOST_STEPS = 20_000

_MEETING = f"""
SELECT e.division_id, ST_AsBinary(e.geom) FROM extent e
WHERE e.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {STORAGE_SRID})
    AND e.valid @> %(on)s
    AND CASE WHEN %(level)s::text IS NULL
        THEN EXISTS (SELECT FROM membership m WHERE m.division_id = e.division_id AND m.valid @> %(on)s)
        ELSE EXISTS (SELECT FROM division_version v
            WHERE v.division_id = e.division_id AND v.valid @> %(on)s AND v.level = %(level)s)
        END"""


@dataclass(frozen=True, slots=True)
class Portion:
    """What of a drawn shape lies in a unit. `size` is km² of an area, km of a line, and nothing of a point.

    `relation`: the unit contains the shape, lies within it, overlaps it, or only touches it.
    """

    unit: PlacedUnit
    relation: str
    size: float | None
    share_of_shape: float | None
    share_of_unit: float | None
    piece: BaseGeometry


@dataclass(frozen=True, slots=True)
class Covered:
    """A drawn shape on a day: its size, what lies in which unit, and how much lies in none."""

    size: float | None
    portions: tuple[Portion, ...]
    uncovered: float | None
    rest: BaseGeometry


@dataclass(frozen=True, slots=True)
class Flow:
    """What of a drawn shape belonged to one unit on a day and to another on the other; None is nobody.

    `acts` led from the one to the other; `revisions` are what changed of the unit that it stayed with.
    """

    before: PlacedUnit | None
    after: PlacedUnit | None
    size: float | None
    share_of_shape: float | None
    piece: BaseGeometry
    acts: tuple[Step, ...] = ()
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Whose a drawn shape was and is."""

    on: date
    to: date
    size: float | None
    flows: tuple[Flow, ...]


Areas = dict[UUID, BaseGeometry]
Crossing = tuple[UUID | None, UUID | None, float | None, BaseGeometry]


def covered_on(
    session: Session, shape: BaseGeometry, *, on: date, level: DivisionLevel | None = None
) -> Covered:
    """What of a shape lies in which units of a level (the lowest ones where none is named) on a day."""
    shape = _stepped(shape)
    areas = _areas_meeting(session, shape, on=on, level=level)
    pieces = {unit: _part(shape, area) for unit, area in areas.items()}
    chains = chains_of(session, pieces, on=on)
    whole = _size(shape)
    km2 = dict(zip(areas, areas_km2(areas.values()), strict=True))
    portions = [
        _portion(chains[unit][-1], shape, areas[unit], pieces[unit], whole, km2[unit])
        for unit in pieces
        if unit in chains
    ]
    portions.sort(key=lambda portion: (-(portion.size or 0.0), portion.unit.code))
    outside = _without(shape, areas)
    rest = _size(outside, of=shape)
    if rest is not None and rest <= _least(shape, whole):
        rest = 0.0
    return Covered(whole, tuple(portions), rest, outside)


def _portion(
    unit: PlacedUnit,
    shape: BaseGeometry,
    area: BaseGeometry,
    piece: BaseGeometry,
    whole: float | None,
    unit_km2: float,
) -> Portion:
    size = _size(piece, of=shape)
    share = None if size is None or not whole else size / whole
    of_unit = size / unit_km2 if size is not None and shapely.get_dimensions(shape) == 2 else None
    relation = _relation(shape, area, size, _least(shape, whole))
    return Portion(unit, relation, size, share, of_unit, piece)


def _relation(shape: BaseGeometry, area: BaseGeometry, size: float | None, least: float) -> str:
    if area.touches(shape) or (size is not None and size <= least):
        return "touches"
    if area.covers(shape):
        return "contains"
    return "within" if shape.covers(area) else "overlaps"


def corresponding(session: Session, shape: BaseGeometry, *, on: date, to: date) -> Correspondence:
    """Whose the parts of a shape were on a day, whose on another, and by which acts."""
    shape = _stepped(shape)
    before, after = (_areas_meeting(session, shape, on=day, level=None) for day in (on, to))
    told = chains_of(session, before, on=on), chains_of(session, after, on=to)
    was, now = ({key: chain[-1] for key, chain in chains.items()} for chains in told)
    whole = _size(shape)
    flows = [
        Flow(_named(was, one), _named(now, other), size, _share(size, whole), piece)
        for one, other, size, piece in _matrix(shape, whole, before, after)
    ]
    flows.sort(key=lambda flow: (-(flow.size or 0.0), _code(flow.before), _code(flow.after)))
    return Correspondence(on, to, whole, tuple(_with_acts(session, flows, on=on, to=to)))


def _named(told: Mapping[UUID, PlacedUnit], unit: UUID | None) -> PlacedUnit | None:
    return None if unit is None else told.get(unit)


def _code(unit: PlacedUnit | None) -> str:
    return unit.code if unit else ""


def _share(size: float | None, whole: float | None) -> float | None:
    return None if size is None or not whole else size / whole


def _matrix(shape: BaseGeometry, whole: float | None, before: Areas, after: Areas) -> Iterator[Crossing]:
    """Each part that one unit held then and one holds now, with its size; None is what nobody held."""
    if shapely.get_dimensions(shape) == 0:
        yield from ((one, other, None, shape) for one in before or [None] for other in after or [None])
        return
    was, now = _parted(shape, before), _parted(shape, after)
    least = _least(shape, whole)
    for (one, there), (other, here) in product(was.items(), now.items()):
        if there.intersects(here):
            piece = _part(there, here)
            size = _size(piece, of=shape)
            if size is not None and size > least:
                yield one, other, size, piece


def _parted(shape: BaseGeometry, areas: Areas) -> dict[UUID | None, BaseGeometry]:
    return {unit: _part(shape, area) for unit, area in areas.items()} | {None: _without(shape, areas)}


def _with_acts(session: Session, flows: Iterable[Flow], *, on: date, to: date) -> Iterable[Flow]:
    traces = {}
    for flow in flows:
        if flow.before is None:
            yield flow
            continue
        unit = flow.before.id
        if unit not in traces:
            traces[unit] = trace(session, unit, on=on, to=to)
        heirs = [heir for heir in traces[unit].units if flow.after and heir.unit.id == flow.after.id]
        acts = tuple(act for heir in heirs for act in heir.acts)
        revisions = traces[unit].revisions if not acts else ()
        yield replace(flow, acts=acts, revisions=revisions)


def _areas_meeting(session: Session, shape: BaseGeometry, *, on: date, level: DivisionLevel | None) -> Areas:
    west, south, east, north = map(float, shape.bounds)
    asked = {"west": west, "south": south, "east": east, "north": north, "on": on}
    rows = list(read_rows(session, _MEETING, asked | {"level": level.value if level else None}))
    areas = np.asarray(shapely.from_wkb([row[1] for row in rows]), dtype=object)
    shapely.prepare(shape)
    meets = np.flatnonzero(shapely.intersects(shape, areas))
    return {UUID(bytes=rows[index][0]): areas[index] for index in meets}


def _part(shape: BaseGeometry, area: BaseGeometry) -> BaseGeometry:
    return shapely.intersection(shape, area)


def _without(shape: BaseGeometry, areas: Areas) -> BaseGeometry:
    """What lies in no area; of whole areas, since the union of thin parts of them may lose some."""
    return shapely.difference(shape, shapely.coverage_union_all(list(areas.values())))


def _stepped(shape: BaseGeometry) -> BaseGeometry:
    """The shape with points along its edges: geodesics between far corners would bulge from what is cut."""
    return shapely.segmentize(shape, max(STEP_DEGREES, shape.length / MOST_STEPS))


def _least(shape: BaseGeometry, whole: float | None) -> float:
    least = LEAST_KM2 if shapely.get_dimensions(shape) == 2 else LEAST_KM
    return min(least, (whole or 0.0) * LEAST_SHARE)


def _size(geometry: BaseGeometry, of: BaseGeometry | None = None) -> float | None:
    """km² of an area, km of a line, None of a point; of a part, as what it is a part of is measured."""
    dimension = shapely.get_dimensions(geometry if of is None else of)
    parts = shapely.get_parts(shapely.get_parts(geometry))
    if dimension == 0:
        return None
    if dimension == 1:
        return sum(lengths_m([part for part in parts if part.geom_type == "LineString"])) / 1000.0
    return sum(areas_km2([part for part in parts if part.geom_type == "Polygon"]))
