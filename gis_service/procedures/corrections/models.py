"""What somebody says is wrong or missing in the register of place names, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from gis_service.foundation.database import Base


class NameSuggestion(Base):
    """A suggestion about a feature as it stood (`revision`, `feature_name`), or about one that is missing.

    `division_id` is where it lies and whose editors decide; None where nobody knows. `account_id` is who
    asked; of somebody without an account only the hash of his receipt is kept. `applied` is what was written,
    under `instrument_id`.
    """

    __tablename__ = "name_suggestion"
    __table_args__ = (UniqueConstraint("number", info={"conflict": "该建议的编号已被使用"}),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    number: Mapped[str]
    kind: Mapped[str]
    feature_id: Mapped[UUID | None] = mapped_column(ForeignKey("feature.id"), index=True)
    feature_name: Mapped[str]
    revision: Mapped[int | None]
    division_id: Mapped[UUID | None] = mapped_column(ForeignKey("division.id"), index=True)
    text: Mapped[str]
    proposed: Mapped[dict[str, Any]] = mapped_column(JSONB)
    evidence: Mapped[str]
    contact: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    receipt_hash: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(index=True)
    ended_on: Mapped[date | None]
    reason: Mapped[str | None]
    decided_by: Mapped[str | None]
    applied: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    instrument_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
