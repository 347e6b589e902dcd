"""Replacing faces by their pieces for all time, and everything that runs along them with it.

Faces and edges have no period: who held a face, or will hold it, holds every piece of it. Borders around get
the new vertices in every place they are stored, so that all days say what they said before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, or_, select

from gis_service.foundation.errors import Conflict
from gis_service.foundation.measure import areas_km2
from gis_service.foundation.noding import Insertions, with_vertices
from gis_service.foundation.topology import NOTHING, edges_of, points_of, vertex_keys
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import read_wkb, write_ewkb
from gis_service.registers.boundaries.commands.edge_pieces import edge_row, put_pieces
from gis_service.registers.boundaries.commands.growing import (
    Pieces,
    boxes_around,
    grow_extents,
    grow_faces,
    update_areas,
)
from gis_service.registers.boundaries.models import Edge, Face, LegalState, Membership


@dataclass(frozen=True, slots=True)
class _Sides:
    """Which piece lies on the left of a directed segment, for the segments around the faces cut."""

    on_left: Mapping[tuple[int, int], UUID]
    nodes: frozenset[int]

    def left(self, one: int, other: int, face: UUID) -> UUID:
        return self.on_left.get((one, other), face)

    def right(self, one: int, other: int, face: UUID | None) -> UUID | None:
        return self.on_left.get((other, one), face) if face is not None else None


def refine(
    tx: Transaction, split: Mapping[UUID, Sequence[Polygon]], inserted: Insertions, *, instrument_id: UUID
) -> dict[UUID, Pieces]:
    """Replace each face by its pieces, the largest of which keeps the face's identity.

    Returns the pieces of each face by their ids.
    """
    pieces = {face: _named(face, several) for face, several in split.items()}
    edges = _edges_around(tx, pieces, inserted)
    around = {side for edge in edges for side in (edge.left_face_id, edge.right_face_id) if side}
    grow_faces(tx, around - set(pieces), inserted)
    _put_pieces(tx, pieces)
    inner = _between(tx, pieces, instrument_id)
    nodes = frozenset(
        vertex_keys(shapely.get_coordinates([shapely.boundary(line) for line in inner])).tolist()
    )
    sides = _Sides(dict(_on_left(pieces)), nodes)
    for edge, line in zip(edges, read_wkb(edge.wkb for edge in edges), strict=True):
        _rewrite(tx, edge, with_vertices(line, inserted), sides, instrument_id=instrument_id)
    grow_extents(tx, inserted)
    tx.session.flush()
    tx.session.expire_all()
    return pieces


def _named(face: UUID, pieces: Sequence[Polygon]) -> Pieces:
    largest, *others = sorted(pieces, key=lambda piece: -piece.area)
    return {face: largest, **{uuid4(): piece for piece in others}}


def _edges_around(tx: Transaction, pieces: Mapping[UUID, Pieces], inserted: Insertions) -> Sequence[Any]:
    """The edges along the faces cut, and any other that runs over a segment with new vertices."""
    faces = list(pieces)
    wanted = select(
        Edge.id,
        Edge.left_face_id,
        Edge.right_face_id,
        Edge.legal_state,
        Edge.accuracy_m,
        Edge.source_id,
        Edge.length_m,
        Edge.geom.ST_AsBinary().label("wkb"),
    ).where(
        or_(
            Edge.left_face_id.in_(faces),
            Edge.right_face_id.in_(faces),
            *(Edge.geom.intersects(box) for box in boxes_around(inserted)),
        )
    )
    return tx.session.execute(wanted).all()


def _put_pieces(tx: Transaction, pieces: Mapping[UUID, Pieces]) -> None:
    """Store the pieces; all that ever was said about who holds a face is said of each piece of it."""
    wanted = select(Face.id, Face.source_id).where(Face.id.in_(list(pieces)))
    sources = {row[0]: row[1] for row in tx.session.execute(wanted)}
    update_areas(tx, Face, {face: several[face] for face, several in pieces.items()})
    new = {
        key: (face, shape)
        for face, several in pieces.items()
        for key, shape in several.items()
        if key != face
    }
    shapes = [shape for _, shape in new.values()]
    rows = zip(new, new.values(), write_ewkb(shapes), areas_km2(shapes), strict=True)
    tx.session.execute(
        insert(Face),
        [
            {"id": key, "geom": f"{ewkb}", "area_km2": km2, "source_id": sources[face]}
            for key, (face, _), ewkb, km2 in rows
        ],
    )
    held = tx.session.scalars(select(Membership).where(Membership.face_id.in_(list(pieces)))).all()
    tx.session.execute(
        insert(Membership),
        [
            {
                "id": uuid4(),
                "face_id": key,
                "division_id": old.division_id,
                "valid": old.valid,
                "begun_by": old.begun_by,
                "ended_by": old.ended_by,
            }
            for old in held
            for key, (face, _) in new.items()
            if face == old.face_id
        ],
    )


def _between(tx: Transaction, pieces: Mapping[UUID, Pieces], instrument_id: UUID) -> list[LineString]:
    """Store the edges between the pieces of each face, under the act that cut it."""
    lines: list[LineString] = []
    for several in pieces.values():
        ids, shapes = list(several), list(several.values())
        edges = edges_of(np.asarray(shapes, dtype=object))
        inner = np.flatnonzero(edges.right != NOTHING)
        lines += list(edges.lines[inner])
        rows = [
            edge_row(edges.lines[index], ids[edges.left[index]], ids[edges.right[index]])
            | {"legal_state": LegalState.unknown.value, "accuracy_m": None, "source_id": instrument_id}
            for index in inner
        ]
        tx.session.execute(insert(Edge), rows)
    return lines


def _on_left(pieces: Mapping[UUID, Pieces]) -> Iterator[tuple[tuple[int, int], UUID]]:
    for several in pieces.values():
        for key, shape in several.items():
            for ring in shapely.get_rings(shapely.orient_polygons(shape)):
                keys = vertex_keys(shapely.get_coordinates(ring)).tolist()
                yield from ((step, key) for step in pairwise(keys))


def _rewrite(tx: Transaction, edge: Any, line: BaseGeometry, sides: _Sides, *, instrument_id: UUID) -> None:
    """Cut an edge where a new one meets it, and tell its pieces what lies beside them now."""
    first, *others = _runs(edge, line, sides)
    _require_faces(edge, first)
    put_pieces(tx, edge, [first, *others], instrument_id=instrument_id)


def _require_faces(edge: Any, first: Mapping[str, Any]) -> None:
    if first["left_face_id"] == first["right_face_id"]:
        raise Conflict(f"边 {edge.id} 两侧成为同一地块", way_out="请重新绘制划分线")


def _runs(edge: Any, line: BaseGeometry, sides: _Sides) -> list[dict[str, Any]]:
    """The stretches of an edge between nodes, each with its faces; a ring begins at a node if it has one."""
    keys = vertex_keys(shapely.get_coordinates(line)).tolist()
    keys = _from_a_node(keys, sides.nodes) if keys[0] == keys[-1] else keys
    steps = list(pairwise(keys))
    beside = [
        (sides.left(*step, edge.left_face_id), sides.right(*step, edge.right_face_id)) for step in steps
    ]
    starts = [
        index
        for index in range(len(steps))
        if index == 0 or beside[index] != beside[index - 1] or steps[index][0] in sides.nodes
    ]
    return [
        edge_row(LineString(points_of(np.array(keys[start : end + 1]))), *beside[start])
        for start, end in zip(starts, [*starts[1:], len(steps)], strict=True)
    ]


def _from_a_node(ring: list[int], nodes: frozenset[int]) -> list[int]:
    start = next((index for index, key in enumerate(ring) if key in nodes), 0)
    return [*ring[start:-1], *ring[: start + 1]]
