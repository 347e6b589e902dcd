"""Resurveys of lines at the keyboard: from a river that moved to a result that is filed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading_as, writing
from gis_service.cli.settlements import New, checked, new_acts
from gis_service.foundation.access import Act
from gis_service.foundation.findings import Finding
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.resurveys import commands
from gis_service.procedures.resurveys.queries import (
    ResurveysAsked,
    require_in_reach,
    resurvey_numbered,
    resurveys_page,
    told_of,
)
from gis_service.procedures.resurveys.rules import Cause, ResurveyState
from gis_service.procedures.resurveys.schemas import (
    ResurveyedIn,
    ResurveyIn,
    ResurveyOut,
    ResurveyWithdrawnIn,
)
from gis_service.registers.boundaries.queries import read_line_reference
from gis_service.registers.divisions.queries import division_by_code

app = typer.Typer(help="界线修测：河流、道路改移或指示物变化后开立，凭成果和备案办结。", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="编号，如 XC-2021-00001")]
On = Annotated[str | None, typer.Option("--on", help="日期；不写则为今天")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：照做一遍后撤销")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


@app.command("open")
def open_command(
    line: Annotated[str, typer.Argument(help="界线代码或标识")],
    cause: Annotated[
        Cause,
        typer.Option(
            help="缘由：indicator 指示物变化、watercourse 河流改道、road 道路改线、disaster 自然灾害"
        ),
    ],
    act: Annotated[str, typer.Option("--act", help="据以开立的报告或通知的文号")],
    named: Annotated[str, typer.Option("--object", help="所变之物的名称")] = "",
    known: Annotated[str | None, typer.Option("--id", help="在册指示物的标识")] = None,
    from_m: Annotated[float | None, typer.Option("--from", help="起点里程（米）；不写则为全线")] = None,
    to_m: Annotated[float | None, typer.Option("--to", help="终点里程（米）")] = None,
    due: Annotated[str | None, typer.Option(help="应完成的日期")] = None,
    note: Annotated[str, typer.Option(help="说明")] = "",
    acts: New = None,
    on: Annotated[str | None, typer.Option("--on", help="发现的日期；不写则为今天")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """开立一件修测任务；登记的界线不随河流、道路移动。"""
    with refusals(as_json=as_json):
        given: dict[str, Any] = {"line": line, "cause": cause, "object_name": named, "object_id": known}
        given |= {"from_m": from_m, "to_m": to_m, "instrument": act, "acts": new_acts(acts)}
        given |= {"found_on": day(on), "due_on": due, "note": note}
        sent = checked(ResurveyIn, given)
        _move(lambda tx: (commands.open_resurvey(tx, sent).number, []), dry_run, as_json)


@app.command("list")
def list_command(
    line: Annotated[str | None, typer.Option(help="只列此界线的（代码或标识）")] = None,
    unit: Annotated[str | None, typer.Option(help="只列有一侧在此单位及其以下的（代码）")] = None,
    state: Annotated[ResurveyState | None, typer.Option(help="只列此状态的")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """修测任务：界线、缘由、期限、状态。"""
    with refusals(as_json=as_json), reading_as(Act.read_settlements) as (session, actor, _):
        that_day = day(on)
        within = division_by_code(session, unit, on=that_day).division_id if unit else None
        asked = ResurveysAsked(read_line_reference(line) if line else None, within, state)
        reach = actor.reach(Act.read_settlements)
        told = told_of(session, resurveys_page(session, asked, reach=reach, on=that_day), on=that_day)
        note_readings(session, ((each.classification, each.number) for each in told))
        if as_json:
            print_json([each.model_dump(mode="json") for each in told])
            return
        heads = ("编号", "界线", "名称", "缘由", "所变之物", "发现", "期限", "状态")
        print_table(f"修测任务 {len(told)} 件", heads, [_row(each) for each in told])


def _row(told: ResurveyOut) -> tuple[object, ...]:
    late = "（逾期）" if told.overdue else ""
    limit = f"{told.due_on}{late}" if told.due_on else ""
    what = (told.cause_title, told.object_name, told.found_on)
    return (told.number, told.line_code, told.line_name, *what, limit, told.state_name)


@app.command("show")
def show_command(number: Number, on: On = None, as_json: AsJson = False) -> None:
    """一件修测任务：缘由、依据、期限、成果和备案。"""
    with refusals(as_json=as_json), reading_as(Act.read_settlements) as (session, actor, _):
        that_day = day(on)
        found = resurvey_numbered(session, number)
        require_in_reach(session, found, actor.reach(Act.read_settlements), on=that_day)
        [told] = told_of(session, [found], on=that_day)
        note_reading(session, told.classification, number)
        if as_json:
            print_json(told.model_dump(mode="json"))
        else:
            _tell(told)


@app.command("done")
def done_command(
    number: Number,
    act: Annotated[str, typer.Option("--act", help="修测成果的文号")],
    outcome: Annotated[str, typer.Option(help="结论")],
    filing: Annotated[str | None, typer.Option(help="备案文件的文号")] = None,
    acts: New = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """办结修测：登记成果、结论和备案。"""
    with refusals(as_json=as_json):
        given = {"instrument": act, "filing": filing, "acts": new_acts(acts), "on": on, "outcome": outcome}
        sent = checked(ResurveyedIn, given)
        _move(lambda tx: (number, commands.finish_resurvey(tx, number, sent)), dry_run, as_json)


@app.command("withdraw")
def withdraw_command(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="理由")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """撤回修测任务，并写明理由。"""
    with refusals(as_json=as_json):
        sent = checked(ResurveyWithdrawnIn, {"reason": reason})
        _move(lambda tx: (number, commands.withdraw_resurvey(tx, number, sent)), dry_run, as_json)


def _move(command: Callable[[Transaction], tuple[str, list[Finding]]], dry_run: bool, as_json: bool) -> None:
    with writing(Act.settle_lines, dry_run=dry_run) as tx:
        number, findings = command(tx)
        [told] = told_of(tx.session, [resurvey_numbered(tx.session, number)], on=tx.today)
    if as_json:
        moved = {"resurvey": told.model_dump(mode="json"), "dry_run": dry_run}
        print_json(moved | {"findings": [finding.as_json() for finding in findings]})
        return
    _tell(told)
    if findings:
        print_findings(findings)
    if dry_run:
        out.print("以上为演练，未作任何改动")


def _tell(told: ResurveyOut) -> None:
    where = "全线" if told.from_m is None else f"里程 {told.from_m:.1f} 至 {told.to_m:.1f} 米"
    out.print(
        f"{told.number} {told.line_name}（{told.line_code}）{where}：{told.cause_title}，{told.state_name}"
    )
    rows = [
        ("所变之物", told.object_name),
        ("依据", told.legal_basis),
        ("据以开立", told.instrument),
        ("发现", told.found_on),
        ("期限", f"{told.due_on or '法律没有规定日数'}{'（逾期）' if told.overdue else ''}"),
        ("说明", told.note),
        ("办结", told.ended_on),
        ("结论", told.outcome),
        ("成果", told.done_by),
        ("备案", told.filed_by),
    ]
    print_table("", ("项", "值"), [row for row in rows if row[1]])
