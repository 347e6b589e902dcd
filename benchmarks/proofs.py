"""Every invariant of the registers on every day of change, beside asking GEOS once for a valid coverage."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from benchmarks.figures import Figure, agree, timed
from benchmarks.scene import Scene
from gis_service.foundation.findings import Finding
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.boundaries.queries.proofs import prove

_LOWEST = """
SELECT ST_AsBinary(e.geom) FROM extent e
WHERE e.valid @> %(on)s::date AND EXISTS (
    SELECT FROM membership m WHERE m.division_id = e.division_id AND m.valid @> %(on)s::date)
"""


def measure(scene: Scene) -> Iterator[Figure]:
    """What `gis-service verify` does."""
    scene.loaded()
    with scene.sessions() as session:
        days = days_of_change(session)

    def proved() -> list[Finding]:
        with scene.sessions() as session:
            return prove(session)

    def lay_side_by_side() -> bool:
        areas = [bytes(row[0]) for row in scene.answer(_LOWEST, {"on": days[0]})]
        return bool(shapely.coverage_is_valid(np.asarray(shapely.from_wkb(areas), dtype=object)))

    ours_s, findings = timed(proved)
    baseline_s, valid = timed(lay_side_by_side)
    agree(valid and not findings, f"the registers are sound: {[finding.message for finding in findings[:3]]}")
    yield Figure(
        what="verify: all proofs on every day of change",
        size=f"{scene.size}; {len(days)} days",
        ours_s=ours_s,
        baseline="read the polygons of one day, coverage_is_valid",
        baseline_s=baseline_s,
        runs=1,
    )
