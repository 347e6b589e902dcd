"""What a line follows, stretch by stretch, in what legal state, and which named objects it passes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import and_, any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.foundation.wkb import read_one
from gis_service.registers.boundaries.models import Edge, EdgeSurvey, Follows, Indicator
from gis_service.registers.boundaries.rules import Course, Following, Station
from gis_service.registers.boundaries.rules.walking import walking_table


def surveyed(session: Session, edges: Iterable[UUID], *, on: date) -> list[Any]:
    """Of each edge its shape and length, and what a survey or else its own source says of it on a day."""
    ids = cast(list(edges), ARRAY(PG_UUID(as_uuid=True)))
    wanted = (
        select(
            Edge.geom.ST_AsBinary().label("shape"),
            Edge.length_m,
            func.coalesce(EdgeSurvey.legal_state, Edge.legal_state).label("legal_state"),
            func.coalesce(EdgeSurvey.follows, Follows.unknown.value).label("follows"),
            EdgeSurvey.follows_name,
            EdgeSurvey.begun_by,
            EdgeSurvey.agreement_id,
            Edge.source_id,
        )
        .outerjoin(EdgeSurvey, and_(EdgeSurvey.edge_id == Edge.id, holds_on(EdgeSurvey.valid, on)))
        .where(Edge.id == any_(ids))
    )
    return list(session.execute(wanted))


def followings_of(course: Course, edges: Iterable[Any]) -> tuple[Following, ...]:
    """What the line follows along each edge of which that is known; an edge is placed by its middle."""
    found = []
    for edge in edges:
        if edge.follows == Follows.unknown and edge.follows_name is None:
            continue
        middle = Course([read_one(edge.shape)]).point_at(edge.length_m / 2)
        at, half = course.foot(middle).chainage_m, edge.length_m / 2
        found.append(Following(at - half, at + half, edge.follows, edge.follows_name))
    return tuple(sorted(found, key=lambda each: each.from_m))


def states_of(edges: Iterable[Any]) -> dict[str, float]:
    """Lengths in metres by legal state."""
    lengths: dict[str, float] = defaultdict(float)
    for edge in edges:
        lengths[edge.legal_state] += edge.length_m
    return dict(sorted(lengths.items()))


def indicators_on(session: Session, line: UUID, *, on: date) -> list[Any]:
    """Objects that fix the line on the ground: name, shape and the act they are known by."""
    wanted = select(Indicator.name, Indicator.geom.ST_AsBinary().label("shape"), Indicator.begun_by).where(
        Indicator.line_id == line, holds_on(Indicator.valid, on)
    )
    return list(session.execute(wanted))


def landmarks_of(course: Course, indicators: Iterable[Any]) -> tuple[Station, ...]:
    """Those objects that the line passes close by, where it passes them."""
    within_m = walking_table()["passing"]["within_m"]
    found = []
    for each in indicators:
        foot = course.foot(shapely.point_on_surface(read_one(each.shape)))
        if foot.offset_m <= within_m:
            found.append(Station(each.name, foot.chainage_m))
    return tuple(sorted(found, key=lambda mark: mark.chainage_m))
