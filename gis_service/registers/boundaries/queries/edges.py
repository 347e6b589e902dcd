"""Edges as they served on a day: between which lowest-level units, in what legal state, from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, cast, func, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.database import envelope, holds_on
from gis_service.foundation.errors import NotFound
from gis_service.foundation.geojson import as_geojson
from gis_service.registers.boundaries.models import Edge, EdgeDescent, EdgeSurvey, Follows, Membership
from gis_service.registers.boundaries.queries.along import faces_under
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import most_closely_kept


@dataclass(frozen=True, slots=True)
class EdgeOnDate:
    """An edge with the codes of the lowest-level units on its sides; None where no unit is registered."""

    id: UUID
    left: str | None
    right: str | None
    legal_state: str
    follows: str
    follows_name: str | None
    length_m: float
    accuracy_m: float | None
    agreement: str | None
    cut_from: UUID | None
    source: str
    classification: str
    geometry: str


@dataclass(frozen=True, slots=True)
class Where:
    """Which edges are sought: in a rectangle (west, south, east, north), around a unit, or between two."""

    bbox: tuple[float, float, float, float] | None = None
    around: UUID | None = None
    between: tuple[UUID, UUID] | None = None


def edges_on(session: Session, where: Where, *, on: date, after: UUID | None, limit: int) -> list[EdgeOnDate]:
    """The edges that were a border on a day, by id; geometry is made of no more than `limit` edges."""
    left, right = aliased(Membership), aliased(Membership)
    page = (
        select(Edge.id)
        .outerjoin(left, and_(left.face_id == Edge.left_face_id, holds_on(left.valid, on)))
        .outerjoin(right, and_(right.face_id == Edge.right_face_id, holds_on(right.valid, on)))
        .where(left.division_id.is_distinct_from(right.division_id), *_conditions(session, where, on=on))
        .order_by(Edge.id)
        .limit(limit)
    )
    if after is not None:
        page = page.where(Edge.id > after)
    wanted = _described(on).where(Edge.id.in_(page)).order_by(Edge.id)
    return [EdgeOnDate(*row) for row in session.execute(wanted)]


def edge_on(session: Session, edge_id: UUID, *, on: date) -> EdgeOnDate:
    """One edge and the units on its sides on a day, also when it lay within one unit.

    Raises:
        NotFound: no such edge.
    """
    row = session.execute(_described(on).where(Edge.id == edge_id)).one_or_none()
    if row is None:
        raise NotFound(f"没有标识为 {edge_id} 的界线边", way_out="边的标识可在 /edges 中查得")
    return EdgeOnDate(*row)


def _conditions(session: Session, where: Where, *, on: date) -> list[ColumnElement[bool]]:
    conditions = []
    if where.bbox is not None:
        conditions.append(Edge.geom.ST_Intersects(envelope(*where.bbox)))
    if where.around is not None:
        faces = faces_under(session, [where.around], on=on)[where.around]
        conditions.append(_around(_array(faces)))
    if where.between is not None:
        one, other = where.between
        faces_of = faces_under(session, [one, other], on=on)
        conditions.append(_between(_array(faces_of[one]), _array(faces_of[other])))
    return conditions


def _around(faces: Any) -> ColumnElement[bool]:
    """One side within, the other without (or unknown)."""
    left, right = Edge.left_face_id == any_(faces), Edge.right_face_id == any_(faces)
    return or_(and_(left, or_(Edge.right_face_id.is_(None), not_(right))), and_(right, not_(left)))


def _between(here: Any, there: Any) -> ColumnElement[bool]:
    left, right = Edge.left_face_id, Edge.right_face_id
    return or_(and_(left == any_(here), right == any_(there)), and_(left == any_(there), right == any_(here)))


def _array(ids: list[UUID]) -> Any:
    return cast(ids, ARRAY(PG_UUID(as_uuid=True)))


def _described(on: date) -> Any:
    """The columns of `EdgeOnDate` in its order."""
    left, right = aliased(Membership), aliased(Membership)
    left_unit, right_unit = aliased(DivisionVersion), aliased(DivisionVersion)
    surveyed, agreement = aliased(Instrument), aliased(Instrument)
    return (
        select(
            Edge.id,
            left_unit.code,
            right_unit.code,
            func.coalesce(EdgeSurvey.legal_state, Edge.legal_state),
            func.coalesce(EdgeSurvey.follows, Follows.unknown.value),
            EdgeSurvey.follows_name,
            Edge.length_m,
            func.coalesce(EdgeSurvey.accuracy_m, Edge.accuracy_m),
            agreement.number,
            EdgeDescent.cut_from_id,
            Instrument.number,
            most_closely_kept(
                Instrument.classification,
                left_unit.classification,
                right_unit.classification,
                surveyed.classification,
                agreement.classification,
            ),
            as_geojson(Edge.geom),
        )
        .join(Instrument, Instrument.id == Edge.source_id)
        .outerjoin(EdgeSurvey, and_(EdgeSurvey.edge_id == Edge.id, holds_on(EdgeSurvey.valid, on)))
        .outerjoin(surveyed, surveyed.id == EdgeSurvey.begun_by)
        .outerjoin(agreement, agreement.id == EdgeSurvey.agreement_id)
        .outerjoin(EdgeDescent, EdgeDescent.edge_id == Edge.id)
        .outerjoin(left, and_(left.face_id == Edge.left_face_id, holds_on(left.valid, on)))
        .outerjoin(right, and_(right.face_id == Edge.right_face_id, holds_on(right.valid, on)))
        .outerjoin(left_unit, _names(left_unit, left, on))
        .outerjoin(right_unit, _names(right_unit, right, on))
    )


def _names(unit: Any, held: Any, on: date) -> ColumnElement[bool]:
    return and_(unit.division_id == held.division_id, holds_on(unit.valid, on))
