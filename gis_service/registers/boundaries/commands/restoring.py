"""Taking back what an act did to areas and lines on a day: who held which face, which lines ran, how far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from gis_service.foundation.errors import Conflict
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.models import BoundaryLine, Extent, Membership


def restore_areas(tx: Transaction, areas: Iterable[UUID], *, on: date, written_by: UUID, by: UUID) -> None:
    """Let faces, lines and extents be as if an act had done nothing on a day; `derive` must follow.

    `areas` are the units of any level whose extents it changed. Cuts stay: finer faces say the same.

    Raises:
        Conflict: a face changed hands again, on that day or later.
    """
    faces = _give_faces_back(tx, on=on, written_by=written_by)
    lines = _let_lines_run(tx, on=on, written_by=written_by)
    _join_extents(tx, set(areas), on=on)
    tx.session.flush()
    tx.journal(
        "boundaries.take_back",
        str(written_by),
        instrument_id=by,
        before={"faces": faces, "lines_begun": lines[0], "lines_ended": lines[1]},
        after={},
        on=on,
    )


def _written(model: Any, on: date, act: UUID) -> tuple[Any, Any]:
    """What an act ended on a day, and what it began."""
    ended = select(model).where(model.ended_by == act, func.upper(model.valid) == on)
    begun = select(model).where(model.begun_by == act, func.lower(model.valid) == on)
    return ended, begun


def _give_faces_back(tx: Transaction, *, on: date, written_by: UUID) -> int:
    ended, begun = (list(tx.session.scalars(each)) for each in _written(Membership, on, written_by))
    taken = {new.face_id: new for new in begun}
    if set(taken) != {old.face_id for old in ended} or any(not new.valid.in_force for new in begun):
        raise Conflict("有关地块此后又有变更，不能撤销", way_out="请先撤销后一项变更")
    for new in begun:
        tx.session.delete(new)
    tx.session.flush()
    for old in ended:
        old.valid, old.ended_by = Period(old.valid.start), None
    return len(begun)


def _let_lines_run(tx: Transaction, *, on: date, written_by: UUID) -> tuple[int, int]:
    ended, begun = (list(tx.session.scalars(each)) for each in _written(BoundaryLine, on, written_by))
    for line in begun:
        tx.session.delete(line)
    tx.session.flush()
    for line in ended:
        line.valid, line.ended_by = Period(line.valid.start), None
    return len(begun), len(ended)


def _join_extents(tx: Transaction, units: set[UUID], *, on: date) -> None:
    """Let the extent of the eve go on; what began on the day goes. Derived rows may be rewritten."""
    here = Extent.division_id.in_(units)
    ended = list(tx.session.scalars(select(Extent).where(here, func.upper(Extent.valid) == on)))
    tx.session.execute(delete(Extent).where(here, func.lower(Extent.valid) == on))
    for extent in ended:
        extent.valid = Period(extent.valid.start)
