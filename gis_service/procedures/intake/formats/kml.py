"""KML and KMZ: placemarks in WGS 84 lon/lat with their names and extended data; altitudes are kept as given.

Read here and not by GDAL, which spells Chinese names of data as underscores.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
from shapely.geometry import GeometryCollection, LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.formats.limits import MEGABYTE, limit, size_refused
from gis_service.procedures.intake.formats.local import refuse_content
from gis_service.procedures.intake.formats.reading import (
    Reading,
    ReadOptions,
    blocked,
    sha256_of,
    unreadable,
)

NAME = "kml"
SUFFIXES = (".kml", ".kmz")

_SYSTEM = "OGC:CRS84"  # lon, lat of WGS 84, as the format says
_TEXTS = ("name", "description")
_SEVERAL = ((LineString, MultiLineString), (Polygon, MultiPolygon))


def read(path: Path, options: ReadOptions) -> Reading:
    """All placemarks in the order of the file."""
    refused = size_refused(path, options)
    if not refused and path.suffix.lower() == ".kml":
        refused = refuse_content(path)
    if refused:
        return unreadable(path, NAME, refused)
    content, refused = _unpacked(path) if path.suffix.lower() == ".kmz" else (path.read_bytes(), [])
    if refused:
        return unreadable(path, NAME, refused)
    try:
        rows = [_row(each) for each in ElementTree.fromstring(content).iter() if _tag(each) == "Placemark"]
    except ElementTree.ParseError as error:
        line, column = error.position
        message = f"第 {line} 行第 {column} 列起不是完整的 XML，可能传送中断"
        return unreadable(path, NAME, [blocked(path, message, "请重新导出或重新传送")])
    except ValueError as error:
        return unreadable(path, NAME, [blocked(path, f"坐标不是数值：{str(error)[:80]}", "请重新导出")])
    if not rows:
        return unreadable(path, NAME, [blocked(path, "没有地标（Placemark）", "请核对来件内容")])
    return Reading(
        source=path.name,
        format=NAME,
        sha256=sha256_of([path]),
        frame=gpd.GeoDataFrame(rows, geometry="geometry", crs=_SYSTEM),
        crs=_SYSTEM,
        encoding="UTF-8",
        encoding_basis="XML 声明",
    )


def _unpacked(path: Path) -> tuple[bytes, list[Finding]]:
    """The KML in a KMZ, no larger than a file may be."""
    most = int(limit("file", "max_file_mb") * MEGABYTE)
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
            if not names:
                return b"", [blocked(path, "压缩包里没有 KML", "请重新导出")]
            with archive.open(names[0]) as stream:
                content = stream.read(most + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
        return b"", [blocked(path, "打不开：压缩包损坏或有密码", "请重新导出或重新传送")]
    return content, [blocked(path, "解压后超过上限", "请按区域拆分")] if len(content) > most else []


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _row(placemark: ElementTree.Element) -> dict[str, Any]:
    told = {_tag(child): (child.text or "").strip() for child in placemark if _tag(child) in _TEXTS}
    return told | dict(_extended(placemark)) | {"geometry": _shape(placemark)}


def _extended(placemark: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for each in placemark.iter():
        if _tag(each) == "SimpleData":
            yield each.get("name", ""), (each.text or "").strip()
        if _tag(each) == "Data":
            value = next((child.text for child in each if _tag(child) == "value"), None)
            yield each.get("name", ""), (value or "").strip()


def _shape(placemark: ElementTree.Element) -> BaseGeometry | None:
    parts = [part for child in placemark if (part := _part(child)) is not None]
    if len(parts) == 1:
        return parts[0]
    return GeometryCollection(parts) if parts else None


def _part(element: ElementTree.Element) -> BaseGeometry | None:
    tag = _tag(element)
    if tag == "Point":
        return Point(_vertices(element)[0])
    if tag == "LineString":
        return LineString(_vertices(element))
    if tag == "Polygon":
        rings = [_vertices(ring) for ring in element.iter() if _tag(ring) == "LinearRing"]
        return Polygon(rings[0], rings[1:])
    return _together(element) if tag == "MultiGeometry" else None


def _together(element: ElementTree.Element) -> BaseGeometry | None:
    parts = [part for child in element if (part := _part(child)) is not None]
    for one, several in _SEVERAL:
        if parts and all(isinstance(part, one) for part in parts):
            made: BaseGeometry = several(parts)  # type: ignore[arg-type]
            return made
    return GeometryCollection(parts) if parts else None


def _vertices(element: ElementTree.Element) -> list[tuple[float, ...]]:
    """Numbers of `coordinates`; heights only where every vertex has one."""
    text = next((each.text or "" for each in element.iter() if _tag(each) == "coordinates"), "")
    vertices = [tuple(float(part) for part in word.split(",")) for word in text.split()]
    if not vertices or min(map(len, vertices)) < 2:
        raise ValueError(text.strip())
    dimensions = min(min(map(len, vertices)), 3)
    return [vertex[:dimensions] for vertex in vertices]
