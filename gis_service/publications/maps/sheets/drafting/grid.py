"""Graticule, kilometre grid, their labels between the neat lines, and corner coordinates."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import shapely

from gis_service.publications.maps.schemas import EdgeLabel, GridLine, Rect
from gis_service.publications.maps.sheets.drafting.paper import Window, frame_box
from gis_service.publications.maps.sheets.drafting.scales import ScaleStep

LABEL_SIZE_MM = 1.9
_CORNER_SIZE_MM = 1.8
_CLEAR_OF_CORNER_MM = 15.0
_KILOMETRE_OFF_MM = 1.5  # centre of the km labels outside the neat line
_GRATICULE_OFF_MM = 3.95


def kilometre_lines(window: Window, step: ScaleStep) -> tuple[GridLine, ...]:
    """Lines of the kilometre grid, true to the projection, hence straight and parallel to the neat line."""
    spacing_m = step.grid_km * 1000
    box = window.inner
    lines = []
    for east in _multiples(window.west_m, window.east_m, spacing_m):
        x = box.x_mm + (east - window.west_m) * window.mm_per_m
        lines.append(GridLine("kilometre", "x", east, ((x, box.y_mm), (x, box.bottom_mm))))
    for north in _multiples(window.south_m, window.north_m, spacing_m):
        y = box.bottom_mm - (north - window.south_m) * window.mm_per_m
        lines.append(GridLine("kilometre", "y", north, ((box.x_mm, y), (box.right_mm, y))))
    return tuple(lines)


def graticule_lines(window: Window, step: ScaleStep) -> tuple[GridLine, ...]:
    """Meridians and parallels inside the neat line, as the curves they are."""
    spacing = step.graticule_minutes / 60
    west, south, east, north = _degrees_seen(window)
    lines: list[GridLine] = []
    for lon in _multiples(west, east, spacing):
        lines.extend(_arc(window, "x", lon, (lon, south), (lon, north)))
    for lat in _multiples(south, north, spacing):
        lines.extend(_arc(window, "y", lat, (west, lat), (east, lat)))
    return tuple(lines)


def edge_labels(window: Window, lines: tuple[GridLine, ...], zone: int) -> tuple[EdgeLabel, ...]:
    """Labels at both ends of each line, and the corner coordinates; the first km label carries the zone."""
    labels = list(_corner_labels(window))
    first_seen: set[str] = set()
    for line in lines:
        text = _label_text(line, zone, first=line.kind == "kilometre" and line.axis not in first_seen)
        if line.kind == "kilometre":
            first_seen.add(line.axis)
        labels.extend(_end_labels(window.inner, line, text))
    return tuple(labels)


def degrees_text(value_deg: float, *, seconds: bool = False) -> str:
    """Degrees and minutes (and seconds) as printed: 121°15′."""
    total = round(value_deg * 3600)
    degrees, rest = divmod(total, 3600)
    minutes, left = divmod(rest, 60)
    if seconds or left:
        return f"{degrees}°{minutes:02d}′{left:02d}″"
    return f"{degrees}°{minutes:02d}′"


def _label_text(line: GridLine, zone: int, *, first: bool) -> str:
    if line.kind == "graticule":
        return degrees_text(line.value)
    text = f"{line.value / 1000:g}"
    if not first:
        return text
    return f"{zone}{text}km" if line.axis == "x" else f"{text}km"


def _end_labels(box: Rect, line: GridLine, text: str) -> Iterator[EdgeLabel]:
    off = _KILOMETRE_OFF_MM if line.kind == "kilometre" else _GRATICULE_OFF_MM
    ends = (line.path[0], line.path[-1])
    for x, y in ends:
        if line.axis == "x" and _on(y, box.y_mm, box.bottom_mm) and _clear(x, box.x_mm, box.right_mm):
            outward = -off if abs(y - box.y_mm) < 0.01 else off
            yield EdgeLabel(text, round(x, 3), round(y + outward, 3), LABEL_SIZE_MM, line.kind)
        if line.axis == "y" and _on(x, box.x_mm, box.right_mm) and _clear(y, box.y_mm, box.bottom_mm):
            left = abs(x - box.x_mm) < 0.01
            yield EdgeLabel(
                text,
                round(x + (-off if left else off), 3),
                round(y, 3),
                LABEL_SIZE_MM,
                line.kind,
                rotation_deg=-90 if left else 90,
            )


def _on(value: float, low: float, high: float) -> bool:
    return min(abs(value - low), abs(value - high)) < 0.01


def _clear(value: float, low: float, high: float) -> bool:
    return low + _CLEAR_OF_CORNER_MM < value < high - _CLEAR_OF_CORNER_MM


def _corner_labels(window: Window) -> Iterator[EdgeLabel]:
    box = window.inner
    for east, x, inward in ((window.west_m, box.x_mm, 1), (window.east_m, box.right_mm, -1)):
        for north, y, outward in ((window.south_m, box.bottom_mm, 1), (window.north_m, box.y_mm, -1)):
            lon, lat = window.projector.inverse(east, north)
            for text, off in ((lon, _KILOMETRE_OFF_MM), (lat, _GRATICULE_OFF_MM)):
                yield EdgeLabel(
                    degrees_text(text, seconds=True),
                    round(x + inward * 5.2, 3),
                    round(y + outward * off, 3),
                    _CORNER_SIZE_MM,
                    "corner",
                )


def _arc(
    window: Window, axis: str, value: float, start: tuple[float, float], end: tuple[float, float]
) -> Iterator[GridLine]:
    course = shapely.linestrings(window.projector.arc(start, end))
    clipped = shapely.intersection(window.to_page(course), frame_box(window.inner))
    for part in shapely.get_parts(clipped):
        if part.geom_type == "LineString" and part.length > 1:
            path = tuple((round(x, 3), round(y, 3)) for x, y in shapely.get_coordinates(part).tolist())
            yield GridLine("graticule", "x" if axis == "x" else "y", round(value, 9), path)


def _degrees_seen(window: Window) -> tuple[float, float, float, float]:
    edge = np.linspace(0, 1, 5)
    east = window.west_m + edge * (window.east_m - window.west_m)
    north = window.south_m + edge * (window.north_m - window.south_m)
    around = [window.projector.inverse(e, n) for e in east for n in north]
    lons, lats = [lon for lon, _ in around], [lat for _, lat in around]
    return min(lons), min(lats), max(lons), max(lats)


def _multiples(low: float, high: float, spacing: float) -> list[float]:
    first = math.floor(low / spacing) + 1
    last = math.ceil(high / spacing) - 1
    return [round(number * spacing, 9) for number in range(first, last + 1)]
