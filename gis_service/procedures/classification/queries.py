"""Which units an act touches, and who keeps it: the topmost units above them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_TOUCHED = text("""
SELECT division_id FROM division_version WHERE begun_by = :act OR ended_by = :act
UNION
SELECT m.division_id FROM membership m JOIN face ON face.id = m.face_id
WHERE m.begun_by = :act OR m.ended_by = :act OR face.source_id = :act
""")

# Up through all superiors of all time: whoever has once been above them keeps it with the others.
_TOPMOST = text("""
WITH RECURSIVE up(id) AS (
    SELECT unnest(CAST(:units AS uuid[]))
    UNION
    SELECT v.superior_id FROM up JOIN division_version v ON v.division_id = up.id
    WHERE v.superior_id IS NOT NULL
)
SELECT id FROM up WHERE NOT EXISTS (
    SELECT FROM division_version v WHERE v.division_id = up.id AND v.superior_id IS NOT NULL)
""")


def units_touched(session: Session, instrument_id: UUID) -> list[UUID]:
    """The units that began, ended, hold faces or came to hold faces by an act."""
    return sorted(session.scalars(_TOUCHED, {"act": instrument_id}))


def topmost_above(session: Session, units: list[UUID]) -> list[UUID]:
    """The units above these that have none above themselves, such as provinces."""
    return sorted(session.scalars(_TOPMOST, {"units": list(map(str, units))}))
