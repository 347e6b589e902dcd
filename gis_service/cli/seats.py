"""Seats of governments: as approved, as seen, and what is wrong with them."""

from __future__ import annotations

from typing import Annotated

import typer

from gis_service.cli.console import print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading_as, writing
from gis_service.foundation.access import Act
from gis_service.foundation.readings import note_readings
from gis_service.procedures.seats import commands
from gis_service.procedures.seats.queries import problems_on, seat_of, seats_on
from gis_service.procedures.seats.schemas import PlaceOut, SeatOut, SeatProblemsOut, checked_seat
from gis_service.registers.divisions.models import SeatAspect
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.divisions.rules import DivisionLevel

app = typer.Typer(help="人民政府驻地：批准驻地、实际办公地、迁移遗留问题。", no_args_is_help=True)

On = Annotated[str | None, typer.Option("--on", help="日期；不写则为今天")]
Within = Annotated[str | None, typer.Option(help="只列此代码及其以下的单位")]
Level = Annotated[DivisionLevel | None, typer.Option(help="只列此级别的单位")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


@app.command("list")
def list_command(within: Within = None, level: Level = None, on: On = None, as_json: AsJson = False) -> None:
    """某日各单位的批准驻地和最近看到的实际办公地。"""
    with refusals(as_json=as_json), reading_as(Act.read_seats) as (session, actor, _):
        that_day = day(on)
        unit = division_by_code(session, within, on=that_day).division_id if within else None
        reach = actor.reach(Act.read_seats)
        seats = seats_on(session, on=that_day, reach=reach, within=unit, level=level)
        note_readings(session, ((seat.version.classification, seat.version.code) for seat in seats))
        _tell([SeatOut.of(seat.facts) for seat in seats], as_json=as_json)


def _tell(seats: list[SeatOut], *, as_json: bool) -> None:
    if as_json:
        print_json([seat.model_dump(mode="json") for seat in seats])
        return
    rows = [(seat.code, seat.name, _place(seat.approved), _place(seat.actual)) for seat in seats]
    print_table("驻地", ("代码", "名称", "批准驻地", "实际办公地"), rows)


def _place(place: PlaceOut | None) -> str:
    return "" if place is None else f"{place.place}{f'（{place.located_in}）' if place.located_in else ''}"


@app.command("check")
def check_command(within: Within = None, level: Level = None, on: On = None, as_json: AsJson = False) -> None:
    """驻地迁移遗留问题：不在本辖区、与批准驻地不在同一下级单位、未登记办公地、无从核对。"""
    with refusals(as_json=as_json), reading_as(Act.read_seats) as (session, actor, _):
        that_day = day(on)
        unit = division_by_code(session, within, on=that_day).division_id if within else None
        reach = actor.reach(Act.read_seats)
        found = problems_on(session, on=that_day, reach=reach, within=unit, level=level)
        told = [SeatProblemsOut.with_findings(each.seat.facts, each.findings) for each in found]
        if as_json:
            print_json([each.model_dump(mode="json") for each in told])
        else:
            print_findings([finding for each in found for finding in each.findings])


@app.command("observe")
def observe_command(
    unit: Annotated[str, typer.Argument(help="单位的代码")],
    place: Annotated[str, typer.Argument(help="地点")],
    source: Annotated[str, typer.Option(help="来源：批准文件，或踏勘、照片等")],
    aspect: Annotated[SeatAspect, typer.Option(help="批准驻地，或实际办公地")] = SeatAspect.actual,
    longitude: Annotated[float | None, typer.Option("--lon", help="经度（CGCS2000）")] = None,
    latitude: Annotated[float | None, typer.Option("--lat", help="纬度（CGCS2000）")] = None,
    located_in: Annotated[str | None, typer.Option("--in", help="所在下级单位的代码")] = None,
    on: Annotated[str | None, typer.Option("--on", help="批准或看到的日期；不写则为今天")] = None,
    as_json: AsJson = False,
) -> None:
    """登记一个单位的批准驻地，或看到的实际办公地；以前的记录一律保留。"""
    with refusals(as_json=as_json):
        sent = {"unit": unit, "aspect": aspect, "place": place, "source": source, "known_on": day(on)}
        sent |= {"longitude": longitude, "latitude": latitude, "located_in": located_in}
        seen = checked_seat(sent)
        with writing(Act.observe_seat) as tx:
            commands.observe_seat(tx, seen)
            told = SeatOut.of(seat_of(tx.session, seen.unit, on=seen.known_on).facts)
        _tell([told], as_json=as_json)
