"""How much area of units on one day belongs to which units on another: exact, by faces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

# Before areas were held, no unit is looked up: that is asked once and not for each.
_SHARED = text("""
WITH held AS (
    SELECT own.* FROM unnest(:units) AS asked(unit), LATERAL (
        SELECT m.division_id, m.face_id FROM membership m
        WHERE m.division_id = asked.unit AND m.valid @> :on OFFSET 0
    ) own
    WHERE EXISTS (SELECT FROM membership WHERE valid @> :on)
)
SELECT held.division_id, other.division_id, sum(face.area_km2)
FROM held
JOIN face ON face.id = held.face_id
LEFT JOIN LATERAL (
    SELECT m.division_id FROM membership m WHERE m.face_id = held.face_id AND m.valid @> :to OFFSET 0
) other ON TRUE
GROUP BY 1, 2
""").bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))


def shared_areas(
    session: Session, units: Iterable[UUID], *, on: date, to: date
) -> dict[UUID, dict[UUID | None, float]]:
    """For each lowest-level unit with faces on a day: km² by the unit that holds them on the other day.

    None is the key of what nobody holds that day, as far as the reader may know.
    """
    found: dict[UUID, dict[UUID | None, float]] = defaultdict(dict)
    for unit, other, km2 in session.execute(_SHARED, {"units": list(units), "on": on, "to": to}):
        found[unit][other] = km2
    return dict(found)
