"""What becomes of an edge that is cut: its pieces know where they come from, and what was surveyed of it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.models import EdgeDescent, EdgeSurvey


def descend(tx: Transaction, edge: UUID, pieces: Iterable[UUID], *, instrument_id: UUID) -> None:
    """Record that new edges were cut from one, and let hold of each what holds of it."""
    pieces = list(pieces)
    cut = [{"edge_id": piece, "cut_from_id": edge, "instrument_id": instrument_id} for piece in pieces]
    tx.session.execute(insert(EdgeDescent), cut)
    columns = [column for column in EdgeSurvey.__table__.columns if column.key not in ("id", "edge_id")]
    known = tx.session.execute(select(*columns).where(EdgeSurvey.edge_id == edge)).mappings().all()
    copies = [{**row, "id": uuid4(), "edge_id": piece} for row in known for piece in pieces]
    if copies:
        tx.session.execute(insert(EdgeSurvey), copies)
