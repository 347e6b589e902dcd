"""Sheets and their editions. An edition is never overwritten: yesterday's map is a legal document."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.access import Classification
from gis_service.foundation.database import Base


class Sheet(Base):
    """A map that is kept up to date: its type, and whom or what it shows.

    `subject` is the lasting id of what it shows (a division, an instrument). `stale_on` is the day as of
    which it must be drawn anew; None when the newest edition shows the registers as they are. `since` is the
    earlier day of a comparison, and of no other sheet.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("type", "subject", info={"conflict": "该图幅已建立"}),
        CheckConstraint("classification IN ('公开', '内部', '涉密')", name="known_classification"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    type: Mapped[str]
    subject: Mapped[UUID]
    title: Mapped[str]
    stale_on: Mapped[date | None] = mapped_column(index=True)
    since: Mapped[date | None]
    classification: Mapped[str] = mapped_column(
        default=Classification.public.value, server_default=Classification.public.value
    )


class Edition(Base):
    """One drawn edition (版): valid on a day, with the fingerprint of its inputs, as files."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("sheet_id", "number", info={"conflict": "该版次已存在"}),
        CheckConstraint("classification IN ('公开', '内部', '涉密')", name="known_classification"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("sheet.id"), index=True)
    number: Mapped[int]
    valid_on: Mapped[date]
    since: Mapped[date | None]
    fingerprint: Mapped[str]
    denominator: Mapped[int]
    drawn_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    classification: Mapped[str] = mapped_column(
        default=Classification.public.value, server_default=Classification.public.value
    )


class EditionFile(Base):
    """A file of an edition in one format; `path` is relative to the folder of editions."""

    __tablename__ = "edition_file"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    format: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    sha256: Mapped[str]
