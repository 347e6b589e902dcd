"""From a draft (what a sheet type decided) to the finished plan: frames, blocks, findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gis_service.foundation.typeface import coverage_findings, printable, width_em
from gis_service.publications.maps.schemas import (
    Column,
    Imprint,
    Legend,
    LegendEntry,
    MapFrame,
    Projection,
    Rect,
    SheetEvidence,
    SheetPlan,
    Table,
    TextBlock,
    UnitShape,
)
from gis_service.publications.maps.sheets.drafting import marginalia
from gis_service.publications.maps.sheets.drafting.frames import FrameContent, map_frame, neat_line
from gis_service.publications.maps.sheets.drafting.labels import NameList
from gis_service.publications.maps.sheets.drafting.layout import (
    HEAD_HEIGHT_MM,
    ROW_HEIGHT_MM,
    Choice,
    rows_that_fit,
)
from gis_service.publications.maps.sheets.drafting.paper import centred_window
from gis_service.publications.maps.sheets.drafting.projection import (
    Projector,
    bounds_of,
    zone_projection,
)

_TITLE_MM = (8.0, 7.0, 6.2, 5.4, 4.6, 3.8)
_NOTE_MM = (2.7, 2.5, 2.3, 2.15, 2.0, 1.85, 1.7, 1.55)
_HEADING_MM = 3.0


@dataclass(frozen=True, slots=True)
class Draft:
    """All decisions of a sheet type; extent in metres as west, south, east, north."""

    sheet_type: str
    title: str
    subtitle: str
    choice: Choice
    projection: Projection
    projector: Projector
    extent_m: tuple[float, float, float, float]
    contents: tuple[FrameContent, ...]
    legend: tuple[LegendEntry, ...]
    table_title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    subjects: tuple[UnitShape, ...]
    superiors: tuple[UnitShape, ...]
    notes: tuple[str, ...]
    imprint: Imprint
    fingerprint: str
    evidence: SheetEvidence


def extent_of(
    units: Sequence[UnitShape],
) -> tuple[Projection, Projector, tuple[float, float, float, float], float]:
    """Zone by the centre of the units' extent, the extent in metres, width in metres of the smallest unit."""
    west, south, east, north = bounds_of([unit.geometry for unit in units])
    projection = zone_projection((west + east) / 2, (south + north) / 2)
    projector = Projector(projection.epsg)
    shapes = [projector.geometry(unit.geometry) for unit in units]
    smallest = min(float(shape.area) for shape in shapes) ** 0.5
    return projection, projector, bounds_of(shapes), smallest


def assemble(draft: Draft) -> SheetPlan:
    """Lay the frames and blocks of a draft on its page."""
    layout, step = draft.choice.layout, draft.choice.step
    numbered = NameList()
    frames: list[MapFrame] = []
    for content, outer in zip(draft.contents, layout.maps, strict=True):
        window = centred_window(neat_line(outer), step.denominator, draft.extent_m, draft.projector)
        frames.append(map_frame(window, step, draft.projection, content, numbered))
    place = _below_heading(layout.locator)
    locator = marginalia.locator(place, draft.superiors, draft.subjects, draft.projector)
    scale_texts, bar = marginalia.scale_block(step, _third(layout.strip, 1))
    north_text, arrow = marginalia.north_block(draft.projection, _north_place(layout.strip))
    texts = [
        *_titles(draft),
        *marginalia.marking_blocks(draft.imprint, layout.title),
        *(
            TextBlock(f"caption-{frame.key}", rect, frame.caption, 3.8, "center", "caption")
            for frame, rect in zip(frames, layout.captions, strict=False)
        ),
        marginalia.projection_block(draft.projection, _third(layout.strip, 0)),
        *scale_texts,
        north_text,
        *_headings(draft, locator),
        _notes(draft, numbered),
    ]
    return SheetPlan(
        sheet_type=draft.sheet_type,
        title=printable(draft.title),
        page=layout.page,
        denominator=step.denominator,
        projection=draft.projection,
        frames=(*frames, locator) if locator else tuple(frames),
        legend=_legend(draft),
        table=_table(draft),
        texts=tuple(replace(text, text=printable(text.text)) for text in texts),
        scale_bars=(bar,),
        north_arrows=(arrow,),
        numbered_names=tuple(printable(name) for name in numbered.names),
        findings=(
            *coverage_findings(_all_texts(draft)),
            *marginalia.review_findings(draft.imprint, draft.title),
        ),
        fingerprint=draft.fingerprint,
        evidence=draft.evidence,
    )


def _titles(draft: Draft) -> list[TextBlock]:
    box = draft.choice.layout.title
    width = width_em(printable(draft.title)) * 1.06
    size = next((size for size in _TITLE_MM if width * size <= box.width_mm), _TITLE_MM[-1])
    return [
        TextBlock("title", Rect(box.x_mm, box.y_mm, box.width_mm, 10), draft.title, size, "center", "title"),
        TextBlock(
            "subtitle",
            Rect(box.x_mm, box.y_mm + 11.5, box.width_mm, 5),
            draft.subtitle,
            3.1,
            "center",
            "subtitle",
        ),
    ]


def _headings(draft: Draft, locator: MapFrame | None) -> list[TextBlock]:
    layout = draft.choice.layout
    blocks = [("legend", layout.legend, "图　例"), ("notes", layout.notes, "说　明")]
    if locator:
        blocks.append(("locator", layout.locator, locator.caption))
    return [
        TextBlock(
            f"heading-{key}",
            Rect(box.x_mm, box.y_mm, box.width_mm, HEAD_HEIGHT_MM),
            text,
            _HEADING_MM,
            "center",
            "caption",
        )
        for key, box, text in blocks
    ]


def _notes(draft: Draft, numbered: NameList) -> TextBlock:
    lines = [*draft.notes, *marginalia.statement_lines(draft.imprint)]
    if numbered.names:
        listed = "　".join(f"{number} {name}" for number, name in enumerate(numbered.names, start=1))
        lines.append(f"图内编号：{listed}")
    lines.extend(marginalia.imprint_lines(draft.imprint))
    box = _below_heading(draft.choice.layout.notes).grown(-1.2)
    return marginalia.fitted_block("notes", lines, box, _NOTE_MM)


def _legend(draft: Draft) -> Legend:
    place = _below_heading(draft.choice.layout.legend).grown(-1.2)
    columns = 2 if place.width_mm > 90 or len(draft.legend) * 3.4 > place.height_mm else 1
    return Legend(place, draft.legend, columns)


def _table(draft: Draft) -> Table:
    place = draft.choice.layout.table
    fits = rows_that_fit(place)
    scale = place.width_mm / sum(column.width_mm for column in draft.columns)
    columns = tuple(replace(column, width_mm=round(column.width_mm * scale, 3)) for column in draft.columns)
    rows = tuple(tuple(printable(cell) for cell in row) for row in draft.rows)
    return Table(
        place, draft.table_title, columns, rows[:fits], rows[fits:], ROW_HEIGHT_MM, _cell_size(columns, rows)
    )


def _cell_size(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> float:
    """The largest size at which no cell is wider than its column."""
    for size in (2.3, 2.15, 2.0, 1.85, 1.7, 1.55):
        if all(
            width_em(cell) * size <= column.width_mm - 1.6
            for row in (tuple(column.head for column in columns), *rows)
            for column, cell in zip(columns, row, strict=True)
        ):
            return size
    return 1.4


def _all_texts(draft: Draft) -> Iterable[tuple[str, str]]:
    units = {unit.code: unit.name for content in draft.contents for unit in content.units}
    yield from sorted(units.items())
    yield draft.title, draft.title
    for row in draft.rows:
        yield row[1], "".join(row)
    for line in (*draft.notes, *marginalia.statement_lines(draft.imprint), draft.imprint.drafting_unit):
        yield draft.title, line


def _below_heading(box: Rect) -> Rect:
    return Rect(box.x_mm, box.y_mm + HEAD_HEIGHT_MM, box.width_mm, box.height_mm - HEAD_HEIGHT_MM)


def _third(strip: Rect, number: int) -> Rect:
    width = strip.width_mm / 3
    return Rect(strip.x_mm + number * width, strip.y_mm, width, strip.height_mm)


def _north_place(strip: Rect) -> Rect:
    return Rect(strip.right_mm - 46, strip.y_mm + 0.5, 46, strip.height_mm - 2)
