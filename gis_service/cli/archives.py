"""Reading the register of archives: lists, one item, images along a line, catalogues, files on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gis_service.cli.archive_catalogues import write_catalogue
from gis_service.cli.boundary_files import AsJson, Line, On
from gis_service.cli.console import Exit, out, print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.files import FileStore
from gis_service.foundation.settings import read_settings
from gis_service.registers.archives.models import ArchiveGroup, ArchiveKind
from gis_service.registers.archives.queries import (
    Wanted,
    coverage_of,
    inventory_of,
    item_named,
    items_page,
    stored_files,
    told_of,
)
from gis_service.registers.archives.routes.showing import detail_out, image_out, item_out, stretches_out
from gis_service.registers.archives.rules import WHOLE, judge_stored
from gis_service.registers.archives.schemas import ArchiveDetailOut, ArchiveItemOut
from gis_service.registers.boundaries.queries import line_named, lines_in_force, read_line_reference
from gis_service.registers.markers.queries.named import marker_named

_CALLED = {"number": "档号", "title": "题名", "kind": "种类", "fonds": "类别", "retention": "保管期限"}
_CALLED |= {"dated_on": "文件日期", "issuer": "责任者", "pages": "页数", "medium": "载体", "note": "备注"}

app = typer.Typer(help="勘界档案：归档、校正、影像、矢量、目录与核验。", no_args_is_help=True)

Reference = Annotated[str, typer.Argument(help="档号，或档案件的标识")]


@app.command("list")
def list_command(
    line: Annotated[str | None, typer.Option(help="所涉界线的代码或标识")] = None,
    marker: Annotated[str | None, typer.Option(help="所涉界桩的编号或标识")] = None,
    kind: Annotated[ArchiveKind | None, typer.Option(help="种类")] = None,
    group: Annotated[ArchiveGroup | None, typer.Option(help="类别")] = None,
    text: Annotated[str | None, typer.Option(help="档号、题名或责任者中的文字")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """在档的各件，按档号排列；条件可以并用。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        lines = [line_named(session, read_line_reference(line), on=that_day).id] if line else None
        about = marker_named(session, marker, on=that_day).marker.id if marker else None
        wanted = Wanted(lines=lines, marker=about, kind=kind, group=group, text=text)
        told = [item_out(each) for each in told_of(session, items_page(session, wanted))]
        if as_json:
            print_json([each.model_dump(mode="json") for each in told])
            return
        heads = ("档号", "题名", "种类", "类别", "期限", "日期", "页数", "文件", "所涉")
        print_table(f"勘界档案 {len(told)} 件", heads, map(_row, told))


def _row(each: ArchiveItemOut) -> tuple[Any, ...]:
    about = "、".join([line.name for line in each.lines] + [one.name for one in each.markers])
    about = "、".join(filter(None, [about, *(one.name for one in each.tri_points)]))
    plain = (each.number, each.title, each.kind, each.group, each.retention, each.dated_on)
    return (*plain, each.pages, len(each.files), about)


@app.command("show")
def show_command(item: Reference, as_json: AsJson = False) -> None:
    """一件档案的著录、文件及其自身所载、历次校正、矢量化成果和鉴定。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        [told] = told_of(session, [item_named(session, item)])
        detail = detail_out(session, told)
        if as_json:
            print_json(detail.model_dump(mode="json"))
        else:
            _show(detail)


def _show(detail: ArchiveDetailOut) -> None:
    until = f"（至 {detail.kept_until}）" if detail.kept_until else ""
    out.print(f"[bold]{detail.number}[/]  {detail.title}  {detail.kind}，{detail.retention}{until}")
    out.print(f"{detail.issuer}，{detail.dated_on}，{detail.pages or '页数不详'}，依据 {detail.instrument}")
    files = [(file.name, file.size_bytes, _said(file.told), file.sha256[:12]) for file in detail.files]
    print_table("文件", ("名称", "字节", "自身所载", "摘要"), files)
    laid = [
        (each.made_on, each.method, each.rms_m, each.worst_m, each.made_sha256[:12])
        for each in detail.georeferences
    ]
    if laid:
        print_table("校正", ("日期", "方法", "中误差（米）", "最大残差（米）", "成果"), laid)
    if detail.vectors:
        shapes = [(each.kind, each.name, each.geometry["type"], each.accuracy_m) for each in detail.vectors]
        print_table("矢量", ("对象", "名称", "图形", "精度（米）"), shapes)
    for correction in detail.corrections:
        told = "；".join(
            f"{_CALLED[name]}：{correction.published[name] or '空'} → {value or '空'}"
            for name, value in correction.corrected.items()
        )
        out.print(f"  更正 {correction.recorded_at:%Y-%m-%d}（{correction.reason}）：{told}")
    for each in detail.appraisals:
        out.print(f"鉴定 {each.appraised_on}：{each.conclusion}")


_WORDS = {
    "pages": "页数",
    "title": "标题",
    "width": "宽",
    "height": "高",
    "dpi": "DPI",
    "crs": "坐标系",
    "resolution_m": "米/像素",
    "taken_at": "摄于",
}


def _said(told: dict[str, Any]) -> str:
    known = [f"{word} {told[name]}" for name, word in _WORDS.items() if name in told]
    layers = [f"{each['name']} {each['features']} 个 {each['crs'] or ''}" for each in told.get("layers", ())]
    return "，".join(known + layers)


@app.command("imagery")
def imagery_command(line: Line, on: On = None, as_json: AsJson = False) -> None:
    """沿线影像所覆盖的里程，以及没有影像的里程。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        found = coverage_of(session, line_named(session, read_line_reference(line), on=that_day), on=that_day)
        if as_json:
            images = [image_out(each).model_dump(mode="json") for each in found.images]
            left = [each.model_dump() for each in stretches_out(found.gaps)]
            print_json({"length_m": found.length_m, "images": images, "gaps": left})
            return
        rows = [
            (
                each.told.item.number,
                each.image.captured_on,
                each.image.resolution_m,
                f"{one:.0f}",
                f"{other:.0f}",
            )
            for each in found.images
            for one, other in each.stretches
        ]
        print_table(f"{found.line.name} 沿线影像", ("档号", "拍摄", "米/像素", "自（米）", "至（米）"), rows)
        print_findings(found.findings)


@app.command("inventory")
def inventory_command(
    line: Annotated[str, typer.Argument(help="界线代码或标识；ALL 为全部界线")],
    to: Annotated[Path | None, typer.Option("--out", help="写入 .xlsx：案卷目录、卷内目录、缺件")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """案卷目录和卷内目录：件数、页数、保管期限，以及每条界线缺少的法定档案。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        if line.upper() == "ALL":
            lines = list(lines_in_force(session, on=that_day, told=True))
        else:
            lines = [line_named(session, read_line_reference(line), on=that_day)]
        found = inventory_of(session, lines, on=that_day)
        if to is not None:
            write_catalogue(found, to, on=that_day)
        if as_json:
            print_json({"on": that_day, "file": to, "lines": [_as_json(each) for each in found]})
            return
        if to is not None:
            out.print(f"已写入 {to}")
        rows = [(each.line.code, each.line.name, len(each.items), each.pages, _kinds(each)) for each in found]
        print_table("案卷目录", ("代码", "界线", "件数", "页数", "种类"), rows)
        print_findings([finding for each in found for finding in each.findings])


def _kinds(each: Any) -> str:
    return "、".join(f"{kind} {count}" for kind, count in each.kinds.items())


def _as_json(each: Any) -> dict[str, Any]:
    return {
        "line": {"id": str(each.line.id), "code": each.line.code, "name": each.line.name},
        "kinds": dict(each.kinds),
        "pages": each.pages,
        "items": [item_out(one).model_dump(mode="json") for one in each.items],
        "findings": [finding.as_json() for finding in each.findings],
    }


@app.command("verify")
def verify_command(as_json: AsJson = False) -> None:
    """逐份核对磁盘上的文件：缺失、已改动、无法读取的都列出；有问题时以失败退出。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        files = list(stored_files(session, FileStore(read_settings().files_dir)))
        findings = list(judge_stored(files))
        whole = sum(file.state == WHOLE for file in files)
        if as_json:
            told = [finding.as_json() for finding in findings]
            print_json({"files": len(files), "whole": whole, "findings": told})
        else:
            out.print(f"档案文件 {len(files)} 份，完好 {whole} 份")
            print_findings(findings)
    if findings:
        raise typer.Exit(Exit.refused)
