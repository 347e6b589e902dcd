"""Markers of lines into files, and synthetic ones for examples."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gis_service.cli.console import out, print_json, refusals
from gis_service.cli.marker_files import write_markers
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.intake.commands.synthesising import synthesise
from gis_service.publications.exchange.queries.markers import marker_rows
from gis_service.registers.boundaries.queries import lines_in_force, with_all_below
from gis_service.registers.boundaries.queries.by_sides import line_referred_to
from gis_service.registers.divisions.queries import division_by_code

On = Annotated[str | None, typer.Option("--on", help="日期，如 2020-06-05；不写则为今天")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Lines = Annotated[
    list[str] | None, typer.Argument(metavar="界线…", help="代码、标识，或两侧代码如 320581-321282")
]


def export_command(
    to: Annotated[Path, typer.Option("--out", help="写入的文件：.xlsx、.csv、.gpkg、.geojson、.kml")],
    lines: Lines = None,
    within: Annotated[str | None, typer.Option("--within", help="改为导出此单位及以下各界线的界桩")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """导出界桩；导出的文件可以原样装回（intake load --as markers）。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        found = [line_referred_to(session, each, on=that_day).id for each in lines or ()]
        if within is not None:
            top = division_by_code(session, within, on=that_day).division_id
            below = with_all_below(session, [top], on=that_day)
            found += [line.id for line in lines_in_force(session, on=that_day, sides=below, told=True)]
        if not found:
            raise InvalidInput("没有指明界线", way_out="请写界线代码，或用 --within 指明单位")
        rows = marker_rows(session, on=that_day, lines=found)
        write_markers(rows, to)
        if as_json:
            print_json({"file": str(to), "markers": len(rows), "on": that_day})
        else:
            out.print(f"已写入 {to}：{len(rows)} 座界桩")


def synthesise_command(
    lines: Annotated[list[str], typer.Argument(metavar="界线…", help="代码、标识，或两侧代码")],
    to: Annotated[Path, typer.Option("--out", help="写入的 .xlsx 文件")],
    spacing: Annotated[
        float | None, typer.Option("--spacing", help="平均间距（km）；不写则按级别", min=0.1)
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="随机种子；相同则结果相同")] = 2026,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """在真实界线上生成合成界桩，供演示和测试；每条记录都标明“合成”。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        found = {line.id: line for each in lines for line in [line_referred_to(session, each, on=that_day)]}
        count = synthesise(session, list(found.values()), to, on=that_day, spacing_km=spacing, seed=seed)
        if as_json:
            print_json({"file": str(to), "markers": count, "lines": len(found), "on": that_day})
        else:
            out.print(f"已写入 {to}：{len(found)} 条界线、{count} 座合成界桩（不是勘界成果）")


def add_to(app: typer.Typer) -> None:
    """Put these commands beside those for lines."""
    app.command("export")(export_command)
    app.command("synthesise")(synthesise_command)
