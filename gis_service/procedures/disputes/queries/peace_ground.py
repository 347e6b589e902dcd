"""What agreements, meetings, plans and assessments ask alike: numbers, lines by name, sides of units."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.foundation.standing import full_sight
from gis_service.procedures.disputes.models import (
    ContingencyPlan,
    JointMeeting,
    PeaceAgreement,
    PeaceAssessment,
)
from gis_service.procedures.disputes.schemas.agreements import PeaceLineOut
from gis_service.registers.boundaries.queries import lines_by_id
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import subtree, superiors_of

Kept = TypeVar("Kept", PeaceAgreement, JointMeeting, ContingencyPlan, PeaceAssessment)

CALLED: dict[Any, tuple[str, str]] = {
    PeaceAgreement: ("XY", "平安边界协议"),
    JointMeeting: ("LX", "联席会议"),
    ContingencyPlan: ("YA", "应急预案"),
    PeaceAssessment: ("KH", "年度考核"),
}


def numbered(session: Session, model: type[Kept], number: str) -> Kept:
    """What is kept under a number.

    Raises:
        NotFound: nothing, or not for the reader.
    """
    found: Kept | None = session.scalar(select(model).where(model.number == number))
    if found is None:
        raise NotFound(
            f"没有编号为“{number[:40]}”的{CALLED[model][1]}", way_out="编号可用 peace list 等命令查得"
        )
    return found


def next_peace_number(session: Session, model: Any, year: int) -> str:
    """The next number of a year, after those its reader may not see too."""
    prefix = f"{CALLED[model][0]}-{year}-"
    numbers = select(func.max(model.number)).where(model.number.startswith(prefix))
    with full_sight(session):
        last = session.scalar(numbers)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:05d}"


def lines_called(session: Session, lines: Iterable[UUID], *, on: date) -> dict[UUID, PeaceLineOut]:
    """Lines as they are called on a day; those hidden from the reader have neither code nor name."""
    ids = set(lines)
    known = {line.id: line for line in lines_by_id(session, ids, on=on)}
    return {
        each: PeaceLineOut(id=each, code=known[each].code, name=known[each].name)
        if each in known
        else PeaceLineOut(id=each, code="", name="")
        for each in ids
    }


def side_of(session: Session, unit: DivisionVersion, sides: Iterable[UUID], *, on: date) -> UUID | None:
    """The side a unit is or belongs to; None where it belongs to none, or lies above them."""
    own = [unit.division_id, *(each.division_id for each in superiors_of(session, unit.division_id, on=on))]
    return next((side for side in own if side in set(sides)), None)


def either_side_within(model: Any, root: UUID, *, on: date) -> ColumnElement[bool]:
    """The condition that a side lies in a unit or below it on a day."""
    below = select(subtree(root, on=on).c.division_id)
    condition: ColumnElement[bool] = model.first_id.in_(below) | model.second_id.in_(below)
    return condition
