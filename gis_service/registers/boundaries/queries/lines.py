"""Registered lines as they stood on a day: between whom, along which edges, how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.divisions.rules import DivisionLevel

# Where each lowest-level unit hangs on a day: its province, prefecture and county. A city without
# counties (不设区的市) stands at the county level for itself.
PLACED = """
up AS (
    SELECT v.division_id AS leaf, v.division_id AS unit, v.level, v.superior_id
    FROM division_version v
    WHERE v.valid @> :on AND NOT EXISTS (
        SELECT FROM division_version c WHERE c.superior_id = v.division_id AND c.valid @> :on)
    UNION ALL
    SELECT up.leaf, v.division_id, v.level, v.superior_id
    FROM up JOIN division_version v ON v.division_id = up.superior_id AND v.valid @> :on
),
rungs AS (
    SELECT leaf,
        (array_agg(unit) FILTER (WHERE level = 'province'))[1] AS province,
        (array_agg(unit) FILTER (WHERE level = 'prefecture'))[1] AS prefecture,
        (array_agg(unit) FILTER (WHERE level = 'county'))[1] AS county,
        (array_agg(unit) FILTER (WHERE level = 'township'))[1] AS township
    FROM up GROUP BY leaf
),
placed AS (
    SELECT leaf, province, prefecture, COALESCE(county, prefecture) AS county, township FROM rungs
)
"""

# Edges whose two sides belong to different lowest-level units on a day, with the highest level on which
# both sides have a unit and these differ. `<>` with an absent unit is unknown, so it falls to the next level.
BORDERS = f"""
WITH RECURSIVE {PLACED},
borders AS (
    SELECT e.id, e.length_m, e.geom, l.division_id AS left_leaf, r.division_id AS right_leaf,
        CASE WHEN pl.province <> pr.province THEN 'province'
             WHEN pl.prefecture <> pr.prefecture THEN 'prefecture'
             WHEN pl.county <> pr.county THEN 'county'
             WHEN pl.township <> pr.township THEN 'township' END AS level,
        pl.province AS left_province, pl.prefecture AS left_prefecture, pl.county AS left_county,
        pl.township AS left_township, pr.province AS right_province, pr.prefecture AS right_prefecture,
        pr.county AS right_county, pr.township AS right_township
    FROM edge e
    JOIN membership l ON l.face_id = e.left_face_id AND l.valid @> :on
    JOIN membership r ON r.face_id = e.right_face_id AND r.valid @> :on
    JOIN placed pl ON pl.leaf = l.division_id
    JOIN placed pr ON pr.leaf = r.division_id
    WHERE l.division_id <> r.division_id
),
sided AS (
    SELECT id, length_m, geom, left_leaf, right_leaf, level,
        CASE level WHEN 'province' THEN left_province WHEN 'prefecture' THEN left_prefecture
                   WHEN 'county' THEN left_county ELSE left_township END AS left_unit,
        CASE level WHEN 'province' THEN right_province WHEN 'prefecture' THEN right_prefecture
                   WHEN 'county' THEN right_county ELSE right_township END AS right_unit
    FROM borders
)
"""

_PAIRS = text(
    BORDERS
    + """
SELECT level, LEAST(left_unit, right_unit) AS one, GREATEST(left_unit, right_unit) AS other
FROM sided WHERE level IS NOT NULL GROUP BY 1, 2, 3
"""
)

_LINES = text(
    BORDERS
    + """
SELECT b.id, LEAST(l.code, r.code) AS low, GREATEST(l.code, r.code) AS high, sum(s.length_m) AS length_m
FROM sided s
JOIN boundary_line b ON b.valid @> :on AND b.first_id IN (s.left_unit, s.right_unit)
    AND b.second_id IN (s.left_unit, s.right_unit)
JOIN division_version l ON l.division_id = s.left_leaf AND l.valid @> :on
JOIN division_version r ON r.division_id = s.right_leaf AND r.valid @> :on
WHERE b.id = ANY(:ids)
GROUP BY b.id, 2, 3 ORDER BY b.id, 2, 3
"""
).bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))


@dataclass(frozen=True, slots=True)
class Stretch:
    """How a line runs between two lowest-level units (codes ascending), with its length in kilometres."""

    low: str
    high: str
    length_km: float


@dataclass(frozen=True, slots=True)
class LineOnDate:
    """A boundary line with what its edges say on a day."""

    line: BoundaryLine
    stretches: tuple[Stretch, ...]

    @property
    def length_km(self) -> float:
        """Length on the ellipsoid, in kilometres, of the edges the line consists of."""
        return sum(stretch.length_km for stretch in self.stretches)


def bordering_pairs(session: Session, *, on: date) -> dict[tuple[UUID, UUID], DivisionLevel]:
    """Every pair of units that shares a line of its own on a day, with the level of that line.

    The level is the highest on which both sides have a unit and these differ (R-BND-03).
    """
    rows = session.execute(_PAIRS, {"on": on})
    return {(row.one, row.other): DivisionLevel(row.level) for row in rows}


def lines_in_force(
    session: Session,
    *,
    on: date,
    code: str | None = None,
    level: DivisionLevel | None = None,
    sides: Iterable[UUID] | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[BoundaryLine]:
    """Registered lines on a day, by code and id; `sides` keeps lines with one of these units as a side."""
    wanted = select(BoundaryLine).where(holds_on(BoundaryLine.valid, on))
    if code is not None:
        wanted = wanted.where(BoundaryLine.code == code)
    if level is not None:
        wanted = wanted.where(BoundaryLine.level == level.value)
    if sides is not None:
        ids = list(sides)
        wanted = wanted.where(BoundaryLine.first_id.in_(ids) | BoundaryLine.second_id.in_(ids))
    if after is not None:
        at_code, at_id = after
        wanted = wanted.where(
            (BoundaryLine.code > at_code) | ((BoundaryLine.code == at_code) & (BoundaryLine.id > at_id))
        )
    return list(session.scalars(wanted.order_by(BoundaryLine.code, BoundaryLine.id).limit(limit)))


def measured(session: Session, lines: Sequence[BoundaryLine], *, on: date) -> list[LineOnDate]:
    """Lines with their stretches and lengths on a day, in the given order, in one statement."""
    stretches: dict[UUID, list[Stretch]] = defaultdict(list)
    for row in session.execute(_LINES, {"on": on, "ids": [line.id for line in lines]}):
        stretches[row.id].append(Stretch(row.low, row.high, row.length_m / 1000.0))
    return [LineOnDate(line, tuple(stretches[line.id])) for line in lines]


_LINES_ALONG = text(
    BORDERS
    + """
SELECT DISTINCT b.id FROM sided s
JOIN boundary_line b ON b.valid @> :on AND b.first_id IN (s.left_unit, s.right_unit)
    AND b.second_id IN (s.left_unit, s.right_unit)
WHERE s.left_leaf = ANY(:units) OR s.right_leaf = ANY(:units)
"""
).bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))


def lines_along(session: Session, units: Iterable[UUID], *, on: date) -> list[BoundaryLine]:
    """The registered lines, of any level, that run along a border of these lowest-level units on a day."""
    ids = session.scalars(_LINES_ALONG, {"units": list(units), "on": on}).all()
    wanted = select(BoundaryLine).where(BoundaryLine.id.in_(ids))
    return list(session.scalars(wanted.order_by(BoundaryLine.code, BoundaryLine.id)))


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
