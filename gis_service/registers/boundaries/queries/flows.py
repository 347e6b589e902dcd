"""Which area went from which unit to which on a day, and who holds area of his own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.registers.boundaries.models import Membership


def holders_of_area(session: Session, units: Iterable[UUID], *, on: date) -> set[UUID]:
    """Those of these units that hold faces themselves on a day: the lowest-level ones with area."""
    wanted = select(Membership.division_id).where(
        Membership.division_id.in_(set(units)), holds_on(Membership.valid, on)
    )
    return set(session.scalars(wanted.distinct()))


@dataclass(frozen=True, slots=True)
class Flows:
    """Areas in km²: of units on the eve of a day, of units on the day, and what passed between two."""

    before: Mapping[UUID, float]
    after: Mapping[UUID, float]
    passed: Mapping[tuple[UUID, UUID], float]


# LATERAL … OFFSET 0 keeps the planner on the indexes behind row-level security.
_HELD = """
WITH RECURSIVE tree(root, id) AS (
    SELECT own.id, own.id FROM unnest(:units) AS own(id)
    UNION
    SELECT tree.root, below.division_id FROM tree, LATERAL (
        SELECT division_id FROM division_version v WHERE v.superior_id = tree.id AND v.valid @> :on OFFSET 0
    ) below
)
SELECT tree.root, own.face_id, own.area_km2 FROM tree, LATERAL (
    SELECT m.face_id, face.area_km2 FROM membership m JOIN face ON face.id = m.face_id
    WHERE m.division_id = tree.id AND m.valid @> :on OFFSET 0
) own
"""


def flows_on(session: Session, givers: Iterable[UUID], takers: Iterable[UUID], *, on: date) -> Flows:
    """What went from givers, as they were on the eve, to takers, as they are on the day; at any level."""
    before = _held(session, givers, on=on - timedelta(days=1))
    after = _held(session, takers, on=on)
    holders: dict[UUID, list[UUID]] = defaultdict(list)
    for taker, faces in after.items():
        for face in faces:
            holders[face].append(taker)
    passed: dict[tuple[UUID, UUID], list[float]] = defaultdict(list)
    for giver, faces in before.items():
        for face, km2 in faces.items():
            for taker in holders[face]:
                passed[giver, taker].append(km2)
    return Flows(
        {unit: fsum(faces.values()) for unit, faces in before.items()},
        {unit: fsum(faces.values()) for unit, faces in after.items()},
        {pair: fsum(areas) for pair, areas in passed.items()},
    )


def _held(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, dict[UUID, float]]:
    """The faces of each unit and of all below it on a day."""
    statement = text(_HELD).bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))
    held: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    for root, face, km2 in session.execute(statement, {"units": sorted(set(units)), "on": on}):
        held[root][face] = km2
    return held
