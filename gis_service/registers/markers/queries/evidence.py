"""All that the markers of lines are judged by on a day, gathered at once for as many lines as asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.registers.boundaries.models import LineRecord
from gis_service.registers.boundaries.queries import (
    AnyLine,
    courses_on,
    lines_by_id,
    records_on,
    with_all_below,
)
from gis_service.registers.boundaries.queries.chains import chains_of
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.boundaries.rules import Course
from gis_service.registers.divisions.queries import divisions_by_id, last_known
from gis_service.registers.markers.models import (
    BearingObject,
    Marker,
    MarkerKind,
    MarkerPosition,
    MarkerVersion,
    TriPoint,
)
from gis_service.registers.markers.queries.meeting import tri_points_of
from gis_service.registers.markers.queries.standing import MarkerOnDay, markers_of_lines, point_of
from gis_service.registers.markers.rules.evidence import (
    BearingFacts,
    LineEvidence,
    MarkerFacts,
    PositionFacts,
    TriPointFacts,
    is_regular,
)


def evidence_of(
    session: Session,
    lines: Sequence[AnyLine],
    *,
    on: date,
    courses: Mapping[UUID, Course] | None = None,
    markers: Mapping[UUID, list[MarkerOnDay]] | None = None,
) -> dict[UUID, LineEvidence]:
    """What the markers of each line are judged by; a line with a hidden side is left out.

    `courses` and `markers` by line, where they have been read before.
    """
    return _Gathering(session, on, lines, courses, markers).all()


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked once for all lines."""

    markers: Mapping[UUID, list[MarkerOnDay]]
    courses: Mapping[UUID, Course]
    records: Mapping[UUID, LineRecord]
    codes: Mapping[UUID, str]
    above: Mapping[UUID, frozenset[UUID]]
    tri_points: Mapping[UUID, Sequence[TriPoint]]


class _Gathering:
    def __init__(
        self,
        session: Session,
        on: date,
        lines: Sequence[AnyLine],
        courses: Mapping[UUID, Course] | None,
        markers: Mapping[UUID, list[MarkerOnDay]] | None,
    ) -> None:
        self.session, self.on = session, on
        sides = {side for line in lines for side in (line.first_id, line.second_id)}
        codes = {unit.division_id: unit.code for unit in divisions_by_id(session, sides, on=on).values()}
        self.lines = [line for line in lines if {line.first_id, line.second_id} <= codes.keys()]
        if markers is None:
            markers = markers_of_lines(session, [line.id for line in self.lines], on=on)
        self.around = self._below_all_sides(markers)
        self.known = _Known(
            markers=markers,
            courses=courses_on(session, self.lines, on=on) if courses is None else courses,
            records=records_on(session, markers, on=on),
            codes=codes | self._codes_of_keepers(markers),
            above=self._areas_around(markers),
            tri_points=tri_points_of(session, self.lines, on=on),
        )

    def all(self) -> dict[UUID, LineEvidence]:
        return {line.id: self._of(line) for line in self.lines}

    def _below_all_sides(self, markers: Mapping[UUID, list[MarkerOnDay]]) -> dict[UUID, set[UUID]]:
        """For each marker of a tri-point the units on all of its lines: any of the three may keep it."""
        met = {
            each.marker.id: each.lines
            for several in markers.values()
            for each in several
            if each.marker.kind == MarkerKind.tri_point.value
        }
        lines = lines_by_id(self.session, {line for own in met.values() for line in own}, on=self.on)
        sides = {line.id: (line.first_id, line.second_id) for line in lines}
        return {
            marker: with_all_below(
                self.session, {side for line in own for side in sides.get(line, ())}, on=self.on
            )
            for marker, own in met.items()
        }

    def _codes_of_keepers(self, markers: Mapping[UUID, list[MarkerOnDay]]) -> dict[UUID, str]:
        keepers = {each.version.managing_id for several in markers.values() for each in several} - {None}
        units = last_known(self.session, [keeper for keeper in keepers if keeper is not None])
        return {unit.division_id: unit.code for unit in units.values()}

    def _areas_around(self, markers: Mapping[UUID, list[MarkerOnDay]]) -> dict[UUID, frozenset[UUID]]:
        """For each marker the units of all levels in whose area it stands."""
        placed = {
            each.marker.id: each.point for several in markers.values() for each in several if each.point
        }
        holders = locate(self.session, [(point.x, point.y) for point in placed.values()], on=self.on)
        chains = chains_of(self.session, {unit for units in holders for unit in units}, on=self.on)
        return {
            marker: frozenset(above.id for unit in units for above in chains.get(unit, ()))
            for marker, units in zip(placed, holders, strict=True)
        }

    def _of(self, line: AnyLine) -> LineEvidence:
        known, record = self.known, self.known.records.get(line.id)
        keepers = {each.version.managing_id for each in known.markers[line.id]}
        below = (
            with_all_below(self.session, (line.first_id, line.second_id), on=self.on) if keepers else set()
        )
        markers = known.markers[line.id]
        return LineEvidence(
            code=(record and record.code) or line.code,
            name=(record and record.name) or line.name,
            sides=(known.codes[line.first_id], known.codes[line.second_id]),
            markers=tuple(self._facts(line, each, below) for each in markers),
            counts=_counts(record),
            scrapped=_scrapped(self.session, line.id, on=self.on),
            tri_points=tuple(_tri_points(known.tri_points[line.id], markers)),
        )

    def _facts(self, line: AnyLine, each: MarkerOnDay, below: set[UUID]) -> MarkerFacts:
        course, keeper = self.known.courses.get(line.id), each.version.managing_id
        foot = course.foot(each.point) if course is not None and each.point is not None else None
        inside = self.known.above.get(each.marker.id, frozenset())
        return MarkerFacts(
            number=each.number,
            placement=each.version.placement,
            is_tri_point=each.marker.kind == MarkerKind.tri_point.value,
            is_historic=each.marker.is_historic or each.marker.line_id != line.id,
            point=each.point,
            position=position_facts(each.position),
            chainage_m=None if foot is None else foot.chainage_m,
            offset_m=None if foot is None else foot.offset_m,
            lies_in=frozenset(
                self.known.codes[side] for side in (line.first_id, line.second_id) if side in inside
            ),
            bearings=tuple(_bearing(bearing) for bearing in each.bearings),
            managing=None if keeper is None else self.known.codes.get(keeper, str(keeper)),
            managing_is_side=keeper in below or keeper in self.around.get(each.marker.id, frozenset()),
            is_managed_by_agreement=each.version.management_id is not None or self._is_agreed(line),
            state=None if each.seen is None else each.seen.state,
            found=point_of(each.seen, "found"),
        )

    def _is_agreed(self, line: AnyLine) -> bool:
        record = self.known.records.get(line.id)
        return record is not None and record.agreement_id is not None


def _counts(record: LineRecord | None) -> tuple[int | None, int | None, int | None]:
    if record is None:
        return (None, None, None)
    return (record.single_markers, record.double_markers, record.triple_markers)


def position_facts(position: MarkerPosition | None) -> PositionFacts | None:
    """In what coordinates a position was given, as rules ask for it."""
    if position is None:
        return None
    return PositionFacts(
        position.system,
        position.zone_width,
        position.zone,
        position.x,
        position.y,
        position.accuracy_m,
    )


def _bearing(bearing: BearingObject) -> BearingFacts:
    point = point_of(bearing)
    return BearingFacts(bearing.ordinal, bearing.name, bearing.azimuth_deg, bearing.distance_m, point)


def _scrapped(session: Session, line: UUID, *, on: date) -> frozenset[int]:
    """The serials of markers of a line that no longer stand on a day."""
    stands = exists().where(MarkerVersion.marker_id == Marker.id, holds_on(MarkerVersion.valid, on))
    numbers = session.scalars(select(Marker.number).where(Marker.line_id == line, ~stands))
    return frozenset(int(number[4:7]) for number in numbers if is_regular(number))


def _tri_points(tri_points: Iterable[TriPoint], markers: Iterable[MarkerOnDay]) -> Iterable[TriPointFacts]:
    listed: dict[UUID, str] = defaultdict(str, {each.marker.id: each.number for each in markers})
    for each in tri_points:
        point: Any = point_of(each)
        is_listed = each.marker_id in listed
        yield TriPointFacts(each.name, each.number if each.marker_id else None, is_listed, point)
