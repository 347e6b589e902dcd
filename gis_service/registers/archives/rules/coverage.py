"""What images cover of a line: from which chainage to which, and where none does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry import Polygon

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.archives.rules.figures import table
from gis_service.registers.boundaries.rules import Course

R_ARC_05 = Rule("R-ARC-05", "影像沿界线覆盖全线", "本服务约定", status="D")

Stretch = tuple[float, float]  # from and to, chainage in metres


def covered(course: Course, footprint: Polygon) -> list[Stretch]:
    """The stretches of a line within a footprint, in order."""
    ends, chainages = course.steps()
    shapely.prepare(footprint)
    found: list[Stretch] = []
    lines = np.asarray(shapely.linestrings(ends.reshape(-1, 2, 2)), dtype=object)
    for index in np.flatnonzero(shapely.intersects(lines, footprint)).tolist():
        start, stop = map(float, chainages[index])
        length = lines[index].length
        for part in shapely.get_parts(shapely.intersection(lines[index], footprint)):
            if part.geom_type == "LineString" and length > 0:
                shares = sorted(
                    shapely.line_locate_point(lines[index], shapely.points(shapely.get_coordinates(part)))
                )
                found.append(
                    (
                        start + (stop - start) * shares[0] / length,
                        start + (stop - start) * shares[-1] / length,
                    )
                )
    return merged(found)


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches put together where they meet, in order."""
    told: list[Stretch] = []
    for start, stop in sorted(stretches):
        if told and start <= told[-1][1] + 1e-6:
            told[-1] = (told[-1][0], max(told[-1][1], stop))
        else:
            told.append((start, stop))
    return told


def gaps(length_m: float, stretches: Iterable[Stretch]) -> list[Stretch]:
    """What is left of a line by stretches, slivers left out."""
    told, at = [], 0.0
    for start, stop in [*merged(stretches), (length_m, length_m)]:
        if start - at > table()["image"]["gap_m"]:
            told.append((at, start))
        at = max(at, stop)
    return told


def judge_gaps(line: str, course: Course, left: Sequence[Stretch]) -> Iterator[Finding]:
    """Each gap as a finding, at its middle."""
    for start, stop in left:
        middle = course.point_at((start + stop) / 2)
        yield R_ARC_05.finding(
            Severity.warning,
            line,
            f"{line}里程 {start:.0f} 至 {stop:.0f} 米没有影像",
            place={"type": "Point", "coordinates": [middle.x, middle.y]},
            suggestion="请补充该段的影像",
        )
