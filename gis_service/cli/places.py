"""Which unit holds points on a day."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.publications.exchange.formats import csv_table
from gis_service.publications.exchange.queries.places import Place, place_table, places_of
from gis_service.registers.boundaries.queries.chains import PlacedUnit

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
    rows = [(label(unit.code, unit.name), unit.level) for side in place.sides for unit in side]
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
    table = place_table(session, csv_table.read(existing(path)), on=on)
    if to is not None:
        csv_table.write(table, to)
        out.print(f"已写入 {to}（{len(table)} 行）")
    elif as_json:
        print_json(table.to_dict("records"))
    else:
        typer.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)


def existing(path: Path) -> Path:
    """The path of a file that is there."""
    if not path.is_file():
        raise InvalidInput(f"没有文件 {path}", way_out="请写文件的路径，或写 经度,纬度")
    return path


def label(code: str, name: str) -> str:
    """A unit as lists name it."""
    return f"{name}（{code}）"
