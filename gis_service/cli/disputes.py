"""Hidden risks and disputes on boundary lines: what is open, what is due, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import write_whole
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes import commands
from gis_service.procedures.disputes.models import DisputeCase, DisputeState
from gis_service.procedures.disputes.queries import as_features, case_numbered, cases, counted, told
from gis_service.procedures.disputes.schemas import CaseIn, CaseOut, StepIn, checked
from gis_service.registers.boundaries.queries import line_named, read_line_reference
from gis_service.registers.divisions.queries import division_by_code, subtree

app = typer.Typer(help="界线隐患和纠纷：登记、化解、报请裁决、裁决。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：办理后撤销")]
On = Annotated[str | None, typer.Option("--on", help="日期；不写则为今天")]
Unit = Annotated[str | None, typer.Option(help="只算此单位及其以下的（代码）")]
Number = Annotated[str, typer.Argument(help="案号，如 YH-2026-00001")]
Why = Annotated[str, typer.Option("--words", help="事由或经过")]
ByAct = Annotated[str | None, typer.Option("--act", help="所据文件的文号")]
File = Annotated[
    Path | None, typer.Argument(help="登记内容（JSON），可含尚未登记的文件 acts；选项所写的优先")
]
Result = Annotated[str, typer.Option("--result", help="结果")]

TARGETS = {
    "化解": DisputeState.resolved,
    "报请裁决": DisputeState.referred,
    "复发": DisputeState.recurred,
}


@app.command("list")
def list_command(
    line: Annotated[str | None, typer.Option(help="只列此界线的（代码或标识）")] = None,
    only_open: Annotated[bool, typer.Option("--open", help="只列未办结的")] = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """列出您可以查看的隐患和纠纷。"""
    with refusals(as_json=as_json), reading(Act.read_disputes) as session:
        that_day = day(on)
        line_id = line_named(session, read_line_reference(line), on=that_day).id if line else None
        _tell(told(session, cases(session, line=line_id, only_open=only_open), on=that_day), as_json)


@app.command("due")
def due_command(on: On = None, as_json: AsJson = False) -> None:
    """到此日为止到期而未办结的，最早到期的在前。"""
    with refusals(as_json=as_json), reading(Act.read_disputes) as session:
        _tell(told(session, cases(session, due_by=day(on)), on=day(on)), as_json)


@app.command("show")
def show_command(number: Number, as_json: AsJson = False) -> None:
    """一案的全部情况和经过。"""
    with refusals(as_json=as_json), reading(Act.read_disputes) as session:
        [case] = told(session, [case_numbered(session, number)], on=day(None))
        _tell([case], as_json)
        if not as_json:
            parties = "、".join(party["name"] for party in case.parties)
            facts = [
                ("当事各方", parties),
                ("起因", case.cause),
                ("措施", case.measures),
                ("结果", case.result),
            ]
            print_table("", ("项", "内容"), facts)
            rows = [(s.taken_on, s.kind, s.state, s.words, s.instrument, s.actor) for s in case.steps]
            print_table("经过", ("日期", "事项", "状态", "经过", "文件", "登记人"), rows)


@app.command("report")
def report_command(
    year: Annotated[int, typer.Option(help="年份", min=1949, max=9999)],
    unit: Unit = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """一年中发现的隐患和纠纷：按等级、种类、状态、起因、界线计数，以及此日已逾期的；撤回的不计。"""
    with refusals(as_json=as_json), reading(Act.read_disputes) as session:
        counts = counted(_of_unit(session, unit, day(on)), year)
    if as_json:
        print_json(counts)
        return
    out.print(f"{year} 年发现 {counts['cases']} 起，已逾期 {counts['overdue']} 起")
    for name, title in (("level", "等级"), ("kind", "种类"), ("state", "状态"), ("cause", "起因")):
        print_table("", (title, "起数"), counts[name].items())
    rows = [(each["code"], each["name"], each["cases"]) for each in counts["line"]]
    print_table("", ("代码", "界线", "起数"), rows)


@app.command("map")
def map_command(
    to: Annotated[Path, typer.Option("--out", help="写入的 GeoJSON 文件")], unit: Unit = None, on: On = None
) -> None:
    """把隐患和纠纷写成 GeoJSON：有区间的为界线上的一段，否则为点。"""
    with refusals(), reading(Act.read_disputes) as session:
        told_cases = _of_unit(session, unit, day(on))
        features = as_features(session, told_cases, on=day(on))
        try:
            write_whole(to, orjson.dumps(features))
        except OSError as error:
            raise InvalidInput(f"不能写入 {to}", way_out="请核对路径和权限") from error
    out.print(f"已写入 {to}：{len(told_cases)} 起")


def _of_unit(session: Session, unit: str | None, on: date) -> list[CaseOut]:
    if unit is None:
        return told(session, cases(session), on=on)
    root = division_by_code(session, unit, on=on).division_id
    within = session.scalars(select(subtree(root, on=on).c.division_id))
    return told(session, cases(session, sides=within), on=on)


@app.command("open")
def open_command(
    file: Annotated[Path, typer.Argument(help="登记内容（JSON），各项见帮助文档")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记一处隐患或一起纠纷（R-BND-19：须有地点、当事各方、等级、措施、期限）。"""
    with refusals(as_json=as_json):
        sent = checked(CaseIn, _read(file))
        with writing(Act.keep_disputes, dry_run=dry_run) as tx:
            case, findings = commands.open_case(tx, sent)
            answer = told(tx.session, [case], on=tx.today, findings=findings)
        _tell(answer, as_json, dry_run)


@app.command("mediate")
def mediate_command(
    number: Number,
    words: Why,
    file: File = None,
    kind: Annotated[str, typer.Option(help="会议、踏勘、协商等")] = "会议",
    attendants: Annotated[list[str] | None, typer.Option("--with", help="参加者，可写多次")] = None,
    agreed: Annotated[bool | None, typer.Option("--agreed/--not-agreed", help="是否达成一致")] = None,
    minutes: Annotated[str | None, typer.Option(help="会议纪要的内容摘要（SHA-256）")] = None,
    act: ByAct = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记一步化解：会议、踏勘、协商；第一步即转入化解。"""
    given = {"words": words, "attendants": attendants or [], "agreed": agreed}
    given |= {"minutes_sha256": minutes, "instrument": act}
    _lead(lambda tx, step: commands.mediate(tx, number, step, kind), given, file, on, dry_run, as_json)


@app.command("move")
def move_command(
    number: Number,
    to: Annotated[str, typer.Argument(help="化解、报请裁决、复发")],
    words: Why,
    file: File = None,
    result: Result = "",
    act: ByAct = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """一案转为：化解（须有结果）、报请裁决、复发。"""
    with refusals(as_json=as_json):
        if to not in TARGETS:
            raise InvalidInput(f"没有“{to[:20]}”这一步", way_out=f"可写：{'、'.join(TARGETS)}")
    given = {"words": words, "result": result, "instrument": act}
    _lead(lambda tx, step: commands.move(tx, number, TARGETS[to], step), given, file, on, dry_run, as_json)


@app.command("decide")
def decide_command(
    number: Number,
    words: Why,
    act: Annotated[str, typer.Option("--act", help="裁决决定的文号")],
    file: File = None,
    result: Result = "",
    section: Annotated[str | None, typer.Option(help="裁决所终止的主张线的争议段名称")] = None,
    state: Annotated[str | None, typer.Option(help="裁决后该段的法律状态，如 已定界")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记批准机关依据协议书的裁决；可同时终止主张线、登记法律状态。"""
    given = {"words": words, "result": result, "instrument": act, "section": section, "legal_state": state}
    _lead(lambda tx, step: commands.decide(tx, number, step)[0], given, file, on, dry_run, as_json)


@app.command("withdraw")
def withdraw_command(
    number: Number, words: Why, on: On = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """撤回误登记的一案，写明理由；案卷保留。"""
    target = DisputeState.withdrawn
    _lead(
        lambda tx, step: commands.move(tx, number, target, step), {"words": words}, None, on, dry_run, as_json
    )


def _lead(
    act: Callable[[Transaction, StepIn], DisputeCase],
    given: dict[str, Any],
    file: Path | None,
    on: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    with refusals(as_json=as_json):
        step = checked(StepIn, _merged(file, given) | {"taken_on": day(on)})
        with writing(Act.keep_disputes, dry_run=dry_run) as tx:
            answer = told(tx.session, [act(tx, step)], on=tx.today)
        _tell(answer, as_json, dry_run)


def _merged(file: Path | None, given: dict[str, Any]) -> dict[str, Any]:
    written = _read(file) if file else {}
    if not isinstance(written, dict):
        raise InvalidInput("登记内容应为一个 JSON 对象", way_out="请核对文件内容")
    return written | {name: value for name, value in given.items() if value not in (None, "", [])}


def _read(file: Path) -> Any:
    try:
        return orjson.loads(file.read_bytes())
    except OSError as error:
        raise InvalidInput(f"读不到文件 {file.name}", way_out="请核对路径") from error
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"{file.name} 不是 JSON", way_out="请核对文件内容") from error


def _tell(answer: list[CaseOut], as_json: bool, dry_run: bool = False) -> None:
    if as_json:
        print_json([case.model_dump(mode="json") | {"dry_run": dry_run} for case in answer])
        return
    if not answer:
        out.print("没有隐患和纠纷")
        return
    rows = [
        (c.number, c.kind, c.level, c.line_name, c.place, c.state, c.due_on, "逾期" if c.overdue else "")
        for c in answer
    ]
    print_table("隐患和纠纷", ("案号", "种类", "等级", "界线", "地点", "状态", "期限", ""), rows)
    for finding in (finding for case in answer for finding in case.findings):
        out.print(f"{finding['rule']}：{finding['message']}")
    if dry_run:
        out.print("演练，已撤销")
