"""The append-only record of what was written: who, when, by which command, under which act."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.database import Base, append_only


class JournalEntry(Base):
    """One written fact. `at` is record time (aware UTC); legal time stands in the registers."""

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    actor: Mapped[str]
    authority: Mapped[str]
    command: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True)
    instrument_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)


_table = JournalEntry.__table__
assert isinstance(_table, Table)
append_only(_table)
