"""All forms and the desk check of a line of about a thousand kilometres with a marker every two."""

from __future__ import annotations

from collections.abc import Iterator

import typst

from benchmarks.figures import Figure, agree, repeated
from benchmarks.scene import ON, Scene
from gis_service.publications.checks.queries import Asked, check_line
from gis_service.publications.checks.schemas import CheckOut
from gis_service.publications.forms.formats import FORMATS
from gis_service.publications.forms.queries import gather
from gis_service.publications.forms.schemas import LineEvidence
from gis_service.publications.forms.sheets import SHEET_TYPES
from gis_service.registers.boundaries.queries import LineInForce, course_on, lines_in_force, measured
from gis_service.registers.boundaries.rules import Course
from gis_service.registers.instruments.queries import instruments_page
from gis_service.registers.markers.commands import Bearing, NewMarker, Position, register_markers
from gis_service.registers.markers.models import MarkerState

LENGTH_KM, SPACING_KM = 1000.0, 2.0
BEARINGS = tuple(
    Bearing(number, name, 40.0 + 110 * number, 35.0 + 20 * number)
    for number, name in enumerate(("独立大树", "水塔中心", "桥头东北角"), 1)
)


def measure(scene: Scene) -> Iterator[Figure]:
    """Gather once, then plan and make every form in every format."""
    scene.loaded()
    line, course = _with_markers(scene)

    def gathered() -> LineEvidence:
        with scene.sessions() as session:
            return gather(session, line, on=ON)

    def made() -> list[bytes]:
        evidence = gathered()
        plans = [sheet.plan(evidence) for sheet in SHEET_TYPES]
        return [kind.draw(plan) for plan in plans for kind in FORMATS]

    gathering, evidence = repeated(gathered, scene.runs)
    whole, files = repeated(made, scene.runs)
    pages = b"#pagebreak()\n" * (len(evidence.markers) - 1)
    blank, nothing = repeated(lambda: typst.compile(pages or b" ", format="pdf"), scene.runs)
    agree(len(evidence.markers) == int(course.length_m / 1000 / SPACING_KM), "every marker is told")
    agree(files[0].startswith(b"%PDF-") and bytes(nothing or b"").startswith(b"%PDF-"), "both are PDF")
    yield Figure(
        what="all forms of a line: gather, plan, six forms in five formats",
        size=f"{line.name}, {course.length_m / 1000:.0f} km, {len(evidence.markers)} markers, "
        f"{sum(map(len, files)) / 1e6:.0f} MB",
        ours_s=whole.median,
        baseline="Typst alone: as many blank pages",
        baseline_s=blank.median,
        runs=scene.runs,
        target_s=60.0,
        note=f"gather {gathering.median:.2f} s",
    )
    yield _desk_check(scene, line, course)


def _desk_check(scene: Scene, line: LineInForce, course: Course) -> Figure:
    """Every rule, the former edition and a copy of the line, beside the bare reading of its edges."""
    asked = Asked(copies=(("copy", course.geometry),))

    def checked() -> CheckOut:
        with scene.sessions() as session:
            return check_line(session, line, asked, on=ON)

    def read() -> Course | None:
        with scene.sessions() as session:
            return course_on(session, line, on=ON)

    ours, found = repeated(checked, scene.runs)
    bare, _ = repeated(read, scene.runs)
    agree(found.matches[0].same and found.markers > 0, "the copy is the line")
    return Figure(
        what="desk check of a line: every rule, a copy held against it",
        size=f"{line.name}, {course.length_m / 1000:.0f} km, {found.markers} markers, "
        f"{len(found.findings)} findings",
        ours_s=ours.median,
        baseline="the same line read and sewn together, nothing judged",
        baseline_s=bare.median,
        runs=scene.runs,
        target_s=10.0,
    )


def _with_markers(scene: Scene) -> tuple[LineInForce, Course]:
    """The line nearest to the wanted length, with markers on it."""
    with scene.writing() as tx:
        lines = measured(tx.session, lines_in_force(tx.session, on=ON), on=ON)
        line = min(lines, key=lambda each: abs(each.length_km - LENGTH_KM)).line
        course = course_on(tx.session, line, on=ON)
        assert course is not None
        source = instruments_page(tx.session, after=None, limit=1)[0].id
        count = int(course.length_m / 1000 / SPACING_KM)
        markers = [_marker(line, course, number) for number in range(1, count + 1)]
        register_markers(tx, markers, on=ON, instrument_id=source)
    return line, course


def _marker(line: LineInForce, course: Course, number: int) -> NewMarker:
    place = course.point_at(number * SPACING_KM * 1000 - 1000)
    return NewMarker(
        f"{line.code[:4]}{number:03}Q",
        line.id,
        shape="双面型",
        material="花岗岩",
        is_synthetic=True,
        sides={line.first_id: "某县某镇某村", line.second_id: "另县另乡另村"},
        position=Position((place.x, place.y), "CGCS2000", height=20.0, height_system="1985国家高程基准"),
        bearings=BEARINGS,
        state=MarkerState.intact,
        observer="基准测试",
    )
