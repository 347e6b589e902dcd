"""A stretch of a line that is to be surveyed anew (修测), since what marks it on the ground has changed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.database import Base


class Resurvey(Base):
    """What changed on which stretch (metres along the line), who reported it, and what the survey came to.

    `object_id` is the indicator on record, where it is one. `done_by` is the result, `filed_by` its filing.
    It outlasts the line.
    """

    __tablename__ = "resurvey"
    __table_args__ = (UniqueConstraint("number", info={"conflict": "该修测任务的编号已被使用"}),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str]
    line_id: Mapped[UUID] = mapped_column(index=True)
    line_code: Mapped[str]
    line_name: Mapped[str]
    level: Mapped[str]
    first_id: Mapped[UUID] = mapped_column(index=True)
    second_id: Mapped[UUID] = mapped_column(index=True)
    from_m: Mapped[float | None]
    to_m: Mapped[float | None]
    cause: Mapped[str]
    object_id: Mapped[UUID | None]
    object_name: Mapped[str]
    note: Mapped[str]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    found_on: Mapped[date]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(index=True)
    ended_on: Mapped[date | None]
    outcome: Mapped[str | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
