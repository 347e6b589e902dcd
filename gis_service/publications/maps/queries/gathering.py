"""Gathering from the registers what a sheet shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import shapely
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification
from gis_service.foundation.errors import NotFound
from gis_service.publications.maps.models import Sheet
from gis_service.publications.maps.schemas import (
    ActFacts,
    ChangeEvidence,
    DataSource,
    DivisionEvidence,
    Imprint,
    Level,
    LineState,
    LineTrace,
    SheetEvidence,
    UnitRole,
    UnitShape,
)
from gis_service.registers.boundaries.models import BoundaryLine, Membership
from gis_service.registers.boundaries.queries import extents_on, lines_along, measured
from gis_service.registers.boundaries.queries.around import (
    Bounds,
    courses_of,
    sources_of,
    stood_by,
    units_meeting,
)
from gis_service.registers.boundaries.queries.flows import holders_of_area
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id, last_known, superiors_of
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instrument_by_id

AROUND = 0.5  # of the subject's size on every side: what may show in a frame


def gather(session: Session, sheet: Sheet, *, on: date, edition: int, edition_on: date) -> SheetEvidence:
    """What the registers know that a sheet shows, as of a day."""
    drawn = _Drawn(session)
    if sheet.type == "change":
        return _gather_change(drawn, sheet.subject, on=on, edition=edition, edition_on=edition_on)
    return _gather_division(drawn, sheet.subject, on=on, edition=edition, edition_on=edition_on)


@dataclass(slots=True)
class _Drawn:
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


def _gather_change(
    drawn: _Drawn, instrument_id: UUID, *, on: date, edition: int, edition_on: date
) -> ChangeEvidence:
    session = drawn.session
    act = instrument_by_id(session, instrument_id)
    drawn.on(act.classification, act.id)
    eve = on - timedelta(days=1)
    concerned = _concerned_by(session, instrument_id, on)
    ended, begun = (holders_of_area(session, concerned, on=day) for day in (eve, on))
    if not ended or not begun:
        raise NotFound(f"{act.number} 在 {on} 没有区域或界线的变更，无法绘制对照图")
    bounds = _around(list(extents_on(session, ended, on=eve).values()))
    before, after = _shapes(drawn, bounds, ended, on=eve), _shapes(drawn, bounds, begun, on=on)
    lines_before, lines_after = lines_along(session, ended, on=eve), lines_along(session, begun, on=on)
    return ChangeEvidence(
        act=ActFacts(act.number, act.issuer, act.issued_on, on, act.title),
        units_before=tuple(shape for _, shape in before),
        units_after=tuple(shape for _, shape in after),
        lines=tuple(_changed_lines(drawn, lines_before, lines_after, on=on)),
        superiors=tuple(_superiors(drawn, begun, on=on)),
        imprint=_imprint(drawn, [unit for unit, _ in after], edition, edition_on, on=on),
    )


def _gather_division(
    drawn: _Drawn, division_id: UUID, *, on: date, edition: int, edition_on: date
) -> DivisionEvidence:
    session = drawn.session
    extents = extents_on(session, [division_id], on=on)
    if division_id not in extents:
        name = last_known(session, [division_id])
        raise NotFound(
            f"{name[division_id].name if name else division_id} 在 {on} 没有登记范围，无法制图",
            way_out="请换一个日期，或先导入界线数据",
        )
    version = divisions_by_id(session, [division_id], on=on)[division_id]
    around = _shapes(drawn, _around(list(extents.values())), [division_id], on=on)
    units = [unit for unit, _ in around]
    return DivisionEvidence(
        on=on,
        subject=_shape(version, extents[division_id], UnitRole.affected),
        neighbours=tuple(shape for unit, shape in around if unit != division_id),
        lines=tuple(_traces(drawn, lines_along(session, [division_id], on=on), LineState.stayed, on=on)),
        superiors=tuple(_superiors(drawn, [division_id], on=on)),
        imprint=_imprint(drawn, units, edition, edition_on, on=on),
    )


def _concerned_by(session: Session, instrument_id: UUID, on: date) -> set[UUID]:
    """The units whose version or area an act ended or began on a day."""
    found = set[UUID]()
    for table in (DivisionVersion, Membership):
        ended = (table.ended_by == instrument_id) & (func.upper(table.valid) == on)
        begun = (table.begun_by == instrument_id) & (func.lower(table.valid) == on)
        found.update(session.scalars(select(table.division_id).where(ended | begun)))
    return found


def _around(shapes: Sequence[BaseGeometry]) -> Bounds:
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    wide, high = (east - west) * AROUND, (north - south) * AROUND
    return west - wide, south - high, east + wide, north + high


def _shapes(
    drawn: _Drawn, bounds: Bounds, affected: Iterable[UUID], *, on: date
) -> list[tuple[UUID, UnitShape]]:
    subjects = set(affected)
    meeting = units_meeting(drawn.session, bounds, on=on)
    drawn.units((version.division_id for version, _ in meeting), on=on)
    return [
        (
            version.division_id,
            _shape(
                version,
                shape,
                UnitRole.affected if version.division_id in subjects else UnitRole.neighbour,
            ),
        )
        for version, shape in meeting
    ]


def _shape(version: DivisionVersion, geometry: BaseGeometry, role: UnitRole) -> UnitShape:
    return UnitShape(
        code=version.code,
        name=version.name,
        kind=version.type or "",
        level=Level(version.level),
        role=role,
        geometry=geometry,
    )


def _changed_lines(
    drawn: _Drawn, before: list[BoundaryLine], after: list[BoundaryLine], *, on: date
) -> list[LineTrace]:
    was, remains = {line.id for line in before}, {line.id for line in after}
    ended = [line for line in before if line.id not in remains and line.valid.end == on]
    begun = [line for line in after if line.id not in was and line.valid.start == on]
    changed = {line.id for line in (*ended, *begun)}
    stayed = [line for line in after if line.id not in changed]
    return [
        *_traces(drawn, ended, LineState.ended, on=on - timedelta(days=1)),
        *_traces(drawn, stayed, LineState.stayed, on=on),
        *_traces(drawn, begun, LineState.begun, on=on),
    ]


def _traces(drawn: _Drawn, lines: list[BoundaryLine], state: LineState, *, on: date) -> list[LineTrace]:
    courses = courses_of(drawn.session, lines, on=on)
    sides = {side for line in lines for side in (line.first_id, line.second_id)}
    names = divisions_by_id(drawn.session, sides, on=on)
    drawn.units(sides, on=on)
    found = measured(drawn.session, lines, on=on)
    for line in found:
        drawn.on(line.classification, line.line.begun_by)
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


def _superiors(drawn: _Drawn, units: Iterable[UUID], *, on: date) -> list[UnitShape]:
    above = {
        superior.division_id: superior
        for unit in units
        for superior in superiors_of(drawn.session, unit, on=on)
    }
    drawn.units(above, on=on)
    extents = extents_on(drawn.session, above, on=on)
    return [
        _shape(superior, extents[unit], UnitRole.superior)
        for unit, superior in above.items()
        if unit in extents
    ]


def _imprint(drawn: _Drawn, units: list[UUID], edition: int, edition_on: date, *, on: date) -> Imprint:
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
