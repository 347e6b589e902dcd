"""What readers must be told about the data they get, by the acts and datasets it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, cast, exists, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification
from gis_service.registers.boundaries.models import Edge, Face
from gis_service.registers.instruments.models import Instrument


def statement_on_areas(session: Session, up_to: Classification = Classification.public) -> str | None:
    """The statements of all sources of registered areas, each once; None where there is none.

    Only of sources no more closely kept than what they are told with.
    """
    told = [level.value for level in Classification if up_to.allows(level)]
    concerned = exists().where(Face.source_id == Instrument.id), Instrument.classification.in_(told)
    return _statement(session, and_(*concerned))


def statement_on_edges(session: Session, edges: Iterable[UUID]) -> str | None:
    """The statements of the sources of these edges, each once; None where there is none."""
    ids = cast(list(edges), ARRAY(PG_UUID(as_uuid=True)))
    return _statement(session, exists().where(Edge.source_id == Instrument.id, Edge.id == any_(ids)))


def _statement(session: Session, concerned: ColumnElement[bool]) -> str | None:
    told = select(Instrument.statement).where(Instrument.statement.is_not(None), concerned)
    statements = session.scalars(told.order_by(Instrument.number))
    return "\n".join(dict.fromkeys(filter(None, statements))) or None
