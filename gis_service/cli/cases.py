"""Cases as commands tell them: as JSON, or in tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rich.markup import escape
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_json, print_table
from gis_service.procedures.changes.models import STATE_WORDS, CaseState, ChangeCase
from gis_service.procedures.changes.queries import follow_ups_of, materials_of, sides_of


def summary_of(case: ChangeCase) -> dict[str, Any]:
    """A case as one line of a list."""
    return {
        "number": case.number,
        "title": case.title,
        "state": case.state,
        "effective_on": str(case.effective_on),
        "approved_on": _text(case.approved_on),
        "completion_due": _text(case.completion_due),
        "completed_on": _text(case.completed_on),
        "classification": case.classification,
    }


def _text(value: date | None) -> str | None:
    return str(value) if value else None


def told_of(session: Session, case: ChangeCase) -> dict[str, Any]:
    """Everything about a case, as JSON tells it and tables show it."""
    sides = sides_of(session, case)
    return summary_of(case) | {
        "drafted_by": sides.drafted_by,
        "submitted_by": sides.submitted_by,
        "parties": [party.model_dump(mode="json") for party in sides.parties],
        "endorsements": [each.model_dump(mode="json") for each in sides.endorsements],
        "findings": case.findings,
        "outcome": case.outcome,
        "materials": [
            {"kind": material.kind, "name": material.name, "sha256": material.sha256}
            for material in materials_of(session, case)
        ],
        "follow_ups": [
            {
                "duty": follow_up.duty,
                "title": follow_up.title,
                "legal_basis": follow_up.legal_basis,
                "due_on": _text(follow_up.due_on),
                "done_on": _text(follow_up.done_on),
            }
            for follow_up in follow_ups_of(session, case)
        ],
    }


def answer(told: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a case that was told."""
    if as_json:
        print_json(told)
        return
    state = STATE_WORDS[CaseState(told["state"])]
    out.print(f"[bold]{told['number']}[/] {escape(told['title'])}：{state}，自 {told['effective_on']} 生效")
    tell_sides(told)
    if told["outcome"]:
        tell_outcome(told["outcome"])
    if told["materials"]:
        print_table("材料", ("种类", "文件"), [(m["kind"], m["name"]) for m in told["materials"]])
    if told["follow_ups"]:
        heads = ("事项", "内容", "依据", "期限", "办结")
        print_table("后续事项", heads, [tuple(each.values()) for each in told["follow_ups"]])


def tell_sides(told: Mapping[str, Any]) -> None:
    """Who is concerned by a case, and who has agreed."""
    agreed = {each["id"]: f"{each['actor']}（{each['authority']}）" for each in told["endorsements"]}
    rows = [(party["code"], party["name"], agreed.get(party["id"], "")) for party in told["parties"]]
    print_table(f"所涉各方（案卷{told['classification']}）", ("代码", "名称", "会签"), rows)


_OF_CORRECTIONS = {
    "name": "名称",
    "code": "代码",
    "type": "建制类型",
    "superior": "上级",
    "seat": "驻地",
    "valid_from": "起始日",
    "valid_to": "终止日",
    "begun_edtf": "起始日所知",
    "ended_edtf": "终止日所知",
    "begun_by": "起始依据",
    "ended_by": "终止依据",
    "on_date": "沿革日期",
    "certainty": "沿革确定程度",
    "instrument_id": "沿革依据",
}


def tell_revised(outcome: Mapping[str, Any]) -> None:
    """Units that live on, before and after; and what moved in part."""
    for key, title in (("units_revised", "变更的单位"), ("followers", "随之变更的下级单位")):
        rows = [
            tuple(
                f"{was[field] or ''} → {now[field] or ''}" if was[field] != now[field] else now[field]
                for field in ("code", "name", "superior", "seat")
            )
            for was, now in ((unit["before"], unit["after"]) for unit in outcome.get(key, ()))
        ]
        if rows:
            print_table(title, ("代码", "名称", "上级", "驻地"), rows)
    corrected = [
        (
            each.get("code"),
            _OF_CORRECTIONS.get(each["field"], each["field"]),
            *(each[key] for key in ("before", "after", "valid_from", "valid_to")),
        )
        for each in outcome.get("corrected", ())
    ]
    if corrected:
        print_table("更正的登记", ("代码", "项目", "原登记", "更正为", "自", "至"), corrected)
    moved = [
        (part["from"], part["to"], "、".join(part["parts"]), part["area_km2"])
        for part in outcome.get("moved", ())
    ]
    if moved:
        print_table("划转的部分", ("划出", "划入", "下级单位", "面积 km²"), moved)


def _tell_markers(outcome: Mapping[str, Any]) -> None:
    """Markers and tri-points that a change touches; cases of earlier versions do not tell."""
    markers = outcome.get("markers") or {"touched": [], "stay": 0}
    rows = [
        (each["number"], each["state"], "、".join(each["from"]), "、".join(each["to"]), each["what"])
        for each in markers["touched"]
    ]
    if rows:
        print_table("有关界桩", ("编号", "状况", "原列界线", "改列界线", "随变更如何"), rows)
    if markers["stay"]:
        out.print(f"另有 {markers['stay']} 个界桩不受影响")
    points = [
        (each["number"], each["name"], "、".join(each["sides_ended"]), each["what"])
        for each in outcome.get("tri_points", ())
    ]
    if points:
        print_table("有关三交点", ("编号", "名称", "终止的一方", "随变更如何"), points)


def tell_outcome(outcome: Mapping[str, Any]) -> None:
    """What a change does: units, lines, area, in tables."""
    units = [
        (word, unit["code"], unit["name"], unit["type"], unit["area_km2"])
        for key, word in (("units_ended", "撤销"), ("units_begun", "设立"))
        for unit in outcome[key]
    ]
    print_table("单位", ("变动", "代码", "名称", "类型", "面积 km²"), units)
    tell_revised(outcome)
    lines = [
        (word, line["code"], line["name"], line["length_km"])
        for key, word in (("ended", "撤销"), ("stayed", "保留"), ("begun", "新增"))
        for line in outcome["lines"][key]
    ]
    print_table("界线", ("变动", "代码", "名称", "长度 km"), lines)
    _tell_markers(outcome)
    area = outcome["area_km2"]
    out.print(f"面积合计：变更前 {area['before']:.6f} km²，变更后 {area['after']:.6f} km²")
