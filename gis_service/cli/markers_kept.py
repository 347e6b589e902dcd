"""Writing the register of markers: what was seen, moved, scrapped, and files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from gis_service.cli.console import out, print_findings, print_json, refusals
from gis_service.cli.markers import AsJson, On, Reference
from gis_service.cli.office import day, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput, NotFound
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import Finding
from gis_service.foundation.settings import read_settings
from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instrument_by_number
from gis_service.registers.markers.commands import (
    Attachment,
    Consent,
    Position,
    Seen,
    attach_files,
    observe_markers,
    relocate_markers,
    scrap_markers,
)
from gis_service.registers.markers.models import MarkerAction, MarkerFileKind, MarkerState
from gis_service.registers.markers.queries.named import marker_named

By = Annotated[str, typer.Option("--by", help="所依据文件的文号，须已登记")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只演练，不登记")]
Lon = Annotated[float | None, typer.Option("--lon", help="实测经度（CGCS2000）")]
Lat = Annotated[float | None, typer.Option("--lat", help="实测纬度（CGCS2000）")]


def add_to(app: typer.Typer) -> None:
    """Hang the writing commands on those that read."""
    app.command("observe")(observe_command)
    app.command("relocate")(relocate_command)
    app.command("scrap")(scrap_command)
    app.command("attach")(attach_command)


def observe_command(
    marker: Reference,
    state: Annotated[MarkerState, typer.Argument(help="所见的状况")],
    by: By,
    observer: Annotated[str, typer.Option(help="查看的机关或人员")],
    action: Annotated[MarkerAction | None, typer.Option(help="处置")] = None,
    neighbour: Annotated[
        bool | None, typer.Option("--neighbour/--no-neighbour", help="毗邻一方是否在场")
    ] = None,
    lon: Lon = None,
    lat: Lat = None,
    note: Annotated[str | None, typer.Option(help="备注")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记一次查看：状况、处置、实测位置、毗邻一方是否在场；以前的记录一律保留。"""

    def write(tx: Transaction, found: UUID, that_day: date) -> list[Finding]:
        seen = Seen(found, that_day, state, observer, action, _place(lon, lat), neighbour, note)
        return observe_markers(tx, [seen], instrument_id=_paper(tx, by).id)

    _write(marker, write, on, dry_run=dry_run, as_json=as_json)


def relocate_command(
    marker: Reference,
    lon: Annotated[float, typer.Argument(help="新位置的经度（CGCS2000）")],
    lat: Annotated[float, typer.Argument(help="新位置的纬度（CGCS2000）")],
    by: By,
    agreed: Annotated[list[str], typer.Option("--agreed", help="同意的一方（代码），每方写一次")],
    survey: Annotated[str | None, typer.Option(help="共同测量成果的文号，须已登记")] = None,
    filing: Annotated[str | None, typer.Option(help="备案文件的文号，须已登记")] = None,
    application: Annotated[str | None, typer.Option(help="移动申请的文号，须已登记")] = None,
    approval: Annotated[str | None, typer.Option(help="批准文件的文号，须已登记")] = None,
    method: Annotated[str | None, typer.Option(help="测定方法")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """移动界桩：须各方同意、共同测量并备案；原位置和各份文件都保留在登记簿中。"""

    def write(tx: Transaction, found: UUID, that_day: date) -> list[Finding]:
        sides = frozenset(division_by_code(tx.session, code, on=that_day).division_id for code in agreed)
        named = (survey, filing, application, approval)
        papers = [None if number is None else _paper(tx, number).id for number in named]
        consent = Consent(_paper(tx, by).id, sides, *papers)
        position = Position(_place(lon, lat), "CGCS2000", method=method, surveyed_on=that_day)
        return relocate_markers(tx, [(found, position)], on=that_day, consent=consent)

    _write(marker, write, on, dry_run=dry_run, as_json=as_json)


def scrap_command(
    marker: Reference,
    by: By,
    reason: Annotated[str, typer.Option(help="报废的缘由")],
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """报废界桩：登记内容自该日终止，编号永不再用。"""

    def write(tx: Transaction, found: UUID, that_day: date) -> list[Finding]:
        scrap_markers(tx, [found], on=that_day, instrument_id=_paper(tx, by).id, reason=reason)
        return []

    _write(marker, write, on, dry_run=dry_run, as_json=as_json)


def attach_command(
    marker: Reference,
    paths: Annotated[list[Path], typer.Argument(help="文件")],
    by: By,
    kind: Annotated[MarkerFileKind, typer.Option(help="种类")] = MarkerFileKind.photo,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """收入位置略图、照片、登记表；照片的拍摄时间、位置和方向取自照片本身。"""

    def write(tx: Transaction, found: UUID, that_day: date) -> list[Finding]:
        files = [Attachment(found, kind, path.name, _content(path)) for path in paths]
        store = FileStore(read_settings().files_dir)
        return attach_files(tx, files, on=that_day, instrument_id=_paper(tx, by).id, store=store)

    _write(marker, write, on, dry_run=dry_run, as_json=as_json)


Write = Callable[[Transaction, UUID, date], list[Finding]]  # what is written of a marker on a day


def _write(marker: str, write: Write, on: str | None, *, dry_run: bool, as_json: bool) -> None:
    with refusals(as_json=as_json):
        with writing(Act.keep_markers, dry_run=dry_run) as tx:
            that_day = day(on)
            findings = write(tx, marker_named(tx.session, marker, on=that_day).marker.id, that_day)
        told: dict[str, Any] = {"written": not dry_run, "findings": [each.as_json() for each in findings]}
        if as_json:
            print_json(told)
            return
        print_findings(findings)
        out.print("演练完毕，没有登记" if dry_run else "已登记")


def _paper(tx: Transaction, number: str) -> Instrument:
    found = instrument_by_number(tx.session, number)
    if found is None:
        raise NotFound(f"没有文号为“{number[:60]}”的文件", way_out="请先用 instruments 登记该文件")
    return found


def _place(lon: float | None, lat: float | None) -> tuple[float, float] | None:
    if lon is None and lat is None:
        return None
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
        raise InvalidInput("经度和纬度须一并写明，且不超出取值", way_out="经度在前、纬度在后（度）")
    return lon, lat


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"无法读取文件 {path}：{error.strerror}", way_out="请核对路径") from error
