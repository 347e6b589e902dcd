"""How a case is conducted: steps of the procedure, consulted departments, filings, documents of duties."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gis_service.cli.cases import answer, told_of
from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import FileStore
from gis_service.foundation.settings import read_settings
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.queries import (
    archive_list,
    case_by_number,
    consultations_of,
    filings_of,
    step_of,
    steps_told,
)
from gis_service.procedures.changes.rules.departments import departments
from gis_service.procedures.changes.rules.steps import Opinion, step_kinds
from gis_service.procedures.changes.schemas import (
    AnswerIn,
    ArchiveListOut,
    AskIn,
    ConsultationOut,
    FilingIn,
    FilingMatter,
    FilingOut,
    StepIn,
    StepsOut,
    checked,
)

steps = typer.Typer(help="案卷的程序：专家论证、风险评估、征求意见、实地考察等。", no_args_is_help=True)
asked = typer.Typer(help="征求部门意见及其答复。", no_args_is_help=True)
filings = typer.Typer(help="备案。", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="案号，如 BG-2026-00001")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
KINDS = "、".join(f"{kind} {title}" for kind, title in step_kinds().items())
Kind = Annotated[str | None, typer.Option(help=f"程序种类：{KINDS}")]
On = Annotated[str | None, typer.Option("--on", help="开始日期")]
Until = Annotated[str | None, typer.Option("--until", help="结束日期；当日完成的不写")]
Organiser = Annotated[str | None, typer.Option(help="组织单位")]
Result = Annotated[Opinion | None, typer.Option(help="结果")]
Summary = Annotated[str | None, typer.Option(help="摘要")]
Documents = Annotated[
    list[str] | None, typer.Option("--document", help="有关文件的内容摘要（SHA-256），可写多次")
]
InFavour = Annotated[int | None, typer.Option(help="赞成的人数或票数")]
Against = Annotated[int | None, typer.Option(help="反对的人数或票数")]
From = Annotated[str | None, typer.Option("--published-from", help="公示开始日期")]
To = Annotated[str | None, typer.Option("--published-to", help="公示结束日期")]


@steps.command("list")
def list_steps(number: Number, as_json: AsJson = False) -> None:
    """已登记的程序，和依法应经而尚无记录的程序。"""
    with refusals(as_json=as_json), reading(Act.read_cases) as session:
        _tell_steps(steps_told(session, case_by_number(session, number)), as_json=as_json)


@steps.command("add")
def add_step(
    number: Number,
    kind: Kind = None,
    on: On = None,
    until: Until = None,
    organiser: Organiser = None,
    result: Result = None,
    summary: Summary = None,
    documents: Documents = None,
    in_favour: InFavour = None,
    against: Against = None,
    published_from: From = None,
    published_to: To = None,
    as_json: AsJson = False,
) -> None:
    """登记一项已进行的程序。"""
    given = (kind, on, until, organiser, result, summary, documents, in_favour, against)
    with refusals(as_json=as_json):
        step = checked(StepIn, _stated(*given, published_from, published_to), source="程序")
        with writing(Act.record_conduct) as tx:
            commands.add_step(tx, number, step)
            told = steps_told(tx.session, case_by_number(tx.session, number))
        _tell_steps(told, as_json=as_json)


@steps.command("correct")
def correct_step(
    number: Number,
    ordinal: Annotated[int, typer.Argument(help="程序的序号，见 changes steps list")],
    reason: Annotated[str, typer.Option("--reason", help="更正的理由，记入登记日志")],
    kind: Kind = None,
    on: On = None,
    until: Until = None,
    organiser: Organiser = None,
    result: Result = None,
    summary: Summary = None,
    documents: Documents = None,
    in_favour: InFavour = None,
    against: Against = None,
    published_from: From = None,
    published_to: To = None,
    as_json: AsJson = False,
) -> None:
    """更正一项程序：只写要改的各项，其余不变。"""
    given = (kind, on, until, organiser, result, summary, documents, in_favour, against)
    stated = _stated(*given, published_from, published_to)
    with refusals(as_json=as_json):
        with writing(Act.record_conduct) as tx:
            recorded = step_of(tx.session, case_by_number(tx.session, number), ordinal)
            before = {field: getattr(recorded, field) for field in StepIn.model_fields}
            step = checked(StepIn, before | stated, source="程序")
            commands.correct_step(tx, number, ordinal, step, reason=reason)
            told = steps_told(tx.session, case_by_number(tx.session, number))
        _tell_steps(told, as_json=as_json)


def _stated(*given: object) -> dict[str, object]:
    """What was written on the command line, by the fields of a step."""
    fields = (
        "kind",
        "begun_on",
        "ended_on",
        "organiser",
        "result",
        "summary",
        "documents",
        "in_favour",
        "against",
        "published_from",
        "published_to",
    )
    return {field: value for field, value in zip(fields, given, strict=True) if value not in (None, [])}


def _tell_steps(told: StepsOut, *, as_json: bool) -> None:
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    rows = [(s.ordinal, s.kind_name, s.begun_on, s.organiser, s.result.value) for s in told.steps]
    print_table("程序", ("序号", "程序", "日期", "组织单位", "结果"), rows)
    missing = [(each.title, each.legal_basis) for each in told.demanded if not each.is_recorded]
    print_table("应经而尚无记录的程序", ("程序", "依据"), missing)


@asked.command("list")
def list_departments(number: Number, as_json: AsJson = False) -> None:
    """征求过哪些部门的意见，何时答复，意见如何。"""
    with refusals(as_json=as_json), reading(Act.read_cases) as session:
        case = case_by_number(session, number)
        told = [ConsultationOut.model_validate(each) for each in consultations_of(session, case)]
        _tell_departments(told, as_json=as_json)


Department = Annotated[
    str, typer.Argument(help="部门：" + "、".join(f"{each} {title}" for each, title in departments().items()))
]


@asked.command("ask")
def ask_department(
    number: Number,
    department: Department,
    on: Annotated[str | None, typer.Option("--on", help="征求意见的日期；不写则为今天")] = None,
    answer_by: Annotated[str | None, typer.Option("--by", help="要求答复的日期")] = None,
    as_json: AsJson = False,
) -> None:
    """登记征求一个部门的意见。"""
    with refusals(as_json=as_json):
        sent = {"department": department, "asked_on": day(on), "answer_by": answer_by}
        wanted = checked(AskIn, sent, source="征求意见")
        with writing(Act.record_conduct) as tx:
            commands.ask_department(tx, number, wanted)
            case = case_by_number(tx.session, number)
            told = [ConsultationOut.model_validate(each) for each in consultations_of(tx.session, case)]
        _tell_departments(told, as_json=as_json)


@asked.command("answer")
def answer_of_department(
    number: Number,
    department: Department,
    opinion: Annotated[Opinion, typer.Option(help="意见")],
    on: Annotated[str | None, typer.Option("--on", help="答复日期；不写则为今天")] = None,
    summary: Annotated[str, typer.Option(help="意见摘要")] = "",
    document: Annotated[str | None, typer.Option(help="答复文件的内容摘要")] = None,
    as_json: AsJson = False,
) -> None:
    """登记部门的答复；再次登记即更正。"""
    with refusals(as_json=as_json):
        sent = {"answered_on": day(on), "opinion": opinion, "summary": summary, "document": document}
        given = checked(AnswerIn, sent, source="答复")
        with writing(Act.record_conduct) as tx:
            commands.answer_of_department(tx, number, department, given)
            case = case_by_number(tx.session, number)
            told = [ConsultationOut.model_validate(each) for each in consultations_of(tx.session, case)]
        _tell_departments(told, as_json=as_json)


def _tell_departments(told: list[ConsultationOut], *, as_json: bool) -> None:
    if as_json:
        print_json([each.model_dump(mode="json") for each in told])
        return
    rows = [(e.department_name, e.asked_on, e.answer_by, e.answered_on, e.opinion) for e in told]
    print_table("征求部门意见", ("部门", "征求", "要求答复", "答复", "意见"), rows)


@filings.command("list")
def list_filings(number: Number, as_json: AsJson = False) -> None:
    """案卷的备案记录。"""
    with refusals(as_json=as_json), reading(Act.read_cases) as session:
        case = case_by_number(session, number)
        _tell_filings([FilingOut.model_validate(each) for each in filings_of(session, case)], as_json=as_json)


@filings.command("add")
def record_filing(
    number: Number,
    filing: Annotated[str, typer.Argument(help="备案文号")],
    matter: Annotated[FilingMatter, typer.Option(help="备案事项")],
    with_: Annotated[str, typer.Option("--with", help="受理备案的机关")],
    on: Annotated[str | None, typer.Option("--on", help="备案日期；不写则为今天")] = None,
    document: Annotated[str | None, typer.Option(help="备案报告的内容摘要")] = None,
    as_json: AsJson = False,
) -> None:
    """登记已批准案卷的一项备案。"""
    with refusals(as_json=as_json):
        sent = {"matter": matter, "number": filing, "filed_on": day(on), "filed_with": with_}
        given = checked(FilingIn, sent | {"document": document}, source="备案")
        with writing(Act.follow_up_change) as tx:
            commands.record_filing(tx, number, given)
            case = case_by_number(tx.session, number)
            told = [FilingOut.model_validate(each) for each in filings_of(tx.session, case)]
        _tell_filings(told, as_json=as_json)


def _tell_filings(told: list[FilingOut], *, as_json: bool) -> None:
    if as_json:
        print_json([each.model_dump(mode="json") for each in told])
        return
    rows = [(each.matter.value, each.number, each.filed_on, each.filed_with) for each in told]
    print_table("备案", ("事项", "文号", "日期", "受理机关"), rows)


def add_duty_document(
    number: Number,
    duty: Annotated[str, typer.Argument(help="事项，见 changes show")],
    path: Annotated[Path, typer.Argument(help="文件")],
    as_json: AsJson = False,
) -> None:
    """收入一项后续事项的文件：勘界成果、协议书、公告、完成报告等。"""
    with refusals(as_json=as_json):
        content = _content(path)
        store = FileStore(read_settings().files_dir)
        with writing(Act.follow_up_change) as tx:
            commands.add_duty_document(tx, number, duty, name=path.name, content=content, store=store)
            told = told_of(tx.session, case_by_number(tx.session, number))
        answer(told, as_json=as_json)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"无法读取文件 {path}：{error.strerror}", way_out="请核对路径") from error


def show_archive_list(number: Number, as_json: AsJson = False) -> None:
    """归档目录：各类目中已有的文件（附内容摘要）和记录，以及应有而缺的。"""
    with refusals(as_json=as_json), reading(Act.read_cases) as session:
        told = archive_list(session, case_by_number(session, number))
        if as_json:
            print_json(told.model_dump(mode="json"))
        else:
            _tell_archive(told)


def _tell_archive(told: ArchiveListOut) -> None:
    rows: list[tuple[str, str, date | str | None, str]] = []
    for part in told.parts:
        rows += [(part.title, each.title, each.on, each.sha256 or "（案卷记录）") for each in part.held]
        rows += [(part.title, each, "缺", "") for each in part.missing]
    print_table(f"归档目录：{told.number} {told.title}", ("类目", "内容", "日期", "内容摘要"), rows)
    out.print("齐全" if told.is_complete else "不齐")


def add_to(app: typer.Typer) -> None:
    """Add all of this to the commands about cases."""
    app.add_typer(steps, name="steps")
    app.add_typer(asked, name="departments")
    app.add_typer(filings, name="filings")
    app.command("add-duty-document")(add_duty_document)
    app.command("archive-list")(show_archive_list)
