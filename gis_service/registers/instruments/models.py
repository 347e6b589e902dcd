"""Instruments: the acts, agreements and datasets that make facts true, and the files that prove them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.access import Classification
from gis_service.foundation.database import Base, PeriodColumn, table_of
from gis_service.foundation.periods import Period
from gis_service.foundation.register_states import watch


class InstrumentKind(StrEnum):
    """What kind of paper makes the fact true. Values are the Chinese terms."""

    approval = "批复"
    decision = "决定"
    notice = "通知"
    announcement = "公告"
    agreement = "协议书"
    dataset = "数据集"


class Instrument(Base):
    """An act by its document number (文号); a dataset by its name, version and content hash.

    Whatever stands in the registers by an instrument is as classified as the instrument. `kept_within` are
    the ids of the divisions in whose jurisdiction one above public is kept; none means the whole country's.
    """

    __tablename__ = "instrument"
    __table_args__ = (
        UniqueConstraint("number", info={"conflict": "该文号的文件已登记，内容不同"}),
        CheckConstraint("classification IN ('公开', '内部', '涉密')", name="known_classification"),
        Index("ix_instrument_above_public", "id", postgresql_where=sql("classification <> '公开'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    issuer: Mapped[str]
    issued_on: Mapped[date]
    issued_edtf: Mapped[str | None]  # what is known of the day, where it is not known for certain (EDTF)
    text: Mapped[str | None]  # the wording, in full or in excerpts
    statement: Mapped[str | None]  # what readers of products must be told about it, e.g. on legal force
    licence: Mapped[str | None]
    sha256: Mapped[str | None]  # of the dataset's content
    classification: Mapped[str] = mapped_column(
        default=Classification.public.value, server_default=Classification.public.value
    )
    kept_within: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")


class InstrumentFile(Base):
    """A file that belongs to an instrument, kept under the hash of its content."""

    __tablename__ = "instrument_file"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"), primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)


class Dated:
    """Columns of a fact that holds for a period, by the instruments that began and ended it."""

    valid: Mapped[Period] = mapped_column(PeriodColumn)
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))


watch(table_of(Instrument))
