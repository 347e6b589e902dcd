"""Hidden risks and disputes on boundary lines: opened, led, revised and decided at the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from gis_service.cli import disputes_seen
from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.cli.disputes_seen import AsJson, Number, On, show_cases
from gis_service.cli.office import day, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes import commands
from gis_service.procedures.disputes.models import DisputeCase, DisputeState
from gis_service.procedures.disputes.queries import told
from gis_service.procedures.disputes.schemas import (
    DecisionEffectOut,
    DisputeIn,
    DisputeOut,
    RevisionIn,
    StepIn,
    checked,
)

app = typer.Typer(help="界线隐患和纠纷：登记、化解、报请裁决、裁决，重点地段和风险图。", no_args_is_help=True)
disputes_seen.add_to(app)

DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：办理后撤销")]
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
Done = tuple[DisputeCase, Sequence[Finding], DecisionEffectOut | None]


@app.command("open")
def open_command(
    file: Annotated[Path, typer.Argument(help="登记内容（JSON），各项见帮助文档")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记一处隐患或一起纠纷（R-BND-19：须有地点、当事各方、等级、措施、期限）。

    区间写 from_m、to_m（米），或写 from_marker、to_marker 两个界桩的编号；所涉界桩写 marker。
    """
    with refusals(as_json=as_json):
        sent = checked(DisputeIn, _read(file))
        _do(lambda tx: (*commands.open_case(tx, sent), None), Act.keep_disputes, dry_run, as_json)


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
    with refusals(as_json=as_json):
        step = _step(given, file, on)
        _do(lambda tx: (*commands.mediate(tx, number, step, kind), None), Act.keep_disputes, dry_run, as_json)


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
        step = _step({"words": words, "result": result, "instrument": act}, file, on)
        _move(number, TARGETS[to], step, dry_run, as_json)


@app.command("withdraw")
def withdraw_command(
    number: Number, words: Why, on: On = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """撤回误登记的一案，写明理由；案卷保留。"""
    with refusals(as_json=as_json):
        _move(number, DisputeState.withdrawn, _step({"words": words}, None, on), dry_run, as_json)


@app.command("revise")
def revise_command(
    number: Number,
    file: File = None,
    words: Annotated[str, typer.Option("--words", help="理由；延长期限、降低等级必须写明")] = "",
    level: Annotated[str | None, typer.Option(help="等级：重大、较大、一般")] = None,
    measures: Annotated[str | None, typer.Option(help="措施")] = None,
    due: Annotated[str | None, typer.Option(help="期限，如 2026-12-01")] = None,
    responsible: Annotated[str | None, typer.Option(help="责任单位的代码")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """调整等级、措施、期限、责任单位：记为一步，前后对照，原来的内容保留。"""
    given = {"words": words, "level": level, "measures": measures, "due_on": due, "responsible": responsible}
    with refusals(as_json=as_json):
        sent = checked(RevisionIn, _merged(file, given) | {"taken_on": day(on)})
        _do(lambda tx: (*commands.revise(tx, number, sent), None), Act.keep_disputes, dry_run, as_json)


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
    """登记批准机关依据协议书的裁决；可同时终止主张线、登记法律状态，登记簿的改变随答复列出。"""
    given = {"words": words, "result": result, "instrument": act, "section": section, "legal_state": state}
    with refusals(as_json=as_json):
        step = _step(given, file, on)
        _do(lambda tx: commands.decide(tx, number, step), Act.decide_disputes, dry_run, as_json)


def _move(number: str, target: DisputeState, step: StepIn, dry_run: bool, as_json: bool) -> None:
    _do(lambda tx: (*commands.move(tx, number, target, step), None), Act.keep_disputes, dry_run, as_json)


def _do(command: Callable[[Transaction], Done], act: Act, dry_run: bool, as_json: bool) -> None:
    with writing(act, dry_run=dry_run) as tx:
        case, findings, effect = command(tx)
        [answer] = told(tx.session, [case], on=tx.today, findings=findings, effect=effect)
    if as_json:
        print_json([answer.model_dump(mode="json") | {"dry_run": dry_run}])
        return
    show_cases([answer])
    _show_step(answer)
    if effect is not None:
        _show_effect(effect)
    if findings:
        print_findings(findings)
    if dry_run:
        out.print("以上为演练，未作任何改动")


def _show_step(case: DisputeOut) -> None:
    step = case.steps[-1]
    out.print(f"{step.taken_on} {step.kind}：{step.words}")
    for change in step.changes:
        out.print(f"{change.field}：{change.before} → {change.after}", markup=False)


def _show_effect(effect: DecisionEffectOut) -> None:
    rows = [(each.section, each.claimant, each.length_km) for each in effect.claims_ended]
    if rows:
        print_table("终止的主张线", ("争议段", "主张方", "长度 km"), rows)
    if effect.after is not None:
        before = "、".join(f"{each.legal_state} {each.length_km:.3f} km" for each in effect.before)
        out.print(
            f"里程 {effect.from_m} 至 {effect.to_m} 米（{effect.edges} 条边）：{before} → {effect.after}"
        )


def _step(given: dict[str, Any], file: Path | None, on: str | None) -> StepIn:
    return checked(StepIn, _merged(file, given) | {"taken_on": day(on)})


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
        raise InvalidInput(
            f"{file.name} 不是 JSON（第 {error.lineno} 行第 {error.colno} 列）", way_out="请核对文件内容"
        ) from error
