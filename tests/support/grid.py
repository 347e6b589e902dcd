"""Areas drawn as text: each letter is a unit, each character a cell of a hundredth of a degree.

AAB
ACB      →  {"A": …, "B": …, "C": …}, a valid coverage near 119°E 32°N; '.' is nobody's land.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

CELL_DEGREES = 0.01
WEST, NORTH = 119.0, 32.0


def areas(drawing: str) -> dict[str, BaseGeometry]:
    """The area of each letter; neighbours share every corner of every cell along their border."""
    cells: dict[str, list[BaseGeometry]] = defaultdict(list)
    for row, line in enumerate(drawing.split()):
        for column, letter in enumerate(line):
            if letter != ".":
                cells[letter].append(_cell(column, row))
    return {letter: _snapped(shapely.coverage_union_all(np.array(own))) for letter, own in cells.items()}


def _cell(column: int, row: int) -> BaseGeometry:
    west, north = WEST + column * CELL_DEGREES, NORTH - row * CELL_DEGREES
    return _snapped(shapely.box(west, north - CELL_DEGREES, west + CELL_DEGREES, north))


def _snapped(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: np.round(xy, 7))
