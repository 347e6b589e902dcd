"""Gathering from the registers what a sheet shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

import shapely
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

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
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.boundaries.queries import extents_on, lines_along, measured
from gis_service.registers.boundaries.queries.around import Bounds, courses_of, sources_of, units_meeting
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id, last_known, superiors_of
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instrument_by_id

AROUND = 0.5  # of the subject's size on every side: what may show in a frame


def gather(session: Session, sheet: Sheet, *, on: date, edition: int, edition_on: date) -> SheetEvidence:
    """What the registers know that a sheet shows, as of a day."""
    if sheet.type == "change":
        return _gather_change(session, sheet.subject, on=on, edition=edition, edition_on=edition_on)
    return _gather_division(session, sheet.subject, on=on, edition=edition, edition_on=edition_on)


def _gather_change(
    session: Session, instrument_id: UUID, *, on: date, edition: int, edition_on: date
) -> ChangeEvidence:
    act = instrument_by_id(session, instrument_id)
    eve = on - timedelta(days=1)
    ended, begun = _ended_by(session, instrument_id, on), _begun_by(session, instrument_id, on)
    if not ended or not begun:
        raise NotFound(f"{act.number} 在 {on} 没有撤销或设立的单位，无法绘制对照图")
    bounds = _around(list(extents_on(session, ended, on=eve).values()))
    before, after = _shapes(session, bounds, ended, on=eve), _shapes(session, bounds, begun, on=on)
    lines_before, lines_after = lines_along(session, ended, on=eve), lines_along(session, begun, on=on)
    return ChangeEvidence(
        act=ActFacts(act.number, act.issuer, act.issued_on, on, act.title),
        units_before=tuple(shape for _, shape in before),
        units_after=tuple(shape for _, shape in after),
        lines=tuple(_changed_lines(session, lines_before, lines_after, on=on)),
        superiors=tuple(_superiors(session, begun, on=on)),
        imprint=_imprint(session, [unit for unit, _ in after], edition, edition_on, on=on),
    )


def _gather_division(
    session: Session, division_id: UUID, *, on: date, edition: int, edition_on: date
) -> DivisionEvidence:
    extents = extents_on(session, [division_id], on=on)
    if division_id not in extents:
        name = last_known(session, [division_id])
        raise NotFound(
            f"{name[division_id].name if name else division_id} 在 {on} 没有登记范围，无法制图",
            way_out="请换一个日期，或先导入界线数据",
        )
    version = divisions_by_id(session, [division_id], on=on)[division_id]
    around = _shapes(session, _around(list(extents.values())), [division_id], on=on)
    units = [unit for unit, _ in around]
    return DivisionEvidence(
        on=on,
        subject=_shape(version, extents[division_id], UnitRole.affected),
        neighbours=tuple(shape for unit, shape in around if unit != division_id),
        lines=tuple(_traces(session, lines_along(session, [division_id], on=on), LineState.stayed, on=on)),
        superiors=tuple(_superiors(session, [division_id], on=on)),
        imprint=_imprint(session, units, edition, edition_on, on=on),
    )


def _ended_by(session: Session, instrument_id: UUID, on: date) -> list[UUID]:
    wanted = select(DivisionVersion.division_id).where(
        DivisionVersion.ended_by == instrument_id, func.upper(DivisionVersion.valid) == on
    )
    return list(session.scalars(wanted.order_by(DivisionVersion.code)))


def _begun_by(session: Session, instrument_id: UUID, on: date) -> list[UUID]:
    wanted = select(DivisionVersion.division_id).where(
        DivisionVersion.begun_by == instrument_id, func.lower(DivisionVersion.valid) == on
    )
    return list(session.scalars(wanted.order_by(DivisionVersion.code)))


def _around(shapes: Sequence[BaseGeometry]) -> Bounds:
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    wide, high = (east - west) * AROUND, (north - south) * AROUND
    return west - wide, south - high, east + wide, north + high


def _shapes(
    session: Session, bounds: Bounds, affected: Iterable[UUID], *, on: date
) -> list[tuple[UUID, UnitShape]]:
    subjects = set(affected)
    return [
        (
            version.division_id,
            _shape(
                version,
                shape,
                UnitRole.affected if version.division_id in subjects else UnitRole.neighbour,
            ),
        )
        for version, shape in units_meeting(session, bounds, on=on)
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
    session: Session, before: list[BoundaryLine], after: list[BoundaryLine], *, on: date
) -> list[LineTrace]:
    was, remains = {line.id for line in before}, {line.id for line in after}
    ended = [line for line in before if line.id not in remains and line.valid.end == on]
    begun = [line for line in after if line.id not in was and line.valid.start == on]
    changed = {line.id for line in (*ended, *begun)}
    stayed = [line for line in after if line.id not in changed]
    return [
        *_traces(session, ended, LineState.ended, on=on - timedelta(days=1)),
        *_traces(session, stayed, LineState.stayed, on=on),
        *_traces(session, begun, LineState.begun, on=on),
    ]


def _traces(session: Session, lines: list[BoundaryLine], state: LineState, *, on: date) -> list[LineTrace]:
    courses = courses_of(session, lines, on=on)
    names = divisions_by_id(
        session, {side for line in lines for side in (line.first_id, line.second_id)}, on=on
    )
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
        for line in measured(session, lines, on=on)
    ]


def _superiors(session: Session, units: Iterable[UUID], *, on: date) -> list[UnitShape]:
    above = {
        superior.division_id: superior for unit in units for superior in superiors_of(session, unit, on=on)
    }
    extents = extents_on(session, above, on=on)
    return [
        _shape(superior, extents[unit], UnitRole.superior)
        for unit, superior in above.items()
        if unit in extents
    ]


def _imprint(session: Session, units: list[UUID], edition: int, edition_on: date, *, on: date) -> Imprint:
    sources = tuple(_source(source) for source in sources_of(session, units, on=on))
    return Imprint(edition=edition, edition_on=edition_on, sources=sources)


def _source(source: Instrument) -> DataSource:
    return DataSource(name=source.title, statement=source.statement or "")
