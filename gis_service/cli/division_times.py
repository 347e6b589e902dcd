"""Divisions over time: what became of a unit, what changed between two days, who ever bore a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.listings import Format, day_named, write_csv, write_gpkg, write_out
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.registers.boundaries.queries import Changed, Comparison, compare, extents_on
from gis_service.registers.boundaries.routes.comparing import comparison_told
from gis_service.registers.boundaries.routes.tracing import trace_told
from gis_service.registers.boundaries.schemas import HeirOut, RevisionOut, StepOut, TraceOut, UnitThenOut
from gis_service.registers.divisions.queries import (
    Span,
    division_named,
    free_codes,
    ids_ever_named,
    named_ever,
    read_reference,
)
from gis_service.registers.divisions.routes import proposals_told
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
COMPARED = {
    "kinds": "变更",
    "level": "级别",
    "code_before": "原代码",
    "name_before": "原名称",
    "superior_before": "原上级",
    "code_after": "现代码",
    "name_after": "现名称",
    "superior_after": "现上级",
    "area_before_km2": "原面积 km²",
    "area_after_km2": "现面积 km²",
    "acts": "依据",
}
FOUND = {
    "code": "代码",
    "name": "名称",
    "type": "类型",
    "valid_from": "自",
    "valid_to": "至",
    "begun_by": "起始依据",
}


def add_to(app: typer.Typer) -> None:
    """Put these commands beside those that read one day."""
    commands: dict[str, Callable[..., None]] = {
        "trace": trace,
        "compare": compare_command,
        "find": find,
        "propose-code": propose_code,
    }
    for name, command in commands.items():
        app.command(name)(command)


def trace(
    code: Annotated[str, typer.Argument(help="代码，或单位的 UUID；已停用的代码同样可查")],
    on: Annotated[str | None, typer.Option("--on", help="起点日；不写则为此代码最后有效的一日")] = None,
    to: Annotated[str | None, typer.Option("--to", help="终点日，可早可晚；不写则为今天")] = None,
    as_json: AsJson = False,
) -> None:
    """一个单位到另一日成了哪些单位，或由哪些单位而来：面积比例、确定程度、沿途文件。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        told = trace_told(
            session, read_reference(code), on=day(on) if on else None, to=day(to), today=day(None)
        )
        if as_json:
            print_json(told.model_dump(mode="json", by_alias=True))
        else:
            _print_trace(told)


def _print_trace(told: TraceOut) -> None:
    title = f"{_named(told.source)} 自 {told.on} 至 {told.to}"
    if told.asked_on not in {None, told.on}:
        out.print(f"{told.source.code} 在 {told.asked_on} 已停用，自其最后有效的 {told.on} 追溯")
    rows = [
        (
            each.code,
            each.name,
            each.type,
            _percent(each.share_of_source),
            _percent(each.share_of_target),
            each.certainty,
        )
        for each in told.units
    ]
    print_table(title, ("代码", "名称", "类型", "占原单位", "占此单位", "确定程度"), rows)
    if not told.units:
        out.print("终点日没有对应的单位")
    acts = dict.fromkeys(_step(step) for each in told.units for step in each.acts)
    _print_if("沿途变更", acts)
    _print_if("存疑（未计入）", dict.fromkeys(_step(step) for step in told.doubtful))
    revised = [
        (str(each.on), "修订", _named(each.before), _named(each.after), each.instrument)
        for each in told.revisions
    ]
    _print_if("沿途更名、改码、改隶", revised)
    if len(told.holders) > 1:
        spells = [
            (held.code, held.name, str(held.valid_from), str(held.valid_to or "")) for held in told.holders
        ]
        print_table("此代码历来的使用情况", ("代码", "名称", "自", "至"), spells)


def _heir(each: HeirOut) -> tuple[Any, ...]:
    shares = (_percent(each.share_of_source), _percent(each.share_of_target))
    return (each.code, each.name, each.type, *shares, each.certainty)


def _revision(each: RevisionOut) -> tuple[Any, ...]:
    return (str(each.on), "修订", _named(each.before), _named(each.after), each.instrument)


def _print_if(title: str, rows: Iterable[tuple[Any, ...]]) -> None:
    listed = list(rows)
    if listed:
        print_table(title, ("日期", "方式", "原单位", "新单位", "依据"), listed)


def _step(step: StepOut) -> tuple[Any, ...]:
    sides = (_named(side) if side else "" for side in (step.came_from, step.went_into))
    return (str(step.on), step.kind, *sides, f"{step.instrument} {step.title}")


def _named(unit: UnitThenOut) -> str:
    return f"{unit.name}（{unit.code}）"


def _percent(share: float | None) -> str:
    return "不详" if share is None else f"{share:.2%}"


def compare_command(
    from_: Annotated[str, typer.Option("--from", help="一个日期，如 1996-01-01")],
    to: Annotated[str | None, typer.Option("--to", help="另一个日期；不写则为今天")] = None,
    level: Annotated[DivisionLevel | None, typer.Option(help="级别")] = None,
    within: Annotated[str | None, typer.Option(help="只列任一日在此代码之内的")] = None,
    format_: Annotated[Format, typer.Option("--format", help="输出形式")] = Format.table,
    to_file: Annotated[Path | None, typer.Option("--out", help="写入文件；gpkg 不写时自行命名")] = None,
) -> None:
    """两日之间设立、撤销、建制变更、更名、改码、改隶、迁址和区域有变的单位，各有文件依据。"""
    with refusals(as_json=format_ is Format.json), reading(Act.read_registers) as session:
        roots = ids_ever_named(session, read_reference(within)) if within else []
        found = compare(session, day(from_), day(to), level=level, within=roots)
        if format_ is Format.json:
            write_out(lambda: print_json(comparison_told(found).model_dump(mode="json")), to_file)
        elif format_ is Format.csv:
            write_out(lambda: write_csv([*COMPARED], [_row(each) for each in found.changes]), to_file)
        elif format_ is Format.gpkg:
            path = to_file or Path(f"divisions-{found.earlier}-{found.later}.gpkg")
            _write_both_days(session, found, path)
        else:
            _print_comparison(found)


def _row(change: Changed) -> dict[str, Any]:
    sides = {
        f"{name}_{side}": getattr(span, name) if span else None
        for side, span in (("before", change.before), ("after", change.after))
        for name in ("code", "name", "superior")
    }
    return {
        "kinds": "、".join(change.kinds),
        "level": change.told.level,
        **sides,
        "area_before_km2": change.area_before_km2,
        "area_after_km2": change.area_after_km2,
        "acts": "；".join(f"{act.on} {act.number}" for act in change.acts),
    }


def _print_comparison(found: Comparison) -> None:
    rows = [_row(each) for each in found.changes]
    title = f"{found.earlier} 至 {found.later} 有变更的 {len(rows)} 个单位"
    print_table(title, [*COMPARED.values()], [tuple(row[name] for name in COMPARED) for row in rows])
    for level, kinds in found.counts.items():
        out.print(f"{level.word}：" + "，".join(f"{kind} {count}" for kind, count in kinds.items()))


def _write_both_days(session: Any, found: Comparison, path: Path) -> None:
    """Two layers: what changed as it was, and as it is, with areas where they are known."""
    if not found.changes:
        raise InvalidInput("两日之间没有变更，无可写的单位", way_out="请核对日期、级别与代码")
    sides = (("before", found.earlier), ("after", found.later))
    for layer, on in sides:
        told = [(each, span) for each in found.changes if (span := getattr(each, layer))]
        shapes = extents_on(session, [span.id for _, span in told], on=on)
        rows = [{"code": span.code, "name": span.name, **_row(each)} for each, span in told]
        columns = ("code", "name", *COMPARED)
        if rows:
            write_gpkg(rows, columns, [shapes.get(span.id) for _, span in told], path, layer=layer)
    out.print(f"已写入 {path}（{len(found.changes)} 个单位）")


def find(
    name: Annotated[str, typer.Argument(help="名称，带不带通名都可以：淮阴、淮阴市")],
    on: Annotated[str | None, typer.Option("--on", help="只列此日叫这个名字的")] = None,
    as_json: AsJson = False,
) -> None:
    """曾用此名的全部单位，及其起止日；已撤销的同样可查。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        rows = [_found(span) for span in named_ever(session, name, on=day_named(on))]
        if as_json:
            print_json(rows)
        else:
            title = f"曾名“{name}”的单位 {len(rows)} 项"
            print_table(title, [*FOUND.values()], [tuple(row[key] for key in FOUND) for row in rows])


def _found(span: Span) -> dict[str, Any]:
    return {
        "id": str(span.id),
        "code": span.code,
        "name": span.name,
        "level": span.level,
        "type": span.type,
        "superior": span.superior,
        "valid_from": span.begun_edtf or str(span.begins),
        "valid_to": span.ended_edtf or (str(span.ends) if span.ends else None),
        "begun_by": span.begun_by.number,
        "ended_by": span.ended_by.number if span.ended_by else None,
    }


def propose_code(
    type_: Annotated[DivisionType, typer.Option("--type", help="新单位的建制，如 市辖区")],
    superior: Annotated[str, typer.Option(help="上级单位的代码")],
    on: Annotated[str | None, typer.Option("--on", help="启用的日期；不写则为今天")] = None,
    count: Annotated[int, typer.Option(min=1, max=100, help="至多几个")] = 5,
    as_json: AsJson = False,
) -> None:
    """新设单位可用的代码：按当日的代码标准，从未用过的在前，曾用过的在后并提示。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        above = division_named(session, read_reference(superior), on=that_day)
        found = free_codes(session, above, type_, on=that_day, count=count)
        told = proposals_told(above, type_, that_day, found)
        if as_json:
            print_json(told.model_dump(mode="json"))
        else:
            rows = [(each.code, "；".join(each.warnings)) for each in told.proposals]
            print_table(f"{above.name}（{above.code}）之下{type_.value}可用的代码", ("代码", "提示"), rows)
