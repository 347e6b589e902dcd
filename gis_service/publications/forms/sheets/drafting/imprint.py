"""What every form says of itself: that it is an example, on which legal force, how closely it is kept."""

from __future__ import annotations

from gis_service.publications.forms.schemas import FormPlan, LineEvidence, MachineTable, Section
from gis_service.publications.forms.sheets.drafting.layout import layout
from gis_service.publications.forms.sheets.drafting.lettering import lettering_findings

SYNTHETIC = "合成示例，非真实界桩"


def form(
    name: str,
    title: str,
    evidence: LineEvidence,
    sections: tuple[Section, ...],
    tables: tuple[MachineTable, ...],
    *,
    landscape: bool = False,
    notes: tuple[str, ...] = (),
) -> FormPlan:
    """A form with the marks and notes that all forms of the line bear."""
    return FormPlan(
        name=name,
        title=title,
        line_code=evidence.code,
        line_name=evidence.name,
        on=evidence.on,
        classification=evidence.classification,
        marks=(SYNTHETIC,) if evidence.is_synthetic else (),
        notes=tuple(note.rstrip("。；") for note in (*notes, *evidence.statements, layout()["notice"])),
        landscape=landscape,
        sections=sections,
        tables=tables,
        findings=lettering_findings(title, evidence.name, sections),
    )


def line_words(evidence: LineEvidence) -> str:
    """The line by name, code and level, as it heads a table."""
    return f"界线：{evidence.name}（{evidence.code}）　级别：{evidence.level}"
