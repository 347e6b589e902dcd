"""Registered lines as they stood on a day: between whom, along which edges, how long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.registers.boundaries.queries.along import (
    EdgeAlong,
    Stretch,
    edges_along,
    sides_of,
    stretches_of,
)
from gis_service.registers.boundaries.queries.standing import LineInForce, lines_by_id
from gis_service.registers.divisions.queries import ids_by_code


@dataclass(frozen=True, slots=True)
class LineOnDate:
    """A boundary line with what its edges say on a day; nothing, where the reader may see it only in part."""

    line: LineInForce
    stretches: tuple[Stretch, ...]
    classification: Classification = Classification.public
    withheld: bool = False

    @property
    def length_km(self) -> float:
        """Length on the ellipsoid, in kilometres, of the edges the line consists of."""
        return sum(stretch.length_km for stretch in self.stretches)


def measured(session: Session, lines: Sequence[LineInForce], *, on: date) -> list[LineOnDate]:
    """Lines with their stretches and lengths on a day, in the given order."""
    along = edges_along(session, sides_of(lines), on=on)
    return [
        LineOnDate(
            line,
            tuple(stretches_of(along.of(line.id))),
            classification_of(line, along.of(line.id)),
            line.id in along.withheld,
        )
        for line in lines
    ]


def classification_of(line: LineInForce, edges: Iterable[EdgeAlong]) -> Classification:
    """What a line with its edges is classified as."""
    return highest(line.classification, *(edge.classification for edge in edges))


# From the edges around some units up both sides to the one pair of superiors whose line they belong to.
_LINES_ALONG = text("""
WITH RECURSIVE held AS (
    SELECT face_id, division_id FROM membership WHERE division_id = ANY(:units) AND valid @> :on
),
across AS (
    SELECT held.division_id AS here, e.right_face_id AS face FROM held
    JOIN edge e ON e.left_face_id = held.face_id
    UNION
    SELECT held.division_id, e.left_face_id FROM held JOIN edge e ON e.right_face_id = held.face_id
),
beside AS (
    SELECT DISTINCT across.here, m.division_id AS there
    FROM across JOIN membership m ON m.face_id = across.face AND m.valid @> :on
),
up AS (
    SELECT leaf, leaf AS unit FROM (SELECT here AS leaf FROM beside UNION SELECT there FROM beside) leaves
    UNION ALL
    SELECT up.leaf, v.superior_id FROM up
    JOIN division_version v ON v.division_id = up.unit AND v.valid @> :on AND v.superior_id IS NOT NULL
),
facing AS (
    SELECT own.unit AS one, other.unit AS other
    FROM beside JOIN up own ON own.leaf = beside.here JOIN up other ON other.leaf = beside.there
),
pair AS (SELECT one, other FROM facing UNION SELECT other, one FROM facing)
SELECT b.id FROM pair, LATERAL (
    SELECT id FROM boundary_line WHERE first_id = one AND second_id = other AND valid @> :on OFFSET 0
) b
""").bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))


def lines_along(session: Session, units: Iterable[UUID], *, on: date) -> list[LineInForce]:
    """The registered lines, of any level, that run along a border of these lowest-level units on a day."""
    ids = session.scalars(_LINES_ALONG, {"units": list(units), "on": on}).all()
    return lines_by_id(session, ids, on=on)


def units_along(session: Session, line: LineInForce, *, on: date) -> set[UUID]:
    """The lowest-level units on either side of a line on a day."""
    edges = edges_along(session, sides_of([line]), on=on)
    return set(
        ids_by_code(session, {code for edge in edges for code in (edge.left, edge.right)}, on=on).values()
    )


@dataclass(frozen=True, slots=True)
class LinesChanged:
    """What a change did to the lines along the units it touched; ended lines as they ran the day before."""

    ended: list[LineOnDate]
    stayed: list[LineOnDate]
    begun: list[LineOnDate]


def lines_changed(
    session: Session, *, on: date, before: Iterable[UUID], after: Iterable[UUID]
) -> LinesChanged:
    """Which lines along the units `before` a day ended, and which along those `after` it stayed or began."""
    eve = on - timedelta(days=1)
    earlier = lines_along(session, before, on=eve)
    later = lines_along(session, after, on=on)
    ids_before, ids_after = {line.id for line in earlier}, {line.id for line in later}
    ended = [line for line in earlier if line.id not in ids_after and line.valid.end == on]
    return LinesChanged(
        ended=measured(session, ended, on=eve),
        stayed=measured(session, [line for line in later if line.id in ids_before], on=on),
        begun=measured(session, [line for line in later if line.id not in ids_before], on=on),
    )
