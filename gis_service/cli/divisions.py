"""Reading the register of divisions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.listings import Format, write_csv, write_gpkg, write_out
from gis_service.cli.office import day, reading
from gis_service.cli.places import locate_command
from gis_service.cli.whose import whose_command
from gis_service.foundation.access import Act
from gis_service.foundation.crs import STORAGE_CRS
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.queries import UnitOnGround, extents_on, units_on_ground
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import (
    History,
    Sought,
    division_by_code,
    histories_of,
    last_known,
    lineage_of,
    note_history,
    versions_of,
)
from gis_service.registers.divisions.rules import DivisionLevel

app = typer.Typer(help="行政区划：任一日期的名单与沿革。", no_args_is_help=True)

app.command("locate")(locate_command)
app.command("whose")(whose_command)

COLUMNS = ("code", "name", "level", "type", "superior", "valid_from", "valid_to", "area_km2")
HEADS = ("代码", "名称", "级别", "类型", "上级", "自", "至", "面积 km²")


On = Annotated[str | None, typer.Option("--on", help="日期，如 2020-06-05；不写则为今天")]


@app.command("list")
def list_command(
    on: On = None,
    level: Annotated[DivisionLevel | None, typer.Option(help="级别")] = None,
    within: Annotated[str | None, typer.Option(help="只列此代码及其以下的单位")] = None,
    format_: Annotated[Format, typer.Option("--format", help="输出形式")] = Format.table,
    to: Annotated[
        Path | None, typer.Option("--out", help="写入文件；gpkg 不写时用 divisions-日期.gpkg")
    ] = None,
) -> None:
    """某日在册的行政区划。"""
    with refusals(as_json=format_ is Format.json), reading(Act.read_registers) as session:
        that_day = day(on)
        root = division_by_code(session, within, on=that_day).division_id if within else None
        sought = Sought(level=level, within=root)
        units = units_on_ground(session, sought, on=that_day, after=None, limit=None, with_geometry=False)
        note_readings(session, ((unit.classification, unit.begun_by) for unit in units))
        rows = [_row(unit) for unit in units]
        if format_ is Format.gpkg:
            shapes = extents_on(session, [unit.id for unit in units], on=that_day)
            _write_layer(
                rows, [shapes.get(unit.id) for unit in units], to or Path(f"divisions-{that_day}.gpkg")
            )
        elif format_ is Format.json:
            write_out(lambda: print_json(rows), to)
        elif format_ is Format.csv:
            write_out(lambda: write_csv(COLUMNS, rows), to)
        else:
            print_table(f"{that_day} 在册 {len(rows)} 个单位", HEADS, [tuple(row.values()) for row in rows])


def _row(unit: UnitOnGround) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "level": unit.level,
        "type": unit.type,
        "superior": unit.superior,
        "valid_from": str(unit.valid_from),
        "valid_to": str(unit.valid_to) if unit.valid_to else None,
        "area_km2": None if unit.area_km2 is None else round(unit.area_km2, 6),
    }


def _write_layer(rows: list[dict[str, Any]], shapes: list[Any], to: Path) -> None:
    if not rows:
        raise InvalidInput("没有可写的单位", way_out="请核对日期、级别与代码")
    write_gpkg(rows, COLUMNS, shapes, to, layer="divisions")
    out.print(f"已写入 {to}（{len(rows)} 个单位，{STORAGE_CRS}）")


@app.command("show")
def show_command(
    code: Annotated[str, typer.Argument(help="代码")],
    on: On = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """一个单位在某日的情况，以及它的全部版本与来龙去脉。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        version = division_by_code(session, code, on=day(on))
        [told] = histories_of(session, [version.division_id])
        note_history(session, told)
        history = _history(session, version) | {"as_published": _published(told)}
        if as_json:
            print_json(history)
        else:
            print_table(f"{version.name}（{version.code}）的版本", HEADS[:7], history["versions_table"])
            print_table(
                "沿革", ("日期", "方式", "原单位", "新单位", "占原", "占新"), history["lineage_table"]
            )
            if history["as_published"]:
                heads = ("代码", "名称", "自", "至", "依据", "撤销或更正于", "撤销或更正的依据")
                rows = [tuple(each.values()) for each in history["as_published"]]
                print_table("曾经公布、后来撤销或更正的版本", heads, rows)


def _published(told: History) -> list[dict[str, Any]]:
    """What was published of a unit and holds no more."""
    return [
        {
            "code": each.code,
            "name": each.name,
            "valid_from": str(each.valid_from),
            "valid_to": str(each.valid_to) if each.valid_to else None,
            "begun_by": each.begun_by,
            "superseded_at": each.superseded_at.isoformat(),
            "superseded_by": each.superseded_by,
        }
        for each in told.as_published
    ]


def _history(session: Session, version: DivisionVersion) -> dict[str, Any]:
    links = lineage_of(session, [version.division_id])
    names = last_known(session, {unit for link in links for unit in (link.predecessor_id, link.successor_id)})
    versions = versions_of(session, version.division_id)
    return {
        "id": str(version.division_id),
        "code": version.code,
        "name": version.name,
        "versions_table": [(v.code, v.name, v.level, v.type, "", *_known_days(v)) for v in versions],
        "lineage_table": [
            (
                str(link.on_date),
                link.kind,
                _label(names[link.predecessor_id]),
                _label(names[link.successor_id]),
                link.share_of_predecessor,
                link.share_of_successor,
            )
            for link in links
        ],
    }


def _known_days(version: DivisionVersion) -> tuple[str, str]:
    """The days of a version, or what is known of them."""
    valid = version.valid
    return version.begun_edtf or str(valid.start), version.ended_edtf or str(valid.end or "")


def _label(version: DivisionVersion) -> str:
    return f"{version.name}（{version.code}）"
