"""边界线走向说明: marker by marker along the line, with length, direction and what it follows."""

from __future__ import annotations

from collections.abc import Iterator

from gis_service.publications.forms.schemas import (
    Column,
    FormPlan,
    LineEvidence,
    MachineTable,
    Paragraph,
    Section,
    Value,
)
from gis_service.publications.forms.sheets.drafting.figures import kilometres
from gis_service.publications.forms.sheets.drafting.imprint import form, line_words
from gis_service.publications.forms.sheets.drafting.stations import is_in_order, legs
from gis_service.registers.boundaries.rules import Leg, leg_told

NAME = "course"
TITLE = "边界线走向说明"
_HOW = "方向为各段起点至终点的真方位，按十六个扇区用语；长度为椭球面长度，由登记的界线计算"
_DISORDER = "界桩编号次序与沿线次序不一致，说明按沿线次序写出（R-MRK-03）"
_COLUMNS = (
    Column("段号", "whole"),
    Column("折号", "whole"),
    Column("界线代码"),
    Column("起"),
    Column("止"),
    Column("沿"),
    Column("方向"),
    Column("真方位角", "number"),
    Column("长度", "number"),
    Column("途经"),
)


def plan(evidence: LineEvidence) -> FormPlan:
    """The form of a line."""
    found = legs(evidence)
    text = [
        Paragraph(_opening(evidence, len(found))),
        *(Paragraph(f"{number}．{leg_told(leg)}") for number, leg in enumerate(found, 1)),
    ]
    notes = (_HOW,) if is_in_order(evidence) else (_HOW, _DISORDER)
    section = Section(line_words(evidence), "", tuple(text))
    return form(NAME, TITLE, evidence, (section,), (_machine(evidence, found),), notes=notes)


def _opening(evidence: LineEvidence, sections: int) -> str:
    one, other = (f"{unit.name}（{unit.code}）" for unit in evidence.sides)
    length = kilometres(evidence.course.length_m / 1000)
    runs = f"，{evidence.facts.runs}编号" if evidence.facts.runs else ""
    return f"{evidence.name}为{one}与{other}之间的界线，全长{length}千米{runs}，分{sections}段说明如下。"


def _machine(evidence: LineEvidence, found: list[Leg]) -> MachineTable:
    return MachineTable(
        "走向",
        _COLUMNS,
        tuple(_rows(evidence, found)),
        tuple(evidence.course.between(*between) for between in _stretches(found)),
    )


def _rows(evidence: LineEvidence, found: list[Leg]) -> Iterator[tuple[Value, ...]]:
    for number, leg in enumerate(found, 1):
        ends = (leg.start.name, leg.end.name)
        for turn, run in enumerate(leg.runs, 1):
            told = (run.phrase, run.word, round(run.azimuth_deg, 4), run.length_m)
            yield number, turn, evidence.code, *ends, *told, "、".join(leg.passing) or None


def _stretches(found: list[Leg]) -> Iterator[tuple[float, float]]:
    for leg in found:
        at = leg.start.chainage_m
        for run in leg.runs:
            yield at, min(at + run.length_m, leg.end.chainage_m)
            at += run.length_m
