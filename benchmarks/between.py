"""The border of any two units on a day: from shared edges, from a stored copy, from the two polygons."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from benchmarks.figures import Figure, agree, each
from benchmarks.scene import ON, RECORDED_AT, Scene
from gis_service.foundation.access import ANONYMOUS
from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.standing import stand_before
from gis_service.registers.boundaries.queries import border_between, lines_in_force, neighbours_of
from gis_service.registers.divisions.queries import divisions_on
from gis_service.registers.divisions.rules import DivisionLevel

PAIRS = 200
INTERSECTED = 10
TARGET_S = 0.020
LEVELS = {
    DivisionLevel.county: "counties",
    DivisionLevel.prefecture: "prefectures",
    DivisionLevel.province: "provinces",
}

Pair = tuple[UUID, UUID]

_COPIES = f"""
DROP TABLE IF EXISTS bare_border;
CREATE TABLE bare_border (
    one uuid, other uuid, geom geometry(MultiLineString, {STORAGE_SRID}), PRIMARY KEY (one, other)
)
"""
_INTERSECTION = """
SELECT ST_AsBinary(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2))
FROM extent a, extent b
WHERE a.division_id = %s AND b.division_id = %s AND a.valid @> %s::date AND b.valid @> %s::date
"""


def measure(scene: Scene) -> Iterator[Figure]:
    """For counties, prefectures and provinces that touch: any pair, registered as a line or not."""
    scene.loaded()
    with scene.sessions() as session:
        stand_before(session, ANONYMOUS, at=RECORDED_AT)  # behind the walls, as readers are
        for level, plural in LEVELS.items():
            pairs = _touching(session, level)
            border_between(session, *pairs[0], on=ON)  # the first statement of a session is prepared
            yield from _figures(scene, session, plural, pairs)


def _touching(session: Session, level: DivisionLevel) -> list[Pair]:
    """Up to `PAIRS` touching pairs of one level, the same ones in every run."""
    if level is DivisionLevel.county:
        units = {unit.division_id: unit.code for unit in divisions_on(session, on=ON, level=level)}
        found = {
            (unit, other)
            for unit, others in neighbours_of(session, units, on=ON).items()
            for other in others & units.keys()
            if units[unit] < units[other]
        }
        pairs = sorted(found, key=lambda pair: (units[pair[0]], units[pair[1]]))
    else:
        pairs = [(line.first_id, line.second_id) for line in _by_code(session, level)]
    return Random(1).sample(pairs, min(PAIRS, len(pairs)))


def _by_code(session: Session, level: DivisionLevel) -> list[Any]:
    codes = {unit.division_id: unit.code for unit in divisions_on(session, on=ON)}
    lines = lines_in_force(session, on=ON, level=level)
    return sorted(lines, key=lambda line: (codes[line.first_id], codes[line.second_id]))


def _figures(scene: Scene, session: Session, plural: str, pairs: list[Pair]) -> Iterator[Figure]:
    borders: dict[Pair, Any] = {}

    def derived(pair: Pair) -> None:
        borders[pair] = border_between(session, *pair, on=ON)

    ours = each(derived, pairs)
    _store_copies(scene, borders)
    with scene.bare() as cursor:
        copied = each(lambda pair: _copy(cursor, pair), pairs)
        few = pairs[:INTERSECTED]
        shapes: dict[Pair, Any] = {}
        crossed = each(lambda pair: shapes.update({pair: _intersection(cursor, pair)}), few)
    for pair in few:
        agree(abs(borders[pair].length - shapes[pair].length) < 1e-9, f"the border of two {plural}")
    yield Figure(
        what=f"the border of two {plural} on a day, p95",
        size=f"{len(pairs)} pairs that touch",
        ours_s=ours.p95,
        baseline="a stored copy of the border, by primary key, p95",
        baseline_s=copied.p95,
        runs=len(pairs),
        target_s=TARGET_S,
        note=f"p50 {ours.median * 1000:.1f} ms, the copy {copied.median * 1000:.2f} ms",
    )
    yield Figure(
        what=f"the border of two {plural} on a day, p50",
        size=f"{len(few)} of these pairs",
        ours_s=type(ours)(ours.seconds[: len(few)]).median,
        baseline="ST_Intersection of the two stored polygons, p50",
        baseline_s=crossed.median,
        runs=len(few),
    )


def _store_copies(scene: Scene, borders: dict[Pair, Any]) -> None:
    rows = [(str(one), str(other), border.wkb) for (one, other), border in borders.items()]
    with scene.bare() as cursor:
        cursor.execute(_COPIES)
        cursor.executemany(
            f"INSERT INTO bare_border VALUES (%s, %s, ST_GeomFromWKB(%s, {STORAGE_SRID}))", rows
        )


def _copy(cursor: Any, pair: Pair) -> Any:
    wanted = "SELECT ST_AsBinary(geom) FROM bare_border WHERE one = %s AND other = %s"
    cursor.execute(wanted, tuple(map(str, pair)))
    return shapely.from_wkb(bytes(cursor.fetchone()[0]))


def _intersection(cursor: Any, pair: Pair) -> Any:
    cursor.execute(_INTERSECTION, (*map(str, pair), ON, ON))
    return shapely.from_wkb(bytes(cursor.fetchone()[0]))
