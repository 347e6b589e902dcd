"""What Hypothesis draws: partitions of a rectangle, valid coverages by construction; periods of days."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import shapely
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GEOJSON_DECIMALS, GRID_DEGREES
from gis_service.foundation.periods import Period

WEST, SOUTH = 119, 32
CELLS = 12  # side of the rectangle in cells of a hundredth of a degree
CELL_DEGREES = 0.01
FRAME = shapely.box(WEST, SOUTH, WEST + CELLS * CELL_DEGREES, SOUTH + CELLS * CELL_DEGREES)

_inside = st.tuples(st.integers(1, CELLS - 1), st.integers(1, CELLS - 1))
_along = st.integers(0, CELLS)
_on_frame = st.one_of(
    st.tuples(_along, st.sampled_from((0, CELLS))), st.tuples(st.sampled_from((0, CELLS)), _along)
)


@st.composite
def cuts(draw: st.DrawFn) -> LineString:
    """A polyline across the rectangle, or one that comes back to where it began (an enclave)."""
    bends = draw(st.lists(_inside, min_size=1, max_size=4, unique=True))
    if draw(st.booleans()):
        ends = draw(_on_frame), draw(_on_frame)
        return LineString([ends[0], *bends, ends[1]])
    return LineString([*bends, draw(_inside), draw(_inside), bends[0]])


@st.composite
def partitions(draw: st.DrawFn, *, min_faces: int = 1) -> list[Polygon]:
    """Faces without gaps and overlaps that fill `FRAME`, lon/lat on the storage grid.

    The rectangle is cut by random polylines, all noded at once on the grid, so that neighbours share every
    vertex; then cells are joined at random, which makes enclaves, exclaves and borders with bends.
    """
    lines = [_placed(line) for line in draw(st.lists(cuts(), max_size=5))]
    noded = shapely.union_all([FRAME.boundary, *lines], grid_size=GRID_DEGREES)
    cells = [cell for cell in shapely.get_parts(shapely.polygonize([noded])) if FRAME.covers(cell.centroid)]
    owners = draw(st.lists(st.integers(0, 4), min_size=len(cells), max_size=len(cells)))
    groups = [
        [c for c, own in zip(cells, owners, strict=True) if own == owner] for owner in sorted(set(owners))
    ]
    unions = [shapely.coverage_union_all(group) for group in groups]
    faces = [_snapped(face) for face in shapely.get_parts(unions)]
    if len(faces) < min_faces:
        halves = [
            shapely.box(WEST, SOUTH, WEST + 0.06, SOUTH + 0.12),
            shapely.box(WEST + 0.06, SOUTH, WEST + 0.12, SOUTH + 0.12),
        ]
        faces = [_snapped(half) for half in halves]
    return faces


def _placed(line: LineString) -> BaseGeometry:
    return shapely.transform(line, lambda xy: np.array([WEST, SOUTH]) + xy * CELL_DEGREES)


def _snapped(face: BaseGeometry) -> Polygon:
    snapped = shapely.transform(face, lambda xy: np.round(xy, GEOJSON_DECIMALS))
    assert isinstance(snapped, Polygon)
    return snapped


days = st.dates(min_value=date(1949, 10, 1), max_value=date(2100, 1, 1))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """A period of at least a day, or one that is in force."""
    start = draw(days)
    length = draw(st.none() | st.integers(1, 20_000))
    return Period(start, None if length is None else start + timedelta(days=length))
