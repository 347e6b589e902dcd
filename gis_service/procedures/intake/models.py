"""What was delivered and entered: one record per loaded delivery, so that loading twice changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, column_property, mapped_column

from gis_service.foundation.database import Base
from gis_service.registers.instruments.models import Instrument


class LoadedDelivery(Base):
    """A delivery (来件) that was entered, with the findings it was entered under."""

    __tablename__ = "loaded_delivery"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"), index=True)
    source: Mapped[str]
    sha256: Mapped[str]
    valid_on: Mapped[date]
    units: Mapped[int]
    loaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)
    classification: Mapped[str] = column_property(
        select(Instrument.classification)
        .where(Instrument.id == instrument_id)
        .correlate_except(Instrument)
        .scalar_subquery()
    )
