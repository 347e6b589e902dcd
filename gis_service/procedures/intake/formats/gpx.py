"""GPX: waypoints as points, tracks and routes as lines, in WGS 84; read as a stream, whatever its length.

Nothing is thinned out here: a track has as many vertices as the receiver wrote.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any
from xml.parsers import expat

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import Point

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
_POINTS = {"trkpt", "rtept", "wpt"}
_IGNORED = {"trkpt", "rtept"}
_UNKNOWN = float("nan")
_TEXTS = {"name", "desc", "cmt", "time", "sym", "type"}


def read(path: Path, options: ReadOptions) -> Reading:
    """Waypoints, or where there are none or `options.layer` is tracks, the tracks and routes."""
    refused = size_refused(path, options) or refuse_content(path)
    if refused:
        return unreadable(path, NAME, refused)
    try:
        rows = _Parsing().of(path)
    except expat.ExpatError as error:
        message = f"第 {error.lineno} 行第 {error.offset} 列起不是完整的 XML，可能传送中断"
        return unreadable(path, NAME, [blocked(path, message, "请重新导出或重新传送")])
    except (KeyError, ValueError):
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


class _Parsing:
    """The parser calls back at every tag: of a line the points are kept as numbers, not as objects."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.xyz: array[float] = array("d")
        self.name = ""
        self.told: dict[str, str] = {}
        self.above: list[str] = []
        self.words: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def of(self, path: Path) -> list[dict[str, Any]]:
        """Waypoints and lines of a file.

        Raises:
            ExpatError: it is no whole XML; says where.
            KeyError, ValueError: a point has no longitude or latitude.
        """
        with path.open("rb") as stream:
            self.parser.ParseFile(stream)
        return self.rows

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        tag = element.rpartition(":")[2]
        self.above.append(tag)
        if tag in _POINTS:
            self.xyz.extend((float(attributes["lon"]), float(attributes["lat"]), _UNKNOWN))
            self.told = {}
        elif tag in _LINES:
            self.xyz, self.name = array("d"), self.name if tag == "trkseg" else ""
        elif tag == "ele" or tag in _TEXTS:
            self.words = []
            self.parser.CharacterDataHandler = self.words.append

    def _end(self, _element: str) -> None:
        tag = self.above.pop()
        if tag in _IGNORED:
            return
        holder = self.above[-1] if self.above else ""
        if tag in _TEXTS or tag == "ele":
            self.parser.CharacterDataHandler = None
            self._text(tag, holder, "".join(self.words).strip())
        elif tag == "wpt":
            lon, lat, height = self.xyz[-3:]
            place = Point(lon, lat) if height != height else Point(lon, lat, height)
            self.rows.append(self.told | {"geometry": place})
            del self.xyz[-3:]
        elif tag in _LINES:
            self._line()

    def _text(self, tag: str, holder: str, words: str) -> None:
        if tag == "ele" and holder in _POINTS:
            self.xyz[-1] = float(words or "nan")
        elif tag == "name" and holder in {"trk", "rte"}:
            self.name = words
        elif holder == "wpt":
            self.told[tag] = words

    def _line(self) -> None:
        xyz = np.frombuffer(self.xyz, dtype=np.float64).reshape(-1, 3)
        if len(xyz) > 1:
            flat = bool(np.isnan(xyz[:, 2]).any())
            shape = shapely.linestrings(xyz[:, :2] if flat else xyz)
            self.rows.append({"name": self.name, "geometry": shape})
        self.xyz = array("d")
