"""Deliveries made for tests: small units near Nantong, files in every condition, torn partitions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.rules import Delivery, Registered, UnitRecord
from gis_service.registers.divisions.rules import DivisionLevel, superior_code, type_of

VALID_ON = date(2020, 1, 1)
WEST, SOUTH = 120.8, 32.0
CELL = 0.01  # degrees: about a kilometre

NAMES = (
    ("320602", "崇川区"),
    ("320611", "港闸区"),
    ("320612", "通州区"),
    ("320623", "如东县"),
    ("320684", "海门市"),
)


def cell(column: float, row: float = 0, width: float = 1, height: float = 1) -> Polygon:
    """A rectangle on a grid of cells, each about a square kilometre."""
    west, south = WEST + column * CELL, SOUTH + row * CELL
    made = box(west, south, west + width * CELL, south + height * CELL)
    return shapely.transform(made, lambda xy: np.round(xy, 7))


def unit(number: int, geometry: BaseGeometry, *, code: str = "", name: str = "") -> UnitRecord:
    """Unit `number` (0…4) of the five of `NAMES`, on row `number + 1`."""
    code, name = code or NAMES[number][0], name or NAMES[number][1]
    return UnitRecord(
        number + 1, code, name, DivisionLevel.county, type_of(code, name), superior_code(code), geometry
    )


def delivery(*geometries: BaseGeometry) -> Delivery:
    """A delivery of up to five units with these geometries."""
    return of_units(*(unit(number, geometry) for number, geometry in enumerate(geometries)))


def of_units(*units: UnitRecord) -> Delivery:
    return Delivery(tuple(units), {"320600": "南通市"}, "来件.gpkg", "0" * 64, "EPSG:4490", VALID_ON)


def moved(given: Delivery, move: Any) -> Delivery:
    """The same delivery, all coordinates `(n, 2)` moved by a function."""
    units = (replace(unit, geometry=shapely.transform(unit.geometry, move)) for unit in given.units)
    return replace(given, units=tuple(units))


def as_registered(given: Delivery) -> tuple[Registered, ...]:
    return tuple(Registered(unit.code, unit.name, unit.geometry) for unit in given.units)


def rules_of(findings: Sequence[Finding], *, blocking: bool | None = None) -> set[str]:
    return {finding.rule for finding in findings if blocking is None or finding.blocking is blocking}


def blocking(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.blocking]


def frame(
    geometries: Sequence[BaseGeometry | None] | None = None,
    *,
    codes: Sequence[Any] | None = None,
    names: Sequence[str] | None = None,
    crs: str | None = "EPSG:4490",
) -> gpd.GeoDataFrame:
    """A table of units with the columns XZQDM and XZQMC."""
    geometries = [cell(0), cell(1)] if geometries is None else geometries
    count = len(geometries)
    columns = {
        "XZQDM": list(codes) if codes is not None else [code for code, _ in NAMES[:count]],
        "XZQMC": list(names) if names is not None else [name for _, name in NAMES[:count]],
    }
    return gpd.GeoDataFrame(columns, geometry=list(geometries), crs=crs)


def shapefile(
    folder: Path,
    table: gpd.GeoDataFrame | None = None,
    *,
    stem: str = "县界",
    encoding: str = "GB18030",
    cpg: str | None = None,
    driver: int = 0,
) -> Path:
    """A shapefile whose texts are in `encoding`, whatever its .cpg and language driver byte claim."""
    path = folder / f"{stem}.shp"
    (frame() if table is None else table).to_file(
        path, driver="ESRI Shapefile", encoding=encoding, engine="pyogrio"
    )
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[29] = driver
    path.with_suffix(".dbf").write_bytes(dbf)
    return path


def collection(
    geometries: Sequence[BaseGeometry | None] | None = None,
    *,
    codes: Sequence[Any] | None = None,
    **members: Any,
) -> dict[str, Any]:
    """A GeoJSON FeatureCollection with the columns code and name."""
    geometries = [cell(0), cell(1)] if geometries is None else geometries
    features = [
        {
            "type": "Feature",
            "properties": {"code": codes[i] if codes else NAMES[i][0], "name": NAMES[i][1]},
            "geometry": None if geometry is None else mapping(geometry),
        }
        for i, geometry in enumerate(geometries)
    ]
    return {"type": "FeatureCollection", "features": features, **members}


def geojson(folder: Path, document: Any, *, name: str = "来件.geojson") -> Path:
    path = folder / name
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


@st.composite
def partitions(draw: st.DrawFn) -> list[Polygon]:
    """A rectangle cut by random polylines into two to some twenty polygons: a valid coverage, on the grid."""
    whole = cell(0, 0, 10, 10)
    west, south, east, north = whole.bounds
    fraction = st.floats(0.05, 0.95)
    cuts = []
    for upright in draw(st.lists(st.booleans(), min_size=1, max_size=4)):
        ends = [draw(fraction), draw(fraction)]
        bends = [(along, draw(fraction)) for along in sorted(draw(st.sets(fraction, max_size=3)))]
        points = [(-0.1, ends[0]), *bends, (1.1, ends[1])]
        turned = [(across, along) if upright else (along, across) for along, across in points]
        cuts.append(LineString([(west + x * (east - west), south + y * (north - south)) for x, y in turned]))
    short = shapely.segmentize([whole.exterior, *cuts], CELL)  # on long segments geodesic and map differ
    noded = shapely.union_all(short, grid_size=1e-7)
    pieces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))
    inside = [piece for piece in pieces if whole.contains(piece.representative_point())]
    return inside if _tidy(inside) else [whole]


def _tidy(pieces: Sequence[Polygon]) -> bool:
    """Whether no piece is so small that mending may rightly swallow it."""
    return all(piece.area > (CELL / 5) ** 2 for piece in pieces)


@st.composite
def torn_partitions(draw: st.DrawFn) -> tuple[list[Polygon], list[Polygon]]:
    """A partition, and the same with some vertices of single pieces moved by up to some metres."""
    pieces = draw(partitions())
    shift = st.floats(-5e-5, 5e-5)
    torn = []
    for piece in pieces:
        xy = shapely.get_coordinates(piece.exterior)
        for index in draw(st.sets(st.integers(0, len(xy) - 2), max_size=2)):
            xy[index] += (draw(shift), draw(shift))
        xy[-1] = xy[0]
        torn.append(Polygon(np.round(xy, 7)))
    return pieces, torn
