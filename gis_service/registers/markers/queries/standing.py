"""Markers on a day with all that is known of them: a few statements whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import Point
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import envelope, holds_on
from gis_service.registers.boundaries.rules import Course, Foot
from gis_service.registers.instruments.models import Dated
from gis_service.registers.markers.models import (
    BearingObject,
    Marker,
    MarkerLine,
    MarkerObservation,
    MarkerPosition,
    MarkerSide,
    MarkerState,
    MarkerVersion,
)


@dataclass(frozen=True, slots=True)
class MarkerOnDay:
    """A marker on a day. `point` is its registered position, lon/lat, where it may be placed at all.

    `sides` tells where it stands as each side tells it; `seen` is the latest observation up to the day;
    `papers` are the instruments that its sides and lines stand by.
    """

    marker: Marker
    version: MarkerVersion
    position: MarkerPosition | None
    point: Point | None
    sides: Mapping[UUID, str]
    bearings: tuple[BearingObject, ...]
    lines: tuple[UUID, ...]
    seen: MarkerObservation | None
    papers: frozenset[UUID] = frozenset()

    @property
    def number(self) -> str:
        """Its number, as it was given for ever."""
        return self.marker.number

    @property
    def state(self) -> MarkerState | None:
        """What was last seen of it; None where nobody has looked."""
        return None if self.seen is None else MarkerState(self.seen.state)


def markers_on(
    session: Session,
    *,
    on: date,
    lines: Iterable[UUID] | None = None,
    ids: Iterable[UUID] | None = None,
    number: str | None = None,
    managing: Iterable[UUID] | None = None,
    state: MarkerState | None = None,
    bounds: tuple[float, float, float, float] | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[MarkerOnDay]:
    """Markers on a day by number and id; conditions may be joined. `lines` are lines they stand on.

    `state` is what was last seen of them, `bounds` a box (west, south, east, north) they stand in.
    """
    wanted = (
        select(Marker, MarkerVersion)
        .join(MarkerVersion, MarkerVersion.marker_id == Marker.id)
        .where(holds_on(MarkerVersion.valid, on))
    )
    if lines is not None:
        standing = select(MarkerLine.marker_id).where(
            MarkerLine.line_id.in_(list(lines)), holds_on(MarkerLine.valid, on)
        )
        wanted = wanted.where(Marker.id.in_(standing))
    if ids is not None:
        wanted = wanted.where(Marker.id.in_(list(ids)))
    if number is not None:
        wanted = wanted.where(Marker.number == number)
    if managing is not None:
        wanted = wanted.where(MarkerVersion.managing_id.in_(list(managing)))
    if state is not None:
        wanted = wanted.where(_last_state(on) == state.value)
    if bounds is not None:
        inside = MarkerPosition.geom.intersects(envelope(*bounds)) & holds_on(MarkerPosition.valid, on)
        wanted = wanted.where(exists().where(MarkerPosition.marker_id == Marker.id, inside))
    return _told(session, _page(wanted, after, limit), on=on)


def _last_state(on: date) -> Any:
    return (
        select(MarkerObservation.state)
        .where(MarkerObservation.marker_id == Marker.id, MarkerObservation.seen_on <= on)
        .order_by(MarkerObservation.seen_on.desc(), MarkerObservation.ordinal.desc())
        .limit(1)
        .scalar_subquery()
    )


def _page(
    wanted: Select[Marker, MarkerVersion], after: tuple[str, UUID] | None, limit: int | None
) -> Select[Marker, MarkerVersion]:
    if after is not None:
        number, marker = after
        wanted = wanted.where((Marker.number > number) | ((Marker.number == number) & (Marker.id > marker)))
    return wanted.order_by(Marker.number, Marker.id).limit(limit)


def marker_on(session: Session, marker: UUID, *, on: date) -> MarkerOnDay | None:
    """One marker on a day; None where it did not stand, or is not shown to the reader."""
    return next(iter(markers_on(session, on=on, ids=[marker])), None)


def markers_of_lines(session: Session, lines: Iterable[UUID], *, on: date) -> dict[UUID, list[MarkerOnDay]]:
    """The markers that stand on each line, by number; one where three units meet is on three lists."""
    wanted = set(lines)
    by_line: dict[UUID, list[MarkerOnDay]] = {line: [] for line in wanted}
    for marker in markers_on(session, on=on, lines=wanted):
        for line in wanted.intersection(marker.lines):
            by_line[line].append(marker)
    return by_line


def counts_on_lines(session: Session, lines: Iterable[UUID], *, on: date) -> dict[UUID, int]:
    """How many markers stand on each line; lines without any are left out."""
    wanted = select(MarkerLine.line_id, func.count()).where(
        MarkerLine.line_id.in_(list(lines)), holds_on(MarkerLine.valid, on)
    )
    return {row[0]: row[1] for row in session.execute(wanted.group_by(MarkerLine.line_id))}


def markers_along(course: Course, markers: Iterable[MarkerOnDay]) -> list[tuple[Foot, MarkerOnDay]]:
    """Markers with their feet on a line, in its direction; those without a position are left out."""
    feet = [(course.foot(each.point), each) for each in markers if each.point is not None]
    return sorted(feet, key=lambda found: (found[0].chainage_m, found[1].number))


def _told(session: Session, wanted: Select[Marker, MarkerVersion], *, on: date) -> list[MarkerOnDay]:
    rows = [(row[0], row[1]) for row in session.execute(wanted)]
    ids = [marker.id for marker, _ in rows]
    positions = {each.marker_id: each for each in _facts(session, MarkerPosition, ids, on=on)}
    sides, bearings, lines = (
        _grouped(_facts(session, model, ids, on=on)) for model in (MarkerSide, BearingObject, MarkerLine)
    )
    seen = _last_seen(session, ids, on=on)
    return [
        MarkerOnDay(
            marker=marker,
            version=version,
            position=positions.get(marker.id),
            point=point_of(positions.get(marker.id)),
            sides={each.division_id: each.location for each in sides[marker.id]},
            bearings=tuple(sorted(bearings[marker.id], key=lambda each: each.ordinal)),
            lines=tuple(each.line_id for each in lines[marker.id]),
            seen=seen.get(marker.id),
            papers=frozenset(each.begun_by for each in (*sides[marker.id], *lines[marker.id])),
        )
        for marker, version in rows
    ]


def point_of(row: Any, column: str = "geom") -> Point | None:
    """The place in a column of a row as shapely geometry, lon/lat."""
    place = None if row is None else getattr(row, column)
    if place is None:
        return None
    point = shapely.from_wkb(bytes.fromhex(place.desc))
    assert isinstance(point, Point)
    return point


def _facts(session: Session, model: type[Dated], markers: Sequence[UUID], *, on: date) -> list[Any]:
    entity: Any = model
    wanted = select(entity).where(entity.marker_id.in_(markers), holds_on(entity.valid, on))
    return list(session.scalars(wanted))


def _grouped(facts: Iterable[Any]) -> dict[UUID, list[Any]]:
    by_marker: dict[UUID, list[Any]] = defaultdict(list)
    for each in facts:
        by_marker[each.marker_id].append(each)
    return by_marker


def _last_seen(session: Session, markers: Sequence[UUID], *, on: date) -> dict[UUID, MarkerObservation]:
    wanted = (
        select(MarkerObservation)
        .where(MarkerObservation.marker_id.in_(markers), MarkerObservation.seen_on <= on)
        .order_by(MarkerObservation.seen_on, MarkerObservation.ordinal)
    )
    return {each.marker_id: each for each in session.scalars(wanted)}
