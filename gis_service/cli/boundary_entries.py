"""Entering what is agreed on and surveyed of lines: from a JSON file, from options, or from both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from gis_service.cli.boundary_files import AsJson, Line, On
from gis_service.cli.console import out, print_findings, print_json, refusals
from gis_service.cli.drawings import as_written, read_shape
from gis_service.cli.office import day, writing
from gis_service.cli.written import finding_of, merged
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.surveys import commands
from gis_service.procedures.surveys.schemas import (
    ClaimsIn,
    EnteredOut,
    IndicatorEndIn,
    IndicatorIn,
    LineRecordIn,
    OfLineIn,
    SurveyIn,
    UseIn,
    checked,
)
from gis_service.registers.boundaries.models import CrossLineKind, Follows, LegalState, Runs

File = Annotated[Path | None, typer.Argument(help="登记内容（JSON）；选项所写的优先")]
ByAct = Annotated[str | None, typer.Option("--act", help="所依据文件的文号")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：办理后撤销")]
Agreement = Annotated[str | None, typer.Option(help="协议书的文号")]
From = Annotated[float | None, typer.Option("--from", help="起点里程（米）")]
To = Annotated[float | None, typer.Option("--to", help="终点里程（米）")]
Shape = Annotated[Path | None, typer.Option(help="图形文件：GeoJSON、GeoPackage、Shapefile")]
Filing = Annotated[str | None, typer.Option(help="备案文件的文号")]

Enter = Callable[[Transaction, date], EnteredOut]


def add_entering(app: typer.Typer) -> None:
    """Put these commands beside those that read."""
    for name, command in (
        ("record", record_command),
        ("survey", survey_command),
        ("claim", claim_command),
        ("indicator", indicator_command),
        ("use", use_command),
    ):
        app.command(name)(command)


def record_command(
    line: Line,
    file: File = None,
    act: ByAct = None,
    code: Annotated[str | None, typer.Option(help="界线代码")] = None,
    name: Annotated[str | None, typer.Option(help="界线名称")] = None,
    agreement: Agreement = None,
    approver: Annotated[str | None, typer.Option(help="批准机关")] = None,
    approved_on: Annotated[str | None, typer.Option(help="批准日期")] = None,
    published_km: Annotated[float | None, typer.Option(help="公布长度（千米）")] = None,
    published_by: Annotated[str | None, typer.Option(help="公布长度所出文件的文号")] = None,
    runs: Annotated[Runs | None, typer.Option(help="走向")] = None,
    note: Annotated[str | None, typer.Option(help="备注")] = None,
    correct: Annotated[bool, typer.Option("--correct", help="更正已登记的内容")] = False,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记一条界线的内容：代码、名称、协议书、批准、公布长度、走向、起讫点；没有写的照旧。"""
    with refusals(as_json=as_json):
        given: dict[str, Any] = {
            "instrument": act,
            "code": code,
            "name": name,
            "agreement": agreement,
            "approver": approver,
        }
        given |= {"approved_on": approved_on, "published_length_km": published_km, "note": note}
        given |= {"published_by": published_by, "runs": runs, "correction": correct or None}
        sent = checked(LineRecordIn, merged(file, given))
        _enter(lambda tx, d: commands.enter_record(tx, line, sent, on=d), on, dry_run, as_json)


def survey_command(
    line: Line,
    file: File = None,
    act: ByAct = None,
    from_m: From = None,
    to_m: To = None,
    state: Annotated[LegalState | None, typer.Option(help="法律状态")] = None,
    follows: Annotated[Follows | None, typer.Option(help="沿何物而行")] = None,
    follows_name: Annotated[str | None, typer.Option(help="所沿之物的名称")] = None,
    moves_by: Annotated[str | None, typer.Option(help="约定界线随之移动的协议的文号")] = None,
    accuracy: Annotated[float | None, typer.Option(help="点位精度（米）")] = None,
    agreement: Agreement = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记全线或一段的勘定情况：法律状态、沿何物而行、精度、协议书；一段的两端不在边的端点时，边在该处分开。"""
    with refusals(as_json=as_json):
        given: dict[str, Any] = {
            "instrument": act,
            "from_m": from_m,
            "to_m": to_m,
            "legal_state": state,
            "follows": follows,
        }
        given |= {"follows_name": follows_name, "moves_by": moves_by, "accuracy_m": accuracy}
        sent = checked(SurveyIn, merged(file, given | {"agreement": agreement}))
        _enter(lambda tx, d: commands.enter_survey(tx, line, sent, on=d), on, dry_run, as_json)


def claim_command(
    line: Line,
    file: File = None,
    act: ByAct = None,
    section: Annotated[str | None, typer.Option(help="争议段的名称")] = None,
    claims: Annotated[
        list[str] | None, typer.Option("--claim", help="单位代码=图形文件；双方各写一次，也可先后登记")
    ] = None,
    from_m: From = None,
    to_m: To = None,
    settled: Annotated[bool, typer.Option("--settled", help="争议已解决：终止该段的主张线")] = False,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记双方对一段界线的主张线；双方都已主张的，该段即为争议。"""
    with refusals(as_json=as_json):
        given: dict[str, Any] = {"instrument": act, "section": section, "from_m": from_m, "to_m": to_m}
        given |= {"claims": list(map(_claim, claims)) if claims else None, "settled": settled or None}
        sent = checked(ClaimsIn, merged(file, given))
        _enter(lambda tx, d: commands.enter_claims(tx, line, sent, on=d), on, dry_run, as_json)


def indicator_command(
    line: Line,
    file: File = None,
    act: ByAct = None,
    known: Annotated[str | None, typer.Option("--id", help="已登记的指示物的标识；不写则新登记")] = None,
    kind: Annotated[str | None, typer.Option(help="种类，如 沟渠")] = None,
    name: Annotated[str | None, typer.Option(help="名称")] = None,
    state: Annotated[str | None, typer.Option(help="状况")] = None,
    shape: Shape = None,
    resurvey: Annotated[str | None, typer.Option(help="修测结果的文号")] = None,
    filing: Filing = None,
    end: Annotated[bool, typer.Option("--end", help="终止 --id 所指的指示物")] = False,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记指示物，或登记其变化、终止；变化和终止须有修测结果并备案，界线不随之移动。"""
    with refusals(as_json=as_json):
        if end:
            words = {"instrument": act, "id": known, "resurvey": resurvey, "filing": filing}
            ended = checked(IndicatorEndIn, merged(file, words))
            _enter(lambda tx, d: commands.close_indicator(tx, line, ended, on=d), on, dry_run, as_json)
            return
        given: dict[str, Any] = {"instrument": act, "id": known, "kind": kind, "name": name, "state": state}
        given |= {"resurvey": resurvey, "filing": filing, "geometry": _geometry(shape)}
        sent = checked(IndicatorIn, merged(file, given))
        _enter(lambda tx, d: commands.enter_indicator(tx, line, sent, on=d), on, dry_run, as_json)


def use_command(
    line: Line,
    file: File = None,
    act: ByAct = None,
    kind: Annotated[CrossLineKind | None, typer.Option(help="飞地、插花地、跨界使用")] = None,
    user: Annotated[str | None, typer.Option(help="使用或管辖的一方的代码")] = None,
    host: Annotated[str | None, typer.Option(help="土地所在的一方的代码")] = None,
    place: Annotated[str | None, typer.Option(help="地点")] = None,
    purpose: Annotated[str | None, typer.Option(help="用途")] = None,
    shape: Shape = None,
    consent: Annotated[list[str] | None, typer.Option(help="一方政府同意的文号；双方各写一次")] = None,
    decision: Annotated[str | None, typer.Option(help="协议或决定的文号")] = None,
    filing: Filing = None,
    known: Annotated[str | None, typer.Option("--id", help="修订已登记的事项：其标识；不写则新登记")] = None,
    end: Annotated[str | None, typer.Option(help="不再如此使用：已登记事项的标识")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记飞地、插花地、跨界使用的土地，或其修订、终止；以前的登记保留，缺少的同意、决定、备案列为意见。"""
    with refusals(as_json=as_json):
        given: dict[str, Any] = {"instrument": act, "kind": kind, "user": user, "host": host, "place": place}
        given |= {
            "id": known,
            "purpose": purpose,
            "consents": consent or None,
            "decision": decision,
            "filing": filing,
        }
        if end is not None:
            closing = checked(OfLineIn, {"instrument": act or ""})
            key = commands.read_use_id(end)
            _enter(lambda tx, d: commands.close_use(tx, line, key, closing, on=d), on, dry_run, as_json)
            return
        sent = checked(UseIn, merged(file, given | {"geometry": _geometry(shape)}))
        _enter(lambda tx, d: commands.enter_use(tx, line, sent, on=d), on, dry_run, as_json)


def _claim(text: str) -> dict[str, Any]:
    code, separator, path = text.partition("=")
    if not separator:
        raise InvalidInput(f"“{text}”不是“单位代码=图形文件”", way_out="请写如 320402=主张线.geojson")
    return {"claimant": code, "geometry": as_written(read_shape(Path(path)))}


def _geometry(path: Path | None) -> dict[str, Any] | None:
    return None if path is None else as_written(read_shape(path))


def _enter(enter: Enter, on: str | None, dry_run: bool, as_json: bool) -> None:
    that_day = day(on)
    with writing(Act.survey_lines, dry_run=dry_run) as tx:
        done = enter(tx, that_day)
    if as_json:
        print_json(done.model_dump(mode="json") | {"dry_run": dry_run})
        return
    where = f"，里程 {done.from_m:.1f} 至 {done.to_m:.1f} 米" if done.to_m is not None else ""
    named = f"，标识 {done.id}" if done.id else ""
    undone = "；演练，已撤销" if dry_run else ""
    out.print(f"{done.code} {done.name}：自 {done.on} 起已登记{where}{named}{undone}")
    if done.findings:
        print_findings(list(map(finding_of, done.findings)))
