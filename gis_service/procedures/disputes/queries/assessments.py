"""Yearly assessments as they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.readings import note_reading
from gis_service.procedures.disputes.models import PeaceAssessment
from gis_service.procedures.disputes.queries.agreements import PeaceAsked
from gis_service.procedures.disputes.queries.peace_ground import lines_called
from gis_service.procedures.disputes.schemas.assessments import PeaceAssessmentOut
from gis_service.registers.boundaries.queries import line_named
from gis_service.registers.divisions.queries import last_known, subtree


def assessments_page(
    session: Session,
    asked: PeaceAsked,
    *,
    on: date,
    year: int | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[PeaceAssessment]:
    """Assessments by number, of sides in a unit or below it; `holding` keeps the newest version of each."""
    wanted = select(PeaceAssessment).order_by(PeaceAssessment.number).limit(limit)
    if after is not None:
        wanted = wanted.where(PeaceAssessment.number > after)
    if year is not None:
        wanted = wanted.where(PeaceAssessment.year == year)
    if asked.line is not None:
        wanted = wanted.where(PeaceAssessment.line_id == line_named(session, asked.line, on=on).id)
    if asked.within is not None:
        wanted = wanted.where(PeaceAssessment.side_id.in_(select(subtree(asked.within, on=on).c.division_id)))
    if asked.holding:
        wanted = wanted.where(~_followed())
    return list(session.scalars(wanted))


def _followed() -> Any:
    later = aliased(PeaceAssessment)
    return exists().where(
        later.line_id == PeaceAssessment.line_id,
        later.side_id == PeaceAssessment.side_id,
        later.year == PeaceAssessment.year,
        later.version > PeaceAssessment.version,
    )


def newest_assessment(session: Session, line: UUID, side: UUID, year: int) -> PeaceAssessment | None:
    """The newest version of a side's year."""
    wanted = select(PeaceAssessment).where(
        PeaceAssessment.line_id == line, PeaceAssessment.side_id == side, PeaceAssessment.year == year
    )
    return session.scalar(wanted.order_by(PeaceAssessment.version.desc()).limit(1))


def assessments_told(
    session: Session, found: Sequence[PeaceAssessment], *, on: date
) -> list[PeaceAssessmentOut]:
    """Assessments as they are told on a day; what is above public leaves its trace."""
    lines = lines_called(session, {each.line_id for each in found}, on=on)
    units = last_known(session, {each.side_id for each in found})
    followed = _followed_among(session, found)
    answer = []
    for each in found:
        note_reading(session, each.classification, each.number)
        side = units.get(each.side_id)
        told: dict[str, Any] = {
            "line": lines[each.line_id],
            "side": side.code if side else "",
            "side_name": side.name if side else "",
            "state": "已由新版代替" if each.id in followed else "已签署" if each.signed_on else "草拟",
        }
        plain = {name: getattr(each, name) for name in PeaceAssessmentOut.model_fields if name not in told}
        answer.append(PeaceAssessmentOut(**plain, **told))
    return answer


def _followed_among(session: Session, found: Iterable[PeaceAssessment]) -> set[UUID]:
    ids = {each.id for each in found}
    return set(session.scalars(select(PeaceAssessment.id).where(PeaceAssessment.id.in_(ids), _followed())))
