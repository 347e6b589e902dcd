"""Where title, maps and margin blocks stand on the page, and which page and scale serve a subject best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gis_service.foundation.errors import InvalidInput
from gis_service.publications.maps.schemas import Page, Rect
from gis_service.publications.maps.sheets.drafting.frames import neat_line
from gis_service.publications.maps.sheets.drafting.scales import (
    ScaleStep,
    fill_of,
    largest_scale_that_fits,
)

ISO_216_MM = {"A4": (297.0, 210.0), "A3": (420.0, 297.0), "A2": (594.0, 420.0), "A1": (841.0, 594.0)}
MARGIN_MM = 12.0
GAP_MM = 6.0
TITLE_HEIGHT_MM = 20.0
STRIP_HEIGHT_MM = 15.0
HEAD_HEIGHT_MM = 5.4
ROW_HEIGHT_MM = 4.7
_WELL_FILLED = 0.6
_SMALLEST_READABLE_MM = 7.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Rectangles of one page: outer neat lines of the maps, captions above them, blocks around."""

    page: Page
    title: Rect
    captions: tuple[Rect, ...]
    maps: tuple[Rect, ...]
    strip: Rect
    table: Rect
    legend: Rect
    locator: Rect
    notes: Rect


@dataclass(frozen=True, slots=True)
class Choice:
    """A page with its layout and the scale that fits the subject into it."""

    layout: Layout
    step: ScaleStep


def paper(name: str, *, landscape: bool) -> Page:
    """A page of ISO 216, lying or standing."""
    long, short = ISO_216_MM[name]
    return Page(name, long, short) if landscape else Page(name, short, long)


def rows_that_fit(table: Rect) -> int:
    """How many rows stand below title and head of a table of this height."""
    return max(int((table.height_mm - 2 * HEAD_HEIGHT_MM) / ROW_HEIGHT_MM + 1e-6), 0)


def table_height(rows: int) -> float:
    """Height in mm of a table of that many rows with its title and head."""
    return 2 * HEAD_HEIGHT_MM + rows * ROW_HEIGHT_MM


def beside_each_other(page: Page, *, rows: int) -> Layout:
    """Two maps side by side, all blocks in a row below them; the table gives the row its height."""
    left, width = MARGIN_MM, page.width_mm - 2 * MARGIN_MM
    panel_height = min(max(table_height(rows), 58.0), page.height_mm * 0.34)
    panel_top = page.height_mm - MARGIN_MM - panel_height
    strip = Rect(left, panel_top - STRIP_HEIGHT_MM - 2, width, STRIP_HEIGHT_MM)
    map_top = MARGIN_MM + TITLE_HEIGHT_MM + 6
    map_width = (width - GAP_MM) / 2
    map_height = strip.y_mm - 2.5 - map_top
    maps = tuple(Rect(x, map_top, map_width, map_height) for x in (left, left + map_width + GAP_MM))
    return Layout(
        page,
        Rect(left, MARGIN_MM, width, TITLE_HEIGHT_MM),
        tuple(Rect(box.x_mm, map_top - 5.6, box.width_mm, 4.6) for box in maps),
        maps,
        strip,
        *_in_a_row(Rect(left, panel_top, width, panel_height), (0.47, 0.17, 0.14, 0.22)),
    )


def beside_a_column(page: Page, *, rows: int) -> Layout:
    """One map with all blocks in a column on its right; for pages that lie."""
    left, width = MARGIN_MM, page.width_mm - 2 * MARGIN_MM
    column_width = 0.27 * width if page.width_mm > 400 else 0.3 * width
    top = MARGIN_MM + TITLE_HEIGHT_MM
    bottom = page.height_mm - MARGIN_MM
    strip_top = bottom - STRIP_HEIGHT_MM
    map_box = Rect(left, top, width - column_width - GAP_MM, strip_top - 2.5 - top)
    x = map_box.right_mm + GAP_MM
    height = bottom - top
    table_part = min(table_height(rows), height * 0.42)
    legend_part, notes_part = 42.0, max(height * 0.17, 42.0)
    table = Rect(x, top, column_width, table_part)
    legend = Rect(x, table.bottom_mm + 4, column_width, legend_part)
    notes = Rect(x, bottom - notes_part, column_width, notes_part)
    place = Rect(x, legend.bottom_mm + 4, column_width, notes.y_mm - legend.bottom_mm - 8)
    strip = Rect(left, strip_top, map_box.width_mm, STRIP_HEIGHT_MM)
    title = Rect(left, MARGIN_MM, width, TITLE_HEIGHT_MM)
    return Layout(page, title, (), (map_box,), strip, table, legend, place, notes)


def above_a_row(page: Page, *, rows: int) -> Layout:
    """One map with all blocks in a row below it; for pages that stand."""
    left, width = MARGIN_MM, page.width_mm - 2 * MARGIN_MM
    panel_height = min(max(table_height(rows), 58.0), page.height_mm * 0.3)
    panel_top = page.height_mm - MARGIN_MM - panel_height
    strip = Rect(left, panel_top - STRIP_HEIGHT_MM - 2, width, STRIP_HEIGHT_MM)
    top = MARGIN_MM + TITLE_HEIGHT_MM
    map_box = Rect(left, top, width, strip.y_mm - 2.5 - top)
    return Layout(
        page,
        Rect(left, MARGIN_MM, width, TITLE_HEIGHT_MM),
        (),
        (map_box,),
        strip,
        *_in_a_row(Rect(left, panel_top, width, panel_height), (0.42, 0.2, 0.15, 0.23)),
    )


def best_choice(
    layouts: Iterable[Layout], extent_m: tuple[float, float], smallest_m: float, *, margin: float
) -> Choice:
    """The first layout that the subject fills well and shows its smallest part readably, else the fullest.

    `smallest_m`: width in metres of the smallest unit that must be readable.

    Raises:
        InvalidInput: the subject is larger than the smallest usual scale can show.
    """
    judged: list[tuple[bool, float, Choice]] = []
    for layout in layouts:
        inner = neat_line(layout.maps[0])
        frame = (inner.width_mm, inner.height_mm)
        step = largest_scale_that_fits(extent_m, frame, margin=margin)
        readable = smallest_m * 1000 / step.denominator >= _SMALLEST_READABLE_MM
        filled = fill_of(extent_m, frame, step.denominator)
        choice = Choice(layout, step)
        if readable and filled >= _WELL_FILLED:
            return choice
        judged.append((readable, filled, choice))
    if not judged:
        raise InvalidInput("没有可用的纸张版式", way_out="请检查图幅类型的版式设置")
    return max(judged, key=lambda item: item[:2])[2]


def layouts_on(
    names: Sequence[str], arrange: Callable[..., Layout], *, landscape: bool, rows: int
) -> list[Layout]:
    """The same arrangement on several papers, in the order given."""
    return [arrange(paper(name, landscape=landscape), rows=rows) for name in names]


def layouts_around(names: Sequence[str], size_m: tuple[float, float], *, rows: int) -> list[Layout]:
    """For one subject: lying pages for wide ones first, standing pages for tall ones."""
    lying = layouts_on(names, beside_a_column, landscape=True, rows=rows)
    standing = layouts_on(names, above_a_row, landscape=False, rows=rows)
    pairs = zip(lying, standing, strict=True)
    tall = size_m[1] > size_m[0]
    return [layout for one, other in pairs for layout in ((other, one) if tall else (one, other))]


def _in_a_row(row: Rect, shares: tuple[float, float, float, float]) -> tuple[Rect, Rect, Rect, Rect]:
    room = row.width_mm - 3 * GAP_MM
    x = row.x_mm
    boxes = []
    for share in shares:
        boxes.append(Rect(round(x, 3), row.y_mm, round(share * room, 3), row.height_mm))
        x += share * room + GAP_MM
    return boxes[0], boxes[1], boxes[2], boxes[3]
