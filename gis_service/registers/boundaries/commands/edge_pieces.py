"""Edges cut into pieces for all time: the first piece stays the edge, and all keep what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, update

from gis_service.foundation.measure import lengths_m
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
from gis_service.registers.boundaries.commands.descending import descend
from gis_service.registers.boundaries.models import Edge


def edge_row(line: BaseGeometry, left: UUID, right: UUID | None) -> dict[str, Any]:
    """A new edge with the faces on its sides."""
    return {
        "id": uuid4(),
        "geom": write_ewkb([line])[0],
        "left_face_id": left,
        "right_face_id": right,
        "length_m": lengths_m([line])[0],
    }


def put_pieces(
    tx: Transaction, edge: Any, pieces: Sequence[Mapping[str, Any]], *, instrument_id: UUID
) -> list[UUID]:
    """Let an edge become its first piece and begin the others; their ids, in order."""
    first, *others = pieces
    rewritten = {**first, "id": edge.id}
    tx.session.execute(
        update(Edge)
        .where(Edge.id == edge.id)
        .values({name: value for name, value in rewritten.items() if name != "id"})
        .execution_options(synchronize_session=False)
    )
    ids = [row["id"] for row in others]
    if others:
        known = {"legal_state": edge.legal_state, "accuracy_m": edge.accuracy_m, "source_id": edge.source_id}
        tx.session.execute(insert(Edge), [{**row, **known} for row in others])
        descend(tx, edge.id, ids, instrument_id=instrument_id)
        tx.journal(
            "boundaries.cut_edge",
            str(edge.id),
            instrument_id=edge.source_id,
            before=_told(edge._mapping),
            after=_told(rewritten),
            pieces=ids,
        )
    return [edge.id, *ids]


def _told(edge: Mapping[str, Any]) -> dict[str, Any]:
    return {name: edge[name] for name in ("left_face_id", "right_face_id", "length_m")}
