"""Handing the area of a unit that was entered as a whole down to the units below it.

Only the lines between those units are new: the outer border of the whole stays as it is registered, byte for
byte, and whatever a delivery draws along it means it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.errors import Conflict
from gis_service.foundation.plane import Plane
from gis_service.foundation.standing import full_sight
from gis_service.foundation.topology import NOTHING, edges_of, faces_of
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.commands.cutting import cut_along, held_by
from gis_service.registers.boundaries.commands.hand_over import hand_over_faces


def subdivide(
    tx: Transaction,
    whole: UUID,
    parts: Mapping[UUID, BaseGeometry],
    *,
    on: date,
    instrument_id: UUID,
    reach_m: float,
) -> int:
    """Cut the faces of a unit along the lines between its parts, and let each part hold its own.

    `parts` form a valid coverage, lon/lat on the storage grid; lines that end up to `reach_m` short of the
    outer border are drawn on to it. Returns the number of faces; `derive` must follow.

    Raises:
        Conflict: the unit holds no faces that day, a part would get none, or slivers would be left over.
    """
    with full_sight(tx.session):
        held = held_by(tx, whole, on=on)
        border = shapely.boundary(shapely.coverage_union_all(held.plane.metres(held.shapes)))
        lines = _reaching(_between(parts), border, held.plane, reach_m)
        faces = cut_along(tx, held, lines, on=on, instrument_id=instrument_id) if lines else held.faces
    takers = _takers(faces, parts)
    if absent := set(parts) - set(takers.values()):
        raise Conflict(
            f"{held.name}有 {len(absent)} 个下级分不到范围", way_out="请核对来件图形与该单位的范围"
        )
    hand_over_faces(tx, takers, on=on, instrument_id=instrument_id)
    return len(faces)


def _between(parts: Mapping[UUID, BaseGeometry]) -> list[LineString]:
    """The lines that two parts share."""
    faces, owner = faces_of(list(parts.values()))
    edges = edges_of(faces)
    owners = np.asarray(owner)
    inner = np.flatnonzero(edges.right != NOTHING)
    return [edges.lines[i] for i in inner if owners[edges.left[i]] != owners[edges.right[i]]]


def _reaching(
    lines: list[LineString], border: BaseGeometry, plane: Plane, reach_m: float
) -> MultiLineString | None:
    """The same lines; ends that no other line meets are drawn on to the border where it is near."""
    ends = Counter(end for line in lines if not line.is_closed for end in (line.coords[0], line.coords[-1]))
    reaching = list(lines)
    for end, count in ends.items():
        here: Point = plane.metres(Point(end))
        away = border.distance(here)
        if count == 1 and 0 < away <= reach_m:
            there = border.interpolate(border.project(here))
            beyond = Point(
                here.x + (there.x - here.x) * (1 + 1 / away), here.y + (there.y - here.y) * (1 + 1 / away)
            )
            reaching.append(plane.degrees(LineString([here, beyond])))
    merged = shapely.line_merge(shapely.unary_union(reaching)) if reaching else None
    if merged is None or merged.is_empty:
        return None
    return MultiLineString([part for part in shapely.get_parts(merged) if part.geom_type == "LineString"])


def _takers(faces: Mapping[UUID, BaseGeometry], parts: Mapping[UUID, BaseGeometry]) -> dict[UUID, UUID]:
    """Each face goes to the part that most of it lies in, or to the nearest one."""
    units, shapes = list(parts), list(parts.values())
    takers = {}
    for face, shape in faces.items():
        shared = shapely.area(shapely.intersection(shapes, shape))
        best = int(np.argmax(shared)) if shared.max() > 0 else int(np.argmin(shapely.distance(shapes, shape)))
        takers[face] = units[best]
    return takers
