"""A form as a Word document with the same tables; sketches are pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import count
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap
from docx.shared import Mm

from gis_service.publications.forms.formats.packing import packed_alike
from gis_service.publications.forms.formats.typesetting import day_told, line_told, sketches_as_png
from gis_service.publications.forms.schemas import Cell, FormPlan, Paragraph, Section, Sketch, Table

NAME = "docx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUFFIX = ".docx"

_SPACES = nsdecls("w", "r", "wp", "a", "pic")
_TWIPS_PER_MM = 1440 / 25.4
_EMU_PER_MM = 36000
_RULES = (("top", 12), ("left", 12), ("bottom", 12), ("right", 12), ("insideH", 4), ("insideV", 4))
_JUSTIFIED = {"left": "left", "center": "center", "right": "right"}
_FONT = (
    '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/>'
)


def draw(plan: FormPlan) -> bytes:
    """The document."""
    document = Document()
    _set_page(document, plan)
    _set_margins_words(document, plan)
    pictures = _Pictures(document, plan)
    body = document.element.body
    last = body[-1]  # what tells of the page stands behind everything
    for number, section in enumerate(plan.sections):
        for xml in _section(plan, section, pictures, first=number == 0):
            last.addprevious(parse_xml(xml))
    document.core_properties.title = f"{plan.title}　{line_told(plan)}"
    document.core_properties.author = ""
    written = io.BytesIO()
    document.save(written)
    return packed_alike(written.getvalue(), plan.on)


def _set_page(document: Word, plan: FormPlan) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = (Mm(297), Mm(210)) if plan.landscape else (Mm(210), Mm(297))
    page.orientation = WD_ORIENT.LANDSCAPE if plan.landscape else WD_ORIENT.PORTRAIT
    page.left_margin = page.right_margin = Mm(18 if plan.landscape else 20)
    page.top_margin, page.bottom_margin = Mm(19), Mm(17)
    page.header_distance, page.footer_distance = Mm(8), Mm(8)


def _set_margins_words(document: Word, plan: FormPlan) -> None:
    page = document.sections[0]
    header, footer = page.header.paragraphs[0], page.footer.paragraphs[0]
    width = 261 if plan.landscape else 170
    marks = [*plan.marks, ""][0]
    for paragraph, xml in (
        (header, _p(f"{marks}\t{plan.classification.value}", size=10, bold=True, tab_mm=width)),
        (footer, _footer(plan, width)),
    ):
        paragraph._p.addprevious(parse_xml(xml))
        paragraph._p.getparent().remove(paragraph._p)


def _footer(plan: FormPlan, width: int) -> str:
    told = f"{line_told(plan)}　{plan.title}　登记状况日期：{day_told(plan.on)}\t"
    pages = f"{_r('第 ', 8)}{_field('PAGE')}{_r(' 页　共 ', 8)}{_field('NUMPAGES')}{_r(' 页', 8)}"
    return _p(told, size=8, tab_mm=width).replace("</w:p>", f"{pages}</w:p>")


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} ">{_r("1", 8)}</w:fldSimple>'


class _Pictures:
    """The sketches of a form as pictures of the document, drawn all at once."""

    def __init__(self, document: Word, plan: FormPlan) -> None:
        sketches = list(_sketches(plan))
        self._numbers = count(1)
        self._xml = {
            id(sketch): self._inline(document, sketch, content)
            for sketch, content in zip(sketches, sketches_as_png(sketches), strict=True)
        }

    def of(self, sketch: Sketch) -> str:
        return self._xml[id(sketch)]

    def _inline(self, document: Word, sketch: Sketch, content: bytes) -> str:
        relation, _ = document.part.get_or_add_image(io.BytesIO(content))
        size = f'cx="{round(sketch.width_mm * _EMU_PER_MM)}" cy="{round(sketch.height_mm * _EMU_PER_MM)}"'
        number = next(self._numbers)
        name = f'id="{number}" name="位置略图{number}"'
        return (
            f"<w:r><w:drawing><wp:inline><wp:extent {size}/><wp:docPr {name}/>"
            f'<a:graphic><a:graphicData uri="{nsmap["pic"]}">'
            f"<pic:pic><pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )


def _sketches(plan: FormPlan) -> Iterator[Sketch]:
    for section in plan.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from (cell.sketch for row in block.rows for cell in row if cell.sketch is not None)


def _section(plan: FormPlan, section: Section, pictures: _Pictures, *, first: bool) -> Iterator[str]:
    yield _p(plan.title, size=18, bold=True, align="center", new_page=not first)
    yield _p(f"{section.left}\t{section.right}", size=9.5, tab_mm=261 if plan.landscape else 170)
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield _p(block.text, size=11, bold=block.head, indent=True)
        else:
            yield _table(block, pictures)
    yield _p(f"说明：{'；'.join(plan.notes)}。", size=7.5)


def _p(
    text: str,
    *,
    size: float,
    bold: bool = False,
    align: str = "left",
    tab_mm: int | None = None,
    indent: bool = False,
    new_page: bool = False,
) -> str:
    tab = "" if tab_mm is None else f'<w:tabs><w:tab w:val="right" w:pos="{_twips(tab_mm)}"/></w:tabs>'
    first = f'<w:ind w:firstLine="{round(size * 40)}"/>' if indent else ""
    page = "<w:pageBreakBefore/>" if new_page else ""
    return (
        f'<w:p {_SPACES}><w:pPr>{page}{tab}<w:spacing w:before="0" w:after="40"/>{first}'
        f'<w:jc w:val="{_JUSTIFIED[align]}"/></w:pPr>{_r(text, size, bold=bold)}</w:p>'
    )


def _r(text: str, size: float, *, bold: bool = False) -> str:
    """A run; line ends and tabs are told as such."""
    parts = escape(text).replace("\n", "</w:t><w:br/>\n").replace("\t", "</w:t><w:tab/>\n")
    body = parts.replace("\n", '<w:t xml:space="preserve">')
    style = f'{_FONT}{"<w:b/>" if bold else ""}<w:sz w:val="{round(size * 2)}"/>'
    return f'<w:r><w:rPr>{style}</w:rPr><w:t xml:space="preserve">{body}</w:t></w:r>'


def _table(table: Table, pictures: _Pictures) -> str:
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in table.widths_mm)
    rows = "".join(_rows(table, pictures))
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="{eighths}" w:color="000000"/>' for side, eighths in _RULES
    )
    width = _twips(sum(table.widths_mm))
    return (
        f'<w:tbl {_SPACES}><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
        f'<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _rows(table: Table, pictures: _Pictures) -> Iterator[str]:
    """Rows with the places that cells from above reach down into."""
    reaching: dict[int, tuple[int, int]] = {}  # column: rows still to go, columns wide
    for number, row in enumerate(table.rows):
        cells, column, waiting = [], 0, iter(row)
        while column < len(table.widths_mm):
            if column in reaching:
                left, span = reaching.pop(column)
                cells.append(_tc(table, column, span, "<w:vMerge/>", "<w:p/>"))
                if left > 1:
                    reaching[column] = (left - 1, span)
                column += span
                continue
            cell = next(waiting)
            if cell.down > 1:
                reaching[column] = (cell.down - 1, cell.span)
            merged = '<w:vMerge w:val="restart"/>' if cell.down > 1 else ""
            cells.append(_tc(table, column, cell.span, merged, _content(cell, pictures)))
            column += cell.span
        repeated = "<w:tblHeader/>" if number < table.head_rows else ""
        height = f'<w:trHeight w:val="{_twips(table.row_mm)}" w:hRule="atLeast"/>'
        yield f"<w:tr><w:trPr><w:cantSplit/>{height}{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _tc(table: Table, column: int, span: int, merged: str, content: str) -> str:
    width = _twips(sum(table.widths_mm[column : column + span]))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{span}"/>{merged}'
        f'<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
    )


def _content(cell: Cell, pictures: _Pictures) -> str:
    inner = _r(cell.text, 9, bold=cell.head) if cell.sketch is None else pictures.of(cell.sketch)
    return (
        f'<w:p><w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="{_JUSTIFIED[cell.align]}"/></w:pPr>'
        f"{inner}</w:p>"
    )


def _twips(mm: float) -> int:
    return round(mm * _TWIPS_PER_MM)
