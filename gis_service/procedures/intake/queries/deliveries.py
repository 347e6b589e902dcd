"""Finding deliveries that were entered."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.procedures.intake.models import LoadedDelivery


def delivery_with_digest(session: Session, sha256: str, *, valid_on: date) -> LoadedDelivery | None:
    """The entered delivery with this content and day, if any."""
    wanted = select(LoadedDelivery).where(
        LoadedDelivery.sha256 == sha256, LoadedDelivery.valid_on == valid_on
    )
    return session.scalar(wanted.order_by(LoadedDelivery.loaded_at))


def deliveries_page(session: Session) -> list[LoadedDelivery]:
    """Every delivery that was entered, oldest first."""
    return list(session.scalars(select(LoadedDelivery).order_by(LoadedDelivery.loaded_at)))
