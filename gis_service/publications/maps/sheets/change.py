"""变更前后对照图: units before and after an act, side by side at one scale (界线条例 Arts 4, 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import shapely

from gis_service.foundation.errors import InvalidInput
from gis_service.publications.maps.schemas import (
    ChangeEvidence,
    Column,
    LegendEntry,
    LineState,
    SheetPlan,
    Style,
    UnitRole,
    UnitShape,
)
from gis_service.publications.maps.sheets.drafting.assembly import Draft, assemble, extent_of
from gis_service.publications.maps.sheets.drafting.colouring import colours
from gis_service.publications.maps.sheets.drafting.fingerprint import fingerprint
from gis_service.publications.maps.sheets.drafting.frames import Emphasis, FrameContent
from gis_service.publications.maps.sheets.drafting.ground import GroundChange, change_rows, ground_change
from gis_service.publications.maps.sheets.drafting.layout import (
    beside_each_other,
    best_choice,
    layouts_on,
)
from gis_service.publications.maps.sheets.drafting.linework import Borders, borders_of, line_of, stated_levels
from gis_service.publications.maps.sheets.drafting.marginalia import border_entries, grid_entries
from gis_service.publications.maps.sheets.drafting.symbols import fill_style, line_style

NAME = "change"
TITLE = "变更前后对照图"
_PAPERS = ("A3", "A2", "A1")
_MARGIN = 0.14
_COLUMNS = (
    Column("状态", 11),
    Column("界线代码", 24),
    Column("界线名称", 47),
    Column("变更前/km", 17, numeric=True),
    Column("变更后/km", 17, numeric=True),
    Column("实地情况", 50),
)


def plan(evidence: ChangeEvidence) -> SheetPlan:
    """Plan the sheet: two frames of one scale, changed lines emphasised and tabled.

    Raises:
        InvalidInput: no affected unit is given on one of the dates.
    """
    before, after = (_by_code(units) for units in (evidence.units_before, evidence.units_after))
    affected = [unit for unit in (*before, *after) if unit.role is UnitRole.affected]
    if not all(any(unit.role is UnitRole.affected for unit in units) for units in (before, after)):
        raise InvalidInput("变更图缺少变更前或变更后的当事政区", way_out="请核对案件涉及的政区及其生效日期")
    projection, projector, extent_m, smallest_m = extent_of(affected)
    change = ground_change(evidence.lines)
    rows = change_rows(evidence.lines, change)
    size_m = (extent_m[2] - extent_m[0], extent_m[3] - extent_m[1])
    layouts = layouts_on(_PAPERS, beside_each_other, landscape=True, rows=len(rows))
    contents = _contents(evidence, before, after, change)
    choice = best_choice(layouts, size_m, smallest_m, margin=_MARGIN)
    return assemble(
        Draft(
            sheet_type=NAME,
            title=f"{evidence.act.case_title}{TITLE}",
            subtitle=_subtitle(evidence),
            choice=choice,
            projection=projection,
            projector=projector,
            extent_m=extent_m,
            contents=contents,
            legend=_legend(contents, change),
            table_title="行政区域界线变更一览表",
            columns=_COLUMNS,
            rows=tuple(rows),
            subjects=tuple(affected),
            superiors=_by_code(evidence.superiors),
            notes=_act_lines(evidence),
            imprint=evidence.imprint,
            fingerprint=fingerprint(NAME, evidence),
            evidence=evidence,
        )
    )


def _contents(
    evidence: ChangeEvidence, before: Sequence[UnitShape], after: Sequence[UnitShape], change: GroundChange
) -> tuple[FrameContent, FrameContent]:
    borders = (
        borders_of(
            before, stated_levels([line for line in evidence.lines if line.state is not LineState.begun])
        ),
        borders_of(
            after, stated_levels([line for line in evidence.lines if line.state is not LineState.ended])
        ),
    )
    fills = _fills(before, after, borders)
    effective = evidence.act.effective_on
    ended, begun, recoded = (line_of(part) for part in (change.ended, change.begun, change.recoded))
    return (
        FrameContent(
            key="before",
            caption=f"变　更　前（{_day(effective - timedelta(days=1))}）",
            units=before,
            fills=fills[0],
            borders=borders[0],
            over=(Emphasis("ended", ended, crossed=True),),
            replaced=change.ended,
            land=_by_code(evidence.superiors),
        ),
        FrameContent(
            key="after",
            caption=f"变　更　后（{_day(effective)}）",
            units=after,
            fills=fills[1],
            borders=borders[1],
            under=(Emphasis("recoded", recoded),),
            over=(Emphasis("ended_trace", ended, crossed=True), Emphasis("begun", begun)),
            replaced=change.begun,
            land=_by_code(evidence.superiors),
        ),
    )


def _fills(
    before: Sequence[UnitShape], after: Sequence[UnitShape], borders: Sequence[Borders]
) -> tuple[Mapping[str, Style], Mapping[str, Style]]:
    """Pastels for neighbours, strong tints for the affected; a successor keeps its main predecessor's."""
    touching = [pair for found in borders for pair in found.touching]
    around = colours(
        {unit.code for unit in (*before, *after) if unit.role is not UnitRole.affected}, touching
    )
    old = [unit for unit in before if unit.role is UnitRole.affected]
    new = [unit for unit in after if unit.role is UnitRole.affected]
    first = colours([unit.code for unit in old], borders[0].touching)
    heirs = {unit.code: first[_main_predecessor(unit, old)] for unit in new}
    second = colours([unit.code for unit in new], borders[1].touching, wanted=heirs)
    pastel = {code: fill_style("neighbours", number) for code, number in around.items()}
    return (
        pastel | {code: fill_style("affected", number) for code, number in first.items()},
        pastel | {code: fill_style("affected", number) for code, number in second.items()},
    )


def _main_predecessor(unit: UnitShape, old: Sequence[UnitShape]) -> str:
    """Code of the former unit that gave most of the ground (areas compared in square degrees suffice)."""
    shared = shapely.area(shapely.intersection([other.geometry for other in old], unit.geometry))
    return old[int(shared.argmax())].code


def _legend(contents: Sequence[FrameContent], change: GroundChange) -> tuple[LegendEntry, ...]:
    entries = []
    if change.ended:
        entries.append(LegendEntry("撤销的界线", line_style("ended"), "crossed"))
        entries.append(LegendEntry("原界线位置（变更后）", line_style("ended_trace"), "line"))
    if change.begun:
        entries.append(LegendEntry("新增的界线", line_style("begun"), "line"))
    if change.recoded:
        entries.append(LegendEntry("实地不变、名称代码变更", line_style("recoded"), "line"))
    levels = {level for content in contents for level in content.borders.by_level}
    return (
        *entries,
        *border_entries(levels),
        *grid_entries(),
        LegendEntry("变更涉及的政区", fill_style("affected", 0), "area"),
        LegendEntry("相邻政区", fill_style("neighbours", 0), "area"),
    )


def _subtitle(evidence: ChangeEvidence) -> str:
    act = evidence.act
    return f"依据 {act.number}（{act.issuer}，{_day(act.issued_on)}）　自 {_day(act.effective_on)} 起施行"


def _act_lines(evidence: ChangeEvidence) -> tuple[str, ...]:
    act = evidence.act
    return (f"变更依据：{act.issuer} {act.number}，{_day(act.issued_on)}；{_day(act.effective_on)}起施行。",)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _by_code(units: Sequence[UnitShape]) -> tuple[UnitShape, ...]:
    return tuple(sorted(units, key=lambda unit: (unit.code, unit.name)))
