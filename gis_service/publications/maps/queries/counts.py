"""How much the registers hold on a day, for the front page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import in_force
from gis_service.registers.instruments.models import Instrument, InstrumentKind


@dataclass(frozen=True, slots=True)
class Counts:
    """Units in force by level, lines in force, acts registered (datasets are no acts)."""

    units: Mapping[str, int]
    lines: int
    acts: int


def counts_on(session: Session, *, on: date) -> Counts:
    """The counts of a day."""
    by_level = select(DivisionVersion.level, func.count()).where(in_force(on))
    lines = select(func.count()).select_from(BoundaryLine).where(holds_on(BoundaryLine.valid, on))
    acts = select(func.count()).select_from(Instrument).where(Instrument.kind != InstrumentKind.dataset.value)
    rows = session.execute(by_level.group_by(DivisionVersion.level))
    return Counts(
        units={row[0]: row[1] for row in rows},
        lines=session.scalar(lines) or 0,
        acts=session.scalar(acts) or 0,
    )
