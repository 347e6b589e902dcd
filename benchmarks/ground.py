"""Points and relations on the ground behind the walls, beside shapely on areas already in memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from random import Random
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from benchmarks.figures import Figure, agree, each, repeated, timed
from benchmarks.scene import ON, RECORDED_AT, Scene
from gis_service.foundation.access import ANONYMOUS
from gis_service.foundation.standing import stand_before
from gis_service.publications.exchange.queries.places import Place, places_of
from gis_service.registers.boundaries.queries import extents_on
from gis_service.registers.boundaries.queries.drawn_areas import covered_on
from gis_service.registers.boundaries.queries.relating import Predicate, related
from gis_service.registers.boundaries.rules import drawn
from gis_service.registers.divisions.queries import divisions_on
from gis_service.registers.divisions.rules import DivisionLevel

POINTS = 10_000
UNITS = 20
Points = list[tuple[float, float]]


def measure(scene: Scene) -> Iterator[Figure]:
    """Many points with their whole chains, one point, units that touch one, and a drawn square."""
    scene.loaded()
    with scene.sessions() as session:
        stand_before(session, ANONYMOUS, at=RECORDED_AT)  # behind the walls, as readers are
        units = lowest(session)
        areas = extents_on(session, units, on=ON)
        points = points_within(list(areas.values()))
        gc.freeze()  # as the server does: what the scene holds is not looked through for garbage meanwhile
        yield from _many(scene, session, points, {units[unit]: area for unit, area in areas.items()})
        yield _one(session, points[:200])
        counties = {unit.division_id for unit in divisions_on(session, on=ON, level=DivisionLevel.county)}
        yield _touching(session, {unit: area for unit, area in areas.items() if unit in counties})
        yield _drawn(session, points[:UNITS])


def lowest(session: Session) -> dict[UUID, str]:
    """Units nothing hangs on, with their codes: counties, and cities that have none."""
    standing = divisions_on(session, on=ON)
    above = {unit.superior_id for unit in standing}
    return {unit.division_id: unit.code for unit in standing if unit.division_id not in above}


def points_within(areas: list[shapely.MultiPolygon]) -> Points:
    """Points anywhere within the areas, the same ones in every run."""
    shapes = np.asarray(areas, dtype=object)
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    random, tree, found = Random(2020), shapely.STRtree(shapes), list[tuple[float, float]]()
    while len(found) < POINTS:
        anywhere = [(random.uniform(west, east), random.uniform(south, north)) for _ in range(POINTS)]
        on_land, _ = tree.query(np.asarray(shapely.points(anywhere), dtype=object), predicate="intersects")
        found += [anywhere[index] for index in dict.fromkeys(on_land.tolist())]
    return found[:POINTS]


def _many(
    scene: Scene, session: Session, points: Points, areas: dict[str, shapely.MultiPolygon]
) -> Iterator[Figure]:
    """The first question of a process, and those after it, which find the areas in memory."""
    days = [ON] * len(points)
    first, _ = timed(lambda: places_of(session, points, days))
    ours, places = repeated(lambda: places_of(session, points, days), scene.runs)
    codes, shapes = list(areas), np.asarray(list(areas.values()), dtype=object)
    xy, tree = np.asarray(shapely.points(points), dtype=object), shapely.STRtree(shapes)
    shapely.prepare(shapes)

    def bare() -> list[tuple[int, int]]:
        point, area = tree.query(xy)
        holds = shapely.intersects(shapes[area], xy[point])
        return sorted(zip(point[holds].tolist(), area[holds].tolist(), strict=True))

    unindexed, _ = timed(bare)  # GEOS makes its indexes meanwhile
    baseline, pairs = repeated(bare, scene.runs)
    agree({(point, codes[area]) for point, area in pairs} == _leaves(places), "the units of all points")
    for when, indexes, taken, bare_s, runs in (
        ("at first", "made meanwhile", first, unindexed, 1),
        ("again", "made before", ours.median, baseline.median, scene.runs),
    ):
        yield Figure(
            what=f"which units hold points, from the province down: {when}",
            size=f"{POINTS:,} points; {scene.size}",
            ours_s=taken,
            baseline=f"a bare STRtree of shapely, areas in memory, their indexes {indexes}",
            baseline_s=bare_s,
            runs=runs,
            target_s=1.0,
        )


def _leaves(places: list[Place]) -> set[tuple[int, str]]:
    return {(index, side[-1].code) for index, place in enumerate(places) for side in place.sides}


def _one(session: Session, points: Points) -> Figure:
    places_of(session, points[:1], [ON])
    one_by_one = each(lambda point: places_of(session, [point], [ON]), points)
    at_once, _ = repeated(lambda: places_of(session, points, [ON] * len(points)), 3)
    return Figure(
        what="which units hold one point",
        size="median of 200 points",
        ours_s=one_by_one.median,
        baseline="the same points asked at once, per point",
        baseline_s=at_once.median / len(points),
        runs=len(points),
        target_s=0.01,
    )


def _touching(session: Session, areas: dict[UUID, shapely.MultiPolygon]) -> Figure:
    chosen = Random(2020).sample(sorted(areas, key=str), UNITS)
    found: dict[UUID, int] = {}

    def ours(unit: UUID) -> None:
        told = related(session, unit, Predicate.touches, on=ON, level=DivisionLevel.county, limit=100)
        found[unit] = len(told)

    shapes = np.asarray(list(areas.values()), dtype=object)
    tree = shapely.STRtree(shapes)
    counted: dict[UUID, int] = {}

    def bare(unit: UUID) -> None:
        counted[unit] = int(shapely.touches(shapes[tree.query(areas[unit])], areas[unit]).sum())

    taken, baseline = each(ours, chosen), each(bare, chosen)
    agree(found == counted, "the units that touch")
    return Figure(
        what="counties that touch a county, with the length of border",
        size=f"median of {UNITS} counties",
        ours_s=taken.median,
        baseline="shapely's touches on areas in memory, without lengths",
        baseline_s=baseline.median,
        runs=UNITS,
        target_s=0.5,
    )


def _drawn(session: Session, points: Points) -> Figure:
    squares = [drawn(shapely.box(lon, lat, lon + 1, lat + 1)) for lon, lat in points]
    taken = each(lambda square: covered_on(session, square, on=ON), squares)
    baseline = each(lambda square: covered_on(session, square, on=ON, level=DivisionLevel.province), squares)
    return Figure(
        what="what lies in whom of a square of one degree",
        size=f"median of {len(squares)} squares",
        ours_s=taken.median,
        baseline="the same by provinces",
        baseline_s=baseline.median,
        runs=len(squares),
        target_s=2.0,
    )
