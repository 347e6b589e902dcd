"""Where three units of a level meet on a day, by the topology alone: tri-points to be registered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.models import Edge
from gis_service.registers.boundaries.queries import edges_along, lines_in_force, sides_of
from gis_service.registers.boundaries.queries.chains import PlacedUnit, chains_of
from gis_service.registers.divisions.queries import find_by_codes
from gis_service.registers.divisions.rules import DivisionLevel

_IDS = ARRAY(PG_UUID(as_uuid=True))
Node = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A place where units of one level meet, by code."""

    point: Point
    units: tuple[PlacedUnit, ...]

    @property
    def names(self) -> list[str]:
        """The names of the units."""
        return [unit.name for unit in self.units]


def tri_point_candidates(session: Session, level: DivisionLevel, *, on: date) -> list[Meeting]:
    """The places where at least three units of a level meet, from west to east."""
    lines = [line for line in lines_in_force(session, on=on) if DivisionLevel(line.level).rank <= level.rank]
    edges = list(edges_along(session, sides_of(lines), on=on))
    codes = {code for edge in edges for code in (edge.left, edge.right)}
    unit_of = _units(session, codes, level, on=on)
    ends = _ends(session, [edge.id for edge in edges])
    meeting: dict[Node, dict[UUID, PlacedUnit]] = defaultdict(dict)
    for edge in edges:
        both = [unit_of[code] for code in (edge.left, edge.right) if code in unit_of]
        for node in ends[edge.id]:
            meeting[node] |= {unit.id: unit for unit in both}
    found = [
        Meeting(Point(node), tuple(sorted(units.values(), key=lambda unit: unit.code)))
        for node, units in sorted(meeting.items())
        if len(units) >= _THREE
    ]
    note_readings(session, ((unit.classification, unit.code) for each in found for unit in each.units))
    return found


_THREE = 3


def _units(session: Session, codes: set[str], level: DivisionLevel, *, on: date) -> dict[str, PlacedUnit]:
    """For lowest-level units, by code, the unit of the level above them."""
    lowest = find_by_codes(session, codes, on=on)
    chains = chains_of(session, {unit.division_id for unit in lowest.values()}, on=on)
    return {chain[-1].code: unit for chain in chains.values() for unit in chain if unit.level == level.value}


def _ends(session: Session, edges: list[UUID]) -> dict[UUID, tuple[Node, Node]]:
    start, end = func.ST_StartPoint(Edge.geom), func.ST_EndPoint(Edge.geom)
    corners = (func.ST_X(start), func.ST_Y(start), func.ST_X(end), func.ST_Y(end))
    rows = session.execute(select(Edge.id, *corners).where(Edge.id == any_(cast(edges, _IDS))))
    return {row[0]: ((row[1], row[2]), (row[3], row[4])) for row in rows}
