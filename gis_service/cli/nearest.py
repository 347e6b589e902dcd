"""What lies around a place, from the keyboard."""

from __future__ import annotations

from typing import Annotated

import typer

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.markers import AsJson, On
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.registers.markers.queries.nearest import nearest


def add_to(app: typer.Typer) -> None:
    """Add the command to the service's commands."""
    app.command("nearest")(nearest_command)


def nearest_command(
    lon: Annotated[float, typer.Argument(help="经度（度，CGCS2000）")],
    lat: Annotated[float, typer.Argument(help="纬度（度，CGCS2000）")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """一点所在的单位、离附近各条界线多远、最近的三座界桩。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise InvalidInput("经纬度超出取值", way_out="经度在前、纬度在后（度），如 120.86 32.01")
        told = nearest(session, lon, lat, on=day(on))
        if as_json:
            print_json(told.model_dump(mode="json"))
            return
        for side in told.sides:
            out.print(" ".join(f"{unit.name}（{unit.code}）" for unit in side))
        lines = [(each.name, each.distance_m / 1000, each.direction) for each in told.lines]
        print_table("附近的界线", ("界线", "距离 km", "方向"), lines)
        markers = [(each.number, each.distance_m / 1000, each.direction, each.state) for each in told.markers]
        print_table("最近的界桩", ("编号", "距离 km", "方向", "状况"), markers)
        if told.remark:
            out.print(told.remark)
