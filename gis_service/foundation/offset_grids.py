"""The offset grids of Chinese web maps, GCJ-02 and BD-09: not reference systems, known only to be suspected.

No official formula has been published; what is known was found by comparison (status M). The forward formula
is good to about a metre within the mainland, which is ample to recognise an offset of 50-700 m. Nothing that
has been moved back by it may count as a survey result.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Krassovsky's ellipsoid, on which the grid was drawn.
_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.006693421622965943
_ORIGIN_LON, _ORIGIN_LAT = 105.0, 35.0
_ROUNDS = 8  # each round shrinks the error about a thousandfold; three would do

_BD_TURN = np.pi * 3000.0 / 180.0
_BD_SHIFT_LON, _BD_SHIFT_LAT = 0.0065, 0.006


def gcj02_of(lonlat: npt.ArrayLike) -> Floats:
    """WGS 84/CGCS2000 → GCJ-02; `(n, 2)` degrees, lon/lat order."""
    points = np.asarray(lonlat, dtype=np.float64)
    return points + _gcj02_offset(points)


def wgs84_of_gcj02(lonlat: npt.ArrayLike) -> Floats:
    """GCJ-02 → WGS 84/CGCS2000 by iteration; `(n, 2)` degrees, lon/lat order."""
    points = np.asarray(lonlat, dtype=np.float64)
    guess = points.copy()
    for _ in range(_ROUNDS):
        guess = points - _gcj02_offset(guess)
    return guess


def bd09_of(lonlat: npt.ArrayLike) -> Floats:
    """WGS 84/CGCS2000 → BD-09, which is a second offset on top of GCJ-02; `(n, 2)` degrees."""
    gcj = gcj02_of(lonlat)
    radius = np.hypot(gcj[:, 0], gcj[:, 1]) + 2e-5 * np.sin(gcj[:, 1] * _BD_TURN)
    angle = np.arctan2(gcj[:, 1], gcj[:, 0]) + 3e-6 * np.cos(gcj[:, 0] * _BD_TURN)
    return np.column_stack([radius * np.cos(angle) + _BD_SHIFT_LON, radius * np.sin(angle) + _BD_SHIFT_LAT])


def wgs84_of_bd09(lonlat: npt.ArrayLike) -> Floats:
    """BD-09 → WGS 84/CGCS2000 by iteration; `(n, 2)` degrees, lon/lat order."""
    points = np.asarray(lonlat, dtype=np.float64)
    guess = points.copy()
    for _ in range(_ROUNDS):
        guess = guess + points - bd09_of(guess)
    return guess


def _gcj02_offset(points: Floats) -> Floats:
    """Offset in degrees at true positions `(n, 2)`."""
    x, y = points[:, 0] - _ORIGIN_LON, points[:, 1] - _ORIGIN_LAT
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    root = np.sqrt(np.abs(x))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (ripple + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (ripple + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))) * 2.0 / 3.0
    return _degrees(points[:, 1], east_m, north_m)


def _waves(values: Floats, *waves: tuple[float, float]) -> Floats:
    total = np.zeros_like(values)
    for amplitude, period in waves:
        total += amplitude * np.sin(values * np.pi / period)
    return total


def _degrees(lat: Floats, east_m: Floats, north_m: Floats) -> Floats:
    """Metres east and north as degrees, by the radii of curvature at a latitude."""
    phi = np.radians(lat)
    w_squared = 1.0 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / w_squared**1.5
    parallel_m = _SEMI_MAJOR_M / np.sqrt(w_squared) * np.cos(phi)
    return np.degrees(np.column_stack([east_m / parallel_m, north_m / meridian_m]))
