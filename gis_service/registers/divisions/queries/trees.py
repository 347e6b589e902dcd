"""What hangs below units, and what they hang on, on a day: two statements, however many units and rungs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.registers.divisions.models import DivisionVersion

# LATERAL … OFFSET 0 keeps the planner on the index of superiors behind row-level security.
_BELOW = """
WITH RECURSIVE tree(id, version) AS (
    SELECT own.id, CAST(NULL AS uuid) FROM unnest(:units) AS own(id)
    UNION
    SELECT below.division_id, below.id FROM tree, LATERAL (
        SELECT division_id, id FROM division_version v
        WHERE v.superior_id = tree.id AND v.valid @> :on OFFSET 0
    ) below
)
SELECT DISTINCT version FROM tree WHERE version IS NOT NULL
"""

_ABOVE = """
WITH RECURSIVE chain(id, version) AS (
    SELECT own.superior_id, CAST(NULL AS uuid) FROM unnest(:units) AS asked(id), LATERAL (
        SELECT superior_id FROM division_version v
        WHERE v.division_id = asked.id AND v.valid @> :on AND v.superior_id IS NOT NULL OFFSET 0
    ) own
    UNION
    SELECT up.superior_id, up.id FROM chain, LATERAL (
        SELECT superior_id, id FROM division_version v
        WHERE v.division_id = chain.id AND v.valid @> :on OFFSET 0
    ) up
)
SELECT DISTINCT version FROM chain WHERE version IS NOT NULL
"""


def versions_below(session: Session, units: Iterable[UUID], *, on: date) -> list[DivisionVersion]:
    """Everything below these units on a day, the units themselves aside unless one lies below another."""
    return _found(session, _BELOW, units, on=on)


def versions_above(session: Session, units: Iterable[UUID], *, on: date) -> list[DivisionVersion]:
    """Everything that these units hang on, on a day."""
    return _found(session, _ABOVE, units, on=on)


def _found(session: Session, walk: str, units: Iterable[UUID], *, on: date) -> list[DivisionVersion]:
    statement = text(walk).bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))
    ids = session.scalars(statement, {"units": sorted(set(units)), "on": on}).all()
    if not ids:
        return []
    wanted = select(DivisionVersion).where(DivisionVersion.id.in_(ids)).order_by(DivisionVersion.code)
    return list(session.scalars(wanted))
