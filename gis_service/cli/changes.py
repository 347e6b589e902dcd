"""Cases of division changes: draft, check, submit, approve, enact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gis_service.cli.agenda import show_calendar
from gis_service.cli.cases import answer, summary_of, tell_outcome, told_of
from gis_service.cli.conduct import add_to as add_conduct
from gis_service.cli.console import Exit, out, print_findings, print_json, print_table, refusals
from gis_service.cli.drawings import read_change
from gis_service.cli.evaluation import app as evaluation
from gis_service.cli.office import day, reading, writing
from gis_service.cli.progress import step
from gis_service.cli.standards import app as standards
from gis_service.foundation.access import Act, Classification
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
)
from gis_service.procedures.changes.rules import required_materials, special_areas
from gis_service.procedures.changes.rules.outcome import Kind
from gis_service.procedures.changes.schemas import (
    SHORTEST_REASON,
    OverrideIn,
    ProposalIn,
    read_announcement,
)
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn

app = typer.Typer(help="行政区划变更案卷：起草、核查、报请、批准、实施。", no_args_is_help=True)
app.add_typer(standards, name="standards")
app.add_typer(evaluation, name="evaluation")
app.command("calendar")(show_calendar)
add_conduct(app)

Target = Annotated[str, typer.Argument(help="变更文件（TOML 或 JSON）或案号")]
Number = Annotated[str, typer.Argument(help="案号，如 BG-2026-00001")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Reason = Annotated[str, typer.Option("--reason", help="理由，记入登记日志")]

TEMPLATE = """# 行政区划变更方案。改写后：gis-service changes check 本文件

title = "某市部分行政区划调整"
effective_on = 2020-06-05          # 自该日起按新区划

# 案卷的密级（公开、内部、涉密；不写则为内部），所涉的特殊地区（第七条第四项）：
# classification = "内部"
# special_areas = ["coastline"]    # {areas}

# 已有批复的写 [instrument]，案卷即为登记已公布的批复；没有批复的删去本节，先报请。
[instrument]
number = "国函〔2020〕79号"
issuer = "国务院"
issued_on = 2020-06-05
title = "国务院关于同意……的批复"

# 县级界线变更的认定（R-CHG-03），及其理由：
# scale = "partial"                # major 重大，partial 部分
# scale_reason = "只涉及一个镇"
# filing = "苏政备〔2020〕1号"     # 登记省级人民政府依第八条所作的批复时，报国务院备案的文号

# 变更种类：
{kinds}
{examples}
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
    areas = "、".join(f"{area} {title}" for area, title in special_areas().items())
    examples = "\n".join(_example(kind, shown=kind in KINDS[:2]) for kind in KINDS)
    materials = "、".join(required_materials())
    typer.echo(TEMPLATE.format(kinds=kinds, examples=examples, materials=materials, areas=areas))


def _example(kind: Kind, *, shown: bool) -> str:
    """An operation of a kind as people write it; all but the first few as comments."""
    lines = ["[[operations]]", f'kind = "{kind.id}"', *kind.example.splitlines()]
    title = f"# {kind.title}"
    return "\n".join([title, *(line if shown else f"# {line}" for line in lines), ""])


@app.command("new")
def new_command(
    file: Annotated[Path, typer.Argument(help="变更文件（TOML 或 JSON）")], as_json: AsJson = False
) -> None:
    """立案（起草），并收入所附材料。"""
    with refusals(as_json=as_json):
        with writing(Act.draft_change) as tx:
            case = commands.draft(tx, proposal := read_change(file))
            _keep_materials(tx, case, proposal, file)
            told = told_of(tx.session, case)
        answer(told, as_json=as_json)


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
            told = told_of(tx.session, case_by_number(tx.session, number))
        answer(told, as_json=as_json)


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
    return commands.check(tx, read_change(Path(target)))


def _names_a_case(target: str) -> bool:
    return target.startswith("BG-") and not Path(target).is_file()


@app.command("enact")
def enact_command(
    target: Target,
    announcement: Annotated[
        Path | None, typer.Option(help="公告（TOML：number、issuer、issued_on、title）；批准文件定密的须写")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """实施：已批准的案卷（案号），或登记一份已公布的批复（变更文件，仅限本机操作）；全部成功或什么也不写。"""
    with refusals(as_json=as_json):
        announced = read_announcement(announcement) if announcement else None
        with step(f"实施 {target}"), writing(Act.enact_change) as tx:
            told = told_of(tx.session, _enact(tx, target, announced))
        answer(told, as_json=as_json)


def _enact(tx: Transaction, target: str, announced: InstrumentIn | None) -> ChangeCase:
    if _names_a_case(target):
        return commands.enact(tx, target, announcement=announced)
    if announced is not None:
        raise InvalidInput("登记已公布的批复不另写公告", way_out="公告只在实施案卷（案号）时写")
    return commands.enact_published(tx, read_change(Path(target)))


@app.command("submit")
def submit_command(number: Number, as_json: AsJson = False) -> None:
    """报请批准；有阻断意见则拒绝。"""
    _move(number, lambda tx: commands.submit(tx, number), as_json=as_json)


@app.command("endorse")
def endorse_command(number: Number, as_json: AsJson = False) -> None:
    """会签：为本辖区的一方或各方同意尚未报请的案卷。"""
    _move(number, lambda tx: commands.endorse(tx, number), as_json=as_json)


@app.command("approve")
def approve_command(
    number: Number,
    act: Annotated[str, typer.Option("--act", help="批准文件文号")],
    issuer: Annotated[str, typer.Option(help="批准机关")],
    on: Annotated[str, typer.Option("--on", help="批准日期")],
    title: Annotated[str, typer.Option(help="批准文件标题")],
    classification: Annotated[Classification, typer.Option(help="批准文件的密级")] = Classification.public,
    filing: Annotated[
        str | None, typer.Option(help="报国务院备案的文号（依第八条由省级人民政府批准的）")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="批准机关另有写法的理由（R-CHG-01）")] = None,
    as_json: AsJson = False,
) -> None:
    """登记批准文件，开始计算完成期限（12 个月）；须由法定的批准机关制发。"""
    with refusals(as_json=as_json):
        instrument = InstrumentIn(
            number=act,
            kind=InstrumentKind.approval,
            issuer=issuer,
            issued_on=day(on),
            title=title,
            classification=classification,
        )
        overrides = _reasons(reason)
    _move(
        number,
        lambda tx: commands.approve(tx, number, instrument, filing=filing, overrides=overrides),
        as_json=as_json,
    )


def _reasons(reason: str | None) -> list[OverrideIn]:
    if reason is None:
        return []
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput("理由过短", way_out=f"请写明理由，至少 {SHORTEST_REASON} 个字")
    return [OverrideIn(rule="R-CHG-01", reason=reason)]


@app.command("reject")
def reject_command(number: Number, reason: Reason, as_json: AsJson = False) -> None:
    """登记未获批准。"""
    _move(number, lambda tx: commands.reject(tx, number, reason=reason), as_json=as_json)


@app.command("withdraw")
def withdraw_command(number: Number, reason: Reason, as_json: AsJson = False) -> None:
    """撤回尚未决定的案卷。"""
    _move(number, lambda tx: commands.withdraw(tx, number, reason=reason), as_json=as_json)


@app.command("cancel")
def cancel_command(
    number: Number,
    act: Annotated[str, typer.Option("--act", help="撤销文件的文号")],
    issuer: Annotated[str, typer.Option(help="制发机关（原批准机关）")],
    on: Annotated[str, typer.Option("--on", help="撤销文件的成文日期")],
    title: Annotated[str, typer.Option(help="撤销文件的标题")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """依撤销文件撤销已实施的变更，登记簿恢复到变更之前；此后又有其他登记的拒绝。"""
    with refusals(as_json=as_json):
        revoking = InstrumentIn(
            number=act, kind=InstrumentKind.approval, issuer=issuer, issued_on=day(on), title=title
        )
    _move(number, lambda tx: commands.cancel(tx, number, revoking, reason=reason), as_json=as_json)


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
            print_json([summary_of(case) for case in cases])
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
        answer(told_of(session, case_by_number(session, number)), as_json=as_json)
