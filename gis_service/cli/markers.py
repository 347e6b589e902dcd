"""Reading the register of markers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from gis_service.cli.console import print_json, print_table, refusals
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.readings import note_reading
from gis_service.registers.boundaries.queries import line_named, read_line_reference
from gis_service.registers.boundaries.queries.by_sides import line_referred_to
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.markers.models import MarkerState
from gis_service.registers.markers.queries import markers_on
from gis_service.registers.markers.queries.candidates import tri_point_candidates
from gis_service.registers.markers.queries.histories import history_of, papers_of
from gis_service.registers.markers.queries.meeting import synthetic_among, tri_points_of, tri_points_on
from gis_service.registers.markers.queries.named import marker_named
from gis_service.registers.markers.queries.standing import point_of
from gis_service.registers.markers.queries.telling import told_of
from gis_service.registers.markers.routes.showing import detail_out, marker_out

app = typer.Typer(help="界桩：任一日期的界桩、状况、位置与管理。", no_args_is_help=True)

On = Annotated[str | None, typer.Option("--on", help="日期，如 2020-06-05；不写则为今天")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Reference = Annotated[str, typer.Argument(help="界桩编号或标识")]


@app.command("list")
def list_command(
    on: On = None,
    line: Annotated[str | None, typer.Option(help="所在界线的代码或标识")] = None,
    managing: Annotated[str | None, typer.Option(help="负责管理一方的代码")] = None,
    state: Annotated[MarkerState | None, typer.Option(help="最近所见的状况")] = None,
    as_json: AsJson = False,
) -> None:
    """某日在册的界桩。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        lines = [line_named(session, read_line_reference(line), on=that_day).id] if line else None
        keepers = [division_by_code(session, managing, on=that_day).division_id] if managing else None
        found = markers_on(session, on=that_day, lines=lines, managing=keepers, state=state)
        told = [marker_out(each) for each in told_of(session, found, on=that_day)]
        if as_json:
            print_json([each.model_dump(mode="json") for each in told])
            return
        rows = [
            (
                each.number,
                each.placement,
                "、".join(line.name for line in each.lines),
                each.managing.name if each.managing else "",
                each.state or "",
                "合成" if each.is_synthetic else "",
            )
            for each in told
        ]
        print_table(
            f"{that_day} 在册 {len(rows)} 座界桩", ("编号", "埋设", "界线", "管理方", "状况", "备注"), rows
        )


@app.command("show")
def show_command(marker: Reference, on: On = None, as_json: AsJson = False) -> None:
    """一座界桩的全部登记内容，以及历次的位置、查看和处置、移位和增设的文件、附件。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        found = marker_named(session, marker, on=that_day)
        [told] = told_of(session, [found], on=that_day)
        history = history_of(session, found.marker.id)
        papers = papers_of(session, history.papers())
        note_reading(session, history.kept(papers), found.number)
        detail = detail_out(told, history, papers, on=that_day).model_dump(mode="json")
        if as_json:
            print_json(detail)
            return
        words = {"编号": found.number, "埋设": detail["placement"], "状况": detail["state"]}
        words |= {"经度": detail["lon"], "纬度": detail["lat"]}
        print_table("界桩", ("项目", "内容"), [(name, str(value or "")) for name, value in words.items()])
        rows = [
            (each["seen_on"], each["state"], each["action"], each["observer"])
            for each in detail["observations"]
        ]
        print_table("历次查看", ("日期", "状况", "处置", "查看人"), rows)
        _print_papers(detail["papers"])


def _print_papers(papers: list[dict[str, Any]]) -> None:
    """By which papers a marker was moved or added; nothing where it never was."""
    rows = [
        (
            each["on"],
            each["action"],
            each["role"],
            each["instrument"],
            each["title"],
            "、".join(unit["name"] for unit in each["signed_by"]),
            "、".join(digest[:16] for digest in each["files"]),
        )
        for each in papers
    ]
    if rows:
        heads = ("日期", "事项", "文件", "文号", "标题", "同意的各方", "附件摘要")
        print_table("移位、增设的文件", heads, rows)


@app.command("tri-points")
def tri_points_command(
    on: On = None,
    candidates: Annotated[
        DivisionLevel | None,
        typer.Option("--candidates", help="改列三个此级别单位的界线相交之处，供登记时核对"),
    ] = None,
    line: Annotated[str | None, typer.Option("--line", help="只列此界线的（代码、标识或两侧代码）")] = None,
    as_json: AsJson = False,
) -> None:
    """在册的三交点；或按界线推得的三交点。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        rows: list[dict[str, Any]]
        if candidates is None:
            rows = _tri_points(session, line, on=that_day)
        else:
            meeting = tri_point_candidates(session, candidates, on=that_day)
            rows = [
                {"name": "、".join(each.names), "lon": each.point.x, "lat": each.point.y} for each in meeting
            ]
        if as_json:
            print_json(rows)
        else:
            heads = ("名称", "经度", "纬度", "编号", "合成", "标识")[: 6 if candidates is None else 3]
            print_table("三交点", heads, [tuple(row.values()) for row in rows])


def _tri_points(session: Session, line: str | None, *, on: date) -> list[dict[str, Any]]:
    if line is None:
        found = tri_points_on(session, on=on)
    else:
        named = line_referred_to(session, line, on=on)
        found = tri_points_of(session, [named], on=on)[named.id]
    made_up = synthetic_among(session, {each.marker_id for each in found if each.marker_id is not None})
    return [
        {
            "name": each.name,
            "lon": at and at.x,
            "lat": at and at.y,
            "number": each.number,
            "synthetic": "是" if each.marker_id in made_up else "否",
            "id": str(each.id),
        }
        for each in found
        for at in [point_of(each)]
    ]
