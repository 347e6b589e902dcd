"""What resurveys leave to do and by when, for the calendar."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor
from gis_service.foundation.agenda import Pending, Wanted
from gis_service.procedures.resurveys.queries.resurveys import ResurveysAsked, resurveys_page, told_of
from gis_service.procedures.resurveys.rules import R_BND_RESURVEYED, ResurveyState
from gis_service.procedures.resurveys.schemas import ResurveyOut


def pending_resurveys(session: Session, actor: Actor, wanted: Wanted) -> list[Pending]:
    """One entry for each stretch still to be surveyed anew, as far as the actor may know of it."""
    reach = actor.reach(Act.read_settlements)
    if not reach:
        return []
    asked = ResurveysAsked(wanted.line, wanted.within, ResurveyState.open)
    found = resurveys_page(session, asked, reach=reach, on=wanted.on)
    return [_pending(each) for each in told_of(session, found, on=wanted.on)]


def _pending(told: ResurveyOut) -> Pending:
    return Pending(
        case=told.number,
        case_title=f"{told.line_name}（{told.cause_title}）",
        what="resurvey",
        title=f"修测{told.object_name or '界线'}",
        rule=R_BND_RESURVEYED.id,
        legal_basis=told.legal_basis,
        due_on=told.due_on,
        line=told.line_id,
        address=f"/resurveys/{told.number}",
        kept=told.classification,
    )
