"""What follows from edges, faces and membership: extents of every level, and which lines end and begin.

Extents are derived rows and may be rewritten; lines are records and only end and begin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any
from uuid import UUID, uuid4

import shapely
from shapely.geometry import MultiPolygon
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from gis_service.foundation.database import copy_rows, holds_on, table_of
from gis_service.foundation.periods import Period
from gis_service.foundation.standing import full_sight
from gis_service.foundation.topology import canonical
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import read_one, read_wkb, write_ewkb
from gis_service.registers.boundaries.events import BoundariesChanged
from gis_service.registers.boundaries.models import BoundaryLine, Extent, Face, Membership
from gis_service.registers.boundaries.queries import bordering_pairs, with_all_below
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.boundaries.rules import line_code, line_name
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.divisions.rules import DivisionLevel


def derive(
    tx: Transaction,
    *,
    leaves: Iterable[UUID],
    superiors: Iterable[UUID],
    on: date,
    instrument_id: UUID,
) -> BoundariesChanged:
    """Bring extents and lines up to date from a day on, and tell what changed.

    `leaves` are lowest-level units whose faces or superior changed, ended ones included; `superiors` those
    units above whose area changed (a merger inside one city changes none). Lines between other units are not
    looked at: the work grows with the change, not with the registers.
    """
    with full_sight(tx.session):
        return _derived(tx, list(leaves), list(superiors), on=on, instrument_id=instrument_id)


def _derived(
    tx: Transaction, leaves: list[UUID], superiors: list[UUID], *, on: date, instrument_id: UUID
) -> BoundariesChanged:
    ended: list[UUID] = []
    begun: list[UUID] = []
    for day in (on, *days_of_change(tx.session, after=on)):
        renew_extents(tx.session, leaves=leaves, superiors=superiors, on=day)
        concerned = with_all_below(tx.session, {*leaves, *superiors}, on=day)
        pairs = bordering_pairs(tx.session, on=day, of=concerned)
        acts = acts_of(tx.session, _with_neighbours(tx, concerned, pairs, on=day), day) if day > on else {}
        ended += _end_lines(tx, concerned, pairs, acts, on=day, instrument_id=instrument_id)
        begun += _begin_lines(tx, concerned, pairs, acts, on=day, instrument_id=instrument_id)
    return BoundariesChanged(on, instrument_id, (*leaves, *superiors), tuple(ended), tuple(begun))


def renew_extents(
    session: Session,
    *,
    leaves: Iterable[UUID],
    superiors: Iterable[UUID],
    gone: Iterable[UUID] = (),
    on: date,
) -> set[UUID]:
    """Let extents follow faces from a day to the next on which they are known to change.

    Units that are `gone` that day have none. Returns those that had another.
    """
    changed = _put_extents(session, dict.fromkeys(gone) | _from_faces(session, list(leaves), on=on), on=on)
    for rung in _rungs_from_below(session, superiors, on=on):
        changed |= _put_extents(session, _from_inferiors(session, rung, on=on), on=on)
    return changed


@dataclass(frozen=True, slots=True)
class Area:
    """An area with its km² (areas add up, so none is measured twice) and the instruments it came from."""

    shape: MultiPolygon
    area_km2: float
    sources: frozenset[UUID]


Areas = dict[UUID, Area | None]


def _from_faces(session: Session, leaves: list[UUID], *, on: date) -> Areas:
    """Each lowest-level unit as the union of its faces; None for one that holds none that day."""
    wanted = (
        select(
            Membership.division_id,
            Face.geom.ST_AsBinary(),
            Face.area_km2,
            array([Face.source_id]),
        )
        .join(Face, Face.id == Membership.face_id)
        .where(Membership.division_id.in_(leaves), holds_on(Membership.valid, on))
    )
    return _unions(leaves, session.execute(wanted))


def _from_inferiors(session: Session, superiors: list[UUID], *, on: date) -> Areas:
    """Each superior as the union of the units directly below it."""
    wanted = (
        select(DivisionVersion.superior_id, Extent.geom.ST_AsBinary(), Extent.area_km2, Extent.sources)
        .join(Extent, Extent.division_id == DivisionVersion.division_id)
        .where(
            DivisionVersion.superior_id.in_(superiors),
            holds_on(DivisionVersion.valid, on),
            holds_on(Extent.valid, on),
        )
    )
    return _unions(superiors, session.execute(wanted))


def _unions(units: Iterable[UUID], parts: Iterable[Row[UUID, bytes, float, list[UUID]]]) -> Areas:
    by_unit: dict[UUID, list[tuple[bytes, float, list[UUID]]]] = defaultdict(list)
    for unit, wkb, area_km2, sources in parts:
        by_unit[unit].append((wkb, area_km2, sources))
    return {unit: _union(by_unit[unit]) if unit in by_unit else None for unit in units}


def _union(parts: list[tuple[bytes, float, list[UUID]]]) -> Area:
    whole = shapely.coverage_union_all(read_wkb(wkb for wkb, _, _ in parts))
    sources = frozenset(source for _, _, several in parts for source in several)
    return Area(canonical(whole), fsum(area_km2 for _, area_km2, _ in parts), sources)


def _rungs_from_below(session: Session, superiors: Iterable[UUID], *, on: date) -> list[list[UUID]]:
    """Superiors grouped by level, the lowest level first, since each level is built from the one below."""
    rungs: dict[int, list[UUID]] = defaultdict(list)
    for version in divisions_by_id(session, superiors, on=on).values():
        rungs[DivisionLevel(version.level).rank].append(version.division_id)
    return [rungs[rank] for rank in sorted(rungs, reverse=True)]


def _put_extents(session: Session, areas: Areas, *, on: date) -> set[UUID]:
    """Let extents be `areas` from a day to the next day on which they are known to change; returns whose."""
    current = _extents_at(session, areas, on=on)
    changed = {unit: area for unit, area in areas.items() if not _same(current.get(unit), area)}
    until = _next_extent_starts(session, changed, on=on)
    for unit in changed:
        if unit in current:
            extent_id, period, _ = current[unit]
            until[unit] = period.end
            _cut_short(session, extent_id, period, on=on)
    rows = (
        (
            uuid4(),
            unit,
            Period(on, until.get(unit)),
            write_ewkb([area.shape])[0],
            area.area_km2,
            f"{{{','.join(sorted(map(str, area.sources)))}}}",
        )
        for unit, area in changed.items()
        if area is not None
    )
    copy_rows(session, table_of(Extent), ("id", "division_id", "valid", "geom", "area_km2", "sources"), rows)
    return set(changed)


def _extents_at(
    session: Session, units: Iterable[UUID], *, on: date
) -> dict[UUID, tuple[UUID, Period, MultiPolygon]]:
    wanted = select(Extent.division_id, Extent.id, Extent.valid, Extent.geom.ST_AsBinary()).where(
        Extent.division_id.in_(list(units)), holds_on(Extent.valid, on)
    )
    rows = session.execute(wanted).all()
    return {row[0]: (row[1], row[2], read_one(row[3])) for row in rows}


def _same(current: tuple[UUID, Period, MultiPolygon] | None, area: Area | None) -> bool:
    if current is None or area is None:
        return current is None and area is None
    return bool(shapely.equals_exact(current[2], area.shape, tolerance=0))


def _next_extent_starts(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, date | None]:
    starts = func.min(func.lower(Extent.valid))
    wanted = (
        select(Extent.division_id, starts)
        .where(Extent.division_id.in_(list(units)), func.lower(Extent.valid) > on)
        .group_by(Extent.division_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _cut_short(session: Session, extent_id: UUID, period: Period, *, on: date) -> None:
    if period.start == on:
        session.execute(delete(Extent).where(Extent.id == extent_id))
    else:
        session.execute(update(Extent).where(Extent.id == extent_id).values(valid=period.ended(on)))


Pairs = Mapping[tuple[UUID, UUID], DivisionLevel]  # units that share a line, with its level
Acts = Mapping[UUID, UUID]  # unit → the act that began or ended it on a day


def acts_of(session: Session, units: Iterable[UUID], day: date) -> dict[UUID, UUID]:
    """Which act began or ended which of these units on a day: a line follows its side."""
    own = DivisionVersion.division_id.in_(list(units))
    ended = select(DivisionVersion.division_id, DivisionVersion.ended_by).where(
        own, func.upper(DivisionVersion.valid) == day
    )
    begun = select(DivisionVersion.division_id, DivisionVersion.begun_by).where(
        own, func.lower(DivisionVersion.valid) == day
    )
    rows = (row for wanted in (ended, begun) for row in session.execute(wanted))
    return {unit: act for unit, act in rows if act is not None}


def _with_neighbours(tx: Transaction, concerned: set[UUID], pairs: Pairs, *, on: date) -> set[UUID]:
    """These units and all they border on a day, or did until then."""
    lines = _lines_around(tx.session, concerned, on=on)
    return concerned.union(*pairs, *((line.first_id, line.second_id) for line in lines))


def _act_of(acts: Acts, sides: Iterable[UUID], otherwise: UUID) -> UUID:
    return next((acts[side] for side in sides if side in acts), otherwise)


def _end_lines(
    tx: Transaction, concerned: set[UUID], pairs: Pairs, acts: Acts, *, on: date, instrument_id: UUID
) -> list[UUID]:
    """End the lines whose sides no longer meet, or meet at another level."""
    levels = {frozenset(pair): level for pair, level in pairs.items()}
    ended = []
    for line in _lines_around(tx.session, concerned, on=on):
        sides = frozenset((line.first_id, line.second_id))
        if levels.get(sides) == line.level:
            continue
        act = _act_of(acts, sides, instrument_id)
        before, after = {"name": line.name, "valid_from": line.valid.start, "valid_to": line.valid.end}, None
        if line.valid.start == on:  # begun by another act of the same day: it has not lasted a day
            tx.session.delete(line)
        else:
            line.valid, line.ended_by = line.valid.ended(on), act
            after = before | {"valid_to": on}
        ended.append(line.id)
        tx.journal(
            "boundaries.end_line", line.code, instrument_id=act, before=before, after=after, line=line.id
        )
    tx.session.flush()
    return ended


def _lines_around(session: Session, units: set[UUID], *, on: date) -> list[BoundaryLine]:
    sides = BoundaryLine.first_id.in_(units) | BoundaryLine.second_id.in_(units)
    wanted = select(BoundaryLine).where(holds_on(BoundaryLine.valid, on), sides)
    return list(session.scalars(wanted.order_by(BoundaryLine.code, BoundaryLine.id)))


def _begin_lines(
    tx: Transaction, concerned: set[UUID], pairs: Pairs, acts: Acts, *, on: date, instrument_id: UUID
) -> list[UUID]:
    """Begin the lines of units that newly meet."""
    lines_now = _lines_around(tx.session, concerned, on=on)
    known = {frozenset((line.first_id, line.second_id)) for line in lines_now}
    new = {pair: level for pair, level in pairs.items() if frozenset(pair) not in known}
    if not new:
        return []
    units = divisions_by_id(tx.session, {unit for pair in new for unit in pair}, on=on)
    lines = [
        new_line(
            level, [units[unit] for unit in pair], on=on, instrument_id=_act_of(acts, pair, instrument_id)
        )
        for pair, level in new.items()
    ]
    tx.session.execute(insert(BoundaryLine), lines)
    codes = sorted(line["code"] for line in lines)
    tx.journal("boundaries.begin_lines", f"{len(lines)} 条界线", instrument_id=instrument_id, codes=codes)
    return [line["id"] for line in lines]


def new_line(
    level: DivisionLevel, sides: Iterable[DivisionVersion], *, on: date, instrument_id: UUID
) -> dict[str, Any]:
    """The row of a line that begins on a day, with its code and name."""
    first, second = sorted(sides, key=lambda unit: unit.code)
    return {
        "id": uuid4(),
        "level": level.value,
        "code": line_code(level, first.code, second.code),
        "name": line_name(level, (first.code, first.name), (second.code, second.name)),
        "first_id": first.division_id,
        "second_id": second.division_id,
        "valid": Period(on),
        "begun_by": instrument_id,
    }
