"""Opening a resurvey: of a line that stands, on a stretch that lies on it, for something that changed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from gis_service.foundation.access import Act
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import InvalidInput, NotFound
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.resurveys.commands.papers import papers_numbered
from gis_service.procedures.resurveys.models import Resurvey
from gis_service.procedures.resurveys.rules import ResurveyState, causes
from gis_service.procedures.resurveys.schemas import ResurveyIn
from gis_service.registers.authorities.queries import covered
from gis_service.registers.boundaries.queries import (
    LineInForce,
    course_on,
    indicators_on,
    line_named,
    read_line_reference,
)


def open_resurvey(tx: Transaction, sent: ResurveyIn) -> Resurvey:
    """Open a resurvey by the report that tells of the change.

    Raises:
        NotFound: no such line within the jurisdiction of the actor, or no such indicator of it, on that day.
        InvalidInput: a day to come, a stretch off the line, nothing named that changed, or an unknown paper.
    """
    tx.require(Act.settle_lines)
    if sent.found_on > tx.today:
        raise InvalidInput(f"日期 {sent.found_on} 尚未到来", way_out=f"请写不晚于 {tx.today} 的日期")
    lock_registers(tx.session)
    line = line_named(tx.session, read_line_reference(sent.line), on=sent.found_on)
    sides = (line.first_id, line.second_id)
    if not covered(tx.session, tx.actor.reach(Act.settle_lines), sides, on=tx.today):
        raise NotFound(f"您的辖区内没有界线{line.name}", way_out="请由界线任一侧的机关办理")
    _require_stretch(tx, line, sent)
    name = _object_name(tx, line, sent)
    [act] = papers_numbered(tx, [sent.instrument], sent.acts, within=sides)
    assert act is not None  # a number was given
    return _opened(tx, line, sent, name, act)


def _require_stretch(tx: Transaction, line: LineInForce, sent: ResurveyIn) -> None:
    if (sent.from_m is None) != (sent.to_m is None):
        raise InvalidInput("起点和终点里程须一并写明", way_out="全线修测的都不写")
    if sent.from_m is None or sent.to_m is None:
        return
    course = course_on(tx.session, line, on=sent.found_on)
    length_m = 0.0 if course is None else course.length_m
    if not sent.from_m < sent.to_m <= length_m + 0.5:
        raise InvalidInput(
            f"里程 {sent.from_m:g} 至 {sent.to_m:g} 米不是{line.name}上的一段",
            way_out=f"{line.name}长 {length_m:.1f} 米，起点须小于终点",
        )


def _object_name(tx: Transaction, line: LineInForce, sent: ResurveyIn) -> str:
    """What changed, as the register calls it where it is an indicator on record."""
    if sent.object_id is not None:
        known = {
            each.row.object_id: each.row.name for each in indicators_on(tx.session, line, on=sent.found_on)
        }
        if sent.object_id not in known:
            raise NotFound(
                f"{line.name}在 {sent.found_on} 没有标识为 {sent.object_id} 的指示物",
                way_out="标识可用 boundaries show --json 查得",
            )
        return str(known[sent.object_id])
    if not sent.object_name and sent.cause.value != "disaster":
        raise InvalidInput(
            f"{causes()[sent.cause].title}须写明所变之物", way_out="请写名称，在册的指示物请写标识"
        )
    return sent.object_name


def _opened(tx: Transaction, line: LineInForce, sent: ResurveyIn, name: str, act: UUID) -> Resurvey:
    row = Resurvey(
        number=_next_number(tx, sent.found_on),
        line_id=line.id,
        line_code=line.code,
        line_name=line.name,
        level=line.level,
        first_id=line.first_id,
        second_id=line.second_id,
        from_m=sent.from_m,
        to_m=sent.to_m,
        cause=sent.cause.value,
        object_id=sent.object_id,
        object_name=name,
        note=sent.note,
        instrument_id=act,
        found_on=sent.found_on,
        due_on=sent.due_on,
        state=ResurveyState.open.value,
        opened_at=tx.at,
    )
    tx.session.add(row)
    tx.session.flush()
    after = {"cause": row.cause, "object": name, "from_m": row.from_m, "to_m": row.to_m, "due_on": row.due_on}
    tx.journal("resurveys.open", row.number, instrument_id=act, after=after, line=line.id, on=row.found_on)
    return row


def _next_number(tx: Transaction, found_on: date) -> str:
    """XC (修测), the year it was found in, a running number; the lock on the registers is held."""
    prefix = f"XC-{found_on.year}-"
    with full_sight(tx.session):
        newest = tx.session.scalar(
            select(func.max(Resurvey.number)).where(Resurvey.number.startswith(prefix))
        )
    return f"{prefix}{(int(newest.removeprefix(prefix)) if newest else 0) + 1:05d}"
