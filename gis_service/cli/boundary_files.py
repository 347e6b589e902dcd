"""Everything that is known of one line on a day, at the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from gis_service.agenda import due
from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading_as
from gis_service.foundation.access import Act
from gis_service.foundation.agenda import Wanted
from gis_service.registers.boundaries.queries import (
    LineInForce,
    claims_on,
    descents_of,
    edges_along,
    indicators_on,
    line_file_on,
    line_named,
    read_line_reference,
    sides_of,
    uses_on,
)
from gis_service.registers.boundaries.queries.telling import (
    claims_told,
    file_told,
    indicators_told,
    lines_told,
    matters_told,
    sections_told,
    uses_told,
)

Line = Annotated[str, typer.Argument(help="界线代码，如 3234；代码重复时写界线标识")]
On = Annotated[str | None, typer.Option("--on", help="日期，如 2020-06-05；不写则为今天")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


_MATTER = ("number", "title", "due_on", "state")


def show_command(line: Line, on: On = None, as_json: AsJson = False) -> None:
    """一条界线的全部情况：登记内容、算得与公布的长度、各段、主张线、指示物、跨界使用、边的来历。"""
    with refusals(as_json=as_json), reading_as(Act.read_registers) as (session, actor, _):
        that_day = day(on)
        found = line_named(session, read_line_reference(line), on=that_day)
        told = _told(session, found, on=that_day)
        pending = due(session, actor, Wanted(that_day, line=found.id))
        matters = matters_told(session, pending, on=that_day)
        told["matters"] = [each.model_dump(mode="json") for each in matters]
        if as_json:
            print_json(told)
        else:
            _show(told)


def _told(session: Session, line: LineInForce, *, on: Any) -> dict[str, Any]:
    [listed] = lines_told(session, [line], edges_along(session, sides_of([line]), on=on), on=on)
    file = line_file_on(session, line, on=on)
    parts: dict[str, list[Any]] = {
        "sections": sections_told(session, line, file.walked, by="survey"),
        "claims": claims_told(session, line, claims_on(session, line, on=on)),
        "indicators": indicators_told(session, line, indicators_on(session, line, on=on)),
        "uses": uses_told(session, line, uses_on(session, line, on=on)),
    }
    descents = descents_of(session, file.walked.shapes) if file.walked else []
    told = file_told(session, listed, file).model_dump(mode="json")
    told |= {name: [each.model_dump(mode="json") for each in some] for name, some in parts.items()}
    return told | {
        "descents": [{"edge": str(each.edge_id), "cut_from": str(each.cut_from_id)} for each in descents]
    }


def _show(told: dict[str, Any]) -> None:
    sides = " / ".join(f"{side['name']}（{side['code']}）" for side in told["sides"])
    print_table(f"{told['code']} {told['name']}", ("项", "值"), [("两侧", sides), *_facts(told)])
    for reason in told["lengths"]["reasons"] if told["lengths"] else []:
        out.print(f"  · {reason}")
    rows = [
        (
            each["number"],
            f"{each['from_m']:.1f}",
            f"{each['to_m']:.1f}",
            "；".join("—".join(pair) for pair in each["sides"][:3]),
            each["legal_state"],
            each["follows_name"] or each["follows"],
        )
        for each in told["sections"]
    ]
    print_table("各段", ("序号", "起 m", "止 m", "左—右", "法律状态", "沿"), rows)
    if told["matters"]:
        heads = ("编号", "事项", "期限", "状态")
        print_table("待办", heads, [tuple(each[name] or "" for name in _MATTER) for each in told["matters"]])
    for title, name, field in (
        ("主张线", "claims", "section"),
        ("指示物", "indicators", "name"),
        ("跨界使用", "uses", "place"),
    ):
        if told[name]:
            print_table(title, ("名称", "文件"), [(each[field], each["instrument"]) for each in told[name]])


def _facts(told: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    lengths, record = told["lengths"] or {}, told["record"] or {}
    yield "走向", told["runs"]
    yield "算得长度 km", told["length_km"]
    yield "公布长度 km", lengths.get("published_km")
    yield "相差 km", lengths.get("difference_km")
    yield "协议书", record.get("agreement")
    yield "批准", " ".join(str(record[name]) for name in ("approver", "approved_on") if record.get(name))
    yield "各状态 km", "；".join(f"{state} {km:.3f}" for state, km in told["by_state"].items())
    yield "沿各物 km", "；".join(f"{what} {km:.3f}" for what, km in told["by_follows"].items())
    yield "飞地", "；".join(f"{each['unit']} {each['area_km2']:.3f} km²" for each in told["enclaves"])
