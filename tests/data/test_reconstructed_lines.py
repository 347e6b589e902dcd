"""The two reconstructed lines fit today's outlines, and the way they were derived does what it says."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis_service.foundation.measure import distance_m

LINES = Path(__file__).parents[2] / "data" / "boundaries" / "lines" / "nantong-wuhu-before-2020-06-05.geojson"
FEATURES = json.loads(LINES.read_text(encoding="utf-8"))["features"]


def named(feature):
    return feature["id"]


@pytest.mark.parametrize("feature", FEATURES, ids=named)
def test_a_line_meets_the_outline_in_two_of_its_vertices_and_nowhere_else(sample, feature):
    outline = sample.selected[feature["properties"]["unit_code"]][1]
    line = shapely.from_geojson(json.dumps(feature["geometry"]))
    ends = {tuple(line.coords[0]), tuple(line.coords[-1])}
    assert len(ends) == 2
    assert ends <= {tuple(xy) for xy in outline.exterior.coords}
    assert line.is_simple
    assert outline.covers(line)
    assert {tuple(xy) for xy in shapely.get_coordinates(line.intersection(outline.boundary))} == ends


@pytest.mark.parametrize("feature", FEATURES, ids=named)
def test_a_line_says_that_it_is_reconstructed_and_how_far_it_can_be_trusted(feature):
    told = feature["properties"]
    assert told["status"] == "reconstructed"
    assert told["accuracy_m"] == 500
    assert told["smoothed_m"] <= 72
    assert "无法律效力" in told["note"]
    assert len(told["sources"]) == 2


@pytest.mark.parametrize("feature", FEATURES, ids=named)
def test_a_line_lies_on_the_grid_of_the_source(feature):
    xy = np.array(feature["geometry"]["coordinates"])
    assert (xy == np.round(xy, 6)).all()


@pytest.mark.parametrize("feature", FEATURES, ids=named)
def test_the_manifest_divides_the_unit_as_the_line_says(sample, feature):
    told = feature["properties"]
    (split,) = (s for s in sample.manifest["split"] if s["line"]["feature"] == feature["id"])
    assert split["unit"] == told["unit_code"]
    assert split["left"] == {"code": told["left_code"], "name": told["left_name"]}
    assert split["right"] == {"code": told["right_code"], "name": told["right_name"]}


def test_undoing_gcj02_gives_the_position_that_was_shifted(derivation):
    rng = np.random.default_rng(20200605)
    true = rng.uniform((73.0, 18.0), (135.0, 54.0), (500, 2))
    shifted = true + derivation.gcj02_offset(true)
    assert np.abs(derivation.undo_gcj02(shifted) - true).max() < 1e-10


def test_gcj02_shifts_by_50_to_700_metres(derivation):
    positions = np.array([[120.8, 32.0], [118.3, 31.2], [116.4, 39.9], [87.6, 43.8]])
    shifted = positions + derivation.gcj02_offset(positions)
    moved_m = [distance_m(*a, *b) for a, b in zip(positions, shifted, strict=True)]
    assert all(50 < metres < 700 for metres in moved_m)


def test_the_shared_border_runs_from_west_to_east_or_from_north_to_south(derivation):
    upper = [[(0.0, 1.0), (0.0, 2.0), (4.0, 2.0), (4.0, 1.0), (2.0, 1.5), (0.0, 1.0)]]
    lower = [[(0.0, 0.0), (0.0, 1.0), (2.0, 1.5), (4.0, 1.0), (4.0, 0.0), (0.0, 0.0)]]
    assert derivation.shared_border(upper, lower).tolist() == [[0, 1], [2, 1.5], [4, 1]]
    turned = [[[(y, x) for x, y in ring] for ring in rings] for rings in (upper, lower)]
    assert derivation.shared_border(*turned).tolist() == [[1, 4], [1.5, 2], [1, 0]]


def test_an_end_near_a_vertex_is_cut_there_and_a_far_one_is_extended(derivation):
    chain = np.array([[0.0, 0.0], [1000.0, 0.0], [2000.0, 0.0]])
    cut, extended_m = derivation.tie_end(chain, np.array([[1900.0, 100.0], [9000.0, 0.0]]))
    assert cut.tolist() == [[0, 0], [1000, 0], [1900, 100]]
    assert extended_m == 0
    longer, extended_m = derivation.tie_end(chain, np.array([[3000.0, 0.0], [9000.0, 0.0]]))
    assert longer.tolist() == [[0, 0], [1000, 0], [2000, 0], [3000, 0]]
    assert extended_m == 1000
