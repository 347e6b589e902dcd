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
_POINTS = text("""
SELECT inside.id, ST_X(inside.point), ST_Y(inside.point)
FROM (
    SELECT e.id, ST_PointOnSurface(e.geom) AS point FROM extent e WHERE e.id = ANY(CAST(:ids AS uuid[]))
) inside
""")
_MOST = 50_000  # areas that are remembered; every township of the country on a day
_known: dict[UUID, tuple[float, float]] = {}
_lock = Lock()


def unit_points(session: Session, features: Collection[str], *, on: date) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of a point inside each of these features that is a unit with an area on the day.

    An area never changes once it is on record, so that its point is asked for once by this process. Which
    area is a unit's is asked anew each time, behind the walls.
    """
    if not features:
        return {}
    areas = {str(unit): area for unit, area in session.execute(_AREAS, {"ids": list(features), "on": on})}
    with _lock:
        points = {area: _known[area] for area in areas.values() if area in _known}
    if new := [area for area in areas.values() if area not in points]:
        found = {
            area: (lon, lat) for area, lon, lat in session.execute(_POINTS, {"ids": list(map(str, new))})
        }
        points |= found
        with _lock:
            if len(_known) + len(found) > _MOST:
                _known.clear()
            _known.update(found)
    return {unit: points[area] for unit, area in areas.items() if area in points}
