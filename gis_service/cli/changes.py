"""Cases of division changes: draft, check, submit, approve, enact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy.orm import Session

from gis_service.cli.console import Exit, out, print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading, writing
from gis_service.cli.progress import step
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import in_order_of_weight
from gis_service.foundation.settings import read_settings
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.kinds import KINDS
from gis_service.procedures.changes.models import STATE_WORDS, CaseState, ChangeCase
from gis_service.procedures.changes.queries import (
    case_by_number,
    cases_page,
    follow_ups_of,
    materials_of,
)
from gis_service.procedures.changes.rules import required_materials
from gis_service.procedures.changes.schemas import ProposalIn, read_proposal
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn

app = typer.Typer(help="行政区划变更案卷：起草、核查、报请、批准、实施。", no_args_is_help=True)

Target = Annotated[str, typer.Argument(help="变更文件（TOML 或 JSON）或案号")]
Number = Annotated[str, typer.Argument(help="案号，如 BG-2026-00001")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Reason = Annotated[str, typer.Option("--reason", help="理由，记入登记日志")]

TEMPLATE = """# 行政区划变更方案。改写后：gis-service changes check 本文件

title = "某市部分行政区划调整"
effective_on = 2020-06-05          # 自该日起按新区划

# 已有批复的写 [instrument]，案卷即为登记已公布的批复；没有批复的删去本节，先报请。
[instrument]
number = "国函〔2020〕79号"
issuer = "国务院"
issued_on = 2020-06-05
title = "国务院关于同意……的批复"

# 变更种类：
{kinds}
[[operations]]
kind = "merge"
from = ["320602", "320611"]        # 代码一律写成文本
into = {{ code = "320613", name = "崇川区", type = "市辖区", superior = "320600", seat = "某街道" }}

[[operations]]
kind = "conversion"
from = ["320684"]
into = {{ code = "320614", name = "海门区", type = "市辖区", superior = "320600", seat = "某街道" }}

# 申请材料（区划条例第十三条），文件路径相对于本文件：
# [[materials]]
# kind = "risk_report"             # {materials}
# file = "风险评估报告.pdf"

# 对个别意见申明理由（记入登记日志）：
# [[overrides]]
# rule = "R-CHG-08"
# reason = "驻地另文批准"
"""


@app.command("template")
def template_command() -> None:
    """打印一份变更文件的样子。"""
    kinds = "".join(f"#   {kind.id} = {kind.title}：{kind.explanation}\n" for kind in KINDS)
    typer.echo(TEMPLATE.format(kinds=kinds, materials="、".join(required_materials())))


@app.command("new")
def new_command(
    file: Annotated[Path, typer.Argument(help="变更文件（TOML 或 JSON）")], as_json: AsJson = False
) -> None:
    """立案（起草），并收入所附材料。"""
    with refusals(as_json=as_json):
        with writing(Act.draft_change) as tx:
            case = commands.draft(tx, proposal := read_proposal(file))
            _keep_materials(tx, case, proposal, file)
            told = _told(tx.session, case)
        _answer(told, as_json=as_json)


def _keep_materials(tx: Transaction, case: ChangeCase, proposal: ProposalIn, file: Path) -> None:
    for material in proposal.materials:
        path = file.parent / material.file
        _keep_material(tx, case.number, material.kind, path)


def _keep_material(tx: Transaction, number: str, kind: str, path: Path) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"无法读取材料 {path}：{error.strerror}", way_out="请核对路径") from error
    store = FileStore(read_settings().files_dir)
    commands.add_material(tx, number, kind=kind, name=path.name, content=content, store=store)


@app.command("add-material")
def add_material_command(
    number: Number,
    kind: Annotated[str, typer.Argument(help="材料种类，见 changes template")],
    path: Annotated[Path, typer.Argument(help="文件")],
    as_json: AsJson = False,
) -> None:
    """向案卷补充材料。"""
    _move(number, lambda tx: _keep_material(tx, number, kind, path), as_json=as_json)


def _move(number: str, command: Callable[[Transaction], object], *, as_json: bool) -> None:
    """Run a command on a case and, once it is committed, tell how the case stands."""
    with refusals(as_json=as_json):
        with writing(Act.read_cases) as tx:  # the command itself asks for its act
            command(tx)
            told = _told(tx.session, case_by_number(tx.session, number))
        _answer(told, as_json=as_json)


@app.command("check")
def check_command(target: Target, as_json: AsJson = False) -> None:
    """演练：做完实施的全部步骤后撤销，报告意见与结果；有阻断意见时退出码为 1。"""
    with refusals(as_json=as_json):
        with step(f"核查 {target}"), writing(Act.rehearse_change, dry_run=True) as tx:
            checked = _check(tx, target)
        findings = in_order_of_weight(checked.findings)
        blocking = checked.outcome is None
        if as_json:
            findings_json = [finding.as_json() for finding in findings]
            print_json({"blocking": blocking, "findings": findings_json, "outcome": checked.outcome})
        else:
            print_findings(findings)
            if checked.outcome is not None:
                tell_outcome(checked.outcome)
                out.print("以上为演练，登记簿未作任何改动")
    raise typer.Exit(Exit.refused if blocking else 0)


def _check(tx: Transaction, target: str) -> commands.Checked:
    """A file is judged as it stands; of a case, only documents in its file count."""
    if _names_a_case(target):
        return commands.check_case(tx, target)
    return commands.check(tx, read_proposal(Path(target)))


def _names_a_case(target: str) -> bool:
    return target.startswith("BG-") and not Path(target).is_file()


@app.command("enact")
def enact_command(target: Target, as_json: AsJson = False) -> None:
    """实施：已批准的案卷（案号），或登记一份已公布的批复（变更文件）；全部成功或什么也不写。"""
    with refusals(as_json=as_json):
        with step(f"实施 {target}"), writing(Act.enact_change) as tx:
            told = _told(tx.session, _enact(tx, target))
        _answer(told, as_json=as_json)


def _enact(tx: Transaction, target: str) -> ChangeCase:
    if _names_a_case(target):
        return commands.enact(tx, target)
    return commands.enact_published(tx, read_proposal(Path(target)))


@app.command("submit")
def submit_command(number: Number, as_json: AsJson = False) -> None:
    """报请批准；有阻断意见则拒绝。"""
    _move(number, lambda tx: commands.submit(tx, number), as_json=as_json)


@app.command("approve")
def approve_command(
    number: Number,
    act: Annotated[str, typer.Option("--act", help="批准文件文号")],
    issuer: Annotated[str, typer.Option(help="批准机关")],
    on: Annotated[str, typer.Option("--on", help="批准日期")],
    title: Annotated[str, typer.Option(help="批准文件标题")],
    as_json: AsJson = False,
) -> None:
    """登记批准文件，开始计算完成期限（12 个月）。"""
    with refusals(as_json=as_json):
        instrument = InstrumentIn(
            number=act, kind=InstrumentKind.approval, issuer=issuer, issued_on=day(on), title=title
        )
    _move(number, lambda tx: commands.approve(tx, number, instrument), as_json=as_json)


@app.command("reject")
def reject_command(number: Number, reason: Reason, as_json: AsJson = False) -> None:
    """登记未获批准。"""
    _move(number, lambda tx: commands.reject(tx, number, reason=reason), as_json=as_json)


@app.command("withdraw")
def withdraw_command(number: Number, reason: Reason, as_json: AsJson = False) -> None:
    """撤回尚未决定的案卷。"""
    _move(number, lambda tx: commands.withdraw(tx, number, reason=reason), as_json=as_json)


@app.command("extend")
def extend_command(
    number: Number,
    consent: Annotated[str, typer.Option("--consent", help="批准机关同意延期的文件")],
    as_json: AsJson = False,
) -> None:
    """经批准机关同意，完成期限延长 6 个月。"""
    _move(number, lambda tx: commands.extend(tx, number, consent=consent), as_json=as_json)


@app.command("done")
def done_command(
    number: Number,
    duty: Annotated[str, typer.Argument(help="事项，见 changes show")],
    on: Annotated[str | None, typer.Option("--on", help="办结日期；不写则为今天")] = None,
    note: Annotated[str, typer.Option(help="说明")] = "",
    as_json: AsJson = False,
) -> None:
    """登记一项后续事项已办结（completion_report 即报告完成）。"""
    with refusals(as_json=as_json):
        that_day = day(on)
    _move(number, lambda tx: _done(tx, number, duty, that_day, note), as_json=as_json)


def _done(tx: Transaction, number: str, duty: str, on: date, note: str) -> None:
    if duty == "completion_report":
        commands.complete(tx, number, on=on)
    else:
        commands.record_duty_done(tx, number, duty, on=on, note=note)


@app.command("list")
def list_command(
    state: Annotated[CaseState | None, typer.Option(help="只列此状态的案卷")] = None, as_json: AsJson = False
) -> None:
    """全部案卷。"""
    with refusals(as_json=as_json), reading(Act.read_cases) as session:
        cases = cases_page(session, state=state)
        if as_json:
            print_json([_summary(case) for case in cases])
        else:
            heads = ("案号", "标题", "状态", "生效日期", "完成期限")
            rows = [
                (c.number, c.title, STATE_WORDS[CaseState(c.state)], c.effective_on, c.completion_due)
                for c in cases
            ]
            print_table("变更案卷", heads, rows)


@app.command("show")
def show_command(number: Number, as_json: AsJson = False) -> None:
    """一个案卷：状态、结果、材料、后续事项。"""
    with refusals(as_json=as_json), reading(Act.read_cases) as session:
        _answer(_told(session, case_by_number(session, number)), as_json=as_json)


def _summary(case: ChangeCase) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "state": case.state,
        "effective_on": str(case.effective_on),
        "approved_on": _text(case.approved_on),
        "completion_due": _text(case.completion_due),
        "completed_on": _text(case.completed_on),
    }


def _text(value: date | None) -> str | None:
    return str(value) if value else None


def _told(session: Session, case: ChangeCase) -> dict[str, Any]:
    """Everything about a case, as JSON tells it and tables show it."""
    return _summary(case) | {
        "findings": case.findings,
        "outcome": case.outcome,
        "materials": [
            {"kind": material.kind, "name": material.name, "sha256": material.sha256}
            for material in materials_of(session, case)
        ],
        "follow_ups": [
            {
                "duty": follow_up.duty,
                "title": follow_up.title,
                "legal_basis": follow_up.legal_basis,
                "due_on": _text(follow_up.due_on),
                "done_on": _text(follow_up.done_on),
            }
            for follow_up in follow_ups_of(session, case)
        ],
    }


def _answer(told: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    state = STATE_WORDS[CaseState(told["state"])]
    out.print(f"[bold]{told['number']}[/] {escape(told['title'])}：{state}，自 {told['effective_on']} 生效")
    if told["outcome"]:
        tell_outcome(told["outcome"])
    if told["materials"]:
        print_table("材料", ("种类", "文件"), [(m["kind"], m["name"]) for m in told["materials"]])
    if told["follow_ups"]:
        heads = ("事项", "内容", "依据", "期限", "办结")
        print_table("后续事项", heads, [tuple(each.values()) for each in told["follow_ups"]])


def tell_outcome(outcome: Mapping[str, Any]) -> None:
    """What a change does: units, lines, area, in tables."""
    units = [
        (word, unit["code"], unit["name"], unit["type"], unit["area_km2"])
        for key, word in (("units_ended", "撤销"), ("units_begun", "设立"))
        for unit in outcome[key]
    ]
    print_table("单位", ("变动", "代码", "名称", "类型", "面积 km²"), units)
    lines = [
        (word, line["code"], line["name"], line["length_km"])
        for key, word in (("ended", "撤销"), ("stayed", "保留"), ("begun", "新增"))
        for line in outcome["lines"][key]
    ]
    print_table("界线", ("变动", "代码", "名称", "长度 km"), lines)
    area = outcome["area_km2"]
    out.print(f"面积合计：变更前 {area['before']:.6f} km²，变更后 {area['after']:.6f} km²")
