"""What open cases leave to do, for the calendar."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor, Classification
from gis_service.foundation.agenda import Pending, Wanted
from gis_service.procedures.disputes.models import DisputeCase
from gis_service.procedures.disputes.queries.cases import Asked, cases
from gis_service.procedures.disputes.rules import R_BND_19


def pending_disputes(session: Session, actor: Actor, wanted: Wanted) -> list[Pending]:
    """One entry for each open case, as far as the actor may know of it."""
    if not actor.reach(Act.read_disputes):
        return []
    asked = Asked(line=wanted.line, within=wanted.within, only_open=True)
    return [_pending(each) for each in cases(session, asked, on=wanted.on)]


def _pending(case: DisputeCase) -> Pending:
    return Pending(
        case=case.number,
        case_title=f"{case.kind}：{case.place}",
        what="dispute",
        title=f"化解{case.level}{case.kind}",
        rule=R_BND_19.id,
        legal_basis=R_BND_19.legal_basis,
        due_on=case.due_on,
        line=case.line_id,
        address=f"/disputes/{case.number}",
        kept=Classification(case.classification),
    )
