"""Extents and lines over a stretch of days under which the record of units was put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select

from gis_service.foundation.database import table_of
from gis_service.foundation.periods import Period
from gis_service.foundation.replaced import Replaced, Row
from gis_service.foundation.rows import replace_rows, rows_of
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.commands.derive import acts_of, new_line, renew_extents
from gis_service.registers.boundaries.events import BoundariesChanged
from gis_service.registers.boundaries.models import BoundaryLine, Extent, Membership
from gis_service.registers.boundaries.queries import bordering_pairs, with_all_below
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.boundaries.queries.flows import holders_of_area
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.divisions.rules import DivisionLevel

_HOLDINGS, _LINES, _EXTENTS = table_of(Membership), table_of(BoundaryLine), table_of(Extent)


class Window(NamedTuple):
    """The days on which anything may be other than it was; without an end, from its first day on."""

    start: date
    end: date | None


def replace_holdings(tx: Transaction, replaced: Iterable[Replaced], *, by: UUID) -> None:
    """Let faces belong to whom, and since when, it is right; `renew` must follow."""
    own = [each for each in replaced if each.table == _HOLDINGS.name]
    if not own:
        return
    replace_rows(tx.session, _HOLDINGS, own)
    units = sorted({str(row["division_id"]) for each in own for row in (each.before, each.after) if row})
    tx.journal("boundaries.correct", f"{len(own)} 个地块", instrument_id=by, divisions=units)


def replace_lines(tx: Transaction, replaced: Iterable[Replaced]) -> None:
    """Let lines be as they were before they were renewed."""
    replace_rows(tx.session, _LINES, [each for each in replaced if each.table == _LINES.name])


def renew(
    tx: Transaction, units: Iterable[UUID], above: Iterable[UUID], window: Window, *, by: UUID
) -> tuple[BoundariesChanged, list[Replaced]]:
    """Bring extents of units and of those above them, and the lines around, up to date over a window.

    Returns what changed, and the lines that were replaced, so that they can be had back.
    """
    days = _days(tx, window)
    units, above = set(units), set(above)
    reshaped = renew_areas(tx, units | above, window)
    standing = days if window.end is None else [day for day in days if day != window.end]
    replaced = _renew_lines(tx, units | reshaped, standing, window, by=by)
    ended = tuple(each.before["id"] for each in replaced if each.before is not None)
    begun = tuple(each.after["id"] for each in replaced if each.after is not None)
    return BoundariesChanged(window.start, by, tuple(units | above), ended, begun), replaced


def _days(tx: Transaction, window: Window) -> list[date]:
    later = days_of_change(tx.session, after=window.start)
    within = [day for day in later if window.end is None or day < window.end]
    return [window.start, *within, *([window.end] if window.end else [])]


def renew_areas(tx: Transaction, units: set[UUID], window: Window) -> set[UUID]:
    """Derive extents anew on every day of change within a window, and join those that go on unchanged.

    Returns the units of which any was another before.
    """
    changed = set[UUID]()
    for day in _days(tx, window):
        holding = holders_of_area(tx.session, units, on=day)
        standing = set(divisions_by_id(tx.session, units, on=day))
        changed |= renew_extents(
            tx.session, leaves=holding, superiors=standing - holding, gone=units - standing - holding, on=day
        )
    for bound in (window.start, window.end):
        if bound is not None:
            _join_extents(tx, units, bound)
    return changed


def _join_extents(tx: Transaction, units: set[UUID], day: date) -> None:
    """Where the extent that begins on a day is the one of the eve, let that go on instead."""
    ends, begins = _EXTENTS.alias("ends"), _EXTENTS.alias("begins")
    wanted = select(ends.c.id, begins.c.id, ends.c.valid, begins.c.valid).where(
        ends.c.division_id.in_(units),
        ends.c.division_id == begins.c.division_id,
        func.upper(ends.c.valid) == day,
        func.lower(begins.c.valid) == day,
        func.ST_AsBinary(ends.c.geom) == func.ST_AsBinary(begins.c.geom),
        ends.c.area_km2 == begins.c.area_km2,
    )
    for first, second, before, after in tx.session.execute(wanted).all():
        tx.session.execute(_EXTENTS.delete().where(_EXTENTS.c.id == second))
        longer = Period(before.start, after.end)
        tx.session.execute(_EXTENTS.update().where(_EXTENTS.c.id == first).values(valid=longer))
    tx.session.expire_all()


Key = tuple[frozenset[UUID], str]  # the two sides of a line, and its level


def _renew_lines(
    tx: Transaction, roots: set[UUID], days: list[date], window: Window, *, by: UUID
) -> list[Replaced]:
    concerned = roots.union(*(with_all_below(tx.session, roots, on=day) for day in days))
    wanted = _running(tx, concerned, days, window)
    standing = rows_of(
        tx.session,
        _LINES,
        or_(_LINES.c.first_id.in_(concerned), _LINES.c.second_id.in_(concerned)),
    )
    by_key: dict[Key, list[Row]] = {}
    for row in standing:
        by_key.setdefault((frozenset((row["first_id"], row["second_id"])), row["level"]), []).append(row)
    replaced: list[Replaced] = []
    for key in {*wanted, *by_key}:
        replaced += _renewed(tx, key, by_key.get(key, []), wanted.get(key, []), window, by)
    replace_rows(tx.session, _LINES, replaced)
    if replaced:
        codes = sorted({row["code"] for each in replaced for row in (each.before, each.after) if row})
        tx.journal("boundaries.renew_lines", f"{len(replaced)} 条界线", instrument_id=by, codes=codes)
    return replaced


def _running(
    tx: Transaction, concerned: set[UUID], days: list[date], window: Window
) -> Mapping[Key, list[Period]]:
    """When, within a window, each pair of units has a line of its own."""
    found: dict[Key, list[Period]] = {}
    for day, until in zip(days, [*days[1:], window.end], strict=True):
        for pair, level in bordering_pairs(tx.session, on=day, of=concerned).items():
            found.setdefault((frozenset(pair), level.value), []).append(Period(day, until))
    return found


def _renewed(
    tx: Transaction, key: Key, standing: list[Row], wanted: list[Period], window: Window, by: UUID
) -> list[Replaced]:
    """The lines of one pair as they are to run: outside the window as they did, within it as wanted."""
    outside = [piece for row in standing for piece in _outside(row["valid"], window)]
    runs = _joined([*outside, *wanted])
    if sorted(row["valid"] for row in standing) == runs:
        return []
    left, replaced = list(standing), []
    for run in runs:
        known = max((row for row in left if row["valid"].overlaps(run)), key=_days_shared(run), default=None)
        if known is None:
            replaced.append(Replaced(_LINES.name, None, _new(tx, key, run, by)))
            continue
        left.remove(known)
        if known["valid"] != run:
            replaced.append(Replaced(_LINES.name, known, _bounded(tx, known, key, run, by)))
    return [*replaced, *(Replaced(_LINES.name, row, None) for row in left)]


def _outside(period: Period, window: Window) -> list[Period]:
    pieces = []
    if period.start < window.start:
        until = window.start if period.end is None else min(period.end, window.start)
        pieces.append(Period(period.start, until))
    if window.end is not None and (period.end is None or period.end > window.end):
        pieces.append(Period(max(period.start, window.end), period.end))
    return pieces


def _joined(periods: Iterable[Period]) -> list[Period]:
    runs: list[Period] = []
    for each in sorted(periods, key=lambda period: period.start):
        if runs and runs[-1].end == each.start:
            runs[-1] = Period(runs[-1].start, each.end)
        else:
            runs.append(each)
    return runs


def _days_shared(run: Period) -> Callable[[Row], int]:
    def shared(row: Row) -> int:
        valid: Period = row["valid"]
        ends = (valid.end or date.max, run.end or date.max)
        return (min(ends) - max(valid.start, run.start)).days

    return shared


def _bounded(tx: Transaction, row: Row, key: Key, run: Period, by: UUID) -> Row:
    ended = row["ended_by"]
    if run.end is None:
        ended = None
    elif ended is None:
        ended = _act_at(tx, key, run.end, by)
    return {**row, "valid": run, "ended_by": ended}


def _new(tx: Transaction, key: Key, run: Period, by: UUID) -> Row:
    sides = divisions_by_id(tx.session, key[0], on=run.start)
    begun_by = _act_at(tx, key, run.start, by)
    row = new_line(DivisionLevel(key[1]), sides.values(), on=run.start, instrument_id=begun_by)
    ended_by = _act_at(tx, key, run.end, by) if run.end else None
    return {**row, "valid": run, "ended_by": ended_by}


def _act_at(tx: Transaction, key: Key, day: date, otherwise: UUID) -> UUID:
    acts = acts_of(tx.session, key[0], day)
    return next((acts[side] for side in sorted(key[0]) if side in acts), otherwise)
