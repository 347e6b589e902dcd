"""All lettering of a sheet as plain data for the typesetter: single words by baseline, blocks, the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gis_service.foundation.typeface import width_em
from gis_service.publications.maps.formats.pdf.haloes import BASELINE_EM
from gis_service.publications.maps.formats.pdf.legend import SAMPLE_WIDTH_MM, legend_places
from gis_service.publications.maps.schemas import MapFrame, SheetPlan, Table, TextBlock

_INK = {"name": "#2a2730", "subject": "#7a1420", "code": "#7a5a5e", "number": "#1d1b1f"}
_EDGE_INK = {"kilometre": "#4a5257", "graticule": "#2c6d94", "corner": "#1d1b1f"}
_BLOCK_INK = {"title": "#111014", "subtitle": "#333038", "caption": "#1d1b1f", "plain": "#2a2730"}


def lettering(plan: SheetPlan) -> dict[str, Any]:
    """JSON for `sheet.typ`: sizes and positions in mm, angles in degrees clockwise."""
    return {
        "title": plan.title,
        "subject": f"{plan.sheet_type} {plan.fingerprint}",
        "page": {"width": plan.page.width_mm, "height": plan.page.height_mm},
        "words": [*_frame_words(plan), *_scale_words(plan), *_north_words(plan), *_legend_words(plan)],
        "blocks": [_block(text) for text in plan.texts],
        "table": _table(plan.table),
        "marking": next((block.text for block in plan.texts if block.key == "marking"), None),
    }


def _word(
    text: str,
    x: float,
    y: float,
    size: float,
    colour: str,
    *,
    anchor: str = "center",
    turn: int = 0,
    bold: bool = False,
) -> dict[str, Any]:
    """A word whose middle height is `y`; the typesetter sets it by its left end and baseline."""
    width = width_em(text) * size
    left = {"left": 0.0, "center": width / 2, "right": width}[anchor]
    return {
        "text": text,
        "x": round(x, 3),
        "y": round(y, 3),
        "left": round(left, 4),
        "drop": round(BASELINE_EM * size, 4),
        "size": size,
        "colour": colour,
        "turn": turn,
        "bold": bold,
    }


def _frame_words(plan: SheetPlan) -> Iterator[dict[str, Any]]:
    for frame in plan.frames:
        for label in frame.labels:
            bold = label.style == "subject"
            yield _word(label.text, label.x_mm, label.y_mm, label.size_mm, _INK[label.style], bold=bold)
        yield from _edge_words(frame)


def _edge_words(frame: MapFrame) -> Iterator[dict[str, Any]]:
    for label in frame.edge_labels:
        yield _word(
            label.text, label.x_mm, label.y_mm, label.size_mm, _EDGE_INK[label.kind], turn=label.rotation_deg
        )


def _scale_words(plan: SheetPlan) -> Iterator[dict[str, Any]]:
    for bar in plan.scale_bars:
        for number, text in enumerate(bar.labels):
            yield _word(
                text, bar.x_mm + number * bar.segment_mm, bar.y_mm - bar.height_mm - 1.5, 2.0, _INK["number"]
            )


def _north_words(plan: SheetPlan) -> Iterator[dict[str, Any]]:
    for arrow in plan.north_arrows:
        yield _word("北", arrow.x_mm, arrow.y_mm + 1.2, 2.8, _INK["number"], bold=True)


def _legend_words(plan: SheetPlan) -> Iterator[dict[str, Any]]:
    for entry, (x, y) in zip(plan.legend.entries, legend_places(plan.legend), strict=True):
        yield _word(entry.text, x + SAMPLE_WIDTH_MM + 2, y, 2.3, _INK["name"], anchor="left")


def _block(block: TextBlock) -> dict[str, Any]:
    return {
        "text": block.text,
        "x": block.place.x_mm,
        "y": block.place.y_mm,
        "width": block.place.width_mm,
        "height": block.place.height_mm,
        "size": block.size_mm,
        "align": block.align,
        "colour": _BLOCK_INK.get(block.style, "#a3202c"),
        "bold": block.style in {"title", "caption", "marking"},
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "x": table.place.x_mm,
        "y": table.place.y_mm,
        "title": table.title,
        "heads": [column.head for column in table.columns],
        "widths": [column.width_mm for column in table.columns],
        "aligns": ["right" if column.numeric else "left" for column in table.columns],
        "rows": [list(row) for row in table.rows],
        "more": [list(row) for row in table.more_rows],
        "row_height": table.row_height_mm,
        "size": table.text_size_mm,
    }
