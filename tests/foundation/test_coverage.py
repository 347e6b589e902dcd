"""What forms a coverage and what does not, also where the library is mistaken."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box

from gis_service.foundation.coverage import coverage_flaws, is_coverage

WEST, EAST = box(119, 31, 119.1, 31.1), box(119.1, 31, 119.2, 31.1)
BAD = {
    "an overlap": [WEST, box(119.09, 31, 119.2, 31.1)],
    "a vertex that only one of them has": [
        WEST,
        Polygon([(119.1, 31), (119.2, 31), (119.2, 31.1), (119.1, 31.1), (119.1, 31.05)]),
    ],
    "a border half as long": [WEST, box(119.1, 31, 119.2, 31.05)],
    "one within the other": [WEST, box(119.04, 31.04, 119.06, 31.06)],
    "the same twice": [WEST, WEST],
}


def areas(*shapes: Polygon) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.asarray(shapes, dtype=object)


@pytest.mark.parametrize("what", BAD)
def test_what_does_not_fit_is_named(what: str) -> None:
    shapes = areas(*BAD[what])
    assert not is_coverage(shapes)
    assert not all(flaw.is_empty for flaw in coverage_flaws(shapes))


def test_what_fits_has_no_flaws() -> None:
    assert is_coverage(areas(WEST, EAST))
    assert all(flaw.is_empty for flaw in coverage_flaws(areas(WEST, EAST)))


def hole_at_the_shell() -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """A unit with a hole that touches its shell at (119, 31.97), and the unit around and in the hole."""
    shell = [(119, 32), (119.03, 32), (119.03, 31.97), (119.0105, 31.97), (119.014, 31.96), (119, 31.97)]
    hole = [(119.01, 31.965), (119.0085714, 31.97), (119, 31.97)]
    around = [
        Polygon([(119, 31.96), (119.014, 31.96), (119, 31.97)]),
        Polygon([(119.014, 31.96), (119.03, 31.96), (119.03, 31.97), (119.0105, 31.97)]),
        Polygon(hole),
    ]
    return areas(Polygon(shell, [hole]), shapely.multipolygons(around))


def test_a_hole_that_touches_its_shell_is_no_flaw() -> None:
    shapes = hole_at_the_shell()
    assert shapely.is_valid(shapes).all()
    assert is_coverage(shapes)


def test_the_library_still_needs_to_be_asked_again() -> None:
    """Where this fails, the library was mended, and asking again may go."""
    assert not shapely.coverage_is_valid(hole_at_the_shell())
