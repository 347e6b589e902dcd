"""Gauss–Krüger zones: 3° and 6°, their central meridians, and their numbers in EPSG (R-MAP-01).

A point on the edge of a zone belongs to both: the project fixes the zone, not the point.
"""

from __future__ import annotations

from dataclasses import dataclass

from gis_service.foundation.errors import InvalidInput

FALSE_EASTING_M = 500_000.0
PREFIX_M = 1_000_000.0

_NUMBERS = {3: range(25, 46), 6: range(13, 24)}
_PREFIXED = {3: 4488, 6: 4478}  # + number of the zone
_BARE = {3: 4534, 6: 4502}  # the zone of 75°; one for each zone eastward


@dataclass(frozen=True, slots=True, order=True)
class Zone:
    """A zone of the national system: `width` 3 or 6 degrees, and its number.

    Raises:
        InvalidInput: no zone of China.
    """

    width: int
    number: int

    def __post_init__(self) -> None:
        if self.width not in _NUMBERS:
            raise InvalidInput(f"没有 {self.width}° 分带", way_out="分带宽度为 3 或 6")
        known = _NUMBERS[self.width]
        if self.number not in known:
            raise InvalidInput(
                f"{self.width}° 分带没有第 {self.number} 带",
                way_out=f"我国的 {self.width}° 带为第 {known[0]}～{known[-1]} 带",
            )

    @property
    def central_meridian(self) -> int:
        """In degrees east."""
        return self.number * 3 if self.width == 3 else self.number * 6 - 3

    @property
    def word(self) -> str:
        """As people say it."""
        return f"{self.width}° 带第 {self.number} 带（中央经线 {self.central_meridian}°）"

    def epsg(self, *, prefixed: bool = True) -> int:
        """The number of the zone of CGCS2000 in EPSG; `prefixed` eastings begin with the zone's number."""
        if prefixed:
            return _PREFIXED[self.width] + self.number
        return _BARE[self.width] + self.number - _NUMBERS[self.width][0]

    def holds(self, lon: float, *, slack: float = 0.0) -> bool:
        """Whether a longitude lies within the zone, both edges included, or within `slack` degrees of it."""
        return abs(lon - self.central_meridian) <= self.width / 2 + slack

    def easting(self, bare: float) -> float:
        """An easting with the number of the zone before it."""
        return self.number * PREFIX_M + bare


def zone_of_meridian(width: int, meridian: float) -> Zone:
    """The zone of a central meridian.

    Raises:
        InvalidInput: no zone of this width has it.
    """
    number = meridian / 3 if width == 3 else (meridian + 3) / 6
    if number != int(number):
        raise InvalidInput(
            f"没有中央经线为 {meridian:g}° 的 {width}° 带",
            way_out="3° 带的中央经线是 3 的倍数，6° 带为 75°、81°……135°；地方独立坐标系请给出转换参数",
        )
    return Zone(width, int(number))


def zones_holding(width: int, lon: float) -> tuple[Zone, ...]:
    """The zone a longitude lies in; two on a common edge, the western one first; none outside China."""
    zones = (Zone(width, number) for number in _NUMBERS.get(width, ()))
    return tuple(zone for zone in zones if zone.holds(lon))


def zone_of_prefix(prefix: int) -> Zone | None:
    """The zone whose number stands before an easting: 13–23 are of 6°, 25–45 of 3°."""
    return next((Zone(width, prefix) for width, known in _NUMBERS.items() if prefix in known), None)


def zone_of_epsg(code: int) -> tuple[Zone, bool] | None:
    """The zone an EPSG number means, and whether its eastings have the number before them."""
    for width, numbers in _NUMBERS.items():
        for prefixed in (True, False):
            for number in numbers:
                zone = Zone(width, number)
                if zone.epsg(prefixed=prefixed) == code:
                    return zone, prefixed
    return None
