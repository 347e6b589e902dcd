"""Suggestions: one, a page of them, and as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor, Classification, Reach, highest
from gis_service.foundation.errors import NotFound
from gis_service.procedures.corrections.models import NameSuggestion
from gis_service.procedures.corrections.rules import KIND_WORDS, STATE_WORDS, Kind, SuggestionState
from gis_service.procedures.corrections.schemas import SuggestionOut
from gis_service.registers.authorities.queries import covered, limits_of
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instruments_by_id
from gis_service.registers.placenames.models import Feature


@dataclass(frozen=True, slots=True)
class SuggestionsAsked:
    """Which suggestions are asked for."""

    within: UUID | None = None
    kind: Kind | None = None
    state: SuggestionState | None = None
    feature: UUID | None = None
    asked_by: UUID | None = None


def suggestion_numbered(session: Session, number: str) -> NameSuggestion:
    """The suggestion with this number.

    Raises:
        NotFound: no such suggestion that the reader may know of.
    """
    found = session.scalar(select(NameSuggestion).where(NameSuggestion.number == number))
    if found is None:
        raise _unknown(number)
    return found


def asked_by(row: NameSuggestion, actor: Actor, receipt: str | None) -> bool:
    """Whether it is his own: asked with his account, or he shows its receipt."""
    if row.account_id is not None:
        return row.account_id == actor.account_id
    if receipt is None or row.receipt_hash is None:
        return False
    return compare_digest(row.receipt_hash, sha256(receipt.encode()).hexdigest())


def require_known_to(
    session: Session, row: NameSuggestion, actor: Actor, receipt: str | None, *, on: date
) -> None:
    """Refuse to tell of a suggestion that is neither his own nor within his reach.

    Raises:
        NotFound: as of what is not there.
    """
    if asked_by(row, actor, receipt) or _reached(session, row, actor.reach(Act.read_suggestions), on=on):
        return
    raise _unknown(row.number)


def _reached(session: Session, row: NameSuggestion, reach: Reach, *, on: date) -> bool:
    if reach.everywhere or row.division_id is None:
        return reach.everywhere
    return bool(covered(session, reach, (row.division_id,), on=on))


def _unknown(number: str) -> NotFound:
    return NotFound(f"没有编号为 {number} 的建议", way_out="请核对编号；未登录提出的，请出示回执码")


def suggestions_page(
    session: Session,
    asked: SuggestionsAsked,
    *,
    reach: Reach,
    on: date,
    after: str | None = None,
    limit: int | None = None,
) -> list[NameSuggestion]:
    """Suggestions about places within reach, by number."""
    wanted = select(NameSuggestion).order_by(NameSuggestion.number)
    if after is not None:
        wanted = wanted.where(NameSuggestion.number > after)
    told = {
        "kind": asked.kind and asked.kind.value,
        "state": asked.state and asked.state.value,
        "feature_id": asked.feature,
        "account_id": asked.asked_by,
    }
    wanted = wanted.filter_by(**{name: value for name, value in told.items() if value is not None})
    for each in limits_of(reach, asked.within):
        inside = covered(session, each, _places(session), on=on)
        wanted = wanted.where(NameSuggestion.division_id.in_(inside))
    return list(session.scalars(wanted.limit(limit)))


def _places(session: Session) -> set[UUID]:
    found = session.scalars(select(NameSuggestion.division_id).distinct())
    return {place for place in found if place is not None}


def told_of(
    session: Session, suggestions: Iterable[NameSuggestion], *, on: date, with_contact: bool = False
) -> list[SuggestionOut]:
    """Suggestions as they stand on a day; how to reach who asked, only where it is his or theirs to know."""
    rows = list(suggestions)
    acts = instruments_by_id(session, {each.instrument_id for each in rows if each.instrument_id})
    places = last_known(session, {each.division_id for each in rows if each.division_id})
    kept = _kept(session, {each.feature_id for each in rows if each.feature_id})
    told = []
    for each in rows:
        act, place = acts.get(each.instrument_id), places.get(each.division_id)  # type: ignore[arg-type]
        closely = [Classification(place.classification)] if place else []
        closely += [kept[each.feature_id]] if each.feature_id in kept else []
        closely += [Classification(act.classification)] if act else []
        number = act.number if act else None
        told.append(_told(each, number, place, highest(Classification.public, *closely), on, with_contact))
    return told


def _kept(session: Session, features: set[UUID]) -> dict[UUID, Classification]:
    """How closely features are kept: as closely as the act that registered them."""
    rows = session.execute(
        select(Feature.id, Instrument.classification)
        .join(Instrument, Instrument.id == Feature.registered_by)
        .where(Feature.id.in_(features))
    )
    return {feature: Classification(classification) for feature, classification in rows}


_AS_KEPT = (
    *("number", "feature_id", "feature_name", "revision", "text", "proposed", "evidence", "asked_at"),
    *("due_on", "state", "ended_on", "reason", "applied"),
)


def _told(
    each: NameSuggestion,
    act: str | None,
    place: DivisionVersion | None,
    kept: Classification,
    on: date,
    with_contact: bool,
) -> SuggestionOut:
    state, kind = SuggestionState(each.state), Kind(each.kind)
    is_late = state is SuggestionState.open and each.due_on is not None and each.due_on < on
    return SuggestionOut(
        **{name: getattr(each, name) for name in _AS_KEPT},
        kind=kind,
        kind_name=KIND_WORDS[kind],
        division=place.code if place else None,
        division_name=place.name if place else None,
        contact=(each.contact or None) if with_contact else None,
        is_anonymous=each.account_id is None,
        overdue=is_late,
        state_name=STATE_WORDS[state],
        instrument=act,
        classification=kept,
    )
