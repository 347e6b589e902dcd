"""Local parameters between systems: similarity of the plane (four) and Bursa–Wolf in space (seven).

They come with the survey or from the mapping authority, hold in one place only, and are kept with every
position that was computed by them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from pyproj import Transformer

from gis_service.foundation.coordinates.projecting import Pair, unproject
from gis_service.foundation.coordinates.systems import System
from gis_service.foundation.coordinates.zones import Zone
from gis_service.foundation.errors import InvalidInput

_TURNS = ("coordinate_frame", "position_vector")


@dataclass(frozen=True, slots=True)
class Similarity:
    """Plane to plane: turn by `rotation_s` seconds, scale by `scale_ppm`, shift; into `zone` of CGCS2000.

    X' = dx + (1 + m)(X cos r - Y sin r), Y' = dy + (1 + m)(X sin r + Y cos r); eastings without prefix.
    """

    dx: float
    dy: float
    rotation_s: float
    scale_ppm: float
    zone: Zone

    def apply(self, plane: Pair) -> Pair:
        """Northing and easting in the target zone."""
        turn, scale = math.radians(self.rotation_s / 3600), 1 + self.scale_ppm * 1e-6
        x, y = plane
        return (
            self.dx + scale * (x * math.cos(turn) - y * math.sin(turn)),
            self.dy + scale * (x * math.sin(turn) + y * math.cos(turn)),
        )

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a position."""
        return {"method": "similarity"} | asdict(self)


@dataclass(frozen=True, slots=True)
class Bursa:
    """Space to space: shifts in metres, turns in seconds, scale in ppm; heights on the source ellipsoid."""

    dx: float
    dy: float
    dz: float
    rx_s: float
    ry_s: float
    rz_s: float
    scale_ppm: float
    convention: str = "coordinate_frame"

    def apply(self, point: Pair, system: System, height_m: float = 0.0) -> Pair:
        """The point in CGCS2000, lon/lat, of a point in the source system."""
        lon, lat, _ = _bursa(self, system).transform(*point, height_m)
        return float(lon), float(lat)

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a position."""
        return {"method": "bursa"} | asdict(self)


@cache
def _bursa(way: Bursa, system: System) -> Transformer:
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f" +step +proj=cart {system.ellipsoid.words}"
        f" +step +proj=helmert +x={way.dx!r} +y={way.dy!r} +z={way.dz!r} +rx={way.rx_s!r} +ry={way.ry_s!r}"
        f" +rz={way.rz_s!r} +s={way.scale_ppm!r} +convention={way.convention}"
        f" +step +inv +proj=cart {System.cgcs2000.ellipsoid.words}"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


Transform = Similarity | Bursa


def place(
    plane: Pair | None, point: Pair | None, zone: Zone | None, system: System, way: Transform | None
) -> Pair | None:
    """Where given coordinates lie in CGCS2000, lon/lat; None where only `way` could place them.

    `plane` is X, Y without prefix in `zone`; `point` lon/lat in the same system. One of them is there.
    """
    if point is None and plane is not None and zone is not None:
        point = unproject(plane, zone, system)
    if system.is_placed:
        return point
    if isinstance(way, Similarity):
        return None if plane is None else unproject(way.apply(plane), way.zone)
    if isinstance(way, Bursa) and point is not None:
        return way.apply(point, system)
    return None


def read_transform(told: Mapping[str, Any]) -> Transform:
    """Parameters as a file or a record tells them.

    Raises:
        InvalidInput: another method, or a parameter that is missing or unknown.
    """
    known = dict(told)
    method = known.pop("method", None)
    try:
        if method == "similarity":
            zone = known.pop("zone")
            return Similarity(zone=Zone(int(zone["width"]), int(zone["number"])), **_numbers(known))
        if method == "bursa":
            turn = str(known.pop("convention", _TURNS[0]))
            if turn not in _TURNS:
                raise InvalidInput(f"旋转约定“{turn}”不认识", way_out=f"请写 {'、'.join(_TURNS)}")
            return Bursa(convention=turn, **_numbers(known))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("转换参数不全或写法有误", way_out=_WAY_OUT) from error
    raise InvalidInput(f"转换方法“{method}”不认识", way_out=_WAY_OUT)


def _numbers(known: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in known.items()}


_WAY_OUT = (
    "四参数：method、dx、dy、rotation_s、scale_ppm、zone；"
    "七参数：method、dx、dy、dz、rx_s、ry_s、rz_s、scale_ppm"
)
