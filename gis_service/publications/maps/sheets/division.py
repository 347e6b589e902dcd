"""行政区域界线图: one unit, its neighbours, all its lines in the standard look (界线条例 Art 14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gis_service.publications.maps.schemas import (
    Column,
    DivisionEvidence,
    LegendEntry,
    Level,
    LineTrace,
    SheetPlan,
    UnitRole,
    UnitShape,
)
from gis_service.publications.maps.sheets.drafting.assembly import Draft, assemble, extent_of
from gis_service.publications.maps.sheets.drafting.colouring import colours
from gis_service.publications.maps.sheets.drafting.fingerprint import fingerprint
from gis_service.publications.maps.sheets.drafting.frames import Emphasis, FrameContent
from gis_service.publications.maps.sheets.drafting.layout import (
    best_choice,
    layouts_around,
)
from gis_service.publications.maps.sheets.drafting.linework import (
    borders_of,
    line_of,
    segments_of,
    stated_levels,
)
from gis_service.publications.maps.sheets.drafting.marginalia import border_entries, grid_entries
from gis_service.publications.maps.sheets.drafting.symbols import fill_style, line_style

NAME = "division"
TITLE = "行政区域界线图"
_PAPERS = ("A3", "A2", "A1")
_MARGIN = 0.12
_LEVEL_ZH = {
    Level.province: "省级",
    Level.prefecture: "地级",
    Level.county: "县级",
    Level.township: "乡级",
}
_COLUMNS = (
    Column("级别", 10),
    Column("界线代码", 23),
    Column("界线名称", 34),
    Column("毗邻政区", 34),
    Column("长度/km", 15, numeric=True),
)


def plan(evidence: DivisionEvidence) -> SheetPlan:
    """Plan the sheet: the unit in one frame on the page, lying or standing, that it fills best."""
    subject = replace(evidence.subject, role=UnitRole.affected)
    neighbours = sorted(evidence.neighbours, key=lambda unit: (unit.code, unit.name))
    projection, projector, extent_m, smallest_m = extent_of([subject])
    rows = _rows(subject, evidence.lines)
    size_m = (extent_m[2] - extent_m[0], extent_m[3] - extent_m[1])
    content = _content(evidence, (subject, *neighbours))
    return assemble(
        Draft(
            sheet_type=NAME,
            title=f"{subject.name}{TITLE}",
            subtitle=f"行政区划代码 {subject.code}　{subject.kind}　界线状况截至 {_day(evidence.on)}",
            choice=best_choice(
                layouts_around(_PAPERS, size_m, rows=len(rows)), size_m, smallest_m, margin=_MARGIN
            ),
            projection=projection,
            projector=projector,
            extent_m=extent_m,
            contents=(content,),
            legend=_legend(content),
            table_title="行政区域界线一览表",
            columns=_COLUMNS,
            rows=tuple(rows),
            subjects=(subject,),
            superiors=tuple(sorted(evidence.superiors, key=lambda unit: unit.code)),
            notes=(),
            imprint=evidence.imprint,
            fingerprint=fingerprint(NAME, evidence),
            evidence=evidence,
        )
    )


def _content(evidence: DivisionEvidence, units: Sequence[UnitShape]) -> FrameContent:
    borders = borders_of(units, stated_levels(evidence.lines))
    subject, *neighbours = units
    around = colours([unit.code for unit in neighbours], borders.touching)
    fills = {code: fill_style("neighbours", number) for code, number in around.items()}
    own = frozenset(segments_of(subject.geometry))
    stated = frozenset(segment for line in evidence.lines for segment in segments_of(line.geometry))
    course = line_of(own & stated or own)
    return FrameContent(
        key="main",
        caption=subject.name,
        units=units,
        fills=fills | {subject.code: fill_style("affected", 0)},
        borders=borders,
        under=(Emphasis("subject", course),),
        land=sorted(evidence.superiors, key=lambda unit: unit.code),
    )


def _legend(content: FrameContent) -> tuple[LegendEntry, ...]:
    return (
        *border_entries(content.borders.by_level),
        LegendEntry("本图界线", line_style("subject"), "line"),
        *grid_entries(),
        LegendEntry("本政区", fill_style("affected", 0), "area"),
        LegendEntry("相邻政区", fill_style("neighbours", 0), "area"),
    )


def _rows(subject: UnitShape, lines: Sequence[LineTrace]) -> list[tuple[str, ...]]:
    levels = list(Level)
    ordered = sorted(lines, key=lambda line: (levels.index(line.level), line.code, line.name))
    return [
        (
            _LEVEL_ZH[line.level],
            line.code,
            line.name,
            _other_side(line, subject.name),
            f"{line.length_km:.2f}",
        )
        for line in ordered
    ]


def _other_side(line: LineTrace, own: str) -> str:
    others = [side for side in line.sides if side != own]
    return others[0] if len(others) == 1 else "—".join(line.sides)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
