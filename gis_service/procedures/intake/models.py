"""What was delivered and entered, so that loading twice changes nothing; and what of it is to be decided."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, column_property, mapped_column
from uuid_utils.compat import uuid7

from gis_service.foundation.database import Base
from gis_service.registers.instruments.models import Instrument


class ReviewState(StrEnum):
    """Where a record under review stands. The word in `REVIEW_WORDS` is what officials read."""

    pending = "pending"
    accepted = "accepted"
    adjusted = "adjusted"
    rejected = "rejected"
    new = "new"
    entered = "entered"


REVIEW_WORDS = {
    ReviewState.pending: "待核对",
    ReviewState.accepted: "采纳",
    ReviewState.adjusted: "调整后采纳",
    ReviewState.rejected: "不采纳",
    ReviewState.new: "新增",
    ReviewState.entered: "已入库",
}


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


class NameReview(Base):
    """A record of a foreign list of which an editor decides whether it is a feature on record, and which.

    `record` is the flat record as it came, from row `row` of `source`; `candidates` are the features it may
    be, with score and reasons; `division_id` is the unit it is listed under. Once decided, `feature_id` is
    the feature it is held to be (None: a new one), and `adjusted` what the editor changed of the record.
    """

    __tablename__ = "name_review"
    __table_args__ = (
        UniqueConstraint("sha256", "row", info={"conflict": "此来件的这一行已在核对队列中"}),
        Index("ix_name_review_state", "state", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    source: Mapped[str]
    sha256: Mapped[str]
    row: Mapped[int]
    name: Mapped[str]
    record: Mapped[dict[str, Any]] = mapped_column(JSONB)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    score: Mapped[float]
    division_id: Mapped[UUID | None] = mapped_column(ForeignKey("division.id"))
    on_date: Mapped[date]
    state: Mapped[str]
    feature_id: Mapped[UUID | None]
    adjusted: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reason: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
