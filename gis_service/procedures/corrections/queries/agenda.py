"""What suggestions leave to answer and by when, for the calendar."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor
from gis_service.foundation.agenda import Pending, Wanted
from gis_service.procedures.corrections.queries.suggestions import (
    SuggestionsAsked,
    suggestions_page,
    told_of,
)
from gis_service.procedures.corrections.rules import R_COR_01, SuggestionState, term
from gis_service.procedures.corrections.schemas import SuggestionOut


def pending_suggestions(session: Session, actor: Actor, wanted: Wanted) -> list[Pending]:
    """One entry for each suggestion still to be answered, as far as the actor may know of it."""
    reach = actor.reach(Act.read_suggestions)
    if not reach or wanted.line is not None:
        return []
    asked = SuggestionsAsked(within=wanted.within, state=SuggestionState.open)
    found = suggestions_page(session, asked, reach=reach, on=wanted.on)
    return [_pending(each) for each in told_of(session, found, on=wanted.on)]


def _pending(told: SuggestionOut) -> Pending:
    return Pending(
        case=told.number,
        case_title=f"{told.feature_name}（{told.kind_name}）",
        what="suggestion",
        title="答复地名更正建议",
        rule=R_COR_01.id,
        legal_basis=term().legal_basis,
        due_on=told.due_on,
        kept=told.classification,
        address=f"/placenames/suggestions/{told.number}",
    )
