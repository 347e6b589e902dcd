"""Archives of boundary lines (勘界档案): items on file, what they are about, and the files they consist of.

Nothing here is ever lost: a scan that is fitted anew gets a record of its own, an appraisal is a note, and
what is put right of an item is kept as it was published.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.database import Base, storage_geometry
from gis_service.registers.boundaries.models import AT_THE_END


class ArchiveKind(StrEnum):
    """What an item is; `archives.toml` gives the group each belongs to."""

    agreement = "协议书"
    agreement_map = "协议书附图"
    marker_forms = "界桩登记表"
    approval = "批复"
    results = "成果表"
    inspection = "联检报告"
    minutes = "会议纪要"
    photo = "照片"
    image = "影像"
    vector = "矢量"
    other = "其他"


class ArchiveGroup(StrEnum):
    """The two groups that archives of lines are kept in."""

    general = "文书综合"
    results = "勘界成果"


class Retention(StrEnum):
    """How long an item is kept."""

    permanent = "永久"
    long = "长期"


class Medium(StrEnum):
    """What the original is."""

    paper = "纸质"
    electronic = "电子"
    film = "胶片"
    other = "其他"


class FitMethod(StrEnum):
    """By which function pixels of a scan are carried to the ground."""

    affine = "仿射"
    polynomial = "二次多项式"
    projective = "投影变换"


class ArchiveItem(Base):
    """An item on file (档案件) under its number (档号); as classified as the instrument it stands by."""

    __tablename__ = "archive_item"
    __table_args__ = (UniqueConstraint("number", info={"conflict": "此档号已用于另一件档案"}),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    fonds: Mapped[str]
    retention: Mapped[str]
    dated_on: Mapped[date]
    issuer: Mapped[str]
    pages: Mapped[int | None]
    medium: Mapped[str]
    note: Mapped[str | None]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ArchiveSubject(Base):
    """That an item is about a line, a marker or a tri-point: exactly one of the three."""

    __tablename__ = "archive_subject"
    __table_args__ = (
        UniqueConstraint(
            "item_id",
            "line_id",
            "marker_id",
            "tri_point_id",
            postgresql_nulls_not_distinct=True,
            info={"conflict": "该件档案已关联此界线、界桩或三交点"},
        ),
        CheckConstraint("num_nonnulls(line_id, marker_id, tri_point_id) = 1", name="one_subject"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("archive_item.id"))
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END), index=True)
    marker_id: Mapped[UUID | None] = mapped_column(ForeignKey("marker.id"), index=True)
    tri_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("tri_point.id"), index=True)
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class ArchiveFile(Base):
    """A file of an item, under the hash of its content; `told` is what the file says of itself.

    `made_from` is the scan that a rectified image was made from.
    """

    __tablename__ = "archive_file"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("archive_item.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True, index=True)
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_from: Mapped[str | None]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Georeference(Base):
    """That a scan was laid on the ground by control points: their residuals, and the image made of it."""

    __tablename__ = "georeference"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("archive_item.id"), index=True)
    sha256: Mapped[str]
    made_sha256: Mapped[str]
    made_on: Mapped[date]
    method: Mapped[str]
    control: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fit: Mapped[dict[str, Any]] = mapped_column(JSONB)
    rms_m: Mapped[float]
    worst_m: Mapped[float]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ArchiveImage(Base):
    """Where on the ground an image lies: its footprint, its resolution, and the day it shows."""

    __tablename__ = "archive_image"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("archive_item.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    captured_on: Mapped[date | None]
    resolution_m: Mapped[float]
    crs: Mapped[str]
    geom: Mapped[Any] = mapped_column(storage_geometry("POLYGON"))
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class TracedVector(Base):
    """A shape traced from a scan or taken from a delivery, and within how many metres it is right."""

    __tablename__ = "traced_vector"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("archive_item.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str | None]
    geom: Mapped[Any] = mapped_column(storage_geometry("GEOMETRY"))
    accuracy_m: Mapped[float | None]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("archive_item.id"))
    source_sha256: Mapped[str | None]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class ArchiveAppraisal(Base):
    """What an appraisal (鉴定) found of an item whose period of keeping has run out; nothing is destroyed."""

    __tablename__ = "archive_appraisal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("archive_item.id"), index=True)
    appraised_on: Mapped[date]
    conclusion: Mapped[str]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ArchiveCorrection(Base):
    """That what is written of an item was put right: what was published, and what stands in its place."""

    __tablename__ = "archive_correction"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("archive_item.id"), index=True)
    published: Mapped[dict[str, Any]] = mapped_column(JSONB)
    corrected: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
