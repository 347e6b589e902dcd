"""What falls due in this slice: each kind of record with a date tells it by its own source in `SOURCES`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.procedures.disputes.queries.cases import Asked, cases
from gis_service.procedures.disputes.queries.telling import told
from gis_service.procedures.disputes.schemas import DisputeDueOut

Source = Callable[[Session, UUID | None, date, date], list[DisputeDueOut]]


def _cases_due(session: Session, within: UUID | None, by: date, on: date) -> list[DisputeDueOut]:
    found = cases(session, Asked(within=within, due_by=by), on=on)
    return [
        DisputeDueOut(
            matter=f"{case.kind}（{case.state}）",
            number=case.number,
            line=case.line_name,
            words=f"{case.level}，{case.place}：{case.measures}",
            responsible=case.responsible,
            due_on=case.due_on,
            days_late=(on - case.due_on).days,
        )
        for case in told(session, found, on=on)
    ]


SOURCES: tuple[Source, ...] = (_cases_due,)


def due(session: Session, within: UUID | None, *, by: date, on: date) -> list[DisputeDueOut]:
    """Everything open that falls due by a day, the earliest first; late or not as of `on`."""
    found = [each for source in SOURCES for each in source(session, within, by, on)]
    return sorted(found, key=lambda each: (each.due_on, each.number))
