"""线路登记表: a line as a whole, with its counted markers and the lengths it has by law and by measure."""

from __future__ import annotations

from collections import Counter

from gis_service.publications.forms.schemas import (
    Cell,
    Column,
    FormPlan,
    LineEvidence,
    MachineTable,
    Section,
    Table,
    Value,
)
from gis_service.publications.forms.sheets.drafting.figures import day, dms, kilometres
from gis_service.publications.forms.sheets.drafting.imprint import form, line_words
from gis_service.publications.forms.sheets.drafting.machine import iso
from gis_service.registers.boundaries.models import Runs

NAME = "record"
TITLE = "线路登记表"
_WIDTHS = (36.0, 49.0, 36.0, 49.0)
_PLACEMENTS = ("单立", "双立", "三立")
_Row = tuple[Cell, ...]


def plan(evidence: LineEvidence) -> FormPlan:
    """The form of a line."""
    facts = evidence.facts
    rows = (
        _pair("界线编码", evidence.code, "界线名称", evidence.name),
        _wide("界线标识", evidence.id),
        _wide("级　别", evidence.level),
        _pair("一　方", _unit(evidence, 0), "另一方", _unit(evidence, 1)),
        _pair("起　点", _end(evidence, first=True), "止　点", _end(evidence, first=False)),
        _pair("编号走向", _runs(evidence), "界桩编号数", str(len(_serials(evidence)))),
        _pair(
            "计算长度（千米）",
            kilometres(evidence.course.length_m / 1000),
            "公布长度（千米）",
            _published(evidence),
        ),
        _wide("长度之差", _difference(evidence)),
        _pair("界桩总数", str(len(evidence.markers)), "三交点界桩数", str(_tri_points(evidence))),
        _wide("单立、双立、三立", _counted(evidence)),
        _pair("是否有争议", "是" if _is_disputed(evidence) else "否", "批准日期", day(facts.approved_on)),
        _wide("法律状态（千米）", _states(evidence)),
        _wide("主张线", "；".join(f"{unit.name}：{where}" for unit, where in evidence.claims) or "无"),
        _wide("协议书", facts.agreement or ""),
        _wide("批准机关", facts.approver or ""),
        _wide("备　注", facts.note or ""),
    )
    section = Section(
        line_words(evidence), f"登记状况日期：{day(evidence.on)}", (Table(_WIDTHS, rows, row_mm=9.0),)
    )
    return form(NAME, TITLE, evidence, (section,), (_machine(evidence),))


def _pair(one: str, told: str, other: str, also: str) -> _Row:
    return Cell(one, head=True), Cell(told), Cell(other, head=True), Cell(also)


def _wide(head: str, text: str) -> _Row:
    return Cell(head, head=True), Cell(text, 3, align="left")


def _unit(evidence: LineEvidence, index: int) -> str:
    return f"{evidence.sides[index].name}　{evidence.sides[index].code}"


def _end(evidence: LineEvidence, *, first: bool) -> str:
    told = evidence.facts.begins_at if first else evidence.facts.ends_at
    place = evidence.course.point_at(0.0 if first else evidence.course.length_m)
    return f"{told or ''}\n东经{dms(place.x, 1)}\n北纬{dms(place.y, 1)}".strip()


def _runs(evidence: LineEvidence) -> str:
    """The direction of numbering, and whether the line itself tells it."""
    if evidence.facts.runs:
        return evidence.facts.runs
    told = Runs.eastward if evidence.course.is_eastward else Runs.southward
    return f"{told.value}（未载明，按线形推定）"


def _published(evidence: LineEvidence) -> str:
    facts = evidence.facts
    if facts.published_km is None:
        return "未公布"
    return kilometres(facts.published_km) + (f"\n{facts.published_by}" if facts.published_by else "")


def _difference(evidence: LineEvidence) -> str:
    published = evidence.facts.published_km
    if published is None:
        return "没有公布长度，不作比较"
    apart = evidence.course.length_m / 1000 - published
    share = apart / published
    longer = "长" if apart >= 0 else "短"
    return f"计算长度比公布长度{longer} {abs(apart):.3f} 千米（{abs(share):.2%}）；公布长度不因计算而更改"


def _serials(evidence: LineEvidence) -> set[str]:
    """Numbers without their letters: a double or a triple marker counts once."""
    return {marker.number.rstrip("QABCDE") for marker in evidence.markers}


def _by_placement(evidence: LineEvidence) -> Counter[str]:
    """Numbers by placement."""
    return Counter({marker.number.rstrip("QABCDE"): marker.placement for marker in evidence.markers}.values())


def _counted(evidence: LineEvidence) -> str:
    """Counted on file, beside what the record says where it says something."""
    counted = _by_placement(evidence)
    told = []
    for placement, stated in zip(_PLACEMENTS, evidence.facts.markers, strict=True):
        differs = stated is not None and stated != counted[placement]
        told.append(f"{placement} {counted[placement]}" + (f"（登记为 {stated}，不符）" if differs else ""))
    return "　".join(told) + "（按编号计）"


def _tri_points(evidence: LineEvidence) -> int:
    return sum(marker.kind == "三交点界桩" for marker in evidence.markers)


def _is_disputed(evidence: LineEvidence) -> bool:
    return bool(evidence.claims) or "争议" in evidence.states_m


def _states(evidence: LineEvidence) -> str:
    return "　".join(f"{state} {kilometres(length / 1000)}" for state, length in evidence.states_m.items())


_COLUMNS = (
    *map(Column, ("界线代码", "界线标识", "界线级别", "界线名称", "一方代码", "另一方代码")),
    Column("计算长度", "number"),
    Column("公布长度", "number"),
    *map(Column, ("起点", "止点", "编号走向")),
    *(Column(name, "whole") for name in ("界桩数", "编号数", "单立", "双立", "三立", "三交点")),
    *map(Column, ("是否争议", "协议书", "批准机关", "批准日期", "备注")),
)


def _machine(evidence: LineEvidence) -> MachineTable:
    facts, counted = evidence.facts, _by_placement(evidence)
    row: tuple[Value, ...] = (
        evidence.code,
        evidence.id,
        evidence.level,
        evidence.name,
        *(unit.code for unit in evidence.sides),
        round(evidence.course.length_m / 1000, 6),
        facts.published_km,
        facts.begins_at,
        facts.ends_at,
        facts.runs,
        len(evidence.markers),
        len(_serials(evidence)),
        *(counted[placement] for placement in _PLACEMENTS),
        _tri_points(evidence),
        "是" if _is_disputed(evidence) else "否",
        facts.agreement,
        facts.approver,
        iso(facts.approved_on),
        facts.note,
    )
    return MachineTable("界线", _COLUMNS, (row,), (evidence.course.geometry,))
