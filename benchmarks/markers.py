"""What lies around a place, on registers of national size with synthetic markers along every line."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import shapely
from sqlalchemy import any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.figures import Figure, agree, each
from benchmarks.ground import Points, lowest, points_within
from benchmarks.scene import NATION, ON, RECORDED_AT, Scene
from benchmarks.serving import served_apart
from gis_service.foundation.access import ANONYMOUS
from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.standing import stand_before
from gis_service.foundation.wkb import read_wkb
from gis_service.registers.boundaries.models import Edge
from gis_service.registers.boundaries.queries import edges_along, extents_on, lines_in_force, sides_of
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn
from gis_service.registers.markers.commands import NewMarker, Position, register_markers
from gis_service.registers.markers.queries.nearest import nearest

MARKERS, PER_LINE = 100_000, 20
VERTICES = 2_500_000
ASKED, CHECKED = 300, 20
_KNN = f"""
SELECT m.number FROM marker_position p JOIN marker m ON m.id = p.marker_id WHERE p.valid @> %s::date
ORDER BY p.geom <-> ST_SetSRID(ST_MakePoint(%s, %s), {STORAGE_SRID}) LIMIT 3
"""
_NEAREST = f"""
SELECT m.number FROM marker_position p JOIN marker m ON m.id = p.marker_id WHERE p.valid @> %s::date
ORDER BY ST_Distance(p.geom::geography, ST_SetSRID(ST_MakePoint(%s, %s), {STORAGE_SRID})::geography) LIMIT 3
"""


def measure(scene: Scene) -> Iterator[Figure]:
    """In the database behind the walls, and over HTTP, each beside the bare nearest neighbours."""
    scene.loaded()
    if scene.data is NATION:
        _as_fine_as_surveys(scene)
    placed = _set_markers(scene)
    scene.refresh_statistics()
    with sessionmaker(scene.engine.execution_options(isolation_level="REPEATABLE READ"))() as session:
        stand_before(session, ANONYMOUS, at=RECORDED_AT)
        points = points_within(list(extents_on(session, lowest(session), on=ON).values()))[:ASKED]
        vertices = session.scalar(select(func.sum(func.ST_NPoints(Edge.geom))))
        size = f"{placed:,} markers, {vertices:,} vertices of edges"
        gc.freeze()
        yield from _in_database(scene, session, points, size)
    yield _over_http(scene, points, size)


def _as_fine_as_surveys(scene: Scene) -> None:
    """Add vertices along the edges of the sample until they are as many as surveyed lines have."""
    with scene.bare() as cursor:
        cursor.execute("SELECT sum(ST_Length(geom)), sum(ST_NPoints(geom)) FROM edge")
        length, known = cursor.fetchone()
        step = float(length) / max(VERTICES - int(known), 1)
        cursor.execute("UPDATE edge SET geom = ST_Segmentize(geom, %s)", (step,))


def _set_markers(scene: Scene) -> int:
    """Markers at even steps along the edges of every line, numbered as they come."""
    with scene.writing() as tx:
        lines = lines_in_force(tx.session, on=ON)
        along = edges_along(tx.session, sides_of(lines), on=ON)
        number = min(MARKERS, PER_LINE * len(lines))
        owners = {edge.id: line for line, edges in along.edges.items() for edge in edges}
        places = _places(tx.session, list(owners), number)
        paper = InstrumentIn(
            number="合成界桩",
            kind=InstrumentKind.dataset,
            title="合成界桩，并非真实界桩",
            issuer="基准测试",
            issued_on=ON,
        )
        act = register_instrument(tx, paper).id
        new = [
            NewMarker(f"{index:07}Q", owners[edge], position=Position(at, "CGCS2000"), is_synthetic=True)
            for index, (edge, at) in enumerate(places)
        ]
        register_markers(tx, new, on=ON, instrument_id=act)
    return len(new)


def _places(session: Session, edges: list[Any], number: int) -> list[tuple[Any, tuple[float, float]]]:
    ids = cast(edges, ARRAY(PG_UUID(as_uuid=True)))
    rows = session.execute(select(Edge.id, Edge.geom.ST_AsBinary()).where(Edge.id == any_(ids))).all()
    shapes = read_wkb(row[1] for row in rows)
    ends = np.cumsum(shapely.length(shapes))
    at = (np.arange(number) + 0.5) * ends[-1] / number
    which = np.searchsorted(ends, at)
    points = shapely.line_interpolate_point(shapes[which], at - np.concatenate([[0.0], ends])[which])
    xy = shapely.get_coordinates(points)
    return [(rows[edge][0], (float(x), float(y))) for edge, (x, y) in zip(which, xy, strict=True)]


def _in_database(scene: Scene, session: Session, points: Points, size: str) -> Iterator[Figure]:
    for point in points:  # what was asked for is kept in memory from the first question on
        nearest(session, *point, on=ON)
    ours = each(lambda point: nearest(session, *point, on=ON), points)
    with scene.bare() as cursor:
        bare = each(lambda point: _numbers(cursor, _KNN, point), points)
        found = [_numbers(cursor, _NEAREST, point) for point in points[:CHECKED]]
    told = [[near.number for near in nearest(session, *point, on=ON).markers] for point in points[:CHECKED]]
    agree(found == told, "the nearest markers")
    yield Figure(
        what="what lies around a place: units, lines, three markers, p95",
        size=size,
        ours_s=ours.p95,
        baseline="psycopg2: numbers of the three nearest markers in degrees, p95",
        baseline_s=bare.p95,
        runs=len(points),
        target_s=0.010,
        note=f"p50 {ours.median * 1000:.1f} ms, bare {bare.median * 1000:.2f} ms",
    )


def _numbers(cursor: Any, statement: str, point: tuple[float, float]) -> list[str]:
    cursor.execute(statement, (ON, *point))
    return [row[0] for row in cursor.fetchall()]


def _over_http(scene: Scene, points: Points, size: str) -> Figure:
    with served_apart(scene) as address, httpx.Client(base_url=address, timeout=60.0) as client:

        def ask(point: tuple[float, float]) -> None:
            answer = client.get("/nearest", params={"lon": point[0], "lat": point[1], "on": str(ON)})
            answer.raise_for_status()

        each(ask, points)
        ours = each(ask, points)
        bare = each(lambda _: client.get("/healthz").raise_for_status(), points)
    return Figure(
        what="the same over HTTP, p95",
        size=size,
        ours_s=ours.p95,
        baseline="/healthz of the same server, p95",
        baseline_s=bare.p95,
        runs=len(points),
        target_s=0.030,
        note=f"p50 {ours.median * 1000:.1f} ms",
    )
