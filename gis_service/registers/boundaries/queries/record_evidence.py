"""What a record of a line is judged by, on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.registers.boundaries.models import BoundaryLine, LegalState
from gis_service.registers.boundaries.queries.along import edges_along, sides_of
from gis_service.registers.boundaries.queries.standing import LineInForce, lines_in_force
from gis_service.registers.boundaries.queries.walking import surveys_on
from gis_service.registers.boundaries.rules import Agreed, RecordEvidence
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.instruments.models import Instrument


def record_evidence(
    session: Session, line: LineInForce, stored: tuple[str | None, str | None], agreed: Agreed, *, on: date
) -> RecordEvidence:
    """Evidence for a line that has, or is to have, `stored` as code and name, settled by `agreed`."""
    ruled = session.get_one(BoundaryLine, line.id)
    units = divisions_by_id(session, (line.first_id, line.second_id), on=on)
    lengths_m = {edge.id: edge.length_m for edge in edges_along(session, sides_of([line]), on=on).of(line.id)}
    surveys = surveys_on(session, lengths_m, on=on)
    namesakes = lines_in_force(session, on=on, code=stored[0]) if stored[0] else []
    settled = [
        edge
        for edge, survey in surveys.items()
        if survey.legal_state == LegalState.settled and survey.agreement_id is None
    ]
    return RecordEvidence(
        subject=line.name,
        by_rule=(ruled.code, ruled.name),
        stored=stored,
        agreed=agreed,
        levels=tuple(unit.level for unit in units.values()),
        shares_an_edge=bool(lengths_m),
        settled_km=sum(lengths_m[edge] for edge in settled) / 1000.0,
        namesakes=tuple(each.name for each in namesakes if each.id != line.id and each.level == line.level),
    )


def agreed_by(session: Session, agreement_id: UUID | None, approver: str | None, on: date | None) -> Agreed:
    """By what a line is settled, as the rules ask for it."""
    agreement = session.get(Instrument, agreement_id) if agreement_id else None
    return Agreed(agreement.issued_on if agreement else None, approver, on)
