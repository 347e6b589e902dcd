"""One boundary map of a real unit as PDF, beside a blank page from the same typesetter."""

from __future__ import annotations

from collections.abc import Iterator

import typst

from benchmarks.figures import Figure, agree, repeated
from benchmarks.scene import ON, RECORDED_AT, Scene
from gis_service.publications.maps.commands import request_division_sheet
from gis_service.publications.maps.formats import pdf
from gis_service.publications.maps.queries import gather
from gis_service.publications.maps.schemas import DivisionEvidence, SheetPlan
from gis_service.publications.maps.sheets import division
from gis_service.registers.divisions.queries import divisions_on
from gis_service.registers.divisions.rules import DivisionLevel

BLANK = b'#set page("a3", flipped: true)\n'


def measure(scene: Scene) -> Iterator[Figure]:
    """Gather, plan and draw; the unit is the one in the middle of the list of counties."""
    scene.loaded()
    with scene.sessions() as session:
        counties = divisions_on(session, on=ON, level=DivisionLevel.county)
    unit = counties[len(counties) // 2]
    with scene.writing() as tx:
        sheet = request_division_sheet(tx, unit.division_id, on=ON)

    def plan() -> SheetPlan:
        with scene.sessions() as session:
            drawn_on = RECORDED_AT.date()
            evidence = gather(session, sheet, on=ON, edition=1, edition_on=drawn_on)
        assert isinstance(evidence, DivisionEvidence)
        return division.plan(evidence)

    whole, page = repeated(lambda: pdf.draw(plan()), scene.runs)
    planning, _ = repeated(plan, scene.runs)
    blank, nothing = repeated(lambda: typst.compile(BLANK, format="pdf"), scene.runs)
    agree(page.startswith(b"%PDF-") and bytes(nothing or b"").startswith(b"%PDF-"), "both are PDF")
    yield Figure(
        what="one PDF sheet of a county: gather, plan, draw",
        size=f"{unit.name}, {len(page) / 1000:.0f} kB",
        ours_s=whole.median,
        baseline="Typst alone: a blank A3 page",
        baseline_s=blank.median,
        runs=scene.runs,
        target_s=3.0,
        note=f"gather and plan {planning.median:.2f} s",
    )
