"""Yearly assessments at the keyboard: what the registers propose, what the assessor settles, the tables."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading
from gis_service.cli.peace import (
    AsJson,
    DryRun,
    OfLine,
    OfUnit,
    On,
    Told,
    asked_in,
    print_models,
    read_json,
    write,
)
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import write_whole
from gis_service.foundation.readings import note_reading
from gis_service.foundation.standing import stood_before
from gis_service.procedures.disputes import commands, rules
from gis_service.procedures.disputes.models import PeaceAssessment
from gis_service.procedures.disputes.queries.assessments import assessments_page, assessments_told
from gis_service.procedures.disputes.queries.peace_ground import numbered
from gis_service.procedures.disputes.rules import read_items
from gis_service.procedures.disputes.schemas import checked
from gis_service.procedures.disputes.schemas.assessments import (
    PeaceAssessmentIn,
    PeaceAssessmentOut,
    PeaceSheetOut,
)
from gis_service.procedures.disputes.sheets import SHEET_TYPES

Line = Annotated[str, typer.Argument(help="界线代码或标识")]
Side = Annotated[str, typer.Argument(help="被考核一侧的代码")]
Year = Annotated[int, typer.Argument(help="年度", min=2000, max=2999)]
Items = Annotated[Path | None, typer.Option("--items", help="考核项目文件（TOML）；不写则用本系统的项目")]
OfYear = Annotated[int | None, typer.Option("--year", help="只列此年度的", min=2000, max=2999)]
Number = Annotated[str, typer.Argument(help="考核编号，如 KH-2026-00001")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to those of `peace`."""
    app.command("items")(items_command)
    app.command("propose")(propose_command)
    app.command("assess")(assess_command)
    app.command("sign")(sign_command)
    app.command("assessments")(assessments_command)
    app.command("assessment")(assessment_command)
    app.command("publish")(publish_command)


def items_command(items: Items = None) -> None:
    """考核项目：不写文件则输出本系统的项目（TOML），可改写后用 --items 给出；写文件则检查它。"""
    with refusals():
        if items is None:
            out.print(files(rules).joinpath("assessment.toml").read_text(encoding="utf-8"), markup=False)
            return
        found = read_items(_text(items))
        out.print(
            f"{items.name} 可以使用：{len(found.items)} 项，满分 {found.full:g}，否决 {len(found.vetoes)} 项"
        )


def propose_command(
    line: Line, side: Side, year: Year, items: Items = None, on: On = None, as_json: AsJson = False
) -> None:
    """按登记簿拟出一侧的考核表，逐项列出依据；不写入任何内容。"""
    with refusals(as_json=as_json):
        sent = _sent(line, side, year, items, {})
        with reading(Act.read_peace) as session:
            actor = stood_before(session)
            assert actor is not None
            assessed = commands.propose(session, actor, Act.read_peace, sent, today=day(on))
            told = assessed.told()
            note_reading(session, told.classification, f"{told.line.code} {told.year} 年度考核")
    if as_json:
        findings = [each.as_json() for each in assessed.findings]
        print_json({"sheet": told.model_dump(mode="json"), "findings": findings})
        return
    _tell_sheet(told)
    print_findings(assessed.findings)


def assess_command(
    line: Line,
    side: Side,
    year: Year,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="改动（JSON）：points、vetoes 按项目写明分值或有无及理由，correction 为更正的理由"
        ),
    ] = None,
    items: Items = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记一侧的年度考核：按所拟的分值，改动的写明理由；已签署的另出一版。"""
    with refusals(as_json=as_json):
        changes = read_json(file) if file else {}
        if not isinstance(changes, dict):
            raise InvalidInput("改动应为一个 JSON 对象", way_out="请核对文件内容")
        sent = _sent(line, side, year, items, changes)
        write(Act.assess_peace, lambda tx: commands.assess(tx, sent), ASSESSMENT, dry_run, as_json)


def sign_command(number: Number, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """签署一份考核；签署后不能改动，只能另出一版。"""
    with refusals(as_json=as_json):
        write(Act.assess_peace, lambda tx: commands.sign_assessment(tx, number), ASSESSMENT, dry_run, as_json)


def assessments_command(
    line: OfLine = None,
    unit: OfUnit = None,
    year: OfYear = None,
    newest: Annotated[bool, typer.Option("--newest", help="不列已由新版代替的")] = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """列出年度考核；--unit 只列被考核一侧在此单位及其以下的。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        asked = asked_in(session, line, unit, on, newest)
        found = assessments_page(session, asked, on=day(on), year=year)
        told = assessments_told(session, found, on=day(on))
        if as_json:
            print_models(told)
            return
        rows = [
            (a.number, a.year, a.line.name, a.side_name, a.version, f"{a.points:g}", a.grade, a.state)
            for a in told
        ]
        heads = ("编号", "年度", "界线", "一侧", "版", "总分", "等次", "状态")
        print_table(f"年度考核 {len(told)} 份", heads, rows)


def assessment_command(number: Number, as_json: AsJson = False) -> None:
    """一份考核的全部内容。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        told = assessments_told(session, [numbered(session, PeaceAssessment, number)], on=day(None))
        _tell_assessments(told, as_json)


def publish_command(
    to: Annotated[Path, typer.Option("--out", help="写入的文件夹")],
    year: Annotated[int, typer.Option("--year", help="年度", min=2000, max=2999)],
    line: OfLine = None,
    unit: OfUnit = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """出具一年已签署的考核表，每侧一张：XLSX、HTML、JSON。"""
    with refusals(as_json=as_json), reading(Act.read_peace) as session:
        asked = asked_in(session, line, unit, on, False)
        found = assessments_page(session, asked, on=day(on), year=year)
        told = [each for each in assessments_told(session, found, on=day(on)) if each.state == "已签署"]
        if not told:
            raise InvalidInput(
                f"{year} 年没有已签署的考核", way_out="请先用 peace assess、peace sign 登记和签署"
            )
        written = [
            _written(to / f"{year}-平安边界考核{kind.SUFFIX}", kind.draw(told)) for kind in SHEET_TYPES
        ]
        if as_json:
            print_json({"assessments": len(told), "files": [str(path) for path in written]})
            return
        out.print(f"已出具 {len(told)} 份：{'、'.join(str(path) for path in written)}")


def _written(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise InvalidInput(f"不能写入 {path}", way_out="请核对路径和权限") from error
    return path


def _sent(line: str, side: str, year: int, items: Path | None, changes: dict[str, Any]) -> PeaceAssessmentIn:
    given: dict[str, Any] = {"line": line, "side": side, "year": year}
    return checked(PeaceAssessmentIn, changes | given | ({"items": _text(items)} if items else {}))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"读不到文件 {file.name}，或不是 UTF-8", way_out="请核对路径和编码") from error


def _tell_assessments(answer: list[PeaceAssessmentOut], as_json: bool) -> None:
    if as_json:
        print_models(answer)
        return
    for each in answer:
        out.print(f"{each.number} 第 {each.version} 版，{each.state}")
        _tell_sheet(each)


def _tell_sheet(told: PeaceSheetOut) -> None:
    out.print(f"{told.year} 年度 {told.line.name} {told.side_name}，登记事项截至 {told.as_of}")
    rows = [
        (i.id, i.title, i.full, i.proposed, i.points, "；".join(i.evidence), i.reason) for i in told.items
    ]
    heads = ("项目", "名称", "满分", "所拟", "评定", "依据", "理由")
    print_table("", heads, [tuple("" if cell is None else _short(cell) for cell in row) for row in rows])
    vetoes = [(v.id, v.title, "有" if v.held else "无", "；".join(v.evidence), v.reason) for v in told.vetoes]
    print_table("", ("否决项", "情形", "有无", "依据", "理由"), vetoes)
    out.print(f"总分 {told.points:g}（满分 {told.catalogue['full']:g}），等次：{told.grade}")


def _short(cell: str | float) -> str:
    return cell if isinstance(cell, str) else f"{cell:g}"


ASSESSMENT: Told = (assessments_told, _tell_assessments)
