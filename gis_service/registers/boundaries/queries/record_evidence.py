"""What a record of a line is judged by, on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.registers.boundaries.models import BoundaryLine, LegalState
from gis_service.registers.boundaries.queries.standing import LineInForce, lines_in_force
from gis_service.registers.boundaries.queries.walking import Walked
from gis_service.registers.boundaries.rules import Agreed, RecordEvidence
from gis_service.registers.boundaries.rules.line_records import SETTLED
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.instruments.models import Instrument


def record_evidence(
    session: Session,
    line: LineInForce,
    stored: tuple[str | None, str | None],
    agreed: Agreed,
    walked: Walked | None,
    *,
    on: date,
) -> RecordEvidence:
    """Evidence for a line that has, or is to have, `stored` as code and name, settled by `agreed`.

    `walked` is the line on the day, None where it has no edges.
    """
    ruled = session.get_one(BoundaryLine, line.id)
    units = divisions_by_id(session, (line.first_id, line.second_id), on=on)
    namesakes = lines_in_force(session, on=on, code=stored[0]) if stored[0] else []
    return RecordEvidence(
        subject=line.name,
        by_rule=(ruled.code, ruled.name),
        stored=stored,
        agreed=agreed,
        levels=tuple(unit.level for unit in units.values()),
        shares_an_edge=walked is not None,
        settled_km=_settled_alone_km(walked),
        namesakes=tuple(each.name for each in namesakes if each.id != line.id and each.level == line.level),
    )


def _settled_alone_km(walked: Walked | None) -> float:
    """How much of a line is called settled without an agreement of its own."""
    if walked is None:
        return 0.0
    return walked.lengths_km(
        lambda facts: "" if facts.agreement or facts.legal_state != LegalState.settled else SETTLED
    ).get(SETTLED, 0.0)


def agreed_by(session: Session, agreement_id: UUID | None, approver: str | None, on: date | None) -> Agreed:
    """By what a line is settled, as the rules ask for it."""
    agreement = session.get(Instrument, agreement_id) if agreement_id else None
    return Agreed(agreement.issued_on if agreement else None, approver, on)
