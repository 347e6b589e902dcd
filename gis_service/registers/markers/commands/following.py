"""Keeping markers on their lines when units change: the stones stay, the lines on which they stand follow.

A marker is bound to the edges it stands at, and edges last: whatever line runs along them now is its line.
Numbers are not touched (R-MRK-11).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import Point
from sqlalchemy import any_, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from gis_service.foundation.database import holds_on
from gis_service.foundation.periods import Period
from gis_service.foundation.plane import plane_around
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import read_wkb
from gis_service.registers.boundaries.events import BoundariesChanged
from gis_service.registers.boundaries.models import BoundaryLine, Edge
from gis_service.registers.boundaries.queries import edges_along, sides_of
from gis_service.registers.boundaries.queries.sides import Faces, lines_between
from gis_service.registers.divisions.events import ChangeTakenBack
from gis_service.registers.markers.commands.succeeding import From, end_fact, facts_on
from gis_service.registers.markers.models import Marker, MarkerLine, MarkerPosition
from gis_service.registers.markers.queries.standing import point_of

Standing = dict[UUID, list[tuple[UUID, Point | None]]]
SAME_PLACE_M = 0.05  # edges that end at one foot are equally near, but for rounding
_IDS = ARRAY(PG_UUID(as_uuid=True))


def keep_markers_on_lines(tx: Transaction, event: BoundariesChanged) -> None:
    """Let markers stand from the day on, on the lines that run where they stand."""
    if tx.session.scalar(select(exists().select_from(MarkerLine))):
        with full_sight(tx.session):
            _Following(tx, From(event.on, event.instrument_id)).follow(event)


@dataclass
class _Following:
    tx: Transaction
    since: From
    eve: date = field(init=False)

    def __post_init__(self) -> None:
        self.eve = self.since.on - timedelta(days=1)

    def follow(self, event: BoundariesChanged) -> None:
        lines = self._concerned(event)
        standing = self._standing(lines)
        if not standing:
            return
        at = self._edges_at(lines, standing)
        now = lines_between(
            self.tx.session, {each for several in at.values() for each in several}, on=self.since.on
        )
        gone = {*lines, *event.lines_ended}
        placed = {marker for several in standing.values() for marker, point in several if point is not None}
        for marker, edges in at.items():
            wanted = {now[edge].id for edge in edges if edge in now}
            is_sure = marker in placed or len(wanted) == 1
            self._let_stand(marker, wanted if is_sure else set(), gone)
        self.tx.session.flush()

    def _concerned(self, event: BoundariesChanged) -> dict[UUID, BoundaryLine]:
        """Lines of the eve that ended, or of which a side changed."""
        touched = cast(list(event.divisions), _IDS)
        wanted = select(BoundaryLine).where(
            holds_on(BoundaryLine.valid, self.eve),
            or_(
                BoundaryLine.id == any_(cast(list(event.lines_ended), _IDS)),
                BoundaryLine.first_id == any_(touched),
                BoundaryLine.second_id == any_(touched),
            ),
            exists().where(MarkerLine.line_id == BoundaryLine.id, holds_on(MarkerLine.valid, self.eve)),
        )
        return {line.id: line for line in self.tx.session.scalars(wanted)}

    def _standing(self, lines: Iterable[UUID]) -> Standing:
        """By line, the markers that stood on it on the eve, with their places where these are known."""
        wanted = (
            select(MarkerLine.line_id, MarkerLine.marker_id, MarkerPosition)
            .outerjoin(
                MarkerPosition,
                (MarkerPosition.marker_id == MarkerLine.marker_id) & holds_on(MarkerPosition.valid, self.eve),
            )
            .where(MarkerLine.line_id.in_(list(lines)), holds_on(MarkerLine.valid, self.eve))
        )
        by_line: Standing = defaultdict(list)
        for line, marker, position in self.tx.session.execute(wanted):
            by_line[line].append((marker, point_of(position)))
        return by_line

    def _edges_at(self, lines: Mapping[UUID, BoundaryLine], standing: Standing) -> dict[UUID, set[Faces]]:
        """By marker, the faces on both sides of the edges it stood at on the eve."""
        along = edges_along(self.tx.session, sides_of(lines[line] for line in standing), on=self.eve)
        ids = {edge.id for edge in along}
        wanted = select(Edge.id, Edge.left_face_id, Edge.right_face_id, Edge.geom.ST_AsBinary())
        rows = self.tx.session.execute(wanted.where(Edge.id == any_(cast(list(ids), _IDS)))).all()
        faces: dict[UUID, Faces] = {row[0]: (row[1], row[2]) for row in rows}
        shapes = dict(zip((row[0] for row in rows), read_wkb(row[3] for row in rows), strict=True))
        at: dict[UUID, set[Faces]] = defaultdict(set)
        for line, markers in standing.items():
            edges = [edge.id for edge in along.of(line)]
            for marker, point in markers:
                at[marker] |= {faces[edge] for edge in _nearest(point, edges, shapes)}
        return at

    def _let_stand(self, marker: UUID, wanted: set[UUID], concerned: set[UUID]) -> None:
        rows = facts_on(self.tx, MarkerLine, self.since.on, marker_id=marker)
        known = {row.line_id for row in rows}
        left = [row for row in rows if row.line_id in concerned and row.line_id not in wanted]
        taken = sorted(wanted - known)
        if not left and not taken:
            return
        for row in left:
            end_fact(self.tx, row, self.since)
        self.tx.session.add_all(
            MarkerLine(
                marker_id=marker, line_id=line, valid=Period(self.since.on), begun_by=self.since.instrument_id
            )
            for line in taken
        )
        self._tell(marker, [row.line_id for row in left], taken, stays=bool(wanted))

    def _tell(self, marker: UUID, left: list[UUID], taken: list[UUID], *, stays: bool) -> None:
        number = self.tx.session.scalar(select(Marker.number).where(Marker.id == marker))
        note = {} if stays else {"remark": "桩位已不在任何在册界线上"}
        self.tx.journal(
            "markers.follow",
            str(number),
            instrument_id=self.since.instrument_id,
            before={"lines": left},
            after={"lines": taken},
            on=self.since.on,
            marker=marker,
            **note,
        )


def _nearest(point: Point | None, edges: list[UUID], shapes: Mapping[UUID, Any]) -> list[UUID]:
    """The edges that come as near to a place as any, two where they meet; all for no known place."""
    if not edges or point is None:
        return edges
    plane = plane_around([point])
    metres = shapely.distance(plane.metres([shapes[edge] for edge in edges]), plane.metres(point))
    least = float(metres.min())
    return [edge for edge, far in zip(edges, metres.tolist(), strict=True) if far <= least + SAME_PLACE_M]


def give_markers_back(tx: Transaction, event: ChangeTakenBack) -> None:
    """Undo what followed from a change that is taken back: markers stand on the lines they stood on."""
    with full_sight(tx.session):
        ended = select(MarkerLine).where(
            MarkerLine.ended_by == event.instrument_id, func.upper(MarkerLine.valid) == event.on
        )
        old = tx.session.scalars(ended).all()
        new = _begun(tx, event, {(row.marker_id, row.line_id) for row in old})
        for row in new:
            tx.session.delete(row)
        tx.session.flush()
        for row in old:
            row.valid, row.ended_by = Period(row.valid.start), None
        tx.session.flush()
    if old or new:
        markers = {row.marker_id for row in (*old, *new)}
        tx.journal(
            "markers.give_back", str(event.instrument_id), after={"markers": len(markers)}, on=event.on
        )


def _begun(tx: Transaction, event: ChangeTakenBack, going_on: set[tuple[UUID, UUID]]) -> list[MarkerLine]:
    """What markers that stood before came to by the act, and what would stand beside what goes on again."""
    wanted = (
        select(MarkerLine)
        .join(Marker, Marker.id == MarkerLine.marker_id)
        .where(func.lower(MarkerLine.valid) == event.on, Marker.registered_by != event.instrument_id)
    )
    return [
        row
        for row in tx.session.scalars(wanted)
        if row.begun_by == event.instrument_id or (row.marker_id, row.line_id) in going_on
    ]
