"""The desk check of lines, at the keyboard: what is wrong, where, and what to do about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import shapely
import typer
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_service.cli.console import Exit, out, print_json, print_table, refusals
from gis_service.cli.office import day, reading
from gis_service.cli.progress import counted
from gis_service.foundation.access import Act
from gis_service.foundation.crs import STORAGE_CRS
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import write_whole
from gis_service.foundation.findings import SEVERITY_ZH, RuleViolated, Severity, refuse_if_blocking
from gis_service.procedures.intake.formats import ReadOptions, read_delivery
from gis_service.publications.checks.formats import page, workbook
from gis_service.publications.checks.queries import Asked, check_line, lines_within
from gis_service.publications.checks.schemas import CheckOut, MatchOut
from gis_service.registers.boundaries.queries import (
    LineInForce,
    course_on,
    edges_along,
    sides_of,
)
from gis_service.registers.boundaries.queries.by_sides import line_referred_to
from gis_service.registers.boundaries.rules import Parcel

_LINES, _AREAS = ("LineString", "MultiLineString"), ("Polygon", "MultiPolygon")
_NAMES = ("name", "名称", "图斑编号", "编号", "图斑", "id", "BSM", "TBBH")
_UNITS = ("unit", "code", "单位代码", "权属单位代码", "坐落单位代码", "QSDWDM", "ZLDWDM")


def add_to(app: typer.Typer) -> None:
    """Put this command beside those that read the register of boundaries."""
    app.command("check")(check_command)


def check_command(
    lines: Annotated[
        list[str] | None,
        typer.Argument(metavar="界线…", help="代码、标识，或两侧代码如 320581-321282；可写几条"),
    ] = None,
    within: Annotated[
        str | None,
        typer.Option("--within", help="此单位及以下的各条界线；上级的、所写的界线只查作为其边界的各段"),
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="登记状况日期，如 2020-06-05；不写则为今天")] = None,
    from_m: Annotated[float | None, typer.Option("--from-m", help="只查一段：起点里程（米）")] = None,
    to_m: Annotated[float | None, typer.Option("--to-m", help="只查一段：终点里程（米）")] = None,
    text: Annotated[Path | None, typer.Option("--text", help="与此走向说明（.txt）对照")] = None,
    against: Annotated[
        list[Path] | None, typer.Option("--against", help="与他方所存或公布的线形对照，出接边证明；可重复")
    ] = None,
    parcels: Annotated[Path | None, typer.Option("--parcels", help="地块或地类图层：找疑似越界")] = None,
    layer: Annotated[str | None, typer.Option("--layer", help="所附文件有几个图层时，用哪一个")] = None,
    since: Annotated[str | None, typer.Option("--since", help="与这一天的走向比较；不写则为上一版")] = None,
    to_map: Annotated[
        Path | None, typer.Option("--map", help="写成带地图的网页（.html），可离线查看")
    ] = None,
    to_book: Annotated[Path | None, typer.Option("--out", help="意见写成工作簿（.xlsx）")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """内业检查：按 R-BND、R-MRK 各条规则检查界线、界桩和文件；每条意见有位置和办法。有须改正的不以零退出。"""
    with refusals(as_json=as_json):
        that_day = day(on)
        asked = Asked(
            from_m,
            to_m,
            None if text is None else _text(text),
            tuple((path.name, _copy(path, layer)) for path in against or ()),
            () if parcels is None else _parcels(parcels, layer),
            day(since) if since else None,
            within,
        )
        with reading(Act.read_registers) as session:
            found, left = _chosen(session, lines, within, on=that_day)
            checks = [
                check_line(session, line, asked, on=that_day)
                for line in counted("内业检查", found, len(found))
            ]
            drawn = to_map is not None or to_book is not None
            shapes = [_shape(session, line, on=that_day) for line in found] if drawn else []
        if to_map is not None:
            write_whole(to_map, page.draw(list(zip(checks, shapes, strict=True))))
        if to_book is not None:
            write_whole(to_book, workbook.draw(zip(checks, shapes, strict=True)))
        if as_json:
            told = [check.model_dump(mode="json", by_alias=True) for check in checks]
            print_json(told[0] if lines and len(told) == 1 else told)
        else:
            for check in checks:
                _show(check)
            _show_left(left)
            for path in (to_map, to_book):
                if path is not None:
                    out.print(f"已写入 {path}")
    raise typer.Exit(0 if all(check.passed for check in checks) else Exit.refused)


def _chosen(
    session: Session, lines: list[str] | None, within: str | None, *, on: date
) -> tuple[list[LineInForce], list[str]]:
    """The lines to check, and the names of those of a jurisdiction that cannot be."""
    if lines:
        return [line_referred_to(session, each, on=on) for each in lines], []
    if within is None:
        raise InvalidInput("没有说明检查哪条界线", way_out="请写界线代码，或用 --within 写一个单位的代码")
    found = lines_within(session, within, on=on)
    along = edges_along(session, sides_of(found), on=on)
    ready = [line for line in found if along.of(line.id)]
    return ready, [line.name for line in found if not along.of(line.id)]


def _shape(session: Session, line: LineInForce, *, on: date) -> BaseGeometry:
    course = course_on(session, line, on=on)
    assert course is not None  # it was checked
    return course.geometry


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InvalidInput(f"没有文件 {path}", way_out="请核对路径") from error
    except UnicodeDecodeError:
        try:
            return path.read_text(encoding="gb18030")
        except UnicodeDecodeError as error:
            raise InvalidInput(f"{path.name} 不是文本", way_out="请存为 UTF-8 或 GBK 的 .txt") from error


def _copy(path: Path, layer: str | None) -> BaseGeometry:
    frame = _read(path, layer, _LINES)
    return shapely.union_all(frame.geometry.to_numpy())


def _parcels(path: Path, layer: str | None) -> tuple[Parcel, ...]:
    frame = _read(path, layer, _AREAS)
    name = next((column for column in _NAMES if column in frame), None)
    unit = next((column for column in _UNITS if column in frame), None)
    return tuple(
        Parcel(
            f"第{index + 1}个" if name is None else str(row[name]),
            None if unit is None or not row[unit] else str(row[unit]),
            row.geometry if row.geometry.is_valid else row.geometry.buffer(0),
        )
        for index, (_, row) in enumerate(frame.iterrows())
    )


def _read(path: Path, layer: str | None, kinds: tuple[str, ...]) -> gpd.GeoDataFrame:
    """The shapes of a file in lon/lat, those of other kinds left out."""
    delivery = read_delivery(path, ReadOptions(layer=layer))
    refuse_if_blocking(delivery.findings, f"{path.name} 不能采用", way_out="请按意见改正后重试")
    if delivery.frame is None:
        raise RuleViolated(f"{path.name} 不能采用", delivery.findings)
    frame = delivery.frame
    if frame.crs is None:
        raise InvalidInput(f"{path.name} 没有坐标系", way_out="请补上坐标系定义（如 .prj）后重试")
    kept = frame[frame.geometry.notna() & frame.geom_type.isin(kinds)].to_crs(STORAGE_CRS)
    if not len(kept):
        raise InvalidInput(f"{path.name} 中没有 {'、'.join(kinds)}", way_out="请核对图层")
    kept.geometry = kept.geometry.force_2d()
    return kept


def _show(check: CheckOut) -> None:
    counts = "，".join(f"{SEVERITY_ZH[Severity(name)]} {number}" for name, number in check.counts.items())
    note = "（含合成界桩）" if check.synthetic else ""
    size = f"{check.length_km:.3f} km，界桩 {check.markers}{note}"
    part = "" if check.whole else f"（{_part(check)}）"
    title = f"{check.code} {check.name}{part} {check.on} 内业检查：{size}，{counts}"
    print_table(
        title,
        ("等级", "规则", "对象", "里程 km", "意见", "办法"),
        [
            (
                SEVERITY_ZH[Severity(each.severity)],
                each.rule,
                each.subject,
                "" if each.chainage_m is None else f"{each.chainage_m / 1000:.3f}",
                each.message,
                each.suggestion,
            )
            for each in check.findings
        ],
    )
    if check.previous is not None:
        match = check.previous.match
        lines = "、".join(f"{each.name}（{each.code}）" for each in check.previous.lines)
        out.print(
            f"与 {check.previous.since} {lines}的走向："
            + (
                check.previous.reason
                if match is None
                else f"{_told(match)}，长度相差 {check.previous.difference_km:+.3f} km"
            )
        )
    for match in check.matches:
        out.print(f"与 {match.source} 接边：{_told(match)}")
        out.print(f"  登记坐标摘要 {match.ours_sha256}\n  对方坐标摘要 {match.theirs_sha256}")


def _show_left(left: list[str]) -> None:
    if left:
        out.print(f"略过 {len(left)} 条没有线形、或有不能示明之处的界线：{'、'.join(left)}")


def _part(check: CheckOut) -> str:
    """Which part of the line was checked."""
    spans = "、".join(f"{each.from_m / 1000:.3f}—{each.to_m / 1000:.3f}" for each in check.stretches)
    return f"{check.unit.name + '为一侧的' if check.unit else ''}里程 {spans} km"


def _told(match: MatchOut) -> str:
    if match.same:
        return f"逐点相同（{match.vertices} 点）"
    return (
        f"最大相差 {match.max_m:.3f} m，平均 {match.mean_m:.3f} m，"
        f"{match.vertices} 点中 {match.shared_vertices} 点相同，"
        f"超容差 {len(match.apart)} 段，缺 {len(match.lacking)} 段"
    )
