"""The truth about boundaries: edges between faces, and which face belongs to which lowest-level unit when.

An edge is stored once, with the face on its left and on its right; gaps and overlaps cannot be stored.
Edges and faces have no period: they are the finest pieces ever told apart, and time lies in membership.
Extents (polygons of every level) and boundary lines follow from them and are proved against them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Uuid, select
from sqlalchemy.orm import Mapped, column_property, mapped_column

from gis_service.foundation.database import Base, PeriodColumn, no_overlap, storage_geometry
from gis_service.foundation.periods import Period
from gis_service.registers.instruments.models import Instrument


class LegalState(StrEnum):
    """In what legal state a stretch of boundary is; unknown is a value of its own."""

    settled = "已定界"
    unsettled = "未定界"
    disputed = "争议"
    customary = "习惯线"
    unknown = "未说明"


class Face(Base):
    """A smallest connected piece of area. `geom` is derived from the edges around it."""

    __tablename__ = "face"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    geom: Mapped[Any] = mapped_column(storage_geometry("POLYGON"))
    area_km2: Mapped[float]
    source_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class Edge(Base):
    """A stretch of border stored once, directed: one face on its left, one (or nothing known) on its right.

    `accuracy_m` is the position accuracy its source claims, in metres.
    """

    __tablename__ = "edge"
    __table_args__ = (CheckConstraint("left_face_id <> right_face_id", name="two_sides"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    geom: Mapped[Any] = mapped_column(storage_geometry("LINESTRING"))
    left_face_id: Mapped[UUID] = mapped_column(ForeignKey("face.id"), index=True)
    right_face_id: Mapped[UUID | None] = mapped_column(ForeignKey("face.id"), index=True)
    length_m: Mapped[float]
    legal_state: Mapped[str] = mapped_column(default=LegalState.unknown.value)
    accuracy_m: Mapped[float | None]
    source_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class Membership(Base):
    """That a face belongs to a lowest-level division, for a period."""

    __tablename__ = "membership"
    __table_args__ = (
        no_overlap("face_id", name="ex_membership_one_owner", conflict="同一地块在同一日只能属于一个单位"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="has_a_beginning"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    face_id: Mapped[UUID] = mapped_column(ForeignKey("face.id"), index=True)
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    valid: Mapped[Period] = mapped_column(PeriodColumn)
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))


class Extent(Base):
    """The area of a unit of any level for a period: the union of its faces, kept as it is asked often.

    `sources` are the instruments its faces came from: it is as classified as the most closely kept of them.
    """

    __tablename__ = "extent"
    __table_args__ = (
        no_overlap("division_id", name="ex_extent_one_at_a_time", conflict="同一单位在同一日只能有一个范围"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    valid: Mapped[Period] = mapped_column(PeriodColumn)
    geom: Mapped[Any] = mapped_column(storage_geometry("MULTIPOLYGON"))
    area_km2: Mapped[float]
    sources: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")


class BoundaryLine(Base):
    """The line (行政区域界线) between two units of one level, with its code and name, for a period.

    A line is registered at the highest level on which both sides have a unit and these differ; its first
    side has the lower code. Its geometry is the edges between the two, never a copy.
    """

    __tablename__ = "boundary_line"
    __table_args__ = (
        no_overlap(
            "first_id",
            "second_id",
            name="ex_boundary_line_one_at_a_time",
            conflict="同一对单位在同一日只能有一条界线",
        ),
        CheckConstraint("first_id <> second_id", name="two_sides"),
        Index("ix_boundary_line_code", "code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    level: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    first_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    valid: Mapped[Period] = mapped_column(PeriodColumn)
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    classification: Mapped[str] = column_property(
        select(Instrument.classification)
        .where(Instrument.id == begun_by)
        .correlate_except(Instrument)
        .scalar_subquery()
    )
