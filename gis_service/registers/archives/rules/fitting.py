"""Scans laid on the ground by control points: least squares, residuals in metres, and the way back.

Pixels are column and row from the upper left corner, as a map is scanned; the ground is lon/lat, fitted in a
plane of metres around the points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.plane import METRES_PER_DEGREE

Floats = npt.NDArray[np.float64]

LEAST = {"仿射": 3, "二次多项式": 6, "投影变换": 4}
_FLAT = 1e-6  # of singular values: below it the points fix no such function


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A pixel and the place it shows, lon/lat."""

    name: str
    column: float
    row: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A function from pixels to the ground. Pixels are first shifted by `shift` and divided by `size`."""

    method: str
    shift: tuple[float, float]
    size: float
    origin: tuple[float, float]
    terms: tuple[tuple[float, ...], ...]
    residuals_m: tuple[float, ...]

    @property
    def rms_m(self) -> float:
        """Root mean square of the residuals."""
        return float(np.sqrt(np.mean(np.square(self.residuals_m))))

    @property
    def worst(self) -> int:
        """Which control point is furthest off."""
        return int(np.argmax(self.residuals_m))

    def metres(self, pixels: Floats) -> Floats:
        """Pixels (n, 2) as metres east and north of the origin."""
        design = _design(self.method, (pixels - self.shift) / self.size)
        terms = np.asarray(self.terms)
        if self.method != "投影变换":
            return np.asarray(design @ terms.T)
        told = design @ terms.T
        return np.asarray(told[:, :2] / told[:, 2:])

    def ground(self, pixels: Floats) -> Floats:
        """Pixels (n, 2) as lon/lat."""
        return np.asarray(self.metres(pixels) / _scale(self.origin) + self.origin)

    def slope(self, pixels: Floats) -> Floats:
        """The signed area on the ground, in square metres, of a pixel at each of some pixels."""
        here = self.metres(pixels)
        east = self.metres(pixels + np.array([0.5, 0.0])) - here
        south = self.metres(pixels + np.array([0.0, 0.5])) - here
        return np.asarray(4.0 * (east[:, 0] * south[:, 1] - east[:, 1] * south[:, 0]))

    def pixels(self, ground: Floats, start: Floats) -> Floats:
        """The way back, by Newton's method from pixels that are about right."""
        aim = (ground - self.origin) * _scale(self.origin)
        found = start.copy()
        for _ in range(12):
            here = self.metres(found)
            east, south = (self.metres(found + step) - here for step in ((1.0, 0.0), (0.0, 1.0)))
            off = aim - here
            area = east[:, 0] * south[:, 1] - east[:, 1] * south[:, 0]
            step = np.column_stack(
                [
                    (off[:, 0] * south[:, 1] - off[:, 1] * south[:, 0]) / area,
                    (east[:, 0] * off[:, 1] - east[:, 1] * off[:, 0]) / area,
                ]
            )
            found += step
            if np.abs(step).max() < 1e-6:
                break
        return found

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "shift": list(self.shift),
            "size": self.size,
            "origin": list(self.origin),
            "terms": [list(row) for row in self.terms],
            "residuals_m": list(self.residuals_m),
        }


def fitted(points: Sequence[ControlPoint], method: str) -> Fit:
    """The function of this kind that carries the pixels of control points nearest to their places.

    Raises:
        InvalidInput: too few points, points that lie on one line, or a mirrored picture.
    """
    if len(points) < LEAST[method]:
        raise InvalidInput(
            f"{method}至少需要 {LEAST[method]} 个控制点，只有 {len(points)} 个", way_out="请补充控制点"
        )
    pixels = np.array([(each.column, each.row) for each in points], dtype=float)
    places = np.array([(each.lon, each.lat) for each in points], dtype=float)
    shift, origin = _middle(pixels), _middle(places)
    size = max(float(np.abs(pixels - shift).max()), 1.0)
    metres = (places - origin) * _scale(origin)
    solve = _projective if method == "投影变换" else _linear
    terms = solve(_design(method, (pixels - shift) / size), metres)
    fit = Fit(method, shift, size, origin, tuple(map(tuple, terms.tolist())), ())
    off = fit.metres(pixels) - metres
    fit = Fit(method, shift, size, origin, fit.terms, tuple(np.hypot(off[:, 0], off[:, 1]).tolist()))
    _require_upright(fit, pixels)
    return fit


def without_each(points: Sequence[ControlPoint], method: str) -> dict[int, float]:
    """The error of the fit (RMS, metres) if one point were left out, by its index, where that can be told.

    The least of them tells which point is wrong; residuals need not, as a fit yields to a wrong corner.
    """
    found: dict[int, float] = {}
    if len(points) < LEAST[method] + 2:
        return found
    for index in range(len(points)):
        try:
            found[index] = fitted([*points[:index], *points[index + 1 :]], method).rms_m
        except InvalidInput:
            continue
    return found


def _middle(xy: Floats) -> tuple[float, float]:
    return float(xy[:, 0].mean()), float(xy[:, 1].mean())


def _scale(origin: tuple[float, float]) -> Floats:
    return np.array([METRES_PER_DEGREE * np.cos(np.radians(origin[1])), METRES_PER_DEGREE])


def _design(method: str, xy: Floats) -> Floats:
    x, y = xy[:, 0], xy[:, 1]
    columns = [np.ones_like(x), x, y]
    if method == "二次多项式":
        columns += [x * x, x * y, y * y]
    return np.column_stack(columns)


def _linear(design: Floats, metres: Floats) -> Floats:
    strengths = np.linalg.svd(design, compute_uv=False)
    if strengths[-1] < _FLAT * strengths[0]:
        raise _degenerate()
    return np.asarray(np.linalg.lstsq(design, metres, rcond=None)[0].T)


def _projective(design: Floats, metres: Floats) -> Floats:
    reach = max(float(np.abs(metres).max()), 1.0)
    east, north = metres[:, :1] / reach, metres[:, 1:] / reach
    nought = np.zeros_like(design)
    rows = np.vstack(
        [np.hstack([design, nought, -east * design]), np.hstack([nought, design, -north * design])]
    )
    _, strengths, turned = np.linalg.svd(rows)
    if strengths[7] < _FLAT * strengths[0]:
        raise _degenerate()
    told = turned[-1].reshape(3, 3)
    told[:2] *= reach
    return np.asarray(told)


def _degenerate() -> InvalidInput:
    return InvalidInput(
        "控制点重合、排成一线或过于集中，无法确定校正关系", way_out="请把控制点分布到图幅四角和中部"
    )


def _require_upright(fit: Fit, pixels: Floats) -> None:
    slopes = fit.slope(pixels)
    if not np.all(np.isfinite(slopes)) or np.any(slopes >= 0):
        raise InvalidInput(
            "校正后图像左右颠倒或自相折叠，控制点有误",
            way_out="请核对像素的列、行（自左上角起算），以及 X（北）、Y（东）或经度、纬度是否颠倒",
        )
