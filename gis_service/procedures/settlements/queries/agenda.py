"""What settlements leave to do and by when, for the calendar."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor
from gis_service.foundation.agenda import Pending, Wanted
from gis_service.procedures.settlements.queries.settlements import (
    Asked,
    Standing,
    is_historic,
    settlements_page,
    standing_of,
)
from gis_service.procedures.settlements.rules import (
    FOLLOWS_WORDS,
    R_CHG_SETTLED,
    Follows,
    SettlementState,
    clock_basis,
)


def pending_settlements(session: Session, actor: Actor, wanted: Wanted) -> list[Pending]:
    """One entry for each line that is still to be settled, as far as the actor may know of it."""
    reach = actor.reach(Act.read_settlements)
    if not reach:
        return []
    asked = Asked(wanted.line, wanted.within, SettlementState.open)
    found = settlements_page(session, asked, reach=reach, on=wanted.on)
    return [_pending(each) for each in standing_of(session, found)]


def _pending(standing: Standing) -> Pending:
    each = standing.settlement
    return Pending(
        case=each.number,
        case_title=f"{each.line_name}（{FOLLOWS_WORDS[Follows(each.follows)]}）",
        what="settling",
        title="办结变更后的勘界事项",
        rule=R_CHG_SETTLED.id,
        legal_basis=clock_basis(),
        due_on=each.due_on,
        is_historic=is_historic(each),
        line=each.line_id,
        address=f"/settlements/{each.number}",
        kept=standing.classification,
    )
