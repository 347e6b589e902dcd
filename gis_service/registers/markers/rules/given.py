"""What a survey gives of a marker: where it stands, and what it is found by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Position:
    """Coordinates as a survey gave them, see `models.GivenCoordinates`; `point` is lon, lat in EPSG:4490.

    `x` is the northing and `y` the easting in metres, with the zone's prefix where the survey wrote one.
    """

    point: tuple[float, float] | None
    system: str
    zone_width: int | None = None
    zone: int | None = None
    x: float | None = None
    y: float | None = None
    height: float | None = None
    height_system: str | None = None
    given: str | None = None
    transform: Mapping[str, Any] | None = None
    method: str | None = None
    accuracy_m: float | None = None
    residual_m: float | None = None
    surveyed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Bearing:
    """A bearing object: degrees from grid north, metres, and its place (lon, lat) where it is known."""

    ordinal: int
    name: str
    azimuth_deg: float
    distance_m: float
    point: tuple[float, float] | None = None
