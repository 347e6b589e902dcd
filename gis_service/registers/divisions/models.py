"""A division keeps its identity; code, name, type and superior belong to versions with a period.

Renaming, re-coding, re-ranking and boundary moves keep the identity; establishment begins one; merger into
a new unit, conversion of type, split and abolition end or begin identities and leave lineage.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, column_property, mapped_column

from gis_service.foundation.database import Base, PeriodColumn, no_overlap, storage_geometry, table_of
from gis_service.foundation.periods import Period
from gis_service.foundation.register_states import watch
from gis_service.registers.instruments.models import Instrument


class LineageKind(StrEnum):
    """How one unit came out of another. Values are the Chinese terms."""

    merger = "合并"
    conversion = "建制变更"
    splitting = "拆分"
    transfer = "区域划转"


class Certainty(StrEnum):
    """How sure a link between two units is."""

    certain = "确定"
    reasoned = "推定"  # no act says so, but there is good reason to hold it
    doubtful = "存疑"
    derived = "随下级"  # between superiors, as the links below them show: it is told, and carries no area


class Division(Base):
    """The lasting identity of an administrative division (行政区划)."""

    __tablename__ = "division"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


class DivisionVersion(Base):
    """What a division was called and coded, what type it was and where it hung, for a period of days.

    Where a day is not known for certain, the period holds the day reckoned with, and `begun_edtf` or
    `ended_edtf` what is known, in EDTF (ISO 8601-2): 1996 for some day of that year, ../1981-12-31 for no
    later than that day. A version that ended `without_successor` is told to have gone to nobody (R-COD-10).
    """

    __tablename__ = "division_version"
    __table_args__ = (
        no_overlap(
            "division_id",
            name="ex_division_version_one_at_a_time",
            conflict="同一行政区划在同一日只能有一个版本",
        ),
        no_overlap("code", name="ex_division_version_code", conflict="同一日不得有两个单位使用同一代码"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="has_a_beginning"),
        Index("ix_division_version_superior_id", "superior_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[str]
    type: Mapped[str | None]
    superior_id: Mapped[UUID | None] = mapped_column(ForeignKey("division.id"))
    seat: Mapped[str | None]
    valid: Mapped[Period] = mapped_column(PeriodColumn)
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"), index=True)
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    begun_edtf: Mapped[str | None]
    ended_edtf: Mapped[str | None]
    without_successor: Mapped[bool] = mapped_column(default=False, server_default=sql("false"))
    classification: Mapped[str] = column_property(
        select(Instrument.classification)
        .where(Instrument.id == begun_by)
        .correlate_except(Instrument)
        .scalar_subquery()
    )


class Lineage(Base):
    """That (part of) the area of one unit went to another, on a day, by an act.

    Shares are fractions of area: how much of the predecessor went over, and how much of the successor it
    makes. Unknown shares are NULL (history before polygons exist).
    """

    __tablename__ = "lineage"

    predecessor_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), primary_key=True)
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), primary_key=True, index=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    share_of_predecessor: Mapped[float | None]
    share_of_successor: Mapped[float | None]
    certainty: Mapped[str] = mapped_column(default=Certainty.certain.value)
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class SeatAspect(StrEnum):
    """Which seat a record tells of: the one that was approved, or where the offices really are."""

    approved = "批准驻地"
    actual = "实际办公地"


class SeatRecord(Base):
    """Where the seat of a division was approved, or its government was seen at work, on a day.

    It stands beside divisions, not authorities: it tells of the unit, whose version holds the seat in words.
    Records are never overwritten; the newest of an aspect counts. `located_in` is the code of the next-lower
    unit, as it was stated.
    """

    __tablename__ = "seat_record"
    __table_args__ = (CheckConstraint("aspect IN ('批准驻地', '实际办公地')", name="known_aspect"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    aspect: Mapped[str]
    place: Mapped[str]
    position: Mapped[Any] = mapped_column(storage_geometry("POINT"), nullable=True)
    located_in: Mapped[str | None]
    known_on: Mapped[date]
    source: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class SupersededVersion(Base):
    """A version as it was published, before an act took it back or put it right."""

    __tablename__ = "superseded_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    level: Mapped[str]
    type: Mapped[str | None]
    superior_id: Mapped[UUID | None] = mapped_column(ForeignKey("division.id"))
    seat: Mapped[str | None]
    valid: Mapped[Period] = mapped_column(PeriodColumn)
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    begun_edtf: Mapped[str | None]
    ended_edtf: Mapped[str | None]
    superseded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    superseded_by: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class SupersededLink(Base):
    """A link between two units as it was published, before an act took it back."""

    __tablename__ = "superseded_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    predecessor_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    on_date: Mapped[date]
    kind: Mapped[str]
    share_of_predecessor: Mapped[float | None]
    share_of_successor: Mapped[float | None]
    certainty: Mapped[str]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    superseded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    superseded_by: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


for _model in (DivisionVersion, Lineage):
    watch(table_of(_model))
