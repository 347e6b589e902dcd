"""Whose drawn shapes are on a day, and whose they were on another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import geopandas as gpd
import pandas as pd
import typer
from pyogrio.errors import DataSourceError
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.listings import write_gpkg
from gis_service.cli.office import day, reading
from gis_service.cli.places import Json, On, existing, label
from gis_service.foundation.access import Act
from gis_service.foundation.crs import STORAGE_CRS, is_storage_equivalent
from gis_service.foundation.errors import InvalidInput
from gis_service.publications.exchange.formats import csv_table
from gis_service.registers.boundaries.queries.drawn_areas import corresponding, covered_on
from gis_service.registers.boundaries.rules import drawn

LAYER = "重合部分"

Rows = list[dict[str, Any]]  # what is told of a shape; the piece of it under `geometry`


def whose_command(
    path: Annotated[
        Path, typer.Argument(metavar="文件", help="GeoJSON、GeoPackage 或 Shapefile，面、线或点")
    ],
    on: On = None,
    to: Annotated[str | None, typer.Option("--to", help="另一日；不写则只看一日")] = None,
    into: Annotated[
        Path | None, typer.Option("--out", help="结果写入此文件：.csv 为表格，.gpkg 另有各部分的图形")
    ] = None,
    as_json: Json = False,
) -> None:
    """文件中各图形某日与哪些单位重合、各占多少；写 --to 时，再看另一日属于谁、其间有何变更。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        _require_known(into)
        shapes = [drawn(shape) for shape in _shapes_in(existing(path))]
        if to is None:
            told = [_covered(session, shape, on=day(on)) for shape in shapes]
        else:
            told = [_flows(session, shape, on=day(on), to=day(to)) for shape in shapes]
        if into is not None:
            _write(told, into)
        elif as_json:
            print_json([[_plain(row) for row in rows] for rows in told])
        else:
            _show(told)


def _require_known(into: Path | None) -> None:
    if into is not None and into.suffix.lower() not in (".csv", ".gpkg"):
        raise InvalidInput(f"不能写成 {into.suffix or into.name}", way_out="文件名请以 .csv 或 .gpkg 结尾")


def _shapes_in(path: Path) -> Iterable[Any]:
    try:
        table = gpd.read_file(path)
    except DataSourceError as error:
        raise InvalidInput(
            f"{path.name} 不是可读的图形文件", way_out="请用 GeoJSON、GeoPackage 或 Shapefile"
        ) from error
    if table.crs is None:
        raise InvalidInput(f"{path.name} 没有写明坐标系", way_out=f"请写明坐标系，如 {STORAGE_CRS}")
    return list((table if is_storage_equivalent(table.crs) else table.to_crs(STORAGE_CRS)).geometry)


def _covered(session: Session, shape: Any, *, on: date) -> Rows:
    found = covered_on(session, shape, on=on)
    rows: Rows = [
        {
            "unit": label(portion.unit.code, portion.unit.name),
            "relation": portion.relation,
            "size": portion.size,
            "share_of_shape": portion.share_of_shape,
            "share_of_unit": portion.share_of_unit,
            "geometry": portion.piece,
        }
        for portion in found.portions
    ]
    if found.uncovered:
        share = found.uncovered / found.size if found.size else None
        nobodys = {"size": found.uncovered, "share_of_shape": share, "geometry": found.rest}
        rows.append(dict.fromkeys(_COVERED) | nobodys)
    return rows


_COVERED = ("unit", "relation", "size", "share_of_shape", "share_of_unit")
_HEADS = {
    "unit": "单位（空为无登记范围）",
    "relation": "关系",
    "size": "km² 或 km",
    "share_of_shape": "占图形",
    "share_of_unit": "占单位",
    "before": "起点日的单位",
    "after": "终点日的单位",
    "acts": "文件",
}


def _flows(session: Session, shape: Any, *, on: date, to: date) -> Rows:
    return [
        {
            "before": flow.before and label(flow.before.code, flow.before.name),
            "after": flow.after and label(flow.after.code, flow.after.name),
            "size": flow.size,
            "share_of_shape": flow.share_of_shape,
            "acts": "；".join(dict.fromkeys(f"{act.on} {act.number}" for act in flow.acts)),
            "geometry": flow.piece,
        }
        for flow in corresponding(session, shape, on=on, to=to).flows
    ]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "geometry"}


def _show(told: list[Rows]) -> None:
    for number, rows in enumerate(told, start=1):
        names = list(_plain(rows[0])) if rows else list(_COVERED)
        cells = [tuple(row[name] for name in names) for row in rows]
        print_table(f"图形 {number}", [_HEADS[name] for name in names], cells)


def _write(told: list[Rows], into: Path) -> None:
    """One row for each piece of each shape, numbered as they stand in the file; the same names as in JSON."""
    rows = [{"shape": number} | row for number, several in enumerate(told, start=1) for row in several]
    plain = [_plain(row) for row in rows]
    columns = list(plain[0]) if plain else ["shape", *_COVERED]
    if into.suffix.lower() == ".gpkg":
        write_gpkg(plain, columns, [row["geometry"] for row in rows], into, layer=LAYER)
    else:
        csv_table.write(pd.DataFrame(plain, columns=columns), into)
    out.print(f"已写入 {into}（{len(rows)} 行）")
