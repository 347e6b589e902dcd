"""Entering the areas of units for the first time, joined edge by edge to what is registered around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Exists, exists, func, select, update
from sqlalchemy.orm import Session

from gis_service.foundation.coverage import coverage_flaws, is_coverage
from gis_service.foundation.database import (
    copy_rows,
    envelope,
    holds_at_or_after,
    refresh_statistics,
    table_of,
)
from gis_service.foundation.errors import Conflict
from gis_service.foundation.measure import areas_km2, lengths_m
from gis_service.foundation.periods import Period
from gis_service.foundation.topology import (
    NOTHING,
    Edges,
    Geometries,
    NotEdgeMatched,
    edges_of,
    faces_of,
)
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import read_one, read_wkb, write_ewkb
from gis_service.registers.boundaries.commands.descending import descend
from gis_service.registers.boundaries.models import Edge, Face, LegalState, Membership


@dataclass(frozen=True, slots=True)
class Entered:
    """How much was entered, and how many registered edges got their other side or were cut at a new node."""

    faces: int
    edges: int
    edges_joined: int
    edges_cut: int


@dataclass(frozen=True, slots=True)
class _OpenEdge:
    """A registered edge whose right side was not known so far."""

    id: UUID
    left_face_id: UUID
    line: LineString


@dataclass(frozen=True, slots=True)
class _Source:
    """What the edges of one delivery have in common."""

    instrument_id: UUID
    accuracy_m: float | None


def enter_areas(
    tx: Transaction,
    areas: Mapping[UUID, BaseGeometry],
    *,
    on: date,
    instrument_id: UUID,
    accuracy_m: float | None = None,
) -> Entered:
    """Enter the areas of lowest-level units from a day on; `derive` must follow in the same transaction.

    `areas` are valid polygons or multipolygons, lon/lat on the storage grid, that form a valid coverage
    together with the units registered around them.

    Raises:
        Conflict: the areas overlap each other or a registered unit, or do not share vertices with it.
    """
    units = list(areas)
    faces, owner = faces_of([areas[unit] for unit in units])
    _require_coverage(tx.session, faces, on=on)
    open_edges = _open_edges_near(tx.session, faces, on=on)
    edges = _matched(faces, open_edges)
    ids = [uuid4() for _ in faces] + [edge.left_face_id for edge in open_edges]
    source = _Source(instrument_id, accuracy_m)
    _copy_faces(tx.session, ids, faces, source)
    _copy_memberships(tx.session, ids, [units[index] for index in owner], on, source)
    fresh = edges.chain == NOTHING
    _copy_edges(tx.session, _edge_rows(edges, np.flatnonzero(fresh), ids, source))
    joined, cut = _close_open_edges(tx, edges, open_edges, ids)
    refresh_statistics(tx.session)
    entered = Entered(len(faces), int(fresh.sum()), joined, cut)
    tx.journal(
        "boundaries.enter",
        f"{len(units)} 个单位",
        instrument_id=instrument_id,
        on=on,
        faces=entered.faces,
        edges=entered.edges,
        edges_joined=joined,
        edges_cut=cut,
    )
    return entered


def _require_coverage(session: Session, faces: Geometries, *, on: date) -> None:
    """The last proof before writing: with the registered faces around them, the new ones form a coverage."""
    around = _registered_faces_near(session, faces, on=on)
    together = np.concatenate([faces, around])
    if is_coverage(together):
        return
    where = shapely.get_coordinates(coverage_flaws(together))[0]
    raise Conflict(
        f"来件与登记范围（或来件内部）在 {where[0]:.6f}, {where[1]:.6f} 附近重叠或没有逐点接边",
        way_out="用 intake check 查明各处重叠与缝隙，核实归属后修正，或用 --repair 修复微小缝隙",
    )


def _registered_faces_near(session: Session, faces: Geometries, *, on: date) -> Geometries:
    wanted = select(Face.geom.ST_AsBinary()).where(
        _belongs_from(Face.id, on), Face.geom.intersects(_envelope(faces))
    )
    return read_wkb(session.scalars(wanted))


def _open_edges_near(session: Session, faces: Geometries, *, on: date) -> list[_OpenEdge]:
    wanted = select(Edge.id, Edge.left_face_id, Edge.geom.ST_AsBinary()).where(
        Edge.right_face_id.is_(None),
        _belongs_from(Edge.left_face_id, on),
        Edge.geom.intersects(_envelope(faces)),
    )
    return [_OpenEdge(row[0], row[1], read_one(row[2])) for row in session.execute(wanted)]


def _belongs_from(face_id: Any, on: date) -> Exists:
    """Whether a face belongs to anybody on a day or later; it may change hands without being two faces."""
    return exists().where(Membership.face_id == face_id, holds_at_or_after(Membership.valid, on))


def _envelope(faces: Geometries) -> Any:
    west, south, east, north = map(float, shapely.total_bounds(faces))
    return envelope(west, south, east, north)


def _matched(faces: Geometries, open_edges: Sequence[_OpenEdge]) -> Edges:
    try:
        return edges_of(
            faces,
            given=[edge.line for edge in open_edges],
            given_left=np.arange(len(open_edges)) + len(faces),
        )
    except NotEdgeMatched as error:
        raise Conflict(
            f"界线在 {error.lon:.6f}, {error.lat:.6f} 附近没有逐点重合，无法接边",
            way_out="先用 intake check 查明，再用 --repair 修复",
        ) from error


def _copy_faces(session: Session, ids: Sequence[UUID], faces: Geometries, source: _Source) -> None:
    rows = zip(ids, write_ewkb(faces), areas_km2(faces), [source.instrument_id] * len(faces), strict=False)
    copy_rows(session, table_of(Face), ("id", "geom", "area_km2", "source_id"), rows)


def _copy_memberships(
    session: Session, ids: Sequence[UUID], owners: Sequence[UUID], on: date, source: _Source
) -> None:
    rows = (
        (uuid4(), face, owner, Period(on), source.instrument_id)
        for face, owner in zip(ids, owners, strict=False)
    )
    copy_rows(session, table_of(Membership), ("id", "face_id", "division_id", "valid", "begun_by"), rows)


def _edge_rows(
    edges: Edges, which: Sequence[int] | Any, ids: Sequence[UUID], source: _Source
) -> Iterator[tuple[Any, ...]]:
    lines = edges.lines[which]
    for index, ewkb, length in zip(which, write_ewkb(lines), lengths_m(lines), strict=True):
        right = edges.right[index]
        yield (
            uuid4(),
            ewkb,
            ids[edges.left[index]],
            None if right == NOTHING else ids[right],
            length,
            LegalState.unknown.value,
            source.accuracy_m,
            source.instrument_id,
        )


def _copy_edges(session: Session, rows: Iterator[tuple[Any, ...]]) -> None:
    columns = ("id", "geom", "left_face_id", "right_face_id", "length_m")
    copy_rows(session, table_of(Edge), (*columns, "legal_state", "accuracy_m", "source_id"), rows)


def _close_open_edges(
    tx: Transaction, edges: Edges, open_edges: Sequence[_OpenEdge], ids: Sequence[UUID]
) -> tuple[int, int]:
    """Give registered edges the side that has become known; cut them where new borders meet them.

    The first piece of a cut edge keeps the edge's identity; the others begin, and the journal tells.
    """
    pieces: dict[int, list[int]] = defaultdict(list)
    for index in np.flatnonzero(edges.chain != NOTHING):
        pieces[int(edges.chain[index])].append(int(index))
    joined = cut = 0
    for chain, indexes in pieces.items():
        if len(indexes) == 1 and edges.right[indexes[0]] == NOTHING:
            continue
        joined += int((edges.right[indexes] != NOTHING).sum())
        cut += len(indexes) > 1
        _rewrite_edge(tx, open_edges[chain], edges, indexes, ids)
    return joined, cut


def _rewrite_edge(
    tx: Transaction, known: _OpenEdge, edges: Edges, pieces: Sequence[int], ids: Sequence[UUID]
) -> None:
    stored = tx.session.get_one(Edge, known.id)
    before = {"right_face_id": stored.right_face_id, "length_m": stored.length_m}
    first, *others = _edge_rows(edges, pieces, ids, _Source(stored.source_id, stored.accuracy_m))
    _copy_edges(tx.session, iter(others))
    tx.session.execute(
        update(Edge)
        .where(Edge.id == known.id)
        .values(geom=func.ST_GeomFromEWKB(bytes.fromhex(first[1])), right_face_id=first[3], length_m=first[4])
    )
    if others:
        descend(tx, known.id, [row[0] for row in others], instrument_id=stored.source_id)
        tx.journal(
            "boundaries.cut_edge",
            str(known.id),
            instrument_id=stored.source_id,
            before=before,
            after={"right_face_id": first[3], "length_m": first[4]},
            pieces=[row[0] for row in others],
        )
