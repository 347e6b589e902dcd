"""The markers and measured points of a line, as forms tell of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.publications.forms.queries.happenings import file_told, files_of, happenings_of, moved_by_of
from gis_service.publications.forms.schemas import (
    BearingSeen,
    Coordinates,
    FileKept,
    Happening,
    MarkerEvidence,
    PointEvidence,
    SideTold,
    Unit,
)
from gis_service.registers.boundaries.queries import LineInForce, courses_on, lines_by_id
from gis_service.registers.boundaries.queries.by_sides import line_reference
from gis_service.registers.boundaries.rules import Course
from gis_service.registers.divisions.queries import divisions_by_id, superiors_of
from gis_service.registers.markers.models import BoundaryPoint, Marker, MarkerKind, MarkerSide, TriPoint
from gis_service.registers.markers.queries import MarkerOnDay, markers_along, markers_of_lines
from gis_service.registers.markers.queries.meeting import tri_points_of_markers, units_of
from gis_service.registers.markers.queries.standing import point_of

Units = Mapping[UUID, Unit]


def markers_told(
    session: Session, line: LineInForce, course: Course, *, on: date
) -> tuple[tuple[MarkerEvidence, ...], set[UUID]]:
    """The markers that stand on a line, by number, tri-points last, and the ids of their papers."""
    [stand] = markers_of_lines(session, [line.id], on=on).values()
    found = sorted(stand, key=lambda each: each.marker.kind == MarkerKind.tri_point.value)
    ids = [each.marker.id for each in found]
    chainages = {each.marker.id: foot.chainage_m for foot, each in markers_along(course, found)}
    histories, papers = happenings_of(session, ids, on=on)
    moved_by, moved = moved_by_of(session, ids, on=on)
    files = files_of(session, ids)
    listed = _listed(session, line, found, on=on)
    units = _units(session, found, listed.met.values(), on=on)
    managing = _sides_of_managing(session, line, found, units, on=on)
    told = tuple(
        replace(
            _marker(
                each,
                units,
                managing,
                chainages.get(each.marker.id),
                histories.get(each.marker.id, ()),
                tuple(map(file_told, files[each.marker.id])),
                listed,
            ),
            moved_by=moved_by.get(each.marker.id, ()),
        )
        for each in found
    )
    papers |= moved | {paper for each in found for paper in _papers(each)}
    told_by = select(MarkerSide.begun_by).where(MarkerSide.marker_id.in_(ids), holds_on(MarkerSide.valid, on))
    papers |= set(session.scalars(told_by))
    return told, papers | {each.instrument_id for kept in files.values() for each in kept}


def _papers(each: MarkerOnDay) -> Iterable[UUID]:
    yield each.marker.registered_by
    yield each.version.begun_by
    if each.position is not None:
        yield each.position.begun_by
    yield from (bearing.begun_by for bearing in each.bearings)


def _units(
    session: Session, found: Iterable[MarkerOnDay], met: Iterable[TriPoint], *, on: date
) -> dict[UUID, Unit]:
    ids = {side for each in found for side in each.sides} | {unit for each in met for unit in units_of(each)}
    ids |= {each.version.managing_id for each in found if each.version.managing_id is not None}
    return {
        unit.division_id: Unit(unit.code, unit.name) for unit in divisions_by_id(session, ids, on=on).values()
    }


def _sides_of_managing(
    session: Session, line: LineInForce, found: Iterable[MarkerOnDay], known: Units, *, on: date
) -> dict[UUID, Unit]:
    """The side of the line that each managing unit belongs to."""
    units = divisions_by_id(session, (line.first_id, line.second_id), on=on)
    keepers = {each.version.managing_id for each in found if each.version.managing_id is not None}
    sides = {}
    for managing in keepers.intersection(known):
        above = {managing, *(unit.division_id for unit in superiors_of(session, managing, on=on))}
        for side in above.intersection(units):
            sides[managing] = Unit(units[side].code, units[side].name)
    return sides


def _marker(
    each: MarkerOnDay,
    units: Units,
    managing: Units,
    chainage_m: float | None,
    history: tuple[Happening, ...],
    files: tuple[FileKept, ...],
    listed: _Listed,
) -> MarkerEvidence:
    version, met = each.version, listed.met.get(each.marker.id)
    sides = [SideTold(units[side], location) for side, location in each.sides.items() if side in units]
    keeper = version.managing_id
    return MarkerEvidence(
        number=each.number,
        kind=each.marker.kind,
        placement=version.placement,
        shape=version.shape,
        material=version.material,
        managing=units.get(keeper) if keeper else None,
        managing_side=managing.get(keeper) if keeper else None,
        custodian=version.custodian,
        note=version.note,
        is_synthetic=each.marker.is_synthetic,
        coordinates=None if each.position is None else _coordinates(each.position),
        chainage_m=chainage_m,
        sides=tuple(sorted(sides, key=lambda side: side.unit.code)),
        bearings=tuple(
            BearingSeen(one.ordinal, one.name, one.azimuth_deg, one.distance_m, *_lon_lat(one))
            for one in each.bearings
        ),
        state=each.state,
        seen_on=each.seen.seen_on if each.seen else None,
        history=history,
        files=files,
        line=listed.lines.get(each.marker.line_id),
        other_lines=tuple(sorted(listed.lines[one] for one in each.lines if one != each.marker.line_id)),
        tri_point=None if met is None else met.name,
        meeting=() if met is None else tuple(units[unit] for unit in units_of(met) if unit in units),
        meeting_lines=()
        if met is None
        else tuple(listed.courses[one] for one in each.lines if one in listed.courses),
        observer=each.seen.observer if each.seen else None,
        is_historic=each.marker.is_historic,
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    """How files call the lines that markers stand on; the tri-points of markers, the other lines there."""

    lines: Mapping[UUID, str]
    met: Mapping[UUID, TriPoint]
    courses: Mapping[UUID, Course]


def _listed(session: Session, line: LineInForce, found: Sequence[MarkerOnDay], *, on: date) -> _Listed:
    ids = {other for each in found for other in (each.marker.line_id, *each.lines)}
    running = lines_by_id(session, ids, on=on)
    named = {other.id: line_reference(session, other, on=on) for other in running}
    met = tri_points_of_markers(session, (each.marker.id for each in found), on=on)
    at_met = {other for each in found if each.marker.id in met for other in each.lines} - {line.id}
    courses = courses_on(session, [other for other in running if other.id in at_met], on=on)
    return _Listed({other: named.get(other, str(other)) for other in ids}, met, courses)


def _lon_lat(row: Any) -> tuple[float | None, float | None]:
    point = point_of(row)
    return (None, None) if point is None else (float(point.x), float(point.y))


_GIVEN = ("system", "zone_width", "zone", "x", "y", "height", "height_system", "given")
_HOW = ("method", "accuracy_m", "residual_m", "surveyed_on")


def _coordinates(row: Any) -> Coordinates:
    given = {name: getattr(row, name) for name in (*_GIVEN, *_HOW)}
    lon, lat = _lon_lat(row)
    transform = (
        None if row.transform is None else json.dumps(row.transform, ensure_ascii=False, sort_keys=True)
    )
    return Coordinates(lon, lat, transform=transform, **given)


def points_told(
    session: Session, line: UUID, course: Course, *, on: date
) -> tuple[tuple[PointEvidence, ...], set[UUID]]:
    """The measured points of a line along it, and the ids of the papers they stand by."""
    wanted = select(BoundaryPoint).where(BoundaryPoint.line_id == line, holds_on(BoundaryPoint.valid, on))
    rows = list(session.scalars(wanted.order_by(BoundaryPoint.number)))
    between = {each for row in rows for each in (row.after_marker_id, row.before_marker_id)}
    known = select(Marker.id, Marker.number).where(Marker.id.in_(between - {None}))
    numbers = {row[0]: row[1] for row in session.execute(known)}
    told = []
    for row in rows:
        point = point_of(row)
        after, before = (_number(numbers, each) for each in (row.after_marker_id, row.before_marker_id))
        chainage = None if point is None else course.foot(point).chainage_m
        told.append(PointEvidence(row.number, after, before, row.feature, _coordinates(row), chainage))
    return tuple(told), {row.begun_by for row in rows}


def _number(numbers: Mapping[UUID, str], marker: UUID | None) -> str | None:
    return None if marker is None else numbers.get(marker)
