"""Agreements to keep the peace as they stand on a day, and the lines that have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.readings import note_reading
from gis_service.procedures.disputes.models import PeaceAgreement
from gis_service.procedures.disputes.queries.peace_ground import either_side_within, lines_called
from gis_service.procedures.disputes.schemas.agreements import (
    PeaceAgreementOut,
    PeaceLineOut,
    WithoutAgreementOut,
)
from gis_service.registers.boundaries.queries import LineInForce, line_named, lines_in_force
from gis_service.registers.divisions.queries import subtree
from gis_service.registers.instruments.queries import instruments_by_id


@dataclass(frozen=True, slots=True)
class PeaceAsked:
    """Which records are asked for: of a line, with a side within a unit, and only those that hold."""

    line: UUID | str | None = None
    within: UUID | None = None
    holding: bool = False


def agreements_page(
    session: Session, asked: PeaceAsked, *, on: date, after: str | None = None, limit: int | None = None
) -> list[PeaceAgreement]:
    """Agreements the reader may see, by number."""
    wanted = select(PeaceAgreement).order_by(PeaceAgreement.number).limit(limit)
    if after is not None:
        wanted = wanted.where(PeaceAgreement.number > after)
    if asked.line is not None:
        wanted = wanted.where(PeaceAgreement.line_id == line_named(session, asked.line, on=on).id)
    if asked.within is not None:
        wanted = wanted.where(either_side_within(PeaceAgreement, asked.within, on=on))
    if asked.holding:
        wanted = wanted.where(agreement_holds(on))
    return list(session.scalars(wanted))


def agreement_holds(on: date) -> ColumnElement[bool]:
    """The condition that an agreement holds on a day."""
    unended = or_(PeaceAgreement.ended_on.is_(None), PeaceAgreement.ended_on > on)
    return (PeaceAgreement.begins_on <= on) & (PeaceAgreement.expires_on >= on) & unended


def agreements_within(
    session: Session, line: UUID, kind: str, begins_on: date, expires_on: date
) -> list[PeaceAgreement]:
    """Agreements of a kind on a line that hold on some day of a term."""
    wanted = select(PeaceAgreement).where(
        PeaceAgreement.line_id == line,
        PeaceAgreement.kind == kind,
        PeaceAgreement.begins_on <= expires_on,
        PeaceAgreement.expires_on >= begins_on,
        or_(PeaceAgreement.ended_on.is_(None), PeaceAgreement.ended_on > begins_on),
    )
    return list(session.scalars(wanted.order_by(PeaceAgreement.number)))


def agreements_told(
    session: Session, found: Sequence[PeaceAgreement], *, on: date
) -> list[PeaceAgreementOut]:
    """Agreements as they are told on a day; what is above public leaves its trace."""
    lines = lines_called(session, {each.line_id for each in found}, on=on)
    acts = instruments_by_id(session, {each.instrument_id for each in found})
    others = _renewals(session, found)
    answer = []
    for each in found:
        note_reading(session, each.classification, each.number)
        act = acts.get(each.instrument_id)
        later = next((other.number for other in others if other.renews_id == each.id), None)
        state = _state(each, later, on=on)
        told: dict[str, Any] = {
            "line": lines[each.line_id],
            "state": state,
            "days_left": (each.expires_on - on).days if state == "有效" else None,
            "instrument": act.number if act else None,
            "renews": next((other.number for other in others if other.id == each.renews_id), None),
            "renewed_by": later,
        }
        plain = {name: getattr(each, name) for name in PeaceAgreementOut.model_fields if name not in told}
        answer.append(PeaceAgreementOut(**plain, **told))
    return answer


def _renewals(session: Session, found: Sequence[PeaceAgreement]) -> list[PeaceAgreement]:
    ids = {each.id for each in found}
    former = {each.renews_id for each in found if each.renews_id}
    wanted = select(PeaceAgreement).where(PeaceAgreement.id.in_(former) | PeaceAgreement.renews_id.in_(ids))
    return list(session.scalars(wanted))


def _state(agreement: PeaceAgreement, renewed_by: str | None, *, on: date) -> str:
    if agreement.ended_on is not None and on >= agreement.ended_on:
        return "已续签" if renewed_by else "已终止"
    if on < agreement.begins_on:
        return "未生效"
    return "有效" if on <= agreement.expires_on else "已到期"


def lines_without_agreement(
    session: Session,
    root: UUID,
    *,
    on: date,
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[WithoutAgreementOut]:
    """Lines with a side in a unit or below it that have no agreement on a day, by code and id."""
    within = list(session.scalars(select(subtree(root, on=on).c.division_id)))
    holding = set(session.scalars(select(PeaceAgreement.line_id).where(agreement_holds(on))))
    found: list[LineInForce] = []
    while limit is None or len(found) < limit:
        page = lines_in_force(session, on=on, sides=within, after=after, limit=_AT_ONCE, told=True)
        found += [line for line in page if line.id not in holding]
        if len(page) < _AT_ONCE:
            break
        after = (page[-1].code, page[-1].id)
    return _bare(session, found[:limit], on=on)


_AT_ONCE = 1000


def _bare(session: Session, lines: Sequence[LineInForce], *, on: date) -> list[WithoutAgreementOut]:
    ids = [line.id for line in lines]
    wanted = select(PeaceAgreement).where(PeaceAgreement.line_id.in_(ids), PeaceAgreement.begins_on <= on)
    last = {each.line_id: each for each in session.scalars(wanted.order_by(PeaceAgreement.expires_on))}
    for line in lines:
        note_reading(session, line.classification, line.code)
    for each in last.values():
        note_reading(session, each.classification, each.number)
    return [
        WithoutAgreementOut(
            line=PeaceLineOut(id=line.id, code=line.code, name=line.name),
            level=line.level,
            last=last[line.id].number if line.id in last else None,
            lapsed_on=_lapsed(last[line.id]) if line.id in last else None,
        )
        for line in lines
    ]


def _lapsed(agreement: PeaceAgreement) -> date:
    after = date.fromordinal(agreement.expires_on.toordinal() + 1)
    return min(after, agreement.ended_on or after)
