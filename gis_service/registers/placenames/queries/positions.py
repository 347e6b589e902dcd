"""Where units are shown: a point inside their area of the day, worked out once for each area."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from threading import Lock
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_AREAS = text("""
SELECT f.id, e.id FROM feature f
JOIN extent e ON e.division_id = f.division_id AND e.valid @> CAST(:on AS date)
WHERE f.id = ANY(CAST(:ids AS uuid[]))
""")
_AREA = text("SELECT e.id FROM extent e WHERE e.division_id = :unit AND e.valid @> CAST(:on AS date)")
_POINTS = text("""
SELECT inside.id, ST_X(inside.point), ST_Y(inside.point)
FROM (
    SELECT e.id, ST_PointOnSurface(e.geom) AS point FROM extent e WHERE e.id = ANY(CAST(:ids AS uuid[]))
) inside
""")
Point = tuple[float, float]
_MOST = 50_000  # areas that are remembered; every township of the country on a day
_DECIMALS = 6  # of a degree: a tenth of a metre
_known: dict[UUID, Point] = {}
_lock = Lock()


def unit_points(session: Session, features: Collection[str], *, on: date) -> dict[str, Point]:
    """Longitude and latitude inside the area of each feature that is a unit and has one on the day."""
    if not features:
        return {}
    areas = {str(unit): area for unit, area in session.execute(_AREAS, {"ids": list(features), "on": on})}
    points = _points(session, areas.values())
    return {unit: points[area] for unit, area in areas.items() if area in points}


def centre_of(session: Session, unit: UUID, *, on: date) -> Point | None:
    """The same of one unit of the register of divisions; None where it has no area on the day."""
    area = session.scalar(_AREA, {"unit": unit, "on": on})
    return None if area is None else _points(session, [area]).get(area)


def _points(session: Session, areas: Collection[UUID]) -> dict[UUID, Point]:
    """A point inside each area. An area never changes once it is on record: this process asks for it once.

    Which area is a unit's is asked anew each time, behind the walls.
    """
    with _lock:
        points = {area: _known[area] for area in areas if area in _known}
    if new := [str(area) for area in areas if area not in points]:
        rows = session.execute(_POINTS, {"ids": new})
        found = {area: (round(lon, _DECIMALS), round(lat, _DECIMALS)) for area, lon, lat in rows}
        points |= found
        with _lock:
            if len(_known) + len(found) > _MOST:
                _known.clear()
            _known.update(found)
    return points
