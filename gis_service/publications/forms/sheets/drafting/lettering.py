"""What of a form the typeface cannot print, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gis_service.foundation.findings import Finding
from gis_service.foundation.typeface import coverage_findings
from gis_service.publications.forms.schemas import Section, Table

Placed = tuple[str, str]  # where a text stands, and the text


def lettering_findings(title: str, line: str, sections: Sequence[Section]) -> tuple[Finding, ...]:
    """A warning (R-MAP-70) for each text with characters the typeface lacks, at the first place it stands."""
    first: dict[str, str] = {}
    for place, text in _texts(title, line, sections):
        first.setdefault(text, place)
    return tuple(coverage_findings((place, text) for text, place in first.items()))


def _texts(title: str, line: str, sections: Sequence[Section]) -> Iterator[Placed]:
    yield f"{title}·界线名称", line
    for number, section in enumerate(sections, 1):
        part = f"{title}·第{number}份" if len(sections) > 1 else title
        yield f"{part}·表头", section.left
        yield f"{part}·表头", section.right
        for order, block in enumerate(section.blocks, 1):
            if isinstance(block, Table):
                yield from _cells(part, block)
            else:
                yield f"{part}·第{order}段", block.text


def _cells(part: str, table: Table) -> Iterator[Placed]:
    """Words of sketches stand in cells as well."""
    for number, row in enumerate(table.rows, 1):
        yield from ((f"{part}·第{number}行", cell.text) for cell in row)
