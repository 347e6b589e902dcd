"""Splitting edges where a section of a line begins or ends, for all time: no border moves, none says less.

A place near a vertex means the vertex. Elsewhere the border gets a new vertex, on the grid, with all that is
stored along it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from sqlalchemy import select

from gis_service.foundation.noding import Insertions, on_grid, with_vertices
from gis_service.foundation.plane import plane_around
from gis_service.foundation.standing import full_sight
from gis_service.foundation.topology import points_of, vertex_keys
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import read_one
from gis_service.registers.boundaries.commands.edge_pieces import edge_row, put_pieces
from gis_service.registers.boundaries.commands.growing import grow_extents, grow_faces
from gis_service.registers.boundaries.models import Edge
from gis_service.registers.boundaries.rules import threshold


def split_edges(
    tx: Transaction, places: Mapping[UUID, Sequence[Point]], *, instrument_id: UUID
) -> dict[UUID, list[UUID]]:
    """Split each edge at places on it (lon/lat); its pieces in the direction of the edge.

    Places at an end of the edge split nothing. The first piece keeps the edge's identity.
    """
    with full_sight(tx.session):
        pieces = {
            edge: _split(tx, edge, points, instrument_id=instrument_id) for edge, points in places.items()
        }
    tx.session.flush()
    tx.session.expire_all()
    return pieces


def _split(tx: Transaction, edge_id: UUID, points: Iterable[Point], *, instrument_id: UUID) -> list[UUID]:
    columns = (
        Edge.id,
        Edge.left_face_id,
        Edge.right_face_id,
        Edge.legal_state,
        Edge.accuracy_m,
        Edge.source_id,
        Edge.length_m,
        Edge.geom.ST_AsBinary().label("wkb"),
    )
    edge = tx.session.execute(select(*columns).where(Edge.id == edge_id).with_for_update()).one()
    line = read_one(edge.wkb)
    nodes, inserted = _nodes_on(line, points)
    line = LineString(shapely.get_coordinates(with_vertices(line, inserted)))
    faces = [face for face in (edge.left_face_id, edge.right_face_id) if face is not None]
    grow_faces(tx, faces, inserted)
    grow_extents(tx, inserted)
    rows = [edge_row(part, edge.left_face_id, edge.right_face_id) for part in _cut_at(line, nodes)]
    return put_pieces(tx, edge, rows, instrument_id=instrument_id) if len(rows) > 1 else [edge_id]


def _nodes_on(line: LineString, points: Iterable[Point]) -> tuple[set[int], Insertions]:
    """The vertices to split at, and those of them that are new, in their order on their segments."""
    plane = plane_around([line])
    xy = shapely.get_coordinates(line)
    flat = shapely.get_coordinates(plane.metres(line))
    keys = vertex_keys(xy).tolist()
    steps = np.asarray(shapely.linestrings(list(pairwise(flat))), dtype=object)
    nodes: set[int] = set()
    new: dict[tuple[int, int], set[int]] = defaultdict(set)
    for point in points:
        away = np.hypot(*(flat - shapely.get_coordinates(plane.metres(point))[0]).T)
        nearest = int(away.argmin())
        if away[nearest] <= threshold("section", "snap_m"):
            nodes.add(keys[nearest])
            continue
        step = int(shapely.distance(steps, plane.metres(point)).argmin())
        [key] = vertex_keys(shapely.get_coordinates(on_grid(point))).tolist()
        nodes.add(key)
        new[min(keys[step : step + 2]), max(keys[step : step + 2])].add(key)
    return nodes, {segment: _ordered(segment, [*between]) for segment, between in new.items()}


def _ordered(segment: tuple[int, int], between: Sequence[int]) -> tuple[int, ...]:
    start, end = points_of(np.array(segment))
    along = (points_of(np.array(between)) - start) @ (end - start)
    return tuple(key for _, key in sorted(zip(along.tolist(), between, strict=True)))


def _cut_at(line: LineString, nodes: set[int]) -> list[LineString]:
    xy = shapely.get_coordinates(line)
    keys = vertex_keys(xy).tolist()
    inner = [index for index in range(1, len(keys) - 1) if keys[index] in nodes]
    bounds: list[Any] = [0, *inner, len(keys) - 1]
    return [LineString(xy[one : other + 1]) for one, other in pairwise(bounds)]
