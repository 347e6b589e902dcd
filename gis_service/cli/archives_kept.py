"""Writing the register of archives: file, attach, lay on the ground, trace, appraise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from gis_service.cli.boundary_files import AsJson, On
from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.cli.coordinates import read_transform_file, read_zone
from gis_service.cli.drawings import read_features
from gis_service.cli.markers_kept import By, DryRun
from gis_service.cli.office import day, writing
from gis_service.foundation.access import Act
from gis_service.foundation.coordinates import read_system
from gis_service.foundation.errors import InvalidInput, NotFound
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import Finding
from gis_service.foundation.settings import read_settings
from gis_service.foundation.transaction import Transaction
from gis_service.publications.exchange.formats import read_table
from gis_service.registers.archives.commands import (
    About,
    Control,
    Laid,
    NewFile,
    NewItem,
    Traced,
    appraise_item,
    attach_to_item,
    correct_item,
    georeference_scan,
    record_vectors,
    register_item,
)
from gis_service.registers.archives.commands.keeping import Keeping
from gis_service.registers.archives.models import ArchiveGroup, ArchiveKind, FitMethod, Medium, Retention
from gis_service.registers.archives.queries import file_of, item_named
from gis_service.registers.archives.rules import Given
from gis_service.registers.boundaries.queries import line_named, read_line_reference
from gis_service.registers.instruments.queries import instrument_by_number
from gis_service.registers.markers.queries.meeting import tri_points_on
from gis_service.registers.markers.queries.named import marker_named

Item = Annotated[str, typer.Argument(help="档号，或档案件的标识")]
Files = Annotated[list[Path] | None, typer.Argument(help="文件；一件可有多份，如每页一份扫描图")]
Lines = Annotated[list[str] | None, typer.Option("--line", help="所涉界线的代码或标识，可写多次")]
Markers = Annotated[list[str] | None, typer.Option("--marker", help="所涉界桩的编号或标识，可写多次")]
TriPoints = Annotated[list[str] | None, typer.Option("--tri-point", help="所涉三交点的名称或标识")]
Captured = Annotated[str | None, typer.Option("--captured", help="影像的拍摄日期")]

Told = tuple[list[Finding], dict[str, Any]]  # what was found, and what is told besides


def add_to(app: typer.Typer) -> None:
    """Hang the writing commands on those that read."""
    app.command("register")(register_command)
    app.command("attach")(attach_command)
    app.command("georeference")(georeference_command)
    app.command("trace")(trace_command)
    app.command("appraise")(appraise_command)
    app.command("correct")(correct_command)


def register_command(
    number: Annotated[str, typer.Argument(help="档号，不得重复")],
    by: By,
    title: Annotated[str, typer.Option(help="题名")],
    kind: Annotated[ArchiveKind, typer.Option(help="种类")],
    dated: Annotated[str, typer.Option("--dated", help="文件日期")],
    issuer: Annotated[str, typer.Option(help="责任者")],
    files: Files = None,
    lines: Lines = None,
    markers: Markers = None,
    tri_points: TriPoints = None,
    pages: Annotated[int | None, typer.Option(help="页数；不写则取自文件")] = None,
    medium: Annotated[Medium, typer.Option(help="载体")] = Medium.paper,
    group: Annotated[ArchiveGroup | None, typer.Option(help="类别；不写则依种类")] = None,
    retention: Annotated[Retention | None, typer.Option(help="保管期限；不写则依种类")] = None,
    captured: Captured = None,
    note: Annotated[str | None, typer.Option(help="备注")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """归档一件：著录和文件一并登记；文件已在档的，说明收在何处并拒绝。密级随所依据的文件。"""

    def write(tx: Transaction, that_day: date) -> Told:
        words = (number, title, kind, day(dated), issuer, pages, medium, group, retention, note)
        about = _about(tx, lines, markers, tri_points, on=that_day)
        filed = register_item(tx, NewItem(*words), about, _files(files), _keeping(tx, by, captured))
        return filed.findings, {"id": str(filed.item.id), "number": number, "kept": filed.kept}

    _write(write, on, dry_run=dry_run, as_json=as_json)


def attach_command(
    item: Item,
    by: By,
    files: Files = None,
    lines: Lines = None,
    markers: Markers = None,
    tri_points: TriPoints = None,
    captured: Captured = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """为在档的一件补充文件，或挂接到更多的界线、界桩、三交点。"""

    def write(tx: Transaction, that_day: date) -> Told:
        about = _about(tx, lines, markers, tri_points, on=that_day)
        if not files and not any(about.columns()):
            raise InvalidInput("没有写明要补充什么", way_out="请给出文件，或 --line、--marker、--tri-point")
        found = item_named(tx.session, item)
        filed = attach_to_item(tx, found, about, _files(files), _keeping(tx, by, captured))
        return filed.findings, {"number": found.number, "kept": filed.kept}

    _write(write, on, dry_run=dry_run, as_json=as_json)


def georeference_command(
    item: Item,
    scan: Annotated[str, typer.Argument(help="扫描图：文件名，或内容摘要（至少前 8 位）")],
    by: By,
    points: Annotated[
        Path | None, typer.Argument(help="控制点表（.csv、.xlsx）：点号、列、行、经度、纬度或 X、Y")
    ] = None,
    world: Annotated[
        Path | None, typer.Option("--world", help="坐标文件（.tfw、.jgw、.pgw），代替控制点表")
    ] = None,
    scale: Annotated[int | None, typer.Option(help="原图比例尺的分母，如 10000；残差依此核对")] = None,
    page: Annotated[int, typer.Option(help="PDF 扫描件的页码")] = 1,
    method: Annotated[FitMethod, typer.Option(help="校正方法")] = FitMethod.affine,
    system: Annotated[str, typer.Option("--system", help="控制点的坐标系")] = "CGCS2000",
    zone: Annotated[str | None, typer.Option("--zone", help="控制点的分带，如 3:40")] = None,
    parameters: Annotated[
        Path | None, typer.Option("--transform", help="旧坐标系的当地转换参数 .toml")
    ] = None,
    to: Annotated[Path | None, typer.Option("--out", help="另存校正后的影像（COG，CGCS2000）")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """依控制点校正一份扫描图：报告各点残差，存入校正后的影像；每次校正都是一项新记录。"""

    def write(tx: Transaction, that_day: date) -> Told:
        given = Given(read_system(system), read_zone(zone), read_transform_file(parameters))
        if points is None and world is None:
            raise InvalidInput("没有给出控制点", way_out="请给出控制点表，或 --world 坐标文件")
        rows = [] if points is None else _rows(points)
        found = item_named(tx.session, item)
        file = file_of(tx.session, found, scan)
        control = Control(rows, given, method, scale, page, None if world is None else _text(world))
        laid = georeference_scan(tx, found, file, control, made_on=that_day, how=_keeping(tx, by))
        if to is not None:
            _save(to, laid.image.content)
        return laid.findings, _laid(laid)

    _write(write, on, dry_run=dry_run, as_json=as_json)


def trace_command(
    item: Item,
    path: Annotated[Path, typer.Argument(help="矢量文件：SHP、GPKG、GeoJSON、KML、KMZ、GPX、DXF、CSV")],
    by: By,
    kind: Annotated[str, typer.Option(help="所描绘的对象")] = "界线",
    accuracy: Annotated[float | None, typer.Option(help="点位精度（米）")] = None,
    source: Annotated[str | None, typer.Option(help="描绘所据：档号/文件名，如 KJ-1/附图.tif")] = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """为在档的一件收入矢量化成果；与登记界线的比对由核查办理。"""

    def write(tx: Transaction, _that_day: date) -> Told:
        shapes = [Traced(shape, kind, name, accuracy) for shape, name in read_features(path)]
        number, _, name = (source or "").rpartition("/")
        origin = file_of(tx.session, item_named(tx.session, number), name) if source else None
        found = item_named(tx.session, item)
        record_vectors(tx, found, shapes, source=origin, instrument_id=_paper(tx, by))
        return [], {"number": found.number, "shapes": len(shapes)}

    _write(write, on, dry_run=dry_run, as_json=as_json)


def appraise_command(
    item: Item,
    conclusion: Annotated[str, typer.Argument(help="鉴定意见")],
    by: By,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """登记对保管期满的一件的鉴定意见；档案本身永远保留，永久保管的不鉴定。"""

    def write(tx: Transaction, that_day: date) -> Told:
        found = item_named(tx.session, item)
        appraise_item(tx, found, conclusion, on=that_day, instrument_id=_paper(tx, by))
        return [], {"number": found.number}

    _write(write, on, dry_run=dry_run, as_json=as_json)


def correct_command(
    item: Item,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="更正的理由")],
    number: Annotated[str | None, typer.Option(help="档号")] = None,
    title: Annotated[str | None, typer.Option(help="题名")] = None,
    kind: Annotated[ArchiveKind | None, typer.Option(help="种类")] = None,
    dated: Annotated[str | None, typer.Option("--dated", help="文件日期")] = None,
    issuer: Annotated[str | None, typer.Option(help="责任者")] = None,
    pages: Annotated[int | None, typer.Option(help="页数")] = None,
    medium: Annotated[Medium | None, typer.Option(help="载体")] = None,
    group: Annotated[ArchiveGroup | None, typer.Option(help="类别")] = None,
    retention: Annotated[Retention | None, typer.Option(help="保管期限")] = None,
    note: Annotated[str | None, typer.Option(help="备注")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """更正一件的著录：只改所写各项；以前所公布的照原样保留，见 archives show。"""

    def write(tx: Transaction, _that_day: date) -> Told:
        words: dict[str, Any] = {
            "number": number,
            "title": title,
            "kind": kind,
            "issuer": issuer,
            "pages": pages,
        }
        words |= {"medium": medium, "fonds": group, "retention": retention, "note": note}
        words |= {"dated_on": None if dated is None else day(dated)}
        changes = {name: _said(value) for name, value in words.items() if value is not None}
        found = item_named(tx.session, item)
        row = correct_item(tx, found, changes, reason=reason, instrument_id=_paper(tx, by))
        return [], {"number": found.number, "published": row.published, "corrected": row.corrected}

    _write(write, None, dry_run=dry_run, as_json=as_json)


def _said(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _write(
    write: Callable[[Transaction, date], Told], on: str | None, *, dry_run: bool, as_json: bool
) -> None:
    with refusals(as_json=as_json):
        with writing(Act.keep_archives, dry_run=dry_run) as tx:
            findings, told = write(tx, day(on))
        if as_json:
            found = [each.as_json() for each in findings]
            print_json({"written": not dry_run, **told, "findings": found})
            return
        if "points" in told:
            heads = ("点号", "列", "行", "经度", "纬度", "残差（米）")
            print_table(
                f"中误差 {told['rms_m']:.2f} 米", heads, [tuple(row.values()) for row in told["points"]]
            )
        print_findings(findings)
        out.print("演练完毕，没有登记" if dry_run else "已登记")


def _laid(laid: Laid) -> dict[str, Any]:
    points = [
        {
            "name": point.name,
            "column": point.column,
            "row": point.row,
            "lon": round(point.lon, 9),
            "lat": round(point.lat, 9),
            "residual_m": round(residual, 3),
        }
        for point, residual in zip(laid.points, laid.fit.residuals_m, strict=True)
    ]
    worst = laid.points[laid.fit.worst].name
    return {"rms_m": laid.fit.rms_m, "worst": worst, "sha256": laid.image.sha256, "points": points}


def _about(
    tx: Transaction,
    lines: Sequence[str] | None,
    markers: Sequence[str] | None,
    tri_points: Sequence[str] | None,
    *,
    on: date,
) -> About:
    named = [line_named(tx.session, read_line_reference(text), on=on).id for text in lines or ()]
    stones = [marker_named(tx.session, text, on=on).marker.id for text in markers or ()]
    known = tri_points_on(tx.session, on=on) if tri_points else []
    met = []
    for text in tri_points or ():
        found = [each.id for each in known if text in (each.name, each.number, str(each.id))]
        if len(found) != 1:
            raise NotFound(f"没有名为“{text[:60]}”的三交点，或不止一个", way_out="请改用标识，见 /tri-points")
        met += found
    return About(frozenset(named), frozenset(stones), frozenset(met))


def _keeping(tx: Transaction, by: str, captured: str | None = None) -> Keeping:
    store = FileStore(read_settings().files_dir)
    return Keeping(_paper(tx, by), store, None if captured is None else day(captured))


def _paper(tx: Transaction, number: str) -> Any:
    found = instrument_by_number(tx.session, number)
    if found is None:
        raise NotFound(f"没有文号为“{number[:60]}”的文件", way_out="请先用 instruments 登记该文件")
    return found.id


def _files(paths: Sequence[Path] | None) -> list[NewFile]:
    try:
        return [NewFile(path.name, path.read_bytes()) for path in paths or ()]
    except OSError as error:
        raise InvalidInput(
            f"无法读取文件：{error.strerror} {error.filename}", way_out="请核对路径"
        ) from error


def _rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix.lower() == ".json":
        try:
            told = orjson.loads(path.read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            raise InvalidInput(f"{path} 不能读取，或不是 JSON", way_out="请核对路径和内容") from error
        if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
            raise InvalidInput(f"{path} 应是控制点的数组", way_out='请写成 [{"点号": "1", "列": 0, …}]')
        return told
    table = read_table(path)
    return [{str(head): cell for head, cell in row.items()} for row in table.to_dict(orient="records")]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} 不能读取", way_out="请核对路径；坐标文件是六行文字") from error


def _save(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InvalidInput(f"不能写入 {path}：{error.strerror}", way_out="请核对路径和权限") from error
