"""Replacing faces by their pieces for all time, and everything that runs along them with it.

Faces and edges have no period: who held a face, or will hold it, holds every piece of it. Borders around get
the new vertices in every place they are stored, so that all days say what they said before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import bindparam, func, insert, or_, select, update

from gis_service.foundation.database import envelope
from gis_service.foundation.errors import Conflict
from gis_service.foundation.measure import areas_km2, lengths_m
from gis_service.foundation.noding import Insertions, with_vertices
from gis_service.foundation.topology import NOTHING, edges_of, points_of, vertex_keys
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import read_wkb, write_ewkb
from gis_service.registers.boundaries.commands.descending import descend
from gis_service.registers.boundaries.models import (
    Edge,
    Extent,
    Face,
    LegalState,
    Membership,
)

Pieces = dict[UUID, BaseGeometry]
_ABOUT_A_METRE = 1e-5  # degrees


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
    _grow_faces(tx, around - set(pieces), inserted)
    _put_pieces(tx, pieces)
    inner = _between(tx, pieces, instrument_id)
    nodes = frozenset(
        vertex_keys(shapely.get_coordinates([shapely.boundary(line) for line in inner])).tolist()
    )
    sides = _Sides(dict(_on_left(pieces)), nodes)
    for edge, line in zip(edges, read_wkb(edge.wkb for edge in edges), strict=True):
        _rewrite(tx, edge, with_vertices(line, inserted), sides, instrument_id=instrument_id)
    _grow_extents(tx, inserted)
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
            *(Edge.geom.intersects(box) for box in _boxes(inserted)),
        )
    )
    return tx.session.execute(wanted).all()


def _boxes(inserted: Insertions) -> Iterator[Any]:
    for segment in inserted:
        west, south, east, north = LineString(points_of(np.array(segment))).bounds
        yield envelope(
            west - _ABOUT_A_METRE, south - _ABOUT_A_METRE, east + _ABOUT_A_METRE, north + _ABOUT_A_METRE
        )


def _grow_faces(tx: Transaction, around: Iterable[UUID], inserted: Insertions) -> None:
    """Give faces that are not cut the new vertices on their borders."""
    wanted = select(Face.id, Face.geom.ST_AsBinary()).where(Face.id.in_(list(around)))
    rows = tx.session.execute(wanted).all() if inserted else []
    grown = _grown(rows, inserted)
    _update(tx, Face, grown)


def _grow_extents(tx: Transaction, inserted: Insertions) -> None:
    """The same for the kept areas of units of every level, of all days."""
    if not inserted:
        return
    wanted = select(Extent.id, Extent.geom.ST_AsBinary()).where(
        or_(*(Extent.geom.intersects(box) for box in _boxes(inserted)))
    )
    _update(tx, Extent, _grown(tx.session.execute(wanted).all(), inserted))


def _grown(rows: Sequence[Any], inserted: Insertions) -> Pieces:
    shapes = zip((row[0] for row in rows), read_wkb(row[1] for row in rows), strict=True)
    return {key: grown for key, shape in shapes if (grown := with_vertices(shape, inserted)) is not shape}


def _update(tx: Transaction, model: type[Face] | type[Extent], shapes: Pieces) -> None:
    if not shapes:
        return
    statement = (
        update(model.__table__)  # type: ignore[arg-type]
        .where(model.__table__.c.id == bindparam("key"))
        .values(geom=func.ST_GeomFromEWKB(bindparam("ewkb")), area_km2=bindparam("km2"))
    )
    rows = zip(shapes, write_ewkb(list(shapes.values())), areas_km2(shapes.values()), strict=True)
    tx.session.connection().execute(
        statement, [{"key": key, "ewkb": bytes.fromhex(ewkb), "km2": km2} for key, ewkb, km2 in rows]
    )


def _put_pieces(tx: Transaction, pieces: Mapping[UUID, Pieces]) -> None:
    """Store the pieces; all that ever was said about who holds a face is said of each piece of it."""
    wanted = select(Face.id, Face.source_id).where(Face.id.in_(list(pieces)))
    sources = {row[0]: row[1] for row in tx.session.execute(wanted)}
    _update(tx, Face, {face: several[face] for face, several in pieces.items()})
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
            _edge_row(edges.lines[index], ids[edges.left[index]], ids[edges.right[index]])
            | {"legal_state": LegalState.unknown.value, "accuracy_m": None, "source_id": instrument_id}
            for index in inner
        ]
        tx.session.execute(insert(Edge), rows)
    return lines


def _edge_row(line: BaseGeometry, left: UUID, right: UUID | None) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "geom": write_ewkb([line])[0],
        "left_face_id": left,
        "right_face_id": right,
        "length_m": lengths_m([line])[0],
    }


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
    known = {"legal_state": edge.legal_state, "accuracy_m": edge.accuracy_m, "source_id": edge.source_id}
    rewritten = {**first, "id": edge.id}
    tx.session.execute(
        update(Edge)
        .where(Edge.id == edge.id)
        .values({name: value for name, value in rewritten.items() if name != "id"})
        .execution_options(synchronize_session=False)
    )
    if others:
        rows = [row | known for row in others]
        tx.session.execute(insert(Edge), rows)
        descend(tx, edge.id, [row["id"] for row in rows], instrument_id=instrument_id)
        tx.journal(
            "boundaries.cut_edge",
            str(edge.id),
            instrument_id=edge.source_id,
            before=_told(edge._mapping),
            after=_told(rewritten),
            pieces=[row["id"] for row in rows],
        )


def _told(edge: Mapping[str, Any]) -> dict[str, Any]:
    return {name: edge[name] for name in ("left_face_id", "right_face_id", "length_m")}


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
        _edge_row(LineString(points_of(np.array(keys[start : end + 1]))), *beside[start])
        for start, end in zip(starts, [*starts[1:], len(steps)], strict=True)
    ]


def _from_a_node(ring: list[int], nodes: frozenset[int]) -> list[int]:
    start = next((index for index, key in enumerate(ring) if key in nodes), 0)
    return [*ring[start:-1], *ring[: start + 1]]
