"""What is known of a line and its markers on a day, gathered before it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapely.geometry import Point, mapping

from gis_service.registers.markers.rules.thresholds import table


@dataclass(frozen=True, slots=True)
class PositionFacts:
    """In what coordinates a position was given, and within how many metres it is claimed to be right."""

    system: str
    zone_width: int | None = None
    zone: int | None = None
    x: float | None = None
    y: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class BearingFacts:
    """A bearing object: degrees from grid north, metres; its place (lon/lat) where it is known."""

    ordinal: int
    name: str
    azimuth_deg: float
    distance_m: float
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class MarkerFacts:
    """A marker as it is judged. Placement and states are the Chinese terms of the register.

    `chainage_m` and `offset_m` tell its foot on the line; `lies_in` the codes of those sides of the line in
    whose area it stands, both where it stands on the border; `found` where it was last seen to stand.
    """

    number: str
    placement: str = "单立"
    is_tri_point: bool = False
    is_historic: bool = False
    point: Point | None = None
    position: PositionFacts | None = None
    chainage_m: float | None = None
    offset_m: float | None = None
    lies_in: frozenset[str] = frozenset()
    bearings: tuple[BearingFacts, ...] = ()
    managing: str | None = None
    managing_is_side: bool = False
    is_managed_by_agreement: bool = False
    state: str | None = None
    found: Point | None = None

    @property
    def serial(self) -> int | None:
        """The running number within the line, where the number follows the pattern."""
        return int(self.number[4:7]) if is_regular(self.number) else None

    @property
    def place(self) -> Mapping[str, Any] | None:
        """Where it is registered to stand, as GeoJSON."""
        return None if self.point is None else geojson(self.point)


@dataclass(frozen=True, slots=True)
class TriPointFacts:
    """A registered tri-point of the line: its name, its marker's number, whether the line's list has it."""

    name: str
    number: str | None
    is_listed: bool
    point: Point


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """A line on a day with its markers. `sides` are the codes of its two units, the smaller first.

    `counts` are single, double and triple numbers on its record; `scrapped` the serials out of use for ever.
    """

    code: str
    name: str
    sides: tuple[str, str]
    markers: tuple[MarkerFacts, ...] = ()
    counts: tuple[int | None, int | None, int | None] = (None, None, None)
    scrapped: frozenset[int] = frozenset()
    tri_points: tuple[TriPointFacts, ...] = ()

    @property
    def regular(self) -> tuple[MarkerFacts, ...]:
        """Markers numbered by rule for this very line: no historic ones, no tri-points, none of another."""
        return tuple(
            marker
            for marker in self.markers
            if not (marker.is_historic or marker.is_tri_point) and is_regular(marker.number)
        )


def is_regular(number: str) -> bool:
    """Whether a number follows the pattern: line code, serial, type."""
    return len(number) == 8 and number[:7].isascii() and number[:7].isdigit() and number[7] in _types()


def _types() -> str:
    return "".join(table()["sets"].values())


def geojson(point: Point) -> Mapping[str, Any]:
    """A place as GeoJSON, lon/lat."""
    told: Mapping[str, Any] = mapping(point)
    return told
