"""Keeping the peace on lines at the keyboard: agreements, joint meetings, contingency plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import BaseModel
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes import commands
from gis_service.procedures.disputes.models import ContingencyPlan, ExerciseKind, JointMeeting, PeaceAgreement
from gis_service.procedures.disputes.queries.agreements import (
    PeaceAsked,
    agreements_page,
    agreements_told,
    lines_without_agreement,
)
from gis_service.procedures.disputes.queries.meetings import meetings_page, meetings_told
from gis_service.procedures.disputes.queries.peace_due import note_due, peace_due
from gis_service.procedures.disputes.queries.peace_ground import numbered
from gis_service.procedures.disputes.queries.plans import plans_page, plans_told
from gis_service.procedures.disputes.rules import days_ahead
from gis_service.procedures.disputes.schemas import checked
from gis_service.procedures.disputes.schemas.agreements import (
    PeaceAgreementIn,
    PeaceAgreementOut,
    PeaceEndIn,
)
from gis_service.procedures.disputes.schemas.meetings import (
    JointMeetingIn,
    JointMeetingOut,
    ResolutionDoneIn,
)
from gis_service.procedures.disputes.schemas.plans import (
    ContingencyPlanIn,
    ContingencyPlanOut,
    ExerciseIn,
)
from gis_service.registers.boundaries.queries import read_line_reference
from gis_service.registers.divisions.queries import division_by_code

app = typer.Typer(help="平安边界：双方协议、联席会议、应急预案、年度考核。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：照做一遍后撤销")]
On = Annotated[str | None, typer.Option("--on", help="日期；不写则为今天")]
OfLine = Annotated[str | None, typer.Option("--line", help="只列此界线的（代码或标识）")]
OfUnit = Annotated[str | None, typer.Option("--unit", help="只列有一侧在此单位及其以下的（代码）")]
Holding = Annotated[bool, typer.Option("--holding", help="只列当日有效的")]
File = Annotated[Path, typer.Argument(help="登记内容（JSON），示例见 peace template；误写的项逐一指出")]
Words = Annotated[str, typer.Option("--words", help="经过或结果")]


@app.command("list")
def list_command(
    line: OfLine = None, unit: OfUnit = None, holding: Holding = False, on: On = None, as_json: AsJson = False
) -> None:
    """列出您辖区界线的平安边界协议。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        found = agreements_page(session, asked_in(session, line, unit, on, holding), on=day(on))
        _tell_agreements(agreements_told(session, found, on=day(on)), as_json)


@app.command("agreement")
def agreement_command(
    number: Annotated[str, typer.Argument(help="协议编号，如 XY-2024-00001")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """一份协议：签订单位、期限、责任、文件、续签。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        told = agreements_told(session, [numbered(session, PeaceAgreement, number)], on=day(on))
        _tell_agreements(told, as_json)
        if not as_json:
            print_table("", ("责任",), [(duty,) for duty in told[0].duties])
            signers = [(each["code"], each["name"], each["side"]) for each in told[0].signers]
            print_table("", ("代码", "签订单位", "所属一侧"), signers)


@app.command("agree")
def agree_command(file: File, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """登记双方签订的平安边界协议书或睦邻友好公约；续签的写明 renews。"""
    with refusals(as_json=as_json):
        sent = checked(PeaceAgreementIn, read_json(file))
        write(Act.keep_peace, lambda tx: commands.enter_agreement(tx, sent), AGREEMENT, dry_run, as_json)


@app.command("end")
def end_command(
    number: Annotated[str, typer.Argument(help="协议编号")],
    reason: Annotated[str, typer.Option("--reason", help="理由，留存于登记日志")],
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """提前终止一份协议，自 --on 之日起不再有效；误登记的，自生效之日起终止。"""
    with refusals(as_json=as_json):
        sent = checked(PeaceEndIn, {"on": day(on), "reason": reason})
        write(
            Act.keep_peace, lambda tx: commands.end_agreement(tx, number, sent), AGREEMENT, dry_run, as_json
        )


@app.command("due")
def due_command(
    days: Annotated[int, typer.Option(help="列出此后多少天以内到期的", min=0, max=3660)] = days_ahead(),
    unit: OfUnit = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """到期和逾期的事项：须续签的协议、未办结的议定事项、须复审的预案。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        within = division_by_code(session, unit, on=day(on)).division_id if unit else None
        told = peace_due(session, on=day(on), days=days, within=within)
        note_due(session, told)
        if as_json:
            print_json([each.model_dump(mode="json") for each in told])
            return
        rows = [
            (
                each.due_on,
                "逾期" if each.overdue else "",
                each.kind,
                each.number,
                "、".join(each.lines),
                each.what,
                each.responsible,
            )
            for each in told
        ]
        print_table(f"{len(told)} 项", ("期限", "", "种类", "编号", "界线", "事项", "责任单位"), rows)


@app.command("uncovered")
def uncovered_command(
    unit: Annotated[str, typer.Option("--unit", help="有一侧在此单位及其以下的（代码）")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """列出当日没有有效协议的界线，及最近一份已失效的协议。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        root = division_by_code(session, unit, on=day(on)).division_id
        told = lines_without_agreement(session, root, on=day(on))
        if as_json:
            print_json([each.model_dump(mode="json") for each in told])
            return
        rows = [(each.line.code, each.line.name, each.last, each.lapsed_on, each.line.id) for each in told]
        heads = ("代码", "界线", "失效的协议", "失效日期", "标识")
        print_table(f"{len(told)} 条界线没有有效的协议", heads, rows)


@app.command("meetings")
def meetings_command(
    line: OfLine = None,
    unit: OfUnit = None,
    undone: Annotated[bool, typer.Option("--undone", help="只列尚有议定事项未办结的")] = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """列出截至当日的联席会议。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        found = meetings_page(session, asked_in(session, line, unit, on, undone), on=day(on))
        _tell_meetings(meetings_told(session, found, on=day(on)), as_json)


@app.command("meeting")
def meeting_command(
    number: Annotated[str, typer.Argument(help="会议编号，如 LX-2025-00001")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """一次联席会议：议题、议定事项及其办理。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        told = meetings_told(session, [numbered(session, JointMeeting, number)], on=day(on))
        _tell_meetings(told, as_json)
        if not as_json:
            print_table("", ("议题",), [(matter,) for matter in told[0].matters])
            rows = [
                (r.ordinal, r.words, r.responsible_name, r.due_on, r.done_on, r.done_words)
                for r in told[0].resolutions
            ]
            print_table("", ("项", "议定事项", "责任单位", "期限", "办结", "结果"), rows)


@app.command("meet")
def meet_command(file: File, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """登记已召开的联席会议及其议定事项；召集单位由双方按年轮流。"""
    with refusals(as_json=as_json):
        sent = checked(JointMeetingIn, read_json(file))
        write(Act.keep_peace, lambda tx: commands.enter_meeting(tx, sent), MEETING, dry_run, as_json)


@app.command("done")
def done_command(
    number: Annotated[str, typer.Argument(help="会议编号")],
    ordinal: Annotated[int, typer.Argument(help="第几项议定事项")],
    words: Words,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """办结一项议定事项，写明结果和日期。"""
    with refusals(as_json=as_json):
        sent = checked(ResolutionDoneIn, {"on": day(on), "words": words})
        act = Act.keep_peace
        write(
            act, lambda tx: commands.finish_resolution(tx, number, ordinal, sent), MEETING, dry_run, as_json
        )


@app.command("plans")
def plans_command(
    line: OfLine = None, unit: OfUnit = None, holding: Holding = False, on: On = None, as_json: AsJson = False
) -> None:
    """列出突发事件应急预案各版。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        found = plans_page(session, asked_in(session, line, unit, on, holding), on=day(on))
        _tell_plans(plans_told(session, found, on=day(on)), as_json)


@app.command("plan")
def plan_command(
    number: Annotated[str, typer.Argument(help="预案编号，如 YA-2024-00001")],
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """一版预案：双方联系人、处置步骤、演练和复审。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        told = plans_told(session, [numbered(session, ContingencyPlan, number)], on=day(on))
        _tell_plans(told, as_json)
        if not as_json:
            contacts = [(c["unit"], c["name"], c["post"], c["phone"]) for c in told[0].contacts]
            print_table("", ("单位", "联系人", "职务", "电话"), contacts)
            print_table("", ("步", "处置步骤"), list(enumerate(told[0].steps, 1)))
            rows = [(e.held_on, e.kind, e.words, e.result) for e in told[0].exercises]
            print_table("", ("日期", "事项", "经过", "结果"), rows)


@app.command("enter-plan")
def enter_plan_command(file: File, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """登记一版应急预案；上一版自此版生效之日起终止。"""
    with refusals(as_json=as_json):
        sent = checked(ContingencyPlanIn, read_json(file))
        write(Act.keep_peace, lambda tx: commands.enter_plan(tx, sent), PLAN, dry_run, as_json)


@app.command("exercise")
def exercise_command(
    number: Annotated[str, typer.Argument(help="预案编号")],
    words: Words,
    result: Annotated[str, typer.Option("--result", help="结果")],
    kind: Annotated[ExerciseKind, typer.Option("--kind", help="演练、复审")] = ExerciseKind.drill,
    attendants: Annotated[list[str] | None, typer.Option("--with", help="参加者，可写多次")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记一次应急演练，或一次预案复审。"""
    given = {"kind": kind, "on": day(on), "words": words, "result": result, "attendants": attendants or []}
    with refusals(as_json=as_json):
        sent = checked(ExerciseIn, given)
        write(Act.keep_peace, lambda tx: commands.record_exercise(tx, number, sent), PLAN, dry_run, as_json)


Told = tuple[Callable[..., list[Any]], Callable[[list[Any], bool], None]]


def write(
    act: Act,
    command: Callable[[Transaction], tuple[Any, list[Finding]]],
    told: Told,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Run a command, and tell what it wrote and what was found."""
    tell, show = told
    with writing(act, dry_run=dry_run) as tx:
        row, findings = command(tx)
        answer = tell(tx.session, [row], on=tx.today)
    if as_json:
        [only] = answer
        kept = only.model_dump(mode="json") | {"dry_run": dry_run}
        print_json(kept | {"findings": [each.as_json() for each in findings]})
        return
    show(answer, False)
    if findings:
        print_findings(findings)
    if dry_run:
        out.print("以上为演练，未作任何改动")


def asked_in(
    session: Session, line: str | None, unit: str | None, on: str | None, holding: bool
) -> PeaceAsked:
    """Which records a list is asked for."""
    within = division_by_code(session, unit, on=day(on)).division_id if unit else None
    return PeaceAsked(read_line_reference(line) if line else None, within, holding)


def read_json(file: Path) -> Any:
    """What a file of JSON holds.

    Raises:
        InvalidInput: it cannot be read, or is no JSON; says in which line.
    """
    try:
        return orjson.loads(file.read_bytes())
    except OSError as error:
        raise InvalidInput(f"读不到文件 {file.name}", way_out="请核对路径") from error
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            f"{file.name} 第 {error.lineno} 行第 {error.colno} 列起不是 JSON", way_out="请核对文件内容"
        ) from error


def print_models(answer: Sequence[BaseModel]) -> None:
    """Records as JSON."""
    print_json([each.model_dump(mode="json") for each in answer])


def _tell_agreements(answer: list[PeaceAgreementOut], as_json: bool) -> None:
    if as_json:
        print_models(answer)
        return
    heads = ("编号", "种类", "界线", "签订", "生效", "到期", "状态", "尚余（天）")
    rows = [
        (a.number, a.kind, a.line.name, a.signed_on, a.begins_on, a.expires_on, a.state, a.days_left)
        for a in answer
    ]
    print_table(f"平安边界协议 {len(answer)} 份", heads, rows)


def _tell_meetings(answer: list[JointMeetingOut], as_json: bool) -> None:
    if as_json:
        print_models(answer)
        return
    rows = [
        (
            m.number,
            m.held_on,
            "、".join(line.name for line in m.lines),
            m.convener_name,
            m.place,
            len(m.resolutions),
            sum(r.done_on is None for r in m.resolutions),
            sum(r.overdue for r in m.resolutions),
        )
        for m in answer
    ]
    heads = ("编号", "日期", "界线", "召集单位", "地点", "议定", "未办结", "逾期")
    print_table(f"联席会议 {len(answer)} 次", heads, rows)


def _tell_plans(answer: list[ContingencyPlanOut], as_json: bool) -> None:
    if as_json:
        print_models(answer)
        return
    rows = [
        (p.number, p.title, p.version, p.begins_on, p.state, p.review_due, len(p.exercises)) for p in answer
    ]
    heads = ("编号", "预案", "版", "生效", "状态", "下次复审", "演练和复审")
    print_table(f"应急预案 {len(answer)} 份", heads, rows)


AGREEMENT: Told = (agreements_told, _tell_agreements)
MEETING: Told = (meetings_told, _tell_meetings)
PLAN: Told = (plans_told, _tell_plans)
