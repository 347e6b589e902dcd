"""The position sketch of a marker: the line, its bearing objects and true north, drawn to scale."""

from __future__ import annotations

import math
from itertools import combinations

import shapely
from shapely.geometry import Point

from gis_service.foundation.plane import Plane
from gis_service.foundation.typeface import printable, width_em
from gis_service.publications.forms.schemas import (
    BearingSeen,
    Coordinates,
    MarkerEvidence,
    Sketch,
    Stroke,
    Symbol,
    Word,
)
from gis_service.publications.forms.sheets.drafting.layout import layout
from gis_service.registers.boundaries.rules import Course
from gis_service.registers.boundaries.rules.directions import true_azimuth_deg

_MARGIN_MM = 1.5
_BEYOND_MM = 2.4


def position_sketch(marker: MarkerEvidence, course: Course) -> Sketch | None:
    """The sketch of a marker, at a tri-point with all of its lines; None where it has no position."""
    given = marker.coordinates
    if given is None or given.lon is None or given.lat is None or marker.chainage_m is None:
        return None
    table = layout()["sketch"]
    width, height = table["width_mm"], table["height_mm"]
    denominator = _denominator(marker.bearings)
    middle = (width / 2, height / 2)
    objects = [(each, _placed(each, given, denominator, middle)) for each in marker.bearings]
    return Sketch(
        width,
        height,
        (
            *_line(course, marker.chainage_m, given, denominator, (width, height)),
            *(
                stroke
                for other in marker.meeting_lines
                for stroke in _line(other, _foot_m(other, given), given, denominator, (width, height))
            ),
            *(Stroke((middle, place), 0.12, 0.8) for _, place in objects),
            *_north_arrow(width),
        ),
        (Symbol(*middle, "marker"), *(Symbol(*place, "object") for _, place in objects)),
        (
            *_words(marker.number, middle, objects, width),
            Word("北", width - 7.0, 3.2, "center", 3.0),
            Word(f"1:{denominator}", 3.0, height - 3.2),
        ),
    )


def _denominator(bearings: tuple[BearingSeen, ...]) -> int:
    """The largest scale at which the farthest object finds room."""
    table = layout()["sketch"]
    farthest = max([table["least_m"], *(each.distance_m for each in bearings)])
    wanted = farthest * 1000.0 / table["reach_mm"]
    scales: list[int] = table["denominators"]
    return next((scale for scale in scales if scale >= wanted), scales[-1])


def _convergence_deg(given: Coordinates) -> float:
    """How far grid north lies east of true north; to first order, which no sketch can show wrong."""
    meridian = given.central_meridian
    if meridian is None or given.lon is None or given.lat is None:
        return 0.0
    return (given.lon - meridian) * math.sin(math.radians(given.lat))


def _placed(
    each: BearingSeen, given: Coordinates, denominator: int, middle: tuple[float, float]
) -> tuple[float, float]:
    true = math.radians(true_azimuth_deg(each.azimuth_deg, _convergence_deg(given)))
    away = each.distance_m * 1000.0 / denominator
    return round(middle[0] + away * math.sin(true), 2), round(middle[1] - away * math.cos(true), 2)


def _foot_m(course: Course, given: Coordinates) -> float:
    assert given.lon is not None
    assert given.lat is not None
    return course.foot(Point(given.lon, given.lat)).chainage_m


def _line(
    course: Course, chainage_m: float, given: Coordinates, denominator: int, size: tuple[float, float]
) -> list[Stroke]:
    """The line as far as the sketch reaches."""
    assert given.lon is not None
    assert given.lat is not None
    plane = Plane(given.lon, given.lat)
    reach_m = math.hypot(*size) * denominator / 1000.0
    near = plane.metres(course.between(chainage_m - reach_m, chainage_m + reach_m))
    half_x, half_y = (side / 2 * denominator / 1000.0 for side in size)
    shown = shapely.intersection(near, shapely.box(-half_x, -half_y, half_x, half_y))
    strokes = []
    for part in shapely.get_parts(shown):
        xy = shapely.get_coordinates(part) * 1000.0 / denominator
        points = tuple((round(size[0] / 2 + x, 2), round(size[1] / 2 - y, 2)) for x, y in xy.tolist())
        if len(points) > 1:
            strokes.append(Stroke(points, 0.45, 3.0))
    return strokes


def _north_arrow(width: float) -> tuple[Stroke, ...]:
    x = width - 7.0
    return (
        Stroke(((x, 14.0), (x, 5.5)), 0.25),
        Stroke(((x - 1.3, 9.0), (x, 5.5), (x + 1.3, 9.0)), 0.25),
    )


def _words(
    number: str,
    middle: tuple[float, float],
    objects: list[tuple[BearingSeen, tuple[float, float]]],
    width: float,
) -> list[Word]:
    """Names on the outer side of their objects, within the frame; the number where no object is near.

    Where names would cover one another the objects are told by their ordinals, which the table names.
    """
    crowded = any(place[0] > middle[0] and abs(place[1] - middle[1]) < 5.0 for _, place in objects)
    own = _beside(number, (middle[0], middle[1] + (4.2 if crowded else 0.0)), True, width)

    named = [
        _beside(f"{each.ordinal} {each.name}", place, place[0] >= middle[0], width) for each, place in objects
    ]
    if not _cover([*named, own]):
        return [*named, own]
    return [*(_beyond(str(each.ordinal), place, middle) for each, place in objects), own]


def _beyond(text: str, place: tuple[float, float], middle: tuple[float, float]) -> Word:
    """A short word on the far side of an object."""
    east, south = place[0] - middle[0], place[1] - middle[1]
    size = math.hypot(east, south) or 1.0
    x, y = (at + step / size * _BEYOND_MM for at, step in zip(place, (east, south), strict=True))
    return Word(text, round(x, 2), round(y, 2), "center")


def _cover(words: list[Word]) -> bool:
    """Whether two words lie over one another."""
    return any(
        abs(one.y_mm - other.y_mm) < one.size_mm
        and one.x_mm < other.x_mm + width_em(other.text) * other.size_mm
        and other.x_mm < one.x_mm + width_em(one.text) * one.size_mm
        for one, other in combinations(words, 2)
    )


def _beside(text: str, place: tuple[float, float], to_the_right: bool, width: float) -> Word:
    text = printable(text)
    length = width_em(text) * 2.6
    x = place[0] + 1.8 if to_the_right else place[0] - 1.8 - length
    x = min(max(x, _MARGIN_MM), width - _MARGIN_MM - length)
    return Word(text, round(x, 2), round(place[1], 2))


def off_line_m(marker: MarkerEvidence, course: Course) -> float | None:
    """How far a marker stands from the line."""
    given = marker.coordinates
    if given is None or given.lon is None or given.lat is None:
        return None
    return course.foot(Point(given.lon, given.lat)).offset_m
