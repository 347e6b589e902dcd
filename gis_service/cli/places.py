"""Which unit holds points or drawn shapes, on a day or from one day to another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import geopandas as gpd
import typer
from pyogrio.errors import DataSourceError
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.crs import STORAGE_CRS, is_storage_equivalent
from gis_service.foundation.errors import InvalidInput
from gis_service.publications.exchange.formats import csv_table
from gis_service.publications.exchange.queries.places import Place, place_table, places_of
from gis_service.registers.boundaries.queries.chains import PlacedUnit
from gis_service.registers.boundaries.queries.drawn_areas import Correspondence, corresponding, covered_on
from gis_service.registers.boundaries.rules import drawn

_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")

On = Annotated[str | None, typer.Option("--on", help="日期，如 2020-06-05；不写则为今天")]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


def locate_command(
    what: Annotated[
        str, typer.Argument(metavar="文件|经度,纬度", help="有 lon、lat 列的 CSV 文件，或一个点")
    ],
    on: On = None,
    to: Annotated[Path | None, typer.Option("--out", help="结果写入此 CSV 文件")] = None,
    as_json: Json = False,
) -> None:
    """某日各点所在的单位：一个点，或 CSV 文件的每一行（可有 on 列）。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        point = _POINT.fullmatch(what)
        if point:
            _tell_point(session, (float(point[1]), float(point[2])), day(on), as_json=as_json)
        else:
            _tell_table(session, Path(what), day(on), to, as_json=as_json)


def _tell_point(session: Session, point: tuple[float, float], on: date, *, as_json: bool) -> None:
    if not (abs(point[0]) <= 180 and abs(point[1]) <= 90):
        raise InvalidInput("经纬度超出取值", way_out="请写 经度,纬度（度），如 120.86,32.01")
    [place] = places_of(session, [point], [on])
    if as_json:
        print_json(
            {"on": on, "sides": [[_plain(unit) for unit in side] for side in place.sides]} | _remark(place)
        )
        return
    rows = [(_label(unit.code, unit.name), unit.level) for side in place.sides for unit in side]
    print_table(f"{on} {point[0]}, {point[1]}", ("单位", "级别"), rows)
    out.print(_said(place))


def _said(place: Place) -> str:
    if not place.sides:
        return place.remark or "当日此处没有登记范围"
    return place.remark or (f"该点在界线上，共 {len(place.sides)} 侧" if len(place.sides) > 1 else "")


def _remark(place: Place) -> dict[str, str | None]:
    return {"remark": place.remark}


def _plain(unit: PlacedUnit) -> dict[str, Any]:
    return {"level": unit.level, "code": unit.code, "name": unit.name, "type": unit.type}


def _tell_table(session: Session, path: Path, on: date, to: Path | None, *, as_json: bool) -> None:
    table = place_table(session, csv_table.read(_existing(path)), on=on)
    if to is not None:
        csv_table.write(table, to)
        out.print(f"已写入 {to}（{len(table)} 行）")
    elif as_json:
        print_json(table.to_dict("records"))
    else:
        typer.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InvalidInput(f"没有文件 {path}", way_out="请写文件的路径，或写 经度,纬度")
    return path


def whose_command(
    path: Annotated[
        Path, typer.Argument(metavar="文件", help="GeoJSON、GeoPackage 或 Shapefile，面、线或点")
    ],
    on: On = None,
    to: Annotated[str | None, typer.Option("--to", help="另一日；不写则只看一日")] = None,
    as_json: Json = False,
) -> None:
    """文件中各图形某日与哪些单位重合、各占多少；写 --to 时，再看另一日属于谁、其间有何变更。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        shapes = [drawn(shape) for shape in _shapes_in(_existing(path))]
        told = [_covered(session, shape, on=day(on)) for shape in shapes]
        if to is not None:
            told = [_flows(corresponding(session, shape, on=day(on), to=day(to))) for shape in shapes]
        if as_json:
            print_json(told)
            return
        for number, rows in enumerate(told, start=1):
            heads, cells = _as_cells(rows)
            print_table(f"图形 {number}", heads, cells)


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


def _covered(session: Session, shape: Any, *, on: date) -> list[dict[str, Any]]:
    found = covered_on(session, shape, on=on)
    rows: list[dict[str, Any]] = [
        {
            "unit": _label(portion.unit.code, portion.unit.name),
            "relation": portion.relation,
            "size": portion.size,
            "share_of_shape": portion.share_of_shape,
            "share_of_unit": portion.share_of_unit,
        }
        for portion in found.portions
    ]
    if found.uncovered:
        share = found.uncovered / found.size if found.size else None
        rows.append(
            dict.fromkeys(rows[0] if rows else _COVERED)
            | {"unit": None, "size": found.uncovered, "share_of_shape": share}
        )
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


def _flows(found: Correspondence) -> list[dict[str, Any]]:
    return [
        {
            "before": flow.before and _label(flow.before.code, flow.before.name),
            "after": flow.after and _label(flow.after.code, flow.after.name),
            "size": flow.size,
            "share_of_shape": flow.share_of_shape,
            "acts": "；".join(dict.fromkeys(f"{act.on} {act.number}" for act in flow.acts)),
        }
        for flow in found.flows
    ]


def _as_cells(rows: list[dict[str, Any]]) -> tuple[list[str], list[tuple[Any, ...]]]:
    names = list(rows[0]) if rows else list(_COVERED)
    return [_HEADS[name] for name in names], [tuple(row[name] for name in names) for row in rows]


def _label(code: str, name: str) -> str:
    return f"{name}（{code}）"
