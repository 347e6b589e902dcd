"""What goes onto a sheet from the registers, with account of how closely it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import shapely
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification
from gis_service.publications.maps.schemas import (
    DataSource,
    Imprint,
    Level,
    LineState,
    LineTrace,
    UnitRole,
    UnitShape,
)
from gis_service.registers.boundaries.queries import LineInForce, extents_on, measured
from gis_service.registers.boundaries.queries.around import (
    Bounds,
    courses_of,
    sources_of,
    stood_by,
    units_meeting,
)
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id, superiors_of
from gis_service.registers.instruments.models import Instrument

AROUND = 0.5  # of the subject's size on every side: what may show in a frame


@dataclass(slots=True)
class Drawn:
    """How closely the most closely kept of all that was drawn so far is kept, and under which act."""

    session: Session
    classification: Classification = Classification.public
    kept_by: UUID | None = None

    def on(self, classification: Classification | str, kept_by: UUID) -> None:
        """Something was drawn that stands by this act."""
        level = Classification(classification)
        if level.rank > self.classification.rank:
            self.classification, self.kept_by = level, kept_by

    def units(self, units: Iterable[UUID], *, on: date) -> None:
        """Units were drawn or named as of a day."""
        for instrument in stood_by(self.session, units, on=on):
            self.on(instrument.classification, instrument.id)


def around(shapes: Sequence[BaseGeometry]) -> Bounds:
    """The box around shapes in which other units may show."""
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    wide, high = (east - west) * AROUND, (north - south) * AROUND
    return west - wide, south - high, east + wide, north + high


def shapes_in(
    drawn: Drawn, bounds: Bounds, affected: Iterable[UUID], *, on: date
) -> list[tuple[UUID, UnitShape]]:
    """The lowest-level units in a box as drawn on a day, the affected ones marked."""
    subjects = set(affected)
    meeting = units_meeting(drawn.session, bounds, on=on)
    drawn.units((version.division_id for version, _ in meeting), on=on)
    return [
        (
            version.division_id,
            shape_of(
                version,
                shape,
                UnitRole.affected if version.division_id in subjects else UnitRole.neighbour,
            ),
        )
        for version, shape in meeting
    ]


def shape_of(version: DivisionVersion, geometry: BaseGeometry, role: UnitRole) -> UnitShape:
    """A unit as it is drawn."""
    return UnitShape(
        code=version.code,
        name=version.name,
        kind=version.type or "",
        level=Level(version.level),
        role=role,
        geometry=geometry,
    )


def traces_of(drawn: Drawn, lines: list[LineInForce], state: LineState, *, on: date) -> list[LineTrace]:
    """Lines as they are drawn on a day."""
    courses = courses_of(drawn.session, lines, on=on)
    sides = {side for line in lines for side in (line.first_id, line.second_id)}
    names = divisions_by_id(drawn.session, sides, on=on)
    drawn.units(sides, on=on)
    found = measured(drawn.session, lines, on=on)
    for line in found:
        drawn.on(line.classification, line.line.recorded_by or line.line.begun_by)
    return [
        LineTrace(
            code=line.line.code,
            name=line.line.name,
            level=Level(line.line.level),
            sides=(names[line.line.first_id].name, names[line.line.second_id].name),
            geometry=courses.get(line.line.id, MultiLineString()),
            length_km=line.length_km,
            state=state,
        )
        for line in found
    ]


def superiors_on(drawn: Drawn, units: Iterable[UUID], *, on: date) -> list[UnitShape]:
    """The outlines of what units belong to."""
    above = {
        superior.division_id: superior
        for unit in units
        for superior in superiors_of(drawn.session, unit, on=on)
    }
    drawn.units(above, on=on)
    extents = extents_on(drawn.session, above, on=on)
    return [
        shape_of(superior, extents[unit], UnitRole.superior)
        for unit, superior in above.items()
        if unit in extents
    ]


def imprint_of(drawn: Drawn, units: list[UUID], edition: int, edition_on: date, *, on: date) -> Imprint:
    """To be made last: it tells how closely all that was drawn is kept."""
    sources = sources_of(drawn.session, units, on=on)
    for source in sources:
        drawn.on(source.classification, source.id)
    return Imprint(
        edition=edition,
        edition_on=edition_on,
        sources=tuple(map(_source, sources)),
        classification=drawn.classification,
        kept_by=drawn.kept_by,
    )


def _source(source: Instrument) -> DataSource:
    return DataSource(name=source.title, statement=source.statement or "")
