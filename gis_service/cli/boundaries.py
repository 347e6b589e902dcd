"""Boundary lines at the keyboard: the list, and what lies between any two units."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import shapely
import typer
from shapely.geometry import MultiLineString
from sqlalchemy.orm import Session

from gis_service.cli.boundary_entries import add_entering
from gis_service.cli.boundary_files import show_command
from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.measure import length_km
from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.queries import (
    LineOnDate,
    border_between,
    edges_along,
    lines_in_force,
    measured,
)
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, divisions_by_id
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.markers.queries.standing import counts_on_lines

app = typer.Typer(
    help="界线：任一日期的界线、长度与两侧；协议、勘定、主张线、指示物、跨界使用。",
    no_args_is_help=True,
)
app.command("show")(show_command)
add_entering(app)

On = Annotated[str | None, typer.Option("--on", help="日期，如 2020-06-05；不写则为今天")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


@app.command("lines")
def lines_command(
    on: On = None,
    code: Annotated[str | None, typer.Option(help="界线代码，如 3234")] = None,
    level: Annotated[DivisionLevel | None, typer.Option(help="级别")] = None,
    side: Annotated[str | None, typer.Option(help="只列以此单位为一侧的界线")] = None,
    as_json: AsJson = False,
) -> None:
    """某日在册的界线：代码、名称、级别、两侧、长度、沿线最低一级单位对。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        sides = [division_by_code(session, side, on=that_day).division_id] if side else None
        lines = lines_in_force(session, on=that_day, code=code, level=level, sides=sides, told=True)
        lines.sort(
            key=lambda line: (DivisionLevel(line.level).rank, line.code)
        )  # codes recur below provinces
        rows = _rows(session, measured(session, lines, on=that_day), on=that_day)
        if as_json:
            print_json(rows)
            return
        print_table(
            f"{that_day} 在册 {len(rows)} 条界线",
            ("代码", "名称", "级别", "两侧", "长度 km", "单位对", "界桩"),
            [
                (
                    row["code"],
                    row["name"],
                    DivisionLevel(row["level"]).word,
                    " / ".join(unit["name"] for unit in row["sides"]),
                    row["length_km"],
                    len(row["pairs"]),
                    row["markers"],
                )
                for row in rows
            ],
        )


def _rows(session: Session, lines: list[LineOnDate], *, on: date) -> list[dict[str, Any]]:
    ids = {side for each in lines for side in (each.line.first_id, each.line.second_id)}
    units = divisions_by_id(session, ids, on=on)
    note_readings(session, ((unit.classification, unit.code) for unit in units.values()))
    note_readings(session, ((each.classification, each.line.code) for each in lines))
    markers = counts_on_lines(session, [each.line.id for each in lines], on=on)
    return [
        {
            "id": str(each.line.id),
            "code": each.line.code,
            "name": each.line.name,
            "level": each.line.level,
            "sides": [
                {"code": units[side].code, "name": units[side].name}
                for side in (each.line.first_id, each.line.second_id)
            ],
            "length_km": None if each.withheld else round(each.length_km, 6),
            "pairs": [[stretch.low, stretch.high] for stretch in each.stretches],
            "markers": markers.get(each.line.id, 0),
            "valid_from": str(each.line.valid.start),
            "valid_to": str(each.line.valid.end) if each.line.valid.end else None,
        }
        for each in lines
    ]


def _border(session: Session, one: DivisionVersion, other: DivisionVersion, *, on: date) -> MultiLineString:
    pair = frozenset((one.division_id, other.division_id))
    along = edges_along(session, {pair: one.division_id}, on=on)
    if along.withheld:
        raise NotPermitted(
            "这一边界的一部分不在您可知的范围内，不能示明", way_out="请由有相应密级权限的人员查阅"
        )
    note_readings(session, ((unit.classification, unit.code) for unit in (one, other)))
    note_readings(session, ((edge.classification, edge.source) for edge in along))
    return border_between(session, one.division_id, other.division_id, on=on)


@app.command("between")
def between_command(
    one: Annotated[str, typer.Argument(help="一侧的代码")],
    other: Annotated[str, typer.Argument(help="另一侧的代码")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """任意两个单位（不论级别）之间的共同边界。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        units = [division_by_code(session, code, on=that_day) for code in (one, other)]
        border = _border(session, units[0], units[1], on=that_day)
        if as_json:
            print_json(
                {
                    "sides": [one, other],
                    "length_km": round(length_km(border), 6),
                    "geometry": shapely.geometry.mapping(border),
                }
            )
        elif border.is_empty:
            out.print(f"{units[0].name}与{units[1].name}在 {that_day} 没有共同边界")
        else:
            how_long = f"{length_km(border):.3f} km，{len(border.geoms)} 段"
            out.print(f"{units[0].name}与{units[1].name}的共同边界：{how_long}")
