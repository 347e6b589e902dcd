"""The report of an evaluation: written as Markdown, and as a page that can be printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from jinja2 import Environment
from markdown_it import MarkdownIt

from gis_service.procedures.changes.schemas.evaluations import EvaluationOut


@dataclass(frozen=True, slots=True)
class Report:
    """What a report tells of one round."""

    number: str
    title: str
    act: str | None
    effective_on: date
    round: int
    due_on: date | None
    indicator_titles: dict[str, str]
    evaluations: list[EvaluationOut]


@cache
def _template(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def as_markdown(report: Report) -> str:
    """The report as Markdown; what people wrote cannot become markup of its own."""
    environment = Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = _plain
    environment.filters["number"] = _number
    return environment.from_string(_template("report.md.j2")).render(report=report)


def _plain(text: object) -> str:
    """A text on one line, without what Markdown or a page would take for markup."""
    flat = " ".join(str(text if text is not None else "").split())
    return "".join(f"\\{each}" if each in "\\`*_{}[]<>#|~!&" else each for each in flat)


def _number(value: float | None) -> str:
    return "缺" if value is None else f"{value:g}"


def as_page(markdown: str) -> str:
    """The same as a page of its own, for the printer."""
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return _template("report.html").replace("{body}", body)
