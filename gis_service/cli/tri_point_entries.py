"""Entering, revising and ending tri-points."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from gis_service.cli.console import refusals
from gis_service.cli.marker_entries import (
    By,
    DryRun,
    East,
    File,
    Lat,
    Lon,
    Method,
    North,
    Zone,
    enter,
    place_of,
)
from gis_service.cli.markers import AsJson, On
from gis_service.cli.written import merged
from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.surveys import commands
from gis_service.procedures.surveys.schemas import OfLineIn, checked
from gis_service.procedures.surveys.schemas.markers import TriPointIn


def tri_point_command(
    name: Annotated[str | None, typer.Argument(help="三交点的名称")] = None,
    file: File = None,
    by: By = None,
    known: Annotated[UUID | None, typer.Option("--id", help="已登记的三交点的标识；不写则新登记")] = None,
    unit: Annotated[list[str] | None, typer.Option(help="相交的单位代码；三方各写一次")] = None,
    number: Annotated[str | None, typer.Option(help="编号")] = None,
    marker: Annotated[str | None, typer.Option(help="所立界桩的编号或标识")] = None,
    lon: Lon = None,
    lat: Lat = None,
    x: North = None,
    y: East = None,
    zone: Zone = None,
    method: Method = None,
    end: Annotated[bool, typer.Option("--end", help="终止 --id 所指的三交点")] = False,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记三交点，或其变化、终止；原来的登记内容一律保留。"""
    with refusals(as_json=as_json):
        if end and known is None:
            raise InvalidInput("没有说明终止哪一个三交点", way_out="请用 --id 写明标识")
        if end and known is not None:
            closing, key = checked(OfLineIn, merged(file, {"instrument": by})), known
            enter(
                lambda tx, d: commands.close_tri_point(tx, key, closing, on=d),
                "三交点的终止",
                on,
                dry_run,
                as_json,
            )
            return
        given: dict[str, Any] = {"instrument": by, "id": known, "name": name, "units": unit or None}
        given |= {"number": number, "marker": marker, "place": place_of(lon, lat, x, y, zone, method)}
        sent = checked(TriPointIn, merged(file, given))
        enter(lambda tx, d: commands.enter_tri_point(tx, sent, on=d), "三交点", on, dry_run, as_json)


def add_to(app: typer.Typer) -> None:
    """Hang the command beside those of markers."""
    app.command("tri-point")(tri_point_command)
