"""Assessments as a page to read and print; it fetches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from gis_service.foundation.leaflet import typeface
from gis_service.procedures.disputes.schemas.assessments import PeaceAssessmentOut
from gis_service.procedures.disputes.sheets.filling import (
    HEAD,
    about,
    result_of,
    rows_of,
    title_of,
    vetoes_of,
)

NAME = "html"
MEDIA_TYPE = "text/html; charset=utf-8"
SUFFIX = ".html"


def draw(told: Sequence[PeaceAssessmentOut]) -> bytes:
    """One page, a section for each side of each line."""
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    body = "".join(map(_section, told)) or "<p>没有考核</p>"
    page = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>平安边界年度考核</title><style>{typeface(body)}{style}</style></head><body>{body}</body></html>"
    )
    return page.encode()


def _section(told: PeaceAssessmentOut) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in about(told))
    items = _table(HEAD, ([_text(value) for value in row] for row in rows_of(told)))
    vetoes = _table(("一票否决情形", "有无", "依据的登记事项", "理由"), vetoes_of(told))
    return (
        f"<section><h1>{escape(title_of(told))}</h1><dl>{facts}</dl>{items}{vetoes}"
        f'<p class="result">{escape(result_of(told))}</p></section>'
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _text(value: str | float | None) -> str:
    if value is None:
        return "待评"
    return value if isinstance(value, str) else f"{value:g}"
