"""Finding deliveries that were entered."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from gis_service.procedures.intake.models import LoadedDelivery


def delivery_with_digest(session: Session, sha256: str, *, valid_on: date) -> LoadedDelivery | None:
    """The entered delivery with this content and day, if any."""
    wanted = select(LoadedDelivery).where(
        LoadedDelivery.sha256 == sha256, LoadedDelivery.valid_on == valid_on
    )
    return session.scalar(wanted.order_by(LoadedDelivery.loaded_at))


def deliveries_page(
    session: Session, *, after: UUID | None = None, limit: int | None = None
) -> list[LoadedDelivery]:
    """Deliveries that were entered, oldest first; `after` is the id of the one before the first wanted."""
    position = (LoadedDelivery.loaded_at, LoadedDelivery.id)
    wanted = select(LoadedDelivery).order_by(*position).limit(limit)
    if after is not None:
        before = select(*position).where(LoadedDelivery.id == after).scalar_subquery()
        wanted = wanted.where(tuple_(*position) > before)
    return list(session.scalars(wanted))
