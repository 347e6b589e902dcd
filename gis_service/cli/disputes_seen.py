"""What is open, what is due, what weighs most: cases read at the keyboard, as tables, a workbook or a map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import write_whole
from gis_service.procedures.disputes.formats import workbook
from gis_service.procedures.disputes.models import STATE_WORDS
from gis_service.procedures.disputes.queries import (
    Asked,
    as_geojson_text,
    case_numbered,
    cases,
    counted,
    due,
    found_in,
    picture,
    risk_told,
    shapes_of,
    told,
    weighing,
    yearbook,
)
from gis_service.procedures.disputes.routes.mapping import TITLE
from gis_service.procedures.disputes.rules import levels, words_for
from gis_service.procedures.disputes.schemas import DisputeOut, YearOut
from gis_service.publications.risks.formats import page
from gis_service.registers.boundaries.queries import line_named, read_line_reference
from gis_service.registers.divisions.queries import division_by_code

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
On = Annotated[str | None, typer.Option("--on", help="日期；不写则为今天")]
Number = Annotated[str, typer.Argument(help="案号，如 YH-2026-00001")]
Line = Annotated[str | None, typer.Option("--line", help="只算此界线的（代码或标识）")]
Unit = Annotated[str | None, typer.Option("--within", "--unit", help="只算有一侧在此单位及其以下的（代码）")]


def add_to(app: typer.Typer) -> None:
    """Put the commands that only read beside those that write."""
    for command in (list_, due_, show, report, risk, map_):
        app.command(command.__name__.rstrip("_"))(command)


def list_(
    line: Line = None,
    within: Unit = None,
    state: Annotated[
        str | None, typer.Option(help=f"只列此状态的：{'、'.join(STATE_WORDS.values())}")
    ] = None,
    level: Annotated[str | None, typer.Option(help=f"只列此等级的：{'、'.join(levels())}")] = None,
    kind: Annotated[str | None, typer.Option(help=f"只列此种类的：{'、'.join(words_for('kinds'))}")] = None,
    only_open: Annotated[bool, typer.Option("--open", help="只列未办结的")] = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """列出您可以查看的隐患和纠纷。"""
    with refusals(as_json=as_json), reading(Act.read_disputes) as session:
        known = {word: state for state, word in STATE_WORDS.items()}
        for word, allowed in ((state, known), (level, levels()), (kind, words_for("kinds"))):
            _require_known(word, allowed)
        place = _asked(session, line, within, day(on))
        wanted = Asked(
            place.line, place.within, known[state] if state else None, level, kind, only_open=only_open
        )
        answer = told(session, cases(session, wanted, on=day(on)), on=day(on))
        _tell(answer, as_json)


def _require_known(word: str | None, allowed: Any) -> None:
    if word is not None and word not in allowed:
        raise InvalidInput(f"没有“{word[:20]}”这一项", way_out=f"可写：{'、'.join(allowed)}")


def due_(within: Unit = None, on: On = None, as_json: AsJson = False) -> None:
    """到此日为止到期而未办结的各种事项，最早到期的在前。"""
    with refusals(as_json=as_json), reading(Act.read_disputes) as session:
        by = day(on)
        found = due(session, _asked(session, None, within, by).within, by=by, on=by)
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    if not found:
        out.print("没有到期的事项")
        return
    heads = ("事项", "编号", "界线", "内容", "责任单位", "期限", "逾期天数")
    rows = [
        (e.matter, e.number, e.line, e.words, e.responsible, e.due_on, max(e.days_late, 0)) for e in found
    ]
    print_table(f"到 {by} 到期的事项", heads, rows)


def show(number: Number, on: On = None, as_json: AsJson = False) -> None:
    """一案的全部情况和经过。"""
    with refusals(as_json=as_json), reading(Act.read_disputes) as session:
        [case] = told(session, [case_numbered(session, number, on=day(on))], on=day(on))
        _tell([case], as_json)
        if not as_json:
            print_table("", ("项", "内容"), [(title, text) for title, text in _facts(case) if text])
            rows = [(s.taken_on, s.kind, s.state, s.words, s.instrument, s.actor) for s in case.steps]
            print_table("经过", ("日期", "事项", "状态", "经过", "文件", "登记人"), rows)
            for step in case.steps:
                for each in step.changes:
                    out.print(f"{step.taken_on} {each.field}：{each.before} → {each.after}", markup=False)


def _facts(case: DisputeOut) -> list[tuple[str, str | None]]:
    stretch = None if case.from_m is None else f"{case.from_m:.1f} 至 {case.to_m:.1f} 米"
    ends = f"（{case.from_marker} 至 {case.to_marker}）" if case.from_marker else ""
    return [
        ("区间", stretch and stretch + ends),
        ("界桩", case.marker),
        ("经纬度", None if case.lon is None else f"{case.lon}, {case.lat}"),
        ("当事各方", "、".join(party.name for party in case.parties)),
        ("起因", case.cause),
        ("措施", case.measures),
        ("责任单位", case.responsible),
        ("结果", case.result),
    ]


def report(
    year: Annotated[int, typer.Argument(help="年份", min=1949, max=2999)],
    to_book: Annotated[
        Path | None, typer.Option("--xlsx", help="写成工作簿：汇总、案件、重点地段、逾期")
    ] = None,
    within: Unit = None,
    line: Line = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """一年中发现的隐患和纠纷：按等级、种类、状态、起因、界线计数，以及此日已逾期的；撤回的不计。"""
    with refusals(as_json=as_json), reading(Act.read_disputes) as session:
        asked = _asked(session, line, within, day(on))
        everything = told(session, cases(session, asked, on=day(on)), on=day(on))
        counts = counted(found_in(everything, year), year, on=day(on))
        if to_book is not None:
            _write(to_book, workbook.draw(yearbook(session, year, asked, on=day(on))))
    if as_json:
        print_json(counts.model_dump(mode="json"))
    else:
        _show_year(counts)
        if to_book is not None:
            out.print(f"已写入 {to_book}")


def _show_year(counts: YearOut) -> None:
    out.print(
        f"{counts.year} 年发现 {counts.cases} 起，已办结 {counts.closed} 起，已逾期 {counts.overdue} 起，"
        f"复发 {counts.recurrences} 次，延期 {counts.extensions} 次"
    )
    for title, by in (
        ("等级", counts.level),
        ("种类", counts.kind),
        ("状态", counts.state),
        ("起因", counts.cause),
    ):
        print_table("", (title, "起数"), list(by.items()))
    print_table("", ("代码", "界线", "起数"), [(each.code, each.name, each.cases) for each in counts.line])


def risk(
    within: Unit = None,
    line: Line = None,
    top: Annotated[int | None, typer.Option(help="只列前几段", min=1)] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """重点地段：界线分为约 5 公里一段（有界桩处在界桩分段），各段未办结案件的权数相加，大者在前。"""
    with refusals(as_json=as_json), reading(Act.read_disputes) as session:
        that_day = day(on)
        found = risk_told(weighing(session, _asked(session, line, within, that_day), on=that_day), top=top)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    if not found.items and not found.unplaced:
        out.print("没有隐患和纠纷")
        return
    heads = ("风险", "权数", "界线", "自", "至", "里程 km", "未办结", "逾期", "复发", "已办结", "案号")
    rows = [
        (
            each.band,
            each.weight,
            each.line_name,
            each.begins_at,
            each.ends_at,
            f"{each.from_m / 1000:.1f}—{each.to_m / 1000:.1f}",
            each.open,
            each.overdue,
            each.recurrences,
            each.closed,
            "、".join(each.cases),
        )
        for each in found.items
    ]
    print_table(f"{that_day} 重点地段 {len(rows)} 处", heads, rows)
    if found.unplaced:
        out.print(f"未定位：{'、'.join(found.unplaced)}")
    if found.synthetic:
        out.print("所列界桩含合成数据，并非真实界桩")


def map_(
    to: Annotated[Path | None, typer.Option("--out", help="写入的 GeoJSON 文件")] = None,
    to_page: Annotated[Path | None, typer.Option("--html", help="写入的风险图网页，可离线查看和打印")] = None,
    within: Unit = None,
    line: Line = None,
    on: On = None,
) -> None:
    """隐患风险图（--html），或把隐患和纠纷写成 GeoJSON（--out）：有区间的为界线上的一段，否则为点。"""
    with refusals():
        if to is None and to_page is None:
            raise InvalidInput("没有写明写入的文件", way_out="请写 --html 风险图.html，或 --out 案件.geojson")
        with reading(Act.read_disputes) as session:
            that_day = day(on)
            asked = _asked(session, line, within, that_day)
            if to is not None:
                _write(to, _geojson(session, asked, that_day))
            if to_page is not None:
                _write(to_page, page.draw(picture(session, asked, TITLE, on=that_day)))
        for path in filter(None, (to, to_page)):
            out.print(f"已写入 {path}")


def _geojson(session: Session, asked: Asked, on: date) -> bytes:
    answer = told(session, cases(session, asked, on=on), on=on)
    shapes = shapes_of(session, answer, on=on)
    features = [
        {
            "type": "Feature",
            "id": case.number,
            "properties": case.model_dump(mode="json", exclude={"steps", "findings", "effect"}),
            "geometry": orjson.loads(as_geojson_text(shapes[case.number])) if case.number in shapes else None,
        }
        for case in answer
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _asked(session: Session, line: str | None, within: str | None, on: date) -> Asked:
    return Asked(
        line=line_named(session, read_line_reference(line), on=on).id if line else None,
        within=division_by_code(session, within, on=on).division_id if within else None,
    )


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise InvalidInput(f"不能写入 {path}", way_out="请核对路径和权限") from error


def _tell(answer: Sequence[DisputeOut], as_json: bool) -> None:
    if as_json:
        print_json([case.model_dump(mode="json") for case in answer])
    elif not answer:
        out.print("没有隐患和纠纷")
    else:
        show_cases(answer)


def show_cases(answer: Sequence[DisputeOut]) -> None:
    """Cases as a table, a row each."""
    rows = [
        (c.number, c.kind, c.level, c.line_name, c.place, c.state, c.due_on, "逾期" if c.overdue else "")
        for c in answer
    ]
    print_table("隐患和纠纷", ("案号", "种类", "等级", "界线", "地点", "状态", "期限", ""), rows)
