"""Suggestions about place names at the keyboard: what is open, one of them, the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading_as, writing
from gis_service.cli.settlements import New, checked, new_acts
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.procedures.corrections import commands
from gis_service.procedures.corrections.queries import (
    SuggestionsAsked,
    require_known_to,
    suggestion_numbered,
    suggestions_page,
    told_of,
)
from gis_service.procedures.corrections.rules import Decision, Kind, NameMeaning, SuggestionState
from gis_service.procedures.corrections.schemas import DecisionIn, SuggestionIn, SuggestionOut
from gis_service.registers.divisions.queries import division_by_code

app = typer.Typer(help="地名更正建议：登记、查看、答复。", no_args_is_help=True)

FIELDS = ("name", "roman", "reading", "class", "division", "lon", "lat")
Number = Annotated[str, typer.Argument(help="编号，如 JY-2026-00001")]
On = Annotated[str | None, typer.Option("--on", help="日期；不写则为今天")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="演练：照做一遍后撤销")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="应登记的内容，可写多个：name=甪直镇 roman= reading= class= division= lon= lat="
    ),
]


def add_to(group: typer.Typer) -> None:
    """Add the commands to those of names."""
    group.add_typer(app, name="suggestions")


@app.command("list")
def list_command(
    within: Annotated[str | None, typer.Option("--within", help="只列此政区及其以下的（代码）")] = None,
    kind: Annotated[Kind | None, typer.Option(help="只列此种类的")] = None,
    state: Annotated[SuggestionState | None, typer.Option(help="只列此状态的，如 open")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """更正建议：种类、对象、期限、状态。"""
    with refusals(as_json=as_json), reading_as(Act.read_suggestions) as (session, actor, _):
        that_day = day(on)
        unit = division_by_code(session, within, on=that_day).division_id if within else None
        asked, reach = SuggestionsAsked(unit, kind, state), actor.reach(Act.read_suggestions)
        told = told_of(session, suggestions_page(session, asked, reach=reach, on=that_day), on=that_day)
        note_readings(session, ((each.classification, each.number) for each in told))
        if as_json:
            print_json([each.model_dump(mode="json") for each in told])
            return
        heads = ("编号", "种类", "地名", "所在", "提出", "期限", "状态")
        print_table(f"更正建议 {len(told)} 件", heads, [_row(each) for each in told])


def _row(told: SuggestionOut) -> tuple[object, ...]:
    limit = f"{told.due_on or ''}{'（逾期）' if told.overdue else ''}"
    what = (told.number, told.kind_name, told.feature_name, told.division_name or "")
    return (*what, told.asked_at.date(), limit, told.state_name)


@app.command("show")
def show_command(number: Number, on: On = None, as_json: AsJson = False) -> None:
    """一件更正建议：内容、依据、答复。"""
    with refusals(as_json=as_json), reading_as(Act.read_suggestions) as (session, actor, _):
        that_day = day(on)
        found = suggestion_numbered(session, number)
        require_known_to(session, found, actor, None, on=that_day)
        [told] = told_of(session, [found], on=that_day, with_contact=True)
        note_reading(session, told.classification, number)
        if as_json:
            print_json(told.model_dump(mode="json"))
        else:
            _tell(told)


@app.command("add")
def add_command(
    kind: Annotated[Kind, typer.Argument(help="name、spelling、position、class、missing、gone、other")],
    text: Annotated[str, typer.Option("--text", help="说明")],
    feature: Annotated[str | None, typer.Option("--feature", help="地理实体的标识；漏登的不写")] = None,
    within: Annotated[str | None, typer.Option("--within", help="漏登的地名所在政区的代码")] = None,
    evidence: Annotated[str, typer.Option("--evidence", help="依据")] = "",
    contact: Annotated[str, typer.Option("--contact", help="联系方式")] = "",
    values: Values = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """代为登记一件建议，如来信、来电。"""
    with refusals(as_json=as_json):
        given: dict[str, Any] = {"kind": kind, "feature": feature, "within": within, "text": text}
        given |= {"evidence": evidence, "contact": contact, "proposed": _read(values)}
        sent = checked(SuggestionIn, given)
        with writing(Act.suggest_corrections, dry_run=dry_run) as tx:
            done = commands.suggest_correction(tx, sent)
            [told] = told_of(tx.session, [done.row], on=tx.today, with_contact=True)
        _answer(told, {}, dry_run, as_json)


@app.command("decide")
def decide_command(
    number: Number,
    decision: Annotated[Decision, typer.Argument(help="accept 采纳、adjust 调整后采纳、reject 不采纳")],
    reason: Annotated[str, typer.Option("--reason", help="理由，告知提出人")],
    act: Annotated[str | None, typer.Option("--act", help="据以登记的文件的文号")] = None,
    change: Annotated[
        NameMeaning, typer.Option("--change", help="名称不同的含义：correct 更正、rename 更名")
    ] = NameMeaning.correct,
    values: Values = None,
    revision: Annotated[int | None, typer.Option("--revision", help="所见的版次")] = None,
    acts: New = None,
    on: On = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """答复一件建议；采纳的同时写入登记簿。"""
    with refusals(as_json=as_json):
        given: dict[str, Any] = {"decision": decision, "reason": reason, "instrument": act, "change": change}
        given |= {"values": _read(values) or None, "acts": new_acts(acts), "on": on, "revision": revision}
        sent = checked(DecisionIn, given)
        with writing(Act.decide_suggestions, dry_run=dry_run) as tx:
            done = commands.decide_suggestion(tx, number, sent)
            [told] = told_of(tx.session, [done.row], on=tx.today, with_contact=True)
        findings = [finding.as_json() for finding in done.findings]
        moved = {"feature_id": done.feature_id, "revision": done.revision, "findings": findings}
        _answer(told, moved, dry_run, as_json)
        if done.findings and not as_json:
            print_findings(done.findings)


def _read(values: list[str] | None) -> dict[str, str]:
    """What `--set` gives, by field."""
    told: dict[str, str] = {}
    for each in values or ():
        key, _, value = each.partition("=")
        if key not in FIELDS or not value.strip():
            raise InvalidInput(f"--set 不识“{each}”", way_out=f"请写 字段=内容，字段为 {'、'.join(FIELDS)}")
        told[key] = value
    return told


def _answer(told: SuggestionOut, more: Mapping[str, Any], dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json({"suggestion": told.model_dump(mode="json"), **more, "dry_run": dry_run})
        return
    _tell(told)
    if dry_run:
        out.print("以上为演练，未作任何改动")


def _tell(told: SuggestionOut) -> None:
    out.print(f"{told.number} {told.feature_name}：{told.kind_name}，{told.state_name}")
    rows = [
        ("所在", f"{told.division_name or ''} {told.division or ''}".strip()),
        ("地理实体", told.feature_id),
        ("说明", told.text),
        ("建议", _listed(told.proposed)),
        ("依据", told.evidence),
        ("联系", told.contact),
        ("提出", told.asked_at.date()),
        ("期限", f"{told.due_on or ''}{'（逾期）' if told.overdue else ''}"),
        ("答复", told.ended_on),
        ("理由", told.reason),
        ("文件", told.instrument),
        ("写入", _listed((told.applied or {}).get("values", {}))),
    ]
    print_table("", ("项", "值"), [row for row in rows if row[1]])


def _listed(values: Mapping[str, Any]) -> str:
    return "；".join(f"{key} {value}" for key, value in values.items())
