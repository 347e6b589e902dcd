"""两日对比图: what became of a unit and all below it between two days, on the map of the later one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from gis_service.publications.maps.schemas import (
    Column,
    ComparedUnit,
    ComparisonEvidence,
    LegendEntry,
    SheetPlan,
    Style,
    UnitRole,
)
from gis_service.publications.maps.sheets.drafting.assembly import Draft, assemble, extent_of
from gis_service.publications.maps.sheets.drafting.fingerprint import fingerprint
from gis_service.publications.maps.sheets.drafting.frames import Emphasis, FrameContent
from gis_service.publications.maps.sheets.drafting.ground import borders_gone
from gis_service.publications.maps.sheets.drafting.layout import (
    best_choice,
    layouts_around,
)
from gis_service.publications.maps.sheets.drafting.linework import (
    Segments,
    borders_of,
    line_of,
    segments_of,
    stated_levels,
)
from gis_service.publications.maps.sheets.drafting.marginalia import border_entries, grid_entries
from gis_service.publications.maps.sheets.drafting.symbols import fill_style, line_style

NAME = "comparison"
TITLE = "行政区划两日对比图"
_PAPERS = ("A3", "A2", "A1")
_MARGIN = 0.12
_LEVEL_ZH = {
    "province": "省级",
    "prefecture": "地级",
    "county": "县级",
    "township": "乡级",
    "village": "村级",
}
# The tint of a unit by what happened to it; of several things the first in this order.
_TINTS = {"设立": 2, "建制变更": 0, "区域变更": 1, "隶属关系变更": 5, "更名": 3, "代码变更": 4, "驻地迁移": 4}
_SAID = {4: "代码变更或驻地迁移"}
_COLUMNS = (
    Column("变化", 21),
    Column("变更前", 23),
    Column("变更后", 23),
    Column("前/km²", 14, numeric=True),
    Column("后/km²", 14, numeric=True),
    Column("依据", 23),
)


def plan(evidence: ComparisonEvidence) -> SheetPlan:
    """Plan the sheet: the later day in one frame, changed units tinted by what happened, old lines dashed."""
    subject = evidence.subject
    projection, projector, extent_m, smallest_m = extent_of([subject])
    rows = [_row(change) for change in evidence.changes]
    size_m = (extent_m[2] - extent_m[0], extent_m[3] - extent_m[1])
    gone = borders_gone(evidence.units_before, evidence.units_after)
    tints = _tinted(evidence.changes)
    content = _content(evidence, tints, gone)
    changed = [unit for unit in content.units if unit.role is UnitRole.affected]
    return assemble(
        Draft(
            sheet_type=NAME,
            title=f"{subject.name}{TITLE}",
            subtitle=f"{_day(evidence.since)} 与 {_day(evidence.on)} 对比　共 {len(rows)} 项变化",
            choice=best_choice(
                layouts_around(_PAPERS, size_m, rows=len(rows)), size_m, smallest_m, margin=_MARGIN
            ),
            projection=projection,
            projector=projector,
            extent_m=extent_m,
            contents=(content,),
            legend=_legend(content, tints, is_gone=bool(gone)),
            table_title="变化一览表",
            columns=_COLUMNS,
            rows=tuple(rows),
            subjects=tuple(changed) or (subject,),
            superiors=tuple(sorted(evidence.superiors, key=lambda unit: unit.code)),
            notes=_notes(evidence),
            imprint=evidence.imprint,
            fingerprint=fingerprint(NAME, evidence),
            evidence=evidence,
        )
    )


def _tinted(changes: Iterable[ComparedUnit]) -> Mapping[str, int]:
    """The tint of each changed unit by its code on the later day."""
    return {
        change.code: next(_TINTS[kind] for kind in _TINTS if kind in change.kinds)
        for change in changes
        if change.after and any(kind in _TINTS for kind in change.kinds)
    }


def _content(evidence: ComparisonEvidence, tints: Mapping[str, int], gone: Segments) -> FrameContent:
    units = tuple(sorted(evidence.units_after, key=lambda unit: (unit.code, unit.name)))
    borders = borders_of(units, stated_levels(evidence.lines))
    fills: dict[str, Style] = {unit.code: fill_style("unchanged") for unit in units}
    fills |= {unit.code: fill_style("compared", tints[unit.code]) for unit in units if unit.code in tints}
    return FrameContent(
        key="main",
        caption=f"{evidence.subject.name}（{_day(evidence.on)}）",
        units=units,
        fills=fills,
        borders=borders,
        under=(Emphasis("subject", line_of(segments_of(evidence.subject.geometry))),),
        over=(Emphasis("ended", line_of(gone)),),
        land=tuple(sorted(evidence.superiors, key=lambda unit: unit.code)),
    )


def _legend(content: FrameContent, tints: Mapping[str, int], *, is_gone: bool) -> tuple[LegendEntry, ...]:
    shown = {tints[unit.code] for unit in content.units if unit.code in tints}
    said = {number: kind for kind, number in reversed(_TINTS.items())} | _SAID
    gone = (LegendEntry("原界线（已不存在）", line_style("ended"), "line"),) if is_gone else ()
    return (
        *(LegendEntry(said[number], fill_style("compared", number), "area") for number in sorted(shown)),
        *gone,
        *border_entries(content.borders.by_level),
        LegendEntry("本图单位的界线", line_style("subject"), "line"),
        *grid_entries(),
        LegendEntry("没有变化的政区", fill_style("unchanged"), "area"),
    )


def _row(change: ComparedUnit) -> tuple[str, ...]:
    return (
        "、".join(change.kinds),
        change.before or "—",
        change.after or "—",
        _km2(change.area_before_km2),
        _km2(change.area_after_km2),
        "；".join(change.acts) or "—",
    )


def _km2(area: float | None) -> str:
    return "—" if area is None else f"{area:.2f}"


def _notes(evidence: ComparisonEvidence) -> tuple[str, ...]:
    if evidence.changes and not evidence.units_before:
        return (f"{_day(evidence.since)}没有登记范围，图上不能示明原界线。",)
    return ()


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
