"""Lists held against the register of place names, and the queue of what is in doubt."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.markup import escape

from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading_as, writing
from gis_service.cli.progress import step
from gis_service.cli.written import merged
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import refuse_if_blocking
from gis_service.procedures.intake.commands.placenames.entering import EnteringNames
from gis_service.procedures.intake.commands.placenames.likening import Match, match_records
from gis_service.procedures.intake.commands.placenames.opening import ListRequest, PlaceList
from gis_service.procedures.intake.commands.placenames.reviewing import (
    accept_above,
    decide,
    enter_decided,
    queue_doubts,
    undo,
)
from gis_service.procedures.intake.formats import ReadOptions
from gis_service.procedures.intake.models import REVIEW_WORDS, NameReview, ReviewState
from gis_service.procedures.intake.queries.reviews import ReviewsAsked, review_by_id, reviews_page
from gis_service.procedures.intake.rules.placenames import NameChange, Tally

app = typer.Typer(help="名单对照后存疑的地名：列出、核定、撤回、入库。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
On = Annotated[str | None, typer.Option("--on", help="日期，如 2026-01-01；不写则为今天")]
Instrument = Annotated[str | None, typer.Option("--instrument", help="所依据的已登记文件的文号")]
Change = Annotated[
    NameChange | None,
    typer.Option("--change", help="名称不同是更名（rename）还是更正（correct）；不写则名称不动"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：做完全部检查与写入后撤销")]
Source = Annotated[str, typer.Argument(help="来源的名称，即来件的文件名")]
ReviewId = Annotated[UUID, typer.Argument(metavar="标识", help="核对队列中一条的标识")]
_HEADS = ("行", "来件名称", "相符的地名", "标识", "相符程度", "结论", "理由")


def match_command(
    file: Annotated[str, typer.Argument(help="名单：.csv、.xlsx、.gpkg、.shp、.geojson、.json")],
    on: On = None,
    crs: Annotated[str | None, typer.Option("--crs", help="坐标系，如 EPSG:4490")] = None,
    layer: Annotated[str | None, typer.Option("--layer", help="选用哪一个图层或工作表")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="文字编码，如 GBK")] = None,
    within: Annotated[list[str] | None, typer.Option("--within", help="只取这些代码以下的；可重复")] = None,
    queue: Annotated[bool, typer.Option("--queue", help="确定相符的写入，其余放入核对队列")] = False,
    instrument: Instrument = None,
    change: Change = None,
    to: Annotated[Path | None, typer.Option("--out", help="对照表写入此 .csv")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """名单与登记的地名对照：代码、名称（繁体、异体、曾用名、通名、同音、一字之差）、类别、所在行政区、距离。"""
    with refusals(as_json=as_json):
        options = ReadOptions(layer, encoding)
        listed = PlaceList(ListRequest(file, crs, tuple(within or ()), options))
        refuse_if_blocking(listed.findings, f"{listed.source} 不能读取", way_out="请按各条意见修正")
        if queue:
            hold_against(
                listed, EnteringNames(day(on), instrument, change=change), dry_run=dry_run, as_json=as_json
            )
            return
        tally = Tally(listed.source)
        with step(f"对照 {listed.source}") as progress, writing(Act.keep_placenames, dry_run=True) as tx:
            found = match_records(tx.session, listed, tally, on=day(on), progress=progress)
        if to is not None:
            _write(to, found)
        if as_json:
            told = [finding.as_json() for finding in tally.findings]
            print_json({"matches": [match.as_json() for match in found], "findings": told})
            return
        print_findings(tally.findings)
        sure = sum(match.certain is not None for match in found)
        if to is None:
            print_table("", _HEADS, map(_row, found))
        out.print(f"{listed.source}：{len(found)} 条，确定相符 {sure} 条，须核对 {len(found) - sure} 条")


def _row(match: Match) -> tuple[object, ...]:
    best = match.candidates[0] if match.candidates else None
    word = "确定" if match.certain else "须核对" if best else "登记簿中没有"
    if best is None:
        return match.record.row, match.record.name, "", "", "", word, ""
    reasons = "；".join(best.reasons)
    return match.record.row, match.record.name, best.name, best.feature_id, f"{best.score:.2f}", word, reasons


def _write(path: Path, found: list[Match]) -> None:
    if path.suffix.lower() != ".csv":
        raise InvalidInput(f"{path.name} 不是 .csv 文件名", way_out="请写如 --out 对照.csv")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([_HEADS, *map(_row, found)])
    out.print(f"已写入 {path}")


def hold_against(listed: PlaceList, wish: EnteringNames, *, dry_run: bool, as_json: bool) -> None:
    """Write what is certain, queue the rest, and tell how many of each."""
    refuse_if_blocking(listed.findings, f"{listed.source} 不能读取", way_out="请按各条意见修正")
    with step(f"对照 {listed.source}"), writing(Act.keep_placenames, dry_run=dry_run) as tx:
        queued = queue_doubts(tx, listed, wish)
    report = queued.certain
    if as_json:
        certain = None if report is None else report.as_json()
        print_json(
            {"source": queued.source, "rows": queued.rows, "queued": queued.queued, "certain": certain}
        )
        return
    print_findings([*queued.findings, *(report.findings if report else ())])
    told = f"；确定相符的：{report.told}" if report else ""
    undone = "；演练，已撤销" if dry_run else ""
    out.print(f"{queued.source}：对照 {queued.rows} 条，{queued.queued} 条放入核对队列{told}{undone}")


@app.command("list")
def list_command(
    state: Annotated[ReviewState | None, typer.Option("--state", help="只列此状态的")] = None,
    source: Annotated[str | None, typer.Option("--source", help="只列此来源的")] = None,
    at_least: Annotated[
        float | None, typer.Option("--at-least", help="只列相符程度不低于此的", min=0, max=1)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="至多几条", min=1)] = 100,
    as_json: AsJson = False,
) -> None:
    """核对队列中的各条。"""
    with refusals(as_json=as_json), reading_as(Act.keep_placenames) as (session, actor, _):
        asked = ReviewsAsked(state, source, at_least)
        found = reviews_page(session, asked, reach=actor.reach(Act.keep_placenames), limit=limit)
        if as_json:
            print_json([_told(each) for each in found])
            return
        heads = ("标识", "来源", "行", "名称", "最相符的", "相符程度", "状态")
        print_table("核对队列", heads, map(_listed, found))


def _listed(each: NameReview) -> tuple[object, ...]:
    best = each.candidates[0]["name"] if each.candidates else ""
    return (
        each.id,
        each.source,
        each.row,
        each.name,
        best,
        f"{each.score:.2f}",
        REVIEW_WORDS[ReviewState(each.state)],
    )


def _told(each: NameReview) -> dict[str, Any]:
    names = (
        *("id", "source", "row", "name", "record", "candidates", "score", "state", "feature_id"),
        *("adjusted", "reason", "decided_by", "decided_at", "instrument_id", "entered_by"),
    )
    return {name: getattr(each, name) for name in names}


@app.command("show")
def show_command(review: ReviewId, as_json: AsJson = False) -> None:
    """一条的来历、可能相符的地名和理由。"""
    with refusals(as_json=as_json), reading_as(Act.keep_placenames) as (session, actor, _):
        found = review_by_id(session, review, reach=actor.reach(Act.keep_placenames))
        if as_json:
            print_json(_told(found))
            return
        word = REVIEW_WORDS[ReviewState(found.state)]
        out.print(f"[bold]{escape(found.name)}[/]（{escape(found.source)} 第{found.row}行）：{word}")
        rows = [(c["name"], f"{c['score']:.2f}", "；".join(c["reasons"]), c["id"]) for c in found.candidates]
        print_table("可能相符的地名", ("地名", "相符程度", "理由", "标识"), rows)


@app.command("decide")
def decide_command(
    review: ReviewId,
    decision: Annotated[ReviewState, typer.Argument(help="accepted、adjusted、rejected 或 new")],
    feature: Annotated[
        UUID | None, typer.Option("--feature", help="定为哪一条地名；不写则取最相符的")
    ] = None,
    file: Annotated[Path | None, typer.Option("--record", help="调整的各项，JSON 文件")] = None,
    name: Annotated[str | None, typer.Option("--name", help="调整后的标准名称")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="理由；不采纳时必写")] = None,
    as_json: AsJson = False,
) -> None:
    """核定一条：采纳、调整后采纳、不采纳、新增；入库之前可以撤回。"""
    with refusals(as_json=as_json), writing(Act.keep_placenames) as tx:
        record = merged(file, {"name": name}) or None
        found = decide(tx, review, decision, feature=feature, record=record, reason=reason)
        _say(found, as_json=as_json)


@app.command("undo")
def undo_command(review: ReviewId, as_json: AsJson = False) -> None:
    """撤回一条的核定。"""
    with refusals(as_json=as_json), writing(Act.keep_placenames) as tx:
        _say(undo(tx, review), as_json=as_json)


def _say(found: NameReview, *, as_json: bool) -> None:
    if as_json:
        print_json(_told(found))
    else:
        out.print(f"{found.name}：{REVIEW_WORDS[ReviewState(found.state)]}")


@app.command("accept")
def accept_command(
    source: Source,
    at_least: Annotated[float, typer.Option("--at-least", help="相符程度不低于此的", min=0, max=1)],
    as_json: AsJson = False,
) -> None:
    """成批采纳：一个来源中相符程度不低于所写的，各采纳最相符的一条。"""
    with refusals(as_json=as_json), writing(Act.keep_placenames) as tx:
        count = accept_above(tx, source, at_least)
        if as_json:
            print_json({"accepted": count})
        else:
            out.print(f"{source}：采纳 {count} 条")


@app.command("enter")
def enter_command(
    source: Source,
    on: On = None,
    instrument: Instrument = None,
    change: Change = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """把核定的写入登记簿：全部写入或全不写入。"""
    with refusals(as_json=as_json):
        with writing(Act.keep_placenames, dry_run=dry_run) as tx:
            report = enter_decided(tx, source, on=day(on), instrument=instrument, change=change)
        if as_json:
            print_json(report.as_json())
            return
        print_findings(report.findings)
        out.print(f"{report.told}{'；演练，已撤销' if dry_run else ''}")


def add_to(names: typer.Typer) -> None:
    """Put matching and the queue among the commands of names."""
    names.command("match")(match_command)
    names.add_typer(app, name="reviews")
