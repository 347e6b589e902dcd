"""The typesetter: plans as plain data for `form.typ`, composed in process with the one typeface."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Any

import typst

from gis_service.foundation.typeface import FAMILY, font_file, printable
from gis_service.publications.forms.schemas import Block, Cell, FormPlan, Paragraph, Section, Sketch, Table

PIXELS_PER_INCH = 150.0


def typeset(plan: FormPlan) -> bytes:
    """A form as PDF; the only date in the file is that of the registers, so equal plans give equal bytes."""
    status = datetime.combine(plan.on, time(), UTC)
    pages = typst.compile(
        _source("sketch.typ") + _source("form.typ"),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"form": json.dumps(_form(plan), ensure_ascii=False)},
        format="pdf",
        timestamp=int(status.timestamp()),
        pdf_tags=False,
    )
    assert isinstance(pages, bytes)
    return pages


def sketches_as_png(sketches: Sequence[Sketch]) -> list[bytes]:
    """Sketches as pictures, for formats that take no drawings."""
    if not sketches:
        return []
    pages = typst.compile(
        _source("sketch.typ") + _ONE_A_PAGE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sketches": json.dumps([_sketch(each) for each in sketches]), "family": FAMILY},
        format="png",
        ppi=PIXELS_PER_INCH,
    )
    return [bytes(page) for page in pages] if isinstance(pages, list) else [bytes(pages or b"")]


_ONE_A_PAGE = b"""
#set page(width: auto, height: auto, margin: 0mm, fill: white)
#set text(font: sys.inputs.family, lang: "zh", region: "cn", fallback: false)
#json(bytes(sys.inputs.sketches)).map(sketch).join(pagebreak())
"""


def _source(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_file().parent]
    )


def day_told(day: date) -> str:
    """2020年6月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def line_told(plan: FormPlan) -> str:
    """The line by name and code."""
    return f"{plan.line_name}（{plan.line_code}）"


def _form(plan: FormPlan) -> dict[str, Any]:
    return {
        "family": FAMILY,
        "title": printable(plan.title),
        "line": printable(line_told(plan)),
        "on": day_told(plan.on),
        "classification": plan.classification.value,
        "marks": [printable(mark) for mark in plan.marks],
        "notes": [printable(note) for note in (*plan.notes, *_lettering(plan))],
        "landscape": plan.landscape,
        "sections": [_section(section) for section in plan.sections],
    }


def _lettering(plan: FormPlan) -> list[str]:
    """What the paper itself says of characters it shows as code points."""
    return ["字体缺字之处以码位〔U+…〕代替，原字以登记簿为准"] if plan.findings else []


def _section(section: Section) -> dict[str, Any]:
    return {
        "left": printable(section.left),
        "right": printable(section.right),
        "blocks": [_block(block) for block in section.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": printable(block.text), "head": block.head}
    return _table(block)


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "widths": list(table.widths_mm),
        "head_rows": table.head_rows,
        "rows": [[_cell(cell, table.row_mm) for cell in row] for row in table.rows],
    }


def _cell(cell: Cell, least_mm: float) -> dict[str, Any]:
    return {
        "text": printable(cell.text),
        "span": cell.span,
        "down": cell.down,
        "head": cell.head,
        "align": cell.align,
        "least": least_mm,
        "sketch": None if cell.sketch is None else _sketch(cell.sketch),
    }


def _sketch(sketch: Sketch) -> dict[str, Any]:
    return {
        "width": sketch.width_mm,
        "height": sketch.height_mm,
        "strokes": [
            {"points": each.points, "width": each.width_mm, "dash": each.dash_mm} for each in sketch.strokes
        ],
        "symbols": [{"x": each.x_mm, "y": each.y_mm, "kind": each.kind} for each in sketch.symbols],
        "words": [
            {"text": each.text, "x": each.x_mm, "y": each.y_mm, "align": each.align, "size": each.size_mm}
            for each in sketch.words
        ],
    }
