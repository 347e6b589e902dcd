"""Entering what agreements and surveys say of markers: from a JSON file, from options, or from both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from gis_service.cli.console import out, print_findings, print_json, refusals
from gis_service.cli.markers import AsJson, On
from gis_service.cli.office import day, writing
from gis_service.cli.written import merged, parted
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.surveys import commands
from gis_service.procedures.surveys.commands.markers import Entered
from gis_service.procedures.surveys.schemas import checked
from gis_service.procedures.surveys.schemas.markers import (
    AddedIn,
    BearingsIn,
    KeepersIn,
    LocationsIn,
    PointsIn,
)

File = Annotated[
    Path | None, typer.Option("--from-file", help="登记内容（JSON）；命令行所写的一座加在其后，选项优先")
]
By = Annotated[str | None, typer.Option("--by", help="所依据文件的文号")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：办理后撤销")]
Marker = Annotated[str | None, typer.Argument(help="界桩编号或标识；多座用 --from-file")]
Lon = Annotated[float | None, typer.Option("--lon", help="经度（CGCS2000）")]
Lat = Annotated[float | None, typer.Option("--lat", help="纬度（CGCS2000）")]
North = Annotated[float | None, typer.Option("--x", help="纵坐标 X（北向，米）")]
East = Annotated[float | None, typer.Option("--y", help="横坐标 Y（东向，米），可带带号")]
Zone = Annotated[str | None, typer.Option("--zone", help="分带，如 3:40；横坐标带有带号时可不写")]
Method = Annotated[str | None, typer.Option(help="测定方法")]
Sides = Annotated[list[str] | None, typer.Option("--side", help="单位代码=所在地（写到村）；每侧写一次")]
Objects = Annotated[
    list[str] | None, typer.Option("--bearing", help="方位物：名称,方位角（度）,距离（米）；每个写一次")
]

Enter = Callable[[Transaction, date], Entered]
_BEARING_PARTS = 3
_SHOWN = 10


def add_to(app: typer.Typer) -> None:
    """Hang these commands beside those that read."""
    for name, command in (
        ("add", add_command),
        ("keeper", keeper_command),
        ("locations", locations_command),
        ("bearings", bearings_command),
        ("points", points_command),
    ):
        app.command(name)(command)


def add_command(
    number: Annotated[str | None, typer.Argument(help="界桩编号；多座用 --from-file")] = None,
    file: File = None,
    by: By = None,
    agreed: Annotated[list[str] | None, typer.Option(help="同意的一方（代码），每方写一次")] = None,
    survey: Annotated[str | None, typer.Option(help="共同测量成果的文号")] = None,
    filing: Annotated[str | None, typer.Option(help="备案文件的文号")] = None,
    application: Annotated[str | None, typer.Option(help="增设申请的文号")] = None,
    approval: Annotated[str | None, typer.Option(help="批准文件的文号")] = None,
    line: Annotated[str | None, typer.Option(help="所属界线的代码、标识，或两侧代码")] = None,
    managing: Annotated[str | None, typer.Option(help="负责管理一方的代码")] = None,
    material: Annotated[str | None, typer.Option(help="材质")] = None,
    lon: Lon = None,
    lat: Lat = None,
    x: North = None,
    y: East = None,
    zone: Zone = None,
    method: Method = None,
    side: Sides = None,
    bearing: Objects = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """增设界桩：须各方同意、共同测量并备案；编号从未用过，按登记规则核对后登记。"""
    with refusals(as_json=as_json):
        marker: dict[str, Any] = {"number": number, "line": line, "managing": managing, "material": material}
        marker |= {"place": place_of(lon, lat, x, y, zone, method), "sides": _sides(side)}
        marker |= {"bearings": _bearings(bearing)}
        given = {"instrument": by, "agreed": agreed or None, "survey": survey, "filing": filing}
        given |= {"application": application, "approval": approval}
        sent = checked(AddedIn, _with_one(file, given, "markers", marker, named=number))
        enter(lambda tx, d: commands.add_to_lines(tx, sent, on=d), "增设界桩", on, dry_run, as_json)


def keeper_command(
    marker: Marker = None,
    managing: Annotated[str | None, typer.Argument(help="负责管理一方的代码")] = None,
    file: File = None,
    by: By = None,
    custodian: Annotated[str | None, typer.Option(help="受托管护人；不写则没有")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记界桩由哪一方负责管理、委托何人管护，依协议书或管理协议；以前的记录一律保留。"""
    with refusals(as_json=as_json):
        one = {"marker": marker, "managing": managing, "custodian": custodian}
        sent = checked(KeepersIn, _with_one(file, {"instrument": by}, "markers", one, named=marker))
        enter(lambda tx, d: commands.enter_keepers(tx, sent, on=d), "管理方", on, dry_run, as_json)


def locations_command(
    marker: Marker = None,
    file: File = None,
    by: By = None,
    side: Sides = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记界桩在各侧的所在地（写到村）；没有写的一侧照旧。"""
    with refusals(as_json=as_json):
        one = {"marker": marker, "sides": _sides(side)}
        sent = checked(LocationsIn, _with_one(file, {"instrument": by}, "markers", one, named=marker))
        enter(lambda tx, d: commands.enter_locations(tx, sent, on=d), "所在地", on, dry_run, as_json)


def bearings_command(
    marker: Marker = None,
    file: File = None,
    by: By = None,
    bearing: Objects = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """重选方位物：写明全部方位物，至少三个；原有的自该日终止，保留在登记簿中。"""
    with refusals(as_json=as_json):
        one = {"marker": marker, "bearings": _bearings(bearing)}
        sent = checked(BearingsIn, _with_one(file, {"instrument": by}, "markers", one, named=marker))
        enter(lambda tx, d: commands.enter_bearings(tx, sent, on=d), "方位物", on, dry_run, as_json)


def points_command(
    line: Annotated[str, typer.Argument(help="界线的代码、标识，或两侧代码")],
    file: File = None,
    by: By = None,
    number: Annotated[str | None, typer.Option(help="边界点号；多点用 --from-file 或 intake load")] = None,
    lon: Lon = None,
    lat: Lat = None,
    x: North = None,
    y: East = None,
    zone: Zone = None,
    method: Method = None,
    after: Annotated[str | None, typer.Option(help="前一界桩的编号")] = None,
    before: Annotated[str | None, typer.Option(help="后一界桩的编号")] = None,
    feature: Annotated[str | None, typer.Option(help="特征")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记一条界线的边界点及其所在的界桩区间。"""
    with refusals(as_json=as_json):
        one: dict[str, Any] = {"number": number, "place": place_of(lon, lat, x, y, zone, method)}
        one |= {"after": after, "before": before, "feature": feature}
        sent = checked(PointsIn, _with_one(file, {"instrument": by}, "points", one, named=number))
        enter(lambda tx, d: commands.enter_points(tx, line, sent, on=d), "边界点", on, dry_run, as_json)


def _with_one(
    file: Path | None, given: dict[str, Any], name: str, one: dict[str, Any], *, named: str | None
) -> dict[str, Any]:
    """What a file says, and after its things the one that was written as options, where it is named."""
    said = merged(file, given)
    known = {key: value for key, value in one.items() if value is not None}
    if named is not None:
        listed = said.get(name, [])
        said[name] = [*(listed if isinstance(listed, list) else []), known]
    elif known:
        raise InvalidInput("选项没有说明是哪一个", way_out="请写明编号，或把内容都写在 --from-file 的文件中")
    return said


def place_of(
    lon: float | None,
    lat: float | None,
    x: float | None,
    y: float | None,
    zone: str | None,
    method: str | None,
) -> dict[str, Any] | None:
    """Coordinates that were written as options; None where there are none."""
    told: dict[str, Any] = {"lon": lon, "lat": lat, "x": x, "y": y, "method": method}
    if zone is not None:
        width, number = parted(zone, ":", "3:40（三度带第 40 带）")
        told |= {"zone_width": width, "zone": number}
    return {name: value for name, value in told.items() if value is not None} or None


def _sides(written: list[str] | None) -> list[dict[str, Any]] | None:
    parts = [parted(each, "=", "320102=某镇某村") for each in written or ()]
    return [{"unit": unit, "location": words} for unit, words in parts] or None


def _bearings(written: list[str] | None) -> list[dict[str, Any]] | None:
    told = []
    for each in written or ():
        parts = [part.strip() for part in each.replace("，", ",").rsplit(",", _BEARING_PARTS - 1)]
        if len(parts) != _BEARING_PARTS:
            raise InvalidInput(f"方位物“{each[:80]}”的写法不对", way_out="请写如 水塔,181.5,60.2")
        told.append(dict(zip(("name", "azimuth_deg", "distance_m"), parts, strict=True)))
    return told or None


def enter(write: Enter, what: str, on: str | None, dry_run: bool, as_json: bool) -> None:
    """Enter, and tell what was entered."""
    that_day = day(on)
    with writing(Act.keep_markers, dry_run=dry_run) as tx:
        done = write(tx, that_day)
    if as_json:
        told = {"written": not dry_run, "entered": done.subjects, "on": that_day}
        print_json(told | {"findings": [each.as_json() for each in done.findings]})
        return
    print_findings(list(done.findings))
    undone = "；演练，已撤销" if dry_run else ""
    out.print(
        f"自 {that_day} 起登记{what}：{'、'.join(done.subjects[:10])}，共 {len(done.subjects)} 项{undone}"
    )
