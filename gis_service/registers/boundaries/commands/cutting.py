"""Cutting a unit's area: along the border of a part that is to go elsewhere, or along a dividing line.

A cut says nothing about who owns what: faces are told apart more finely, for all time, and `hand_over_faces`
moves them. `derive` must follow in the same transaction, as after every change of faces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from gis_service.foundation.cutting import Cuts, cuts_inside
from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.measure import area_km2
from gis_service.foundation.noding import Noded, NotNoded, cut, on_grid
from gis_service.foundation.plane import Plane, plane_around
from gis_service.foundation.standing import full_sight
from gis_service.foundation.topology import Geometries
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import read_wkb
from gis_service.registers.boundaries.commands.refining import refine
from gis_service.registers.boundaries.models import Face, Membership
from gis_service.registers.boundaries.rules import cutting_tolerance
from gis_service.registers.boundaries.rules.pieces import (
    joined_slivers,
    narrow_pieces,
    require_inside,
    require_line,
    require_part,
    side_by_side,
)
from gis_service.registers.divisions.queries import inferiors_on, last_known


@dataclass(frozen=True, slots=True)
class Held:
    """What a giver holds on a day: its faces, in a plane of metres around them."""

    giver: UUID
    name: str
    ids: tuple[UUID, ...]
    shapes: Geometries
    plane: Plane

    @property
    def faces(self) -> dict[UUID, BaseGeometry]:
        """The same by their ids."""
        return dict(zip(self.ids, self.shapes, strict=True))


def cut_off(
    tx: Transaction, giver: UUID, part: Polygon | MultiPolygon, *, on: date, instrument_id: UUID
) -> frozenset[UUID]:
    """The giver's faces inside `part`, after cutting those that its border (lon/lat) runs through.

    Where that border runs along the giver's own within the tolerance, the giver's own is meant.

    Raises:
        InvalidInput: `part` is no valid area, lies partly outside the giver, or is all of it.
        Conflict: the giver holds no faces of its own that day, or slivers would be left over.
    """
    area = require_part(part)
    with full_sight(tx.session):
        held = held_by(tx, giver, on=on)
        require_inside(held.shapes, area, held.plane, held.name)
        faces = cut_along(tx, held, area.boundary, on=on, instrument_id=instrument_id)
    inside = frozenset(face for face, shape in faces.items() if _lies_in(shape, area))
    if not inside or len(inside) == len(faces):
        what = "等于该单位的全部范围，不是其中一部分" if inside else "过窄，按容差不能与界线区分"
        raise InvalidInput(
            f"划出范围{what}（{held.name}）", way_out="请核对划出范围；整体划转请办理并入或隶属变更"
        )
    return inside


def divide(
    tx: Transaction, giver: UUID, line: LineString | MultiLineString, *, on: date, instrument_id: UUID
) -> list[frozenset[UUID]]:
    """The giver's faces by connected pieces of area, the largest first, after cutting along `line` (lon/lat).

    Raises:
        InvalidInput: the line is invalid, crosses itself, or does not divide the giver.
        Conflict: the giver holds no faces of its own that day, or slivers would be left over.
    """
    course = require_line(line)
    with full_sight(tx.session):
        held = held_by(tx, giver, on=on)
        before = side_by_side(held.faces, held.plane)
        faces = cut_along(tx, held, course, on=on, instrument_id=instrument_id)
    pieces = side_by_side(faces, held.plane, apart=course)
    if len(pieces) == len(before):
        raise InvalidInput(
            f"分割线没有把{held.name}分开", way_out="请让分割线两端都到达该单位的界线（可以略微越过）"
        )
    return pieces


def held_by(tx: Transaction, giver: UUID, *, on: date) -> Held:
    """What a unit holds itself on a day.

    Raises:
        Conflict: it holds nothing, or the units below it do.
    """
    known = last_known(tx.session, [giver]).get(giver)
    name = known.name if known else str(giver)
    wanted = (
        select(Face.id, Face.geom.ST_AsBinary())
        .join(Membership, Membership.face_id == Face.id)
        .where(Membership.division_id == giver, holds_on(Membership.valid, on))
        .order_by(Face.id)
    )
    rows = tx.session.execute(wanted).all()
    if not rows and inferiors_on(tx.session, giver, on=on):
        raise Conflict(
            f"{name}在 {on} 尚有下级单位，范围由下级组成", way_out="请按下级单位划转，或分割相应的下级"
        )
    if not rows:
        raise Conflict(f"{name}在 {on} 没有登记范围，无从划分", way_out="请先导入该单位的范围")
    shapes = read_wkb(row[1] for row in rows)
    return Held(giver, name, tuple(row[0] for row in rows), shapes, plane_around(shapes))


def cut_along(
    tx: Transaction, held: Held, drawn: BaseGeometry, *, on: date, instrument_id: UUID
) -> dict[UUID, BaseGeometry]:
    """Cut the giver's faces along a drawn line, and return all its faces as they are then."""
    tolerance = cutting_tolerance()
    cuts = cuts_inside(
        held.shapes, on_grid(drawn), held.plane, snap_m=tolerance.snap_m, along_m=tolerance.along_m
    )
    faces = held.faces
    if not cuts.lines:
        return faces
    noded = _noded(held, cuts)
    if not noded.pieces:
        return faces
    split = {held.ids[index]: pieces for index, pieces in noded.pieces.items()}
    for face, pieces in refine(tx, split, noded.inserted, instrument_id=instrument_id).items():
        del faces[face]
        faces |= pieces
    tx.journal(
        "boundaries.cut",
        str(held.giver),
        instrument_id=instrument_id,
        before={"faces": len(held.ids)},
        after={"faces": len(faces)},
        on=on,
        moved_m=round(cuts.moved_m, 3),
        vertices=sum(map(len, noded.inserted.values())),
    )
    return faces


def _noded(held: Held, cuts: Cuts) -> Noded:
    tolerance = cutting_tolerance()
    try:
        noded = cut(held.shapes, cuts.lines)
    except NotNoded as error:
        raise Conflict(
            f"划分线在 {error.lon:.6f}, {error.lat:.6f} 附近与界线过近，不能区分",
            way_out="请把该处的线移到界线上，或离开界线",
        ) from error
    pieces = {
        index: joined_slivers(several, held.plane, tolerance.snap_m)
        for index, several in noded.pieces.items()
    }
    narrow = narrow_pieces([piece for several in pieces.values() for piece in several], held.plane)
    if narrow:
        lon, lat = shapely.get_coordinates(shapely.point_on_surface(narrow[0]))[0]
        raise Conflict(
            f"划分后在 {lon:.6f}, {lat:.6f} 附近留下宽不足 {tolerance.sliver_m:g} 米的碎块"
            f"（共 {len(narrow)} 块，{sum(map(area_km2, narrow)) * 1e6:.0f} 平方米）",
            way_out="请让划分线沿该单位的界线走，或离开界线",
        )
    return replace(noded, pieces={index: several for index, several in pieces.items() if len(several) > 1})


def _lies_in(shape: BaseGeometry, part: BaseGeometry) -> bool:
    return bool(shapely.intersection(shape, part).area > shape.area / 2)
