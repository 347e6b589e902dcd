"""A delivery into the registers through intake, beside a bare COPY of the same polygons into one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from time import perf_counter
from typing import Any
from unittest.mock import patch

import shapely

from benchmarks.figures import Figure, agree, forget_peak, peak_mb, timed
from benchmarks.scene import ON, Scene
from gis_service.foundation.crs import STORAGE_SRID
from gis_service.procedures.intake.commands import loading, open_delivery
from gis_service.registers.boundaries.queries import extents_on
from gis_service.registers.divisions.queries import divisions_on

STAGES = {"judge_opened": "judge", "establish": "units", "enter_areas": "edges", "derive": "areas and lines"}
BARE = f"""
CREATE TABLE bare_unit (
    code text, geom geometry(MultiPolygon, {STORAGE_SRID}), valid_from date, valid_to date
);
CREATE INDEX ON bare_unit USING gist (geom);
CREATE UNIQUE INDEX ON bare_unit (code);
"""


def measure(scene: Scene) -> Iterator[Figure]:
    """Everything from reading the file to the committed registers; then the same content once more."""
    forget_peak()
    opening_s, opened = timed(lambda: open_delivery(scene.data.request()))
    scene.opened = opened
    with _stages() as stages:
        loading_s, report = timed(scene.load)
    memory_mb = peak_mb()
    scene.report = report
    baseline_s, _ = timed(lambda: fill_bare(scene))
    _compare(scene)
    told = ", ".join(f"{name} {seconds:.1f}" for name, seconds in {"read": opening_s, **stages}.items())
    yield Figure(
        what="load through intake: read, judge, enter, derive",
        size=f"{scene.size}; {report.edges:,} edges, {report.lines_begun:,} lines",
        ours_s=opening_s + loading_s,
        baseline="bare COPY of the polygons, already in memory, into one indexed table",
        baseline_s=baseline_s,
        runs=1,
        target_s=60.0,
        peak_mb=memory_mb,
        target_mb=4000.0,
        note=f"seconds: {told}",
    )
    again_s, again = timed(scene.load)
    agree(again.changed_nothing and again.known == len(scene.delivery.units), "the second load")
    yield Figure(
        what="the same delivery again: nothing changes",
        size=scene.size,
        ours_s=again_s,
        baseline="the first load",
        baseline_s=opening_s + loading_s,
        runs=1,
        note="without reading the file",
    )


@contextmanager
def _stages() -> Iterator[dict[str, float]]:
    """Seconds spent in each stage of a load, filled while the block runs."""
    spent: dict[str, float] = {}
    with ExitStack() as patches:
        for function, stage in STAGES.items():
            watched = _watched(getattr(loading, function), stage, spent)
            patches.enter_context(patch.object(loading, function, watched))
        yield spent


def _watched(work: Callable[..., Any], stage: str, spent: dict[str, float]) -> Callable[..., Any]:
    def run(*args: Any, **named: Any) -> Any:
        begun = perf_counter()
        try:
            return work(*args, **named)
        finally:
            spent[stage] = spent.get(stage, 0.0) + perf_counter() - begun

    return run


def fill_bare(scene: Scene) -> None:
    """One table with an index on its polygons: the least that could be called loaded."""
    located = shapely.set_srid(list(scene.shapes.values()), STORAGE_SRID)
    codes = scene.shapes.keys()
    rows = StringIO()
    for code, ewkb in zip(codes, shapely.to_wkb(located, include_srid=True), strict=True):
        rows.write(f"{code}\t{ewkb.hex()}\t{ON}\n")
    rows.seek(0)
    with scene.bare() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_unit")
        cursor.execute(BARE)
        cursor.copy_expert("COPY bare_unit (code, geom, valid_from) FROM STDIN", rows)


def _compare(scene: Scene) -> None:
    """The registers rebuild from their edges' faces what the bare table got as it was."""
    stored = dict(scene.answer("SELECT code, ST_AsBinary(geom) FROM bare_unit"))
    with scene.sessions() as session:
        code_of = {unit.division_id: unit.code for unit in divisions_on(session, on=ON)}
        extents = extents_on(session, code_of, on=ON)
    held = {code_of[unit]: extent.wkb for unit, extent in extents.items()}
    agree(all(held[code] == bytes(wkb) for code, wkb in stored.items()), "the areas of all units")
