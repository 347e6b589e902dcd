"""Settling a line after a change of divisions (变更后的勘界): what is left to do, and what was done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BigInteger, DateTime, ForeignKey, Identity, String, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.database import Base


class Settlement(Base):
    """That a line is to be settled after a change. It outlasts the line, which may be taken back.

    `tasks` are those it was opened with. `from_lines` ran where the line runs now; `withdrawn_by` is the act
    that took the change back, or ended the line before it was settled. `due_on` holds an extension, which the
    approver consented to by `extended_by`.
    """

    __tablename__ = "settlement"
    __table_args__ = (
        UniqueConstraint("number", info={"conflict": "该勘界事项的编号已被使用"}),
        UniqueConstraint(
            "line_id", "effective_on", "instrument_id", info={"conflict": "此界线因此变更已有勘界事项"}
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str]
    line_id: Mapped[UUID]
    line_code: Mapped[str]
    line_name: Mapped[str]
    level: Mapped[str]
    first_id: Mapped[UUID] = mapped_column(index=True)
    second_id: Mapped[UUID] = mapped_column(index=True)
    follows: Mapped[str]
    from_lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    new_km: Mapped[float]
    inherited_km: Mapped[float]
    left_km: Mapped[float]
    effective_on: Mapped[date]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"), index=True)
    tasks: Mapped[list[str]] = mapped_column(ARRAY(String))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(index=True)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    settled_on: Mapped[date | None]
    filed_on: Mapped[date | None]
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    extended_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    extension_reason: Mapped[str | None]


class SettlementEntry(Base):
    """That a task was done, is not needed, or is to be done again; the latest entry tells how it stands."""

    __tablename__ = "settlement_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    settlement_id: Mapped[UUID] = mapped_column(ForeignKey("settlement.id"), index=True)
    task: Mapped[str]
    state: Mapped[str]
    done_on: Mapped[date | None]
    instruments: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    note: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    actor: Mapped[str]
    authority: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))  # in the order of recording
