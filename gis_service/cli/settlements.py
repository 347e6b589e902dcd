"""Settlements of lines at the keyboard: what a change of divisions left to do of each line, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import orjson
import typer
from pydantic import BaseModel, ValidationError

from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading_as, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.settlements import commands
from gis_service.procedures.settlements.queries import (
    Asked,
    require_in_reach,
    settlement_numbered,
    settlement_told,
    settlements_page,
    standing_of,
    summary_told,
)
from gis_service.procedures.settlements.rules import SettlementState
from gis_service.procedures.settlements.schemas import (
    DoneIn,
    ExtendedIn,
    FiledIn,
    SettledIn,
    SettlementOut,
    SettlementSummaryOut,
    WhyIn,
)
from gis_service.registers.boundaries.queries import read_line_reference
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.divisions.rules import DivisionLevel

app = typer.Typer(help="变更后的勘界：区划变更后各条界线待办的事项，直至定界、备案。", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="编号，如 KJ-2020-00001")]
TaskName = Annotated[str, typer.Argument(help="事项，见 settlements show")]
Reason = Annotated[str, typer.Option("--reason", help="理由，留存于办理记录")]
On = Annotated[str | None, typer.Option("--on", help="日期；不写则为今天")]
Acts = Annotated[list[str] | None, typer.Option("--act", help="所依据文件的文号，可写多次")]
New = Annotated[
    Path | None,
    typer.Option("--acts", help="尚未登记的文件（JSON 数组：number、kind、title、issuer、issued_on）"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：照做一遍后撤销")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Sent = TypeVar("Sent", bound=BaseModel)


@app.command("list")
def list_command(
    line: Annotated[str | None, typer.Option(help="只列此界线的（代码或标识）")] = None,
    unit: Annotated[str | None, typer.Option(help="只列有一侧在此单位及其以下的（代码）")] = None,
    state: Annotated[SettlementState | None, typer.Option(help="只列此状态的")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列已逾期的")] = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """各条界线的勘界事项：变更的结果、期限、状态、尚待办理的事项。"""
    with refusals(as_json=as_json), reading_as(Act.read_settlements) as (session, actor, _):
        that_day = day(on)
        within = division_by_code(session, unit, on=that_day).division_id if unit else None
        meant = read_line_reference(line) if line else None
        asked = Asked(meant, within, state, that_day if overdue else None)
        found = settlements_page(session, asked, reach=actor.reach(Act.read_settlements), on=that_day)
        told = [summary_told(each, on=that_day) for each in standing_of(session, found)]
        note_readings(session, ((each.classification, each.number) for each in told))
        if as_json:
            print_json([each.model_dump(mode="json") for each in told])
            return
        print_table(
            f"变更后的勘界事项 {len(told)} 件",
            ("编号", "界线", "名称", "级别", "结果", "生效", "期限", "状态", "待办"),
            [
                (
                    each.number,
                    each.line.code,
                    each.line.name,
                    DivisionLevel(each.level).word,
                    each.follows,
                    each.effective_on,
                    f"{each.due_on}{_late(each)}",
                    each.state_name,
                    "、".join(each.pending),
                )
                for each in told
            ],
        )


@app.command("show")
def show_command(number: Number, on: On = None, as_json: AsJson = False) -> None:
    """一条界线的各事项：依据、状态、文件、办理记录。"""
    with refusals(as_json=as_json), reading_as(Act.read_settlements) as (session, actor, _):
        that_day = day(on)
        found = settlement_numbered(session, number)
        require_in_reach(session, found, actor.reach(Act.read_settlements), on=that_day)
        [standing] = standing_of(session, [found])
        note_reading(session, standing.classification, number)
        _tell(settlement_told(standing, on=that_day), as_json=as_json)


@app.command("done")
def done_command(
    number: Number,
    task: TaskName,
    act: Acts = None,
    acts: New = None,
    note: Annotated[str, typer.Option(help="说明")] = "",
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记一项已办结；再次登记即更正，以前的记录保留。"""
    with refusals(as_json=as_json):
        given = {"on": on, "instruments": act or [], "acts": new_acts(acts), "note": note}
        sent = checked(DoneIn, given)
        _move(number, lambda tx: commands.finish_task(tx, number, task, sent), dry_run, as_json)


@app.command("waive")
def waive_command(
    number: Number, task: TaskName, reason: Reason, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """登记一项不需要办理，并写明理由。"""
    with refusals(as_json=as_json):
        sent = checked(WhyIn, {"reason": reason})
        _move(number, lambda tx: commands.waive_task(tx, number, task, sent), dry_run, as_json)


@app.command("reopen")
def reopen_command(
    number: Number, task: TaskName, reason: Reason, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """恢复一项为待办；已定界而尚未备案的，随之恢复为待定。"""
    with refusals(as_json=as_json):
        sent = checked(WhyIn, {"reason": reason})
        _move(number, lambda tx: commands.reopen_task(tx, number, task, sent), dry_run, as_json)


@app.command("extend")
def extend_command(
    number: Number,
    act: Annotated[str, typer.Option("--act", help="批准机关同意延期的文件的文号")],
    reason: Reason,
    acts: New = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """经批准机关同意，期限延长六个月；只能延长一次。"""
    with refusals(as_json=as_json):
        sent = checked(ExtendedIn, {"instrument": act, "acts": new_acts(acts), "reason": reason})
        _move(number, lambda tx: commands.extend_settlement(tx, number, sent), dry_run, as_json)


@app.command("settle")
def settle_command(number: Number, on: On = None, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """登记界线已定界：各事项都已办结，登记簿与之相符；否则逐条列出所缺和补办的命令。"""
    with refusals(as_json=as_json):
        sent = checked(SettledIn, {"on": on})
        _move(number, lambda tx: commands.settle(tx, number, sent), dry_run, as_json)


@app.command("file")
def file_command(
    number: Number,
    act: Annotated[str, typer.Option("--act", help="备案文件的文号")],
    acts: New = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记协议书已报批准机关备案（界线条例第九条）。"""
    with refusals(as_json=as_json):
        sent = checked(FiledIn, {"on": on, "instrument": act, "acts": new_acts(acts)})
        _move(number, lambda tx: commands.file_settlement(tx, number, sent), dry_run, as_json)


def checked(model: type[Sent], given: dict[str, object]) -> Sent:
    """What was written as options, in the shape that is wanted.

    Raises:
        InvalidInput: names each field that is wrong.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        told = "；".join(f"{'.'.join(map(str, each['loc']))}：{each['msg']}" for each in wrong)
        raise InvalidInput(f"所写有误：{told}", way_out="请按各项说明改正") from error


def new_acts(path: Path | None) -> object:
    """Acts that are not registered yet, from a file of JSON; none where there is no file.

    Raises:
        InvalidInput: it cannot be read, or is no JSON.
    """
    if path is None:
        return []
    try:
        return orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise InvalidInput(f"{path} 不能读取，或不是 JSON", way_out="请核对路径和内容") from error


def _move(number: str, command: Callable[[Transaction], list[Finding]], dry_run: bool, as_json: bool) -> None:
    with writing(Act.settle_lines, dry_run=dry_run) as tx:
        findings = command(tx)
        [standing] = standing_of(tx.session, [settlement_numbered(tx.session, number)])
        told = settlement_told(standing, on=tx.today)
    if as_json:
        moved = {"settlement": told.model_dump(mode="json"), "dry_run": dry_run}
        print_json(moved | {"findings": [finding.as_json() for finding in findings]})
        return
    _tell(told, as_json=False)
    if findings:
        print_findings(findings)
    if dry_run:
        out.print("以上为演练，未作任何改动")


def _tell(told: SettlementOut, *, as_json: bool) -> None:
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    out.print(f"{told.number} {told.line.name}（{told.line.code}）：{told.follows}，{told.state_name}")
    out.print(f"依据 {told.instrument}，{told.effective_on} 生效，期限 {told.due_on}{_late(told)}")
    if told.extended_by:
        out.print(f"已延期：{told.extended_by}，{told.extension_reason}")
    lengths = f"新定 {told.new_km:.3f}，承接 {told.inherited_km:.3f}，划出 {told.left_km:.3f}"
    out.print(f"长度（千米）：{lengths}")
    if told.from_lines:
        out.print(f"承接自：{'、'.join(f'{line.name}（{line.code}）' for line in told.from_lines)}")
    heads = ("事项", "名称", "状态", "日期", "文件", "说明", "依据")
    rows = [
        (
            each.task,
            each.title,
            each.state,
            each.done_on,
            "、".join(each.instruments),
            each.note,
            each.legal_basis,
        )
        for each in told.tasks
    ]
    print_table("", heads, rows)
    if told.filed_by:
        out.print(f"{told.filed_on} 备案：{told.filed_by}")


def _late(told: SettlementSummaryOut) -> str:
    """What is to be known of a limit; one that had passed when the change was registered was never missed."""
    if told.historic:
        return "（历史变更）"
    return "（已逾期）" if told.overdue else ""
