"""GPX: waypoints as points, tracks and routes as lines, in WGS 84; read as a stream, whatever its length.

Nothing is thinned out here: a track has as many vertices as the receiver wrote.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, Point

from gis_service.procedures.intake.formats.limits import size_refused
from gis_service.procedures.intake.formats.local import refuse_content
from gis_service.procedures.intake.formats.reading import (
    Reading,
    ReadOptions,
    blocked,
    sha256_of,
    unreadable,
)

NAME = "gpx"
SUFFIXES = (".gpx",)

_SYSTEM = "OGC:CRS84"  # lon, lat of WGS 84, as the format says
_LINES = {"trkseg", "rte"}
_TEXTS = {"name", "desc", "cmt", "time", "sym", "type"}


@dataclass(slots=True)
class _Walk:
    """What is being read: the points of one line as numbers, not as objects."""

    name: str = ""
    xyz: array[float] = field(default_factory=lambda: array("d"))

    def line(self) -> LineString | None:
        xyz = np.frombuffer(self.xyz, dtype=np.float64).reshape(-1, 3)
        if len(xyz) < 2:
            return None
        flat = bool(np.isnan(xyz[:, 2]).any())
        made = shapely.linestrings(xyz[:, :2] if flat else xyz)
        assert isinstance(made, LineString)
        return made


def read(path: Path, options: ReadOptions) -> Reading:
    """Waypoints, or where there are none or `options.layer` is tracks, the tracks and routes."""
    refused = size_refused(path, options) or refuse_content(path)
    if refused:
        return unreadable(path, NAME, refused)
    try:
        rows = list(_features(path))
    except ElementTree.ParseError as error:
        line, column = error.position
        message = f"第 {line} 行第 {column} 列起不是完整的 XML，可能传送中断"
        return unreadable(path, NAME, [blocked(path, message, "请重新导出或重新传送")])
    except ValueError:
        return unreadable(path, NAME, [blocked(path, "有点缺少经纬度", "请重新导出")])
    points = [row for row in rows if isinstance(row["geometry"], Point)]
    lines = [row for row in rows if not isinstance(row["geometry"], Point)]
    taken = lines if options.layer == "tracks" or not points else points
    if not taken:
        return unreadable(path, NAME, [blocked(path, "没有航点，也没有航迹", "请核对来件内容")])
    return Reading(
        source=path.name,
        format=NAME,
        sha256=sha256_of([path]),
        frame=gpd.GeoDataFrame(taken, geometry="geometry", crs=_SYSTEM),
        crs=_SYSTEM,
        layer="tracks" if taken is lines else "waypoints",
        encoding="UTF-8",
        encoding_basis="XML 声明",
    )


def _features(path: Path) -> Iterator[dict[str, Any]]:
    """One after the other; what was read is let go, with its place in what holds it."""
    walk, above = _Walk(), list[ElementTree.Element]()
    for event, element in ElementTree.iterparse(path, events=("start", "end")):
        tag = _tag(element)
        if event == "start":
            above.append(element)
            walk = _Walk(walk.name if tag == "trkseg" else "") if tag in _LINES else walk
            continue
        above.pop()
        yield from _ended(element, tag, walk, _tag(above[-1]) if above else "")
        if above and tag in {"trkpt", "rtept", "wpt", *_LINES}:
            above[-1].remove(element)


def _ended(element: ElementTree.Element, tag: str, walk: _Walk, holder: str) -> Iterator[dict[str, Any]]:
    if tag in {"trkpt", "rtept"}:
        walk.xyz.extend(_xyz(element))
    elif tag == "name" and holder in {"trk", "rte"}:
        walk.name = (element.text or "").strip()
    elif tag == "wpt":
        yield _waypoint(element)
    elif tag in _LINES and (made := walk.line()) is not None:
        yield {"name": walk.name, "geometry": made}


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _xyz(element: ElementTree.Element) -> tuple[float, float, float]:
    height = next((child.text for child in element if _tag(child) == "ele"), None)
    return float(element.get("lon", "?")), float(element.get("lat", "?")), float(height or "nan")


def _waypoint(element: ElementTree.Element) -> dict[str, Any]:
    lon, lat, height = _xyz(element)
    told = {_tag(child): (child.text or "").strip() for child in element}
    place = Point(lon, lat) if np.isnan(height) else Point(lon, lat, height)
    return {name: told[name] for name in _TEXTS if name in told} | {"geometry": place}
