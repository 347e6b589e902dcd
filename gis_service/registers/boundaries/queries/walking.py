"""A line walked on a day: its course, and its edges in order with what is known of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import and_, any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import NotFound, NotPermitted
from gis_service.foundation.wkb import read_wkb
from gis_service.registers.boundaries.models import Edge, EdgeSurvey, Follows
from gis_service.registers.boundaries.queries.along import Along, EdgeAlong, edges_along, sides_of
from gis_service.registers.boundaries.queries.courses import eastward_of, records_on
from gis_service.registers.boundaries.queries.standing import AnyLine, LineInForce
from gis_service.registers.boundaries.rules import (
    SECTIONS_BY,
    Course,
    EdgeFacts,
    Following,
    Placed,
    Section,
    course_of,
    placed_along,
    sections_of,
)
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import most_closely_kept

_IDS = ARRAY(PG_UUID(as_uuid=True))


@dataclass(frozen=True, slots=True)
class Walked:
    """A line on its course: `placed` partitions it; `shapes` are the edges as they are stored."""

    course: Course
    placed: tuple[tuple[Placed, EdgeFacts], ...]
    shapes: Mapping[UUID, BaseGeometry]

    def sections(self, by: str) -> list[Section]:
        """Runs of edges alike by one of `SECTIONS_BY`, in order."""
        return sections_of(self.placed, SECTIONS_BY[by])

    def lengths_m(self, of: Callable[[EdgeFacts], str]) -> dict[str, float]:
        """How long the line is by something known of its edges, in metres."""
        found: dict[str, float] = defaultdict(float)
        for place, facts in self.placed:
            found[of(facts)] += place.to_m - place.from_m
        return dict(sorted(found.items()))

    def lengths_km(self, of: Callable[[EdgeFacts], str]) -> dict[str, float]:
        """The same in kilometres."""
        return {word: length / 1000.0 for word, length in self.lengths_m(of).items()}

    def at(self, chainage_m: float) -> tuple[Placed, EdgeFacts]:
        """The edge at a chainage; where two meet, the one that begins there."""
        begun = [each for each in self.placed if each[0].from_m <= chainage_m]
        return begun[-1] if begun else self.placed[0]

    def followings(self) -> list[Following]:
        """What it follows, edge by edge, where that is known."""
        return [
            Following(place.from_m, place.to_m, facts.follows, facts.follows_name)
            for place, facts in self.placed
            if facts.follows != Follows.unknown or facts.follows_name is not None
        ]

    @property
    def classification(self) -> Classification:
        """How closely the most closely kept of its edges and of their surveys is kept."""
        return highest(*(facts.classification for _, facts in self.placed))

    @property
    def papers(self) -> frozenset[UUID]:
        """The acts that its edges and what is surveyed of them stand by."""
        return frozenset().union(*(facts.papers for _, facts in self.placed))


def walked_on(session: Session, line: AnyLine, *, on: date) -> Walked | None:
    """A line in its direction on a day; None where it has no edges, or the reader may see it only in part."""
    return _walked(session, line, edges_along(session, sides_of([line]), on=on), on=on)


def walked_whole(session: Session, line: LineInForce, what: str, *, on: date) -> Walked:
    """The same for what asks for all of a line; `what` names it in Chinese, as in 不能检查.

    Raises:
        NotPermitted: the reader may see the line only in part.
        NotFound: no edge lies between its two sides that day.
    """
    along = edges_along(session, sides_of([line]), on=on)
    if along.withheld:
        raise NotPermitted(
            f"这一界线的一部分不在您可知的范围内，不能{what}", way_out=f"请由有相应密级权限的人员{what}"
        )
    walked = _walked(session, line, along, on=on)
    if walked is None:
        raise NotFound(f"{line.name}在 {on} 没有线形，不能{what}", way_out="请核对日期和两侧单位的范围")
    return walked


def _walked(session: Session, line: AnyLine, along: Along, *, on: date) -> Walked | None:
    edges = {edge.id: edge for edge in along.of(line.id)}
    if not edges:
        return None
    rows = _surveyed(session, edges, on=on)
    shapes = dict(zip((row.id for row in rows), read_wkb(row.wkb for row in rows), strict=True))
    records = records_on(session, [line.id], on=on)
    course = course_of(shapes.values(), eastward=eastward_of(records.get(line.id)))
    known = {row.id: row for row in rows}
    placed = tuple(
        (place, _facts(edges[place.edge], known[place.edge], forward=place.forward))
        for place in placed_along(course, shapes)
    )
    return Walked(course, placed, shapes)


def surveys_on(session: Session, edges: Iterable[UUID], *, on: date) -> dict[UUID, EdgeSurvey]:
    """What is surveyed of edges on a day, by edge; those without a survey are left out."""
    ids = cast(list(edges), _IDS)
    wanted = select(EdgeSurvey).where(EdgeSurvey.edge_id == any_(ids), holds_on(EdgeSurvey.valid, on))
    return {survey.edge_id: survey for survey in session.scalars(wanted)}


def _surveyed(session: Session, edges: Iterable[UUID], *, on: date) -> list[Any]:
    """What a survey says of each edge, and where it is silent, what the edge's own source says."""
    agreement, begun = aliased(Instrument), aliased(Instrument)
    wanted = (
        select(
            Edge.id,
            func.coalesce(EdgeSurvey.legal_state, Edge.legal_state).label("legal_state"),
            func.coalesce(EdgeSurvey.follows, Follows.unknown.value).label("follows"),
            EdgeSurvey.follows_name,
            EdgeSurvey.moves_by.is_not(None).label("moves"),
            func.coalesce(EdgeSurvey.accuracy_m, Edge.accuracy_m).label("accuracy_m"),
            agreement.number.label("agreement"),
            most_closely_kept(begun.classification, agreement.classification).label("classification"),
            EdgeSurvey.begun_by,
            EdgeSurvey.agreement_id,
            Edge.source_id,
            Edge.geom.ST_AsBinary().label("wkb"),
        )
        .outerjoin(EdgeSurvey, and_(EdgeSurvey.edge_id == Edge.id, holds_on(EdgeSurvey.valid, on)))
        .outerjoin(begun, begun.id == EdgeSurvey.begun_by)
        .outerjoin(agreement, agreement.id == EdgeSurvey.agreement_id)
        .where(Edge.id == any_(cast(list(edges), _IDS)))
    )
    return list(session.execute(wanted))


def _facts(edge: EdgeAlong, row: Any, *, forward: bool) -> EdgeFacts:
    left, right = (edge.left, edge.right) if forward else (edge.right, edge.left)
    return EdgeFacts(
        left=left,
        right=right,
        legal_state=row.legal_state,
        follows=row.follows,
        follows_name=row.follows_name,
        moves=row.moves,
        accuracy_m=row.accuracy_m,
        agreement=row.agreement,
        source=edge.source,
        classification=highest(edge.classification, row.classification),
        papers=frozenset(filter(None, (row.begun_by, row.agreement_id, row.source_id))),
    )
