"""Key sections: the lines of a jurisdiction in pieces, each with what the cases on it weigh on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_service.procedures.disputes.models import STATE_WORDS, DisputeState
from gis_service.procedures.disputes.queries.cases import Asked, cases
from gis_service.procedures.disputes.queries.telling import told
from gis_service.procedures.disputes.rules import Cut, Piece, Weighed, band_of, pieces_of
from gis_service.procedures.disputes.schemas import DisputeOut, RiskOut, RiskStretchOut
from gis_service.registers.boundaries.queries import (
    LineInForce,
    edges_along,
    lines_by_id,
    sides_of,
    statement_on_edges,
)
from gis_service.registers.boundaries.queries.courses import courses_along
from gis_service.registers.boundaries.rules import Course
from gis_service.registers.markers.queries.standing import MarkerOnDay, markers_along, markers_of_lines

_WITHDRAWN = STATE_WORDS[DisputeState.withdrawn]


@dataclass(frozen=True, slots=True)
class LineWeighed:
    """A line on a day with its pieces in order, and the cases it was weighed with."""

    line: LineInForce
    course: Course
    pieces: tuple[Piece, ...]
    cases: tuple[DisputeOut, ...]

    def shape(self, piece: Piece) -> BaseGeometry:
        """A piece of it, lon/lat."""
        return self.course.between(piece.begins.at_m, piece.ends.at_m)


@dataclass(frozen=True, slots=True)
class Weighing:
    """Lines with cases, weighed on a day; `unplaced` are cases that lie nowhere on a line that can be told.

    `statements` are those of the sources the lines were drawn from.
    """

    on: date
    lines: tuple[LineWeighed, ...]
    unplaced: tuple[DisputeOut, ...]
    synthetic: bool
    statements: tuple[str, ...]


def weighing(session: Session, asked: Asked, *, on: date) -> Weighing:
    """All lines on which the reader may know of cases, in pieces; withdrawn cases are left out."""
    found = [case for case in told(session, cases(session, asked, on=on), on=on) if case.state != _WITHDRAWN]
    by_line: dict[UUID, list[DisputeOut]] = defaultdict(list)
    for case in found:
        by_line[case.line].append(case)
    lines = [line for line in lines_by_id(session, by_line, on=on) if on in line.valid]
    along = edges_along(session, sides_of(lines), on=on)
    courses = courses_along(session, along, on=on)
    lines = [line for line in lines if line.id in courses]
    markers = markers_of_lines(session, [line.id for line in lines], on=on)
    weighed = tuple(_weighed(line, courses[line.id], markers[line.id], by_line[line.id]) for line in lines)
    placed = {case.number for each in weighed for piece in each.pieces for case in piece.cases}
    synthetic = any(marker.marker.is_synthetic for each in markers.values() for marker in each)
    unplaced = tuple(case for case in found if case.number not in placed)
    statement = statement_on_edges(session, (edge.id for edge in along)) or ""
    return Weighing(on, weighed, unplaced, synthetic, tuple(filter(None, statement.split("\n"))))


def _weighed(
    line: LineInForce, course: Course, markers: Sequence[MarkerOnDay], found: Sequence[DisputeOut]
) -> LineWeighed:
    stations = {marker.number: foot.chainage_m for foot, marker in markers_along(course, markers)}
    cuts = [Cut(at_m, number) for number, at_m in stations.items()]
    weights = list(_weights(course, stations, found))
    return LineWeighed(line, course, tuple(pieces_of(course.length_m, cuts, weights)), tuple(found))


def _weights(course: Course, stations: Mapping[str, float], found: Sequence[DisputeOut]) -> Iterator[Weighed]:
    for case in found:
        reach = _reach_of(course, stations, case)
        if reach is not None:
            is_open = case.closed_on is None
            yield Weighed(case.number, *reach, case.level, is_open, case.overdue, case.recurrences)


def _reach_of(course: Course, stations: Mapping[str, float], case: DisputeOut) -> tuple[float, float] | None:
    if case.from_m is not None and case.to_m is not None:
        return case.from_m, case.to_m
    if case.marker is not None and case.marker in stations:
        return stations[case.marker], stations[case.marker]
    if case.lon is not None and case.lat is not None:
        at_m = course.foot(Point(case.lon, case.lat)).chainage_m
        return at_m, at_m
    return None


def risk_told(found: Weighing, *, top: int | None = None) -> RiskOut:
    """The pieces on which there are cases, the gravest first."""
    ranked = sorted(
        ((each.line, piece) for each in found.lines for piece in each.pieces if piece.cases),
        key=lambda pair: (*(-value for value in pair[1].rank), pair[0].code, pair[1].begins.at_m),
    )
    return RiskOut(
        on=found.on,
        items=[stretch_told(line, piece) for line, piece in ranked[:top]],
        unplaced=[case.number for case in found.unplaced],
        synthetic=found.synthetic,
    )


def stretch_told(line: LineInForce, piece: Piece) -> RiskStretchOut:
    """A piece of a line in round figures."""
    return RiskStretchOut(
        line=line.id,
        line_code=line.code,
        line_name=line.name,
        from_m=round(piece.begins.at_m, 1),
        to_m=round(piece.ends.at_m, 1),
        begins_at=_called(piece.begins),
        ends_at=_called(piece.ends),
        weight=piece.weight,
        band=band_of(piece.weight),
        open=piece.open,
        overdue=piece.overdue,
        recurrences=piece.recurrences,
        closed=len(piece.cases) - piece.open,
        cases=[case.number for case in piece.cases],
    )


def _called(cut: Cut) -> str:
    return cut.name or f"{cut.at_m / 1000:.3f} km"
