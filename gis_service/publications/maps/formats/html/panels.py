"""Title, date switch, legend, list of lines and data statement of the page."""

from __future__ import annotations

from datetime import timedelta

from jinja2 import Environment

from gis_service.publications.maps.formats.html import assets
from gis_service.publications.maps.schemas import ChangeEvidence, ComparisonEvidence, LegendEntry, SheetPlan
from gis_service.publications.maps.sheets.drafting.marginalia import (
    imprint_lines,
    marking_of,
    statement_lines,
)

_PRINT_ONLY = {"line-kilometre", "line-graticule", "line-recoded", "line-coast", "line-subject"}


def panels(plan: SheetPlan, *, two_dates: bool) -> str:
    """The panels as HTML; all texts are escaped."""
    evidence = plan.evidence
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        assets.own("panels.html")
    )
    dates = {}
    if isinstance(evidence, ChangeEvidence):
        effective = evidence.act.effective_on
        dates = {"before": (effective - timedelta(days=1)).isoformat(), "after": effective.isoformat()}
    if isinstance(evidence, ComparisonEvidence):
        dates = {"before": evidence.since.isoformat(), "after": evidence.on.isoformat()}
    subtitle = next(text.text for text in plan.texts if text.key == "subtitle")
    return template.render(
        title=plan.title,
        marking=marking_of(evidence.imprint),
        subtitle=subtitle,
        two_dates=two_dates,
        dates=dates,
        entries=[
            {"text": entry.text, "area": entry.symbol == "area", "svg": _sample(entry)}
            for entry in plan.legend.entries
            if entry.style.key not in _PRINT_ONLY
        ],
        table_title=plan.table.title,
        heads=[column.head for column in plan.table.columns],
        rows=(*plan.table.rows, *plan.table.more_rows),
        numeric=[column.numeric for column in plan.table.columns],
        statements=statement_lines(evidence.imprint),
        imprint=imprint_lines(evidence.imprint),
    )


def _sample(entry: LegendEntry) -> list[dict[str, str]]:
    """Strokes of a legend sample in pixels, four to the millimetre."""
    if entry.symbol == "area":
        return [{"fill": entry.style.fill or "none"}]
    return [
        {
            "colour": stroke.colour,
            "width": f"{max(stroke.width_mm * 4, 1):g}",
            "dash": " ".join(f"{part * 4:g}" for part in stroke.dash_mm),
            "cap": "round" if stroke.round_cap else "butt",
            "opacity": f"{stroke.opacity:g}",
        }
        for stroke in entry.style.strokes
    ]
