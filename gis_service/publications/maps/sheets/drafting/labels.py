"""Placing names: inside their unit, off the lines that matter, never over each other, never dropped.

Each name is tried large, then smaller, then across its own border, then as a number explained in a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.typeface import printable, width_em
from gis_service.publications.maps.schemas import Label, Path, Point, Rect
from gis_service.publications.maps.sheets.drafting.paper import frame_box

SEEN_FROM_MM2 = 1.0  # a corner of a unit smaller than a square millimetre is not taken as shown
_GRID = 19
_GAP_MM = 0.35
_OUTSIDE_ALLOWED = 0.5
_NUMBER_SIZE_MM = 1.9
_NUMBER_BOX_MM = 2.8
_SUB_SIZE = 0.62
_LINE_FEED = 1.12


@dataclass(frozen=True, slots=True)
class Name:
    """A name to place: its unit's visible area on the page, sizes to try (largest first), lines below it."""

    code: str
    text: str
    area: BaseGeometry
    sizes_mm: tuple[float, ...]
    style: str = "name"
    below: str = ""


@dataclass(slots=True)
class NameList:
    """Numbers given to names that found no room, the same number in every frame of a sheet."""

    names: list[str] = field(default_factory=list)

    def number_of(self, name: str) -> int:
        """The number of `name`, a new one when it has none yet."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name) + 1


def place_names(
    names: Sequence[Name], frame: Rect, avoid: BaseGeometry, numbered: NameList
) -> tuple[Label, ...]:
    """Labels for all names, in the order given (most important first)."""
    room = frame.grown(-0.8)
    taken = _Taken()
    labels: list[Label] = []
    shapely.prepare(avoid)
    for name in names:
        area = _largest_part(name.area)
        if area is None:
            continue
        placed = _inside(name, area, room, taken, avoid) or _across(name, area, room, taken, avoid)
        labels.extend(placed or [_as_number(name, area, room, taken, numbered)])
        taken.add(labels[-1].box if not placed else _hull(placed))
    return tuple(labels)


def number_mark(number: int, at: Point, subject: str, leader: Path = ()) -> Label:
    """A number in a circle standing for a name in the list."""
    box = _centred(at, _NUMBER_BOX_MM, _NUMBER_BOX_MM)
    return Label(str(number), *at, _NUMBER_SIZE_MM, box, subject, "number", number, leader)


@dataclass(slots=True)
class _Taken:
    """Boxes already on the sheet."""

    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def add(self, box: Rect) -> None:
        self.boxes.append((box.x_mm, box.y_mm, box.right_mm, box.bottom_mm))

    def free(self, centres: np.ndarray, width: float, height: float) -> np.ndarray:
        """Which of the boxes of this size around `centres` (n × 2) keep clear of all others."""
        if not self.boxes:
            return np.ones(len(centres), dtype=bool)
        others = np.array(self.boxes)
        half = np.array([width, height]) / 2 + _GAP_MM
        low, high = centres - half, centres + half
        apart = (
            (high[:, None, 0] <= others[None, :, 0])
            | (low[:, None, 0] >= others[None, :, 2])
            | (high[:, None, 1] <= others[None, :, 1])
            | (low[:, None, 1] >= others[None, :, 3])
        )
        return np.asarray(apart.all(axis=1))


def _inside(name: Name, area: Polygon, room: Rect, taken: _Taken, avoid: BaseGeometry) -> list[Label] | None:
    """The largest size at which the whole text lies within the unit and off the lines to avoid."""
    centres, best_point = _candidates(area)
    for size in name.sizes_mm:
        width, height = _extent(name, size)
        boxes = _boxes(centres, width, height)
        fits = taken.free(centres, width, height) & shapely.covers(area, boxes) & _within(boxes, room)
        fits[fits] &= ~shapely.intersects(avoid, boxes[fits])
        if fits.any():
            return _labels(name, size, _nearest(centres[fits], best_point))
    return None


def _across(name: Name, area: Polygon, room: Rect, taken: _Taken, avoid: BaseGeometry) -> list[Label] | None:
    """The smallest size, its centre in the unit and at most half of it beyond the unit's own border."""
    size = name.sizes_mm[-1]
    width, height = _extent(name, size)
    centres, best_point = _candidates(area)
    boxes = _boxes(centres, width, height)
    fits = taken.free(centres, width, height) & _within(boxes, room)
    fits[fits] &= ~shapely.intersects(avoid, boxes[fits])
    if not fits.any():
        return None
    share = 1 - shapely.area(shapely.intersection(boxes[fits], area)) / (width * height)
    good = share <= _OUTSIDE_ALLOWED
    if not good.any():
        return None
    worth = share[good] + 0.02 * np.hypot(*(centres[fits][good] - best_point).T)
    return _labels(name, size, centres[fits][good][int(np.argmin(worth))])


def _as_number(name: Name, area: Polygon, room: Rect, taken: _Taken, numbered: NameList) -> Label:
    """A number in the unit or, with a leader, near it; on the unit when there is no free place at all."""
    number = numbered.number_of(name.text)
    centres, best_point = _candidates(area)
    anchor = (float(best_point[0]), float(best_point[1]))
    around = np.array(list(_rings_around(anchor)))
    for points, with_leader in ((centres, False), (around, True)):
        boxes = _boxes(points, _NUMBER_BOX_MM, _NUMBER_BOX_MM)
        fits = taken.free(points, _NUMBER_BOX_MM, _NUMBER_BOX_MM) & _within(boxes, room)
        if fits.any():
            at = _nearest(points[fits], best_point)
            spot = (round(float(at[0]), 3), round(float(at[1]), 3))
            return number_mark(number, spot, name.code, (anchor, spot) if with_leader else ())
    return number_mark(number, anchor, name.code)


def _labels(name: Name, size: float, centre: np.ndarray) -> list[Label]:
    x, y = round(float(centre[0]), 3), round(float(centre[1]), 3)
    text = printable(name.text)
    _, height = _extent(name, size)
    top = y - height / 2
    main = _centred((x, top + size * _LINE_FEED / 2), width_em(text) * size, size * _LINE_FEED)
    labels = [Label(text, x, round(top + size * _LINE_FEED / 2, 3), size, main, name.code, name.style)]
    if name.below:
        small = size * _SUB_SIZE
        middle = round(top + size * _LINE_FEED + small * _LINE_FEED / 2, 3)
        box = _centred((x, middle), width_em(name.below) * small, small * _LINE_FEED)
        labels.append(Label(name.below, x, middle, round(small, 3), box, name.code, "code"))
    return labels


def _extent(name: Name, size: float) -> tuple[float, float]:
    width = width_em(printable(name.text)) * size
    height = size * _LINE_FEED
    if name.below:
        width = max(width, width_em(name.below) * size * _SUB_SIZE)
        height += size * _SUB_SIZE * _LINE_FEED
    return width, height


def _largest_part(area: BaseGeometry) -> Polygon | None:
    parts = [part for part in shapely.get_parts(shapely.get_parts(area)) if isinstance(part, Polygon)]
    largest = max(parts, key=lambda part: part.area, default=None)
    if largest is None or largest.area < SEEN_FROM_MM2:
        return None
    shapely.prepare(largest)
    return largest


def _candidates(area: Polygon) -> tuple[np.ndarray, np.ndarray]:
    """Points within the area (n × 2), and among them the one furthest from its border."""
    circle = shapely.maximum_inscribed_circle(area, tolerance=0.2)
    best = shapely.get_coordinates(circle)[0]
    west, south, east, north = area.bounds
    fraction = (np.arange(_GRID) + 0.5) / _GRID
    xs, ys = np.meshgrid(west + fraction * (east - west), south + fraction * (north - south))
    points = np.column_stack([xs.ravel(), ys.ravel()])
    return np.vstack([best, points[shapely.contains_xy(area, points)]]), best


def _boxes(centres: np.ndarray, width: float, height: float) -> np.ndarray:
    x, y = centres[:, 0], centres[:, 1]
    return np.asarray(shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))


def _within(boxes: np.ndarray, room: Rect) -> np.ndarray:
    return np.asarray(shapely.covers(frame_box(room), boxes))


def _nearest(points: np.ndarray, to: np.ndarray) -> np.ndarray:
    return np.asarray(points[int(np.argmin(np.hypot(*(points - to).T)))])


def _rings_around(at: Point) -> Iterator[Point]:
    for radius in np.arange(3.0, 40.0, 1.5):
        for angle in np.linspace(0, 2 * np.pi, 24, endpoint=False):
            yield at[0] + radius * float(np.cos(angle)), at[1] + radius * float(np.sin(angle))


def _centred(at: Point, width: float, height: float) -> Rect:
    return Rect(round(at[0] - width / 2, 3), round(at[1] - height / 2, 3), round(width, 3), round(height, 3))


def _hull(labels: Sequence[Label]) -> Rect:
    left, top = min(label.box.x_mm for label in labels), min(label.box.y_mm for label in labels)
    right = max(label.box.right_mm for label in labels)
    bottom = max(label.box.bottom_mm for label in labels)
    return Rect(left, top, right - left, bottom - top)
