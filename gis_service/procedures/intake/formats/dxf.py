"""DXF: points, blocks with attributes, texts and polylines of a drawing; a drawing names no system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
from ezdxf.entities.dxfentity import DXFEntity
from ezdxf.filemanagement import readfile
from ezdxf.lldxf.const import DXFError
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from gis_service.procedures.intake.formats.limits import size_refused
from gis_service.procedures.intake.formats.local import refuse_content
from gis_service.procedures.intake.formats.reading import (
    Reading,
    ReadOptions,
    blocked,
    sha256_of,
    unreadable,
)

NAME = "dxf"
SUFFIXES = (".dxf",)

_KINDS = "POINT INSERT LINE LWPOLYLINE POLYLINE"


def read(path: Path, options: ReadOptions) -> Reading:
    """The drawing's model space, or one of its layers; columns are the layer and the attributes of blocks."""
    refused = size_refused(path, options) or refuse_content(path)
    if refused:
        return unreadable(path, NAME, refused)
    try:
        drawing = readfile(path)
    except (DXFError, OSError, UnicodeDecodeError, ValueError, IndexError):
        message = "打不开：不是完整的 DXF 图形"
        return unreadable(path, NAME, [blocked(path, message, "请另存为 AutoCAD 2007 以上的 DXF")])
    rows = [
        row
        for entity in drawing.modelspace().query(_KINDS)
        if options.layer in (None, entity.dxf.layer) and (row := _row(entity)) is not None
    ]
    if not rows:
        layers = "、".join(sorted(layer.dxf.name for layer in drawing.layers))
        return unreadable(path, NAME, [blocked(path, "没有点、图块或线", f"现有图层：{layers}")])
    return Reading(
        source=path.name,
        format=NAME,
        sha256=sha256_of([path]),
        frame=gpd.GeoDataFrame(rows, geometry="geometry", crs=None),
        crs=None,
        layer=options.layer,
        encoding=drawing.encoding,
        encoding_basis="图形文件头",
    )


def _row(entity: DXFEntity) -> dict[str, Any] | None:
    shape = _SHAPES[entity.dxftype()](entity)
    if shape is None:
        return None
    attributes = {tag.dxf.tag: tag.dxf.text for tag in getattr(entity, "attribs", ())}
    return {"图层": entity.dxf.layer} | attributes | {"geometry": shape}


def _point(entity: Any) -> BaseGeometry:
    return Point(*entity.dxf.location)


def _block(entity: Any) -> BaseGeometry:
    return Point(*entity.dxf.insert)


def _line(entity: Any) -> BaseGeometry | None:
    ends = [tuple(entity.dxf.start), tuple(entity.dxf.end)]
    return LineString(ends) if ends[0] != ends[1] else None


def _light_polyline(entity: Any) -> BaseGeometry | None:
    xy = [(x, y) for x, y, *_ in entity.get_points()]
    return LineString(xy) if len(xy) > 1 else None


def _polyline(entity: Any) -> BaseGeometry | None:
    xy = [tuple(vertex) for vertex in entity.points()]
    return LineString(xy) if len(xy) > 1 else None


_SHAPES: Mapping[str, Callable[[Any], BaseGeometry | None]] = {
    "POINT": _point,
    "INSERT": _block,
    "LINE": _line,
    "LWPOLYLINE": _light_polyline,
    "POLYLINE": _polyline,
}
