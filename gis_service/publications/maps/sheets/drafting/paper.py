"""From metres on the ground to millimetres on the page: the window of a frame, clipping, layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from gis_service.publications.maps.schemas import Layer, Path, Rect, Style
from gis_service.publications.maps.sheets.drafting.projection import Projector

# Vertices are rounded to this grid, each by itself, so both sides of a border round alike and vertices closer
# than 0.01 mm fall together; the error is at most 0.007 mm, a seventh of the finest line.
PAPER_GRID_MM = 0.01


@dataclass(frozen=True, slots=True)
class Window:
    """A frame's place on the page and on the ground: lower left corner (west_m, south_m), scale, zone."""

    inner: Rect
    denominator: int
    west_m: float
    south_m: float
    projector: Projector

    @property
    def mm_per_m(self) -> float:
        """Millimetres on paper for a metre on the ground."""
        return 1000.0 / self.denominator

    @property
    def east_m(self) -> float:
        """Easting of the right neat line."""
        return self.west_m + self.inner.width_mm / self.mm_per_m

    @property
    def north_m(self) -> float:
        """Northing of the upper neat line."""
        return self.south_m + self.inner.height_mm / self.mm_per_m

    def centre_degrees(self) -> tuple[float, float]:
        """Longitude and latitude of the frame's centre."""
        return self.projector.inverse((self.west_m + self.east_m) / 2, (self.south_m + self.north_m) / 2)

    def to_page(self, metres: BaseGeometry) -> BaseGeometry:
        """A geometry in metres as millimetres on the page, not clipped."""
        return shapely.transform(metres, self._page_array)

    def on_page(self, lonlat: BaseGeometry) -> BaseGeometry:
        """A geometry in degrees as millimetres on the page, clipped to the neat line."""
        page = self.to_page(self.projector.geometry(lonlat))
        frame = frame_box(self.inner)
        return page if frame.covers(page) else shapely.intersection(page, frame)

    def _page_array(self, metres: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [
                self.inner.x_mm + (metres[:, 0] - self.west_m) * self.mm_per_m,
                self.inner.bottom_mm - (metres[:, 1] - self.south_m) * self.mm_per_m,
            ]
        )


def centred_window(
    inner: Rect, denominator: int, extent_m: tuple[float, float, float, float], projector: Projector
) -> Window:
    """The window whose centre is the centre of `extent_m` (west, south, east, north), on whole metres."""
    west, south, east, north = extent_m
    half_width, half_height = (side / 2 * denominator / 1000 for side in (inner.width_mm, inner.height_mm))
    return Window(
        inner,
        denominator,
        float(round((west + east) / 2 - half_width)),
        float(round((south + north) / 2 - half_height)),
        projector,
    )


def frame_box(rect: Rect) -> BaseGeometry:
    """A rectangle of the page as a polygon."""
    return shapely.box(rect.x_mm, rect.y_mm, rect.right_mm, rect.bottom_mm)


def area_layer(key: str, style: Style, page_areas: Iterable[BaseGeometry]) -> Layer:
    """A layer of areas already on the page."""
    shapes = [_rings(polygon) for area in page_areas for polygon in _parts(area, "Polygon")]
    return Layer(key, style, tuple(shape for shape in shapes if shape), closed=True)


def line_layer(key: str, style: Style, page_lines: Iterable[BaseGeometry]) -> Layer:
    """A layer of lines already on the page."""
    shapes = [
        (path,)
        for lines in page_lines
        for line in _parts(lines, "LineString")
        if len(path := rounded_path(shapely.get_coordinates(line))) > 1
    ]
    return Layer(key, style, tuple(shapes), closed=False)


def crosses_along(lines: BaseGeometry, *, every_mm: float, arm_mm: float) -> BaseGeometry:
    """Small oblique crosses on a line of the page: an ended line is told apart in black and white too."""
    arms: list[Sequence[tuple[float, float]]] = []
    for line in shapely.get_parts(shapely.get_parts(lines)):
        if not isinstance(line, LineString):
            continue
        count = max(int(line.length // every_mm), 1)
        for at in (np.arange(count) + 0.5) * (line.length / count):
            point = line.interpolate(at)
            x, y = point.x, point.y
            arms.append([(x - arm_mm, y - arm_mm), (x + arm_mm, y + arm_mm)])
            arms.append([(x - arm_mm, y + arm_mm), (x + arm_mm, y - arm_mm)])
    return MultiLineString(arms)


def rounded_path(xy: np.ndarray) -> Path:
    """Vertices on the paper grid, repeated ones dropped."""
    grid = np.rint(xy / PAPER_GRID_MM).astype(np.int64)
    keep = np.ones(len(grid), dtype=bool)
    keep[1:] = (grid[1:] != grid[:-1]).any(axis=1)
    return tuple((round(x, 2), round(y, 2)) for x, y in (grid[keep] * PAPER_GRID_MM).tolist())


def _rings(polygon: BaseGeometry) -> tuple[Path, ...]:
    paths = [rounded_path(shapely.get_coordinates(ring)) for ring in shapely.get_rings(polygon)]
    return tuple(path for path in paths if len(path) > 3)


def _parts(geometry: BaseGeometry, kind: str) -> list[BaseGeometry]:
    parts = shapely.get_parts(shapely.get_parts(geometry))  # twice: a collection may hold multi-parts
    return [part for part in parts if part.geom_type == kind and not part.is_empty]
