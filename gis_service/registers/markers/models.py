"""Markers (界桩) and what is known of them: a marker and its number last, everything else has a period.

A change of state or place is a record of its own and never overwrites another. Coordinates are kept as they
were given, with system and zone, beside the position in the storage CRS where one may be computed.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.database import Base, no_overlap, storage_geometry
from gis_service.registers.boundaries.models import AT_THE_END
from gis_service.registers.instruments.models import Dated


class MarkerKind(StrEnum):
    """Whether a marker stands between two units or where three meet."""

    boundary = "界桩"
    tri_point = "三交点界桩"


class Placement(StrEnum):
    """How many stones carry one number, and so where they stand: on the line, or on both or all banks."""

    single = "单立"
    double = "双立"
    triple = "三立"


class FaceShape(StrEnum):
    """For how many sides a marker is inscribed."""

    two_sided = "双面型"
    three_sided = "三面型"


class MarkerState(StrEnum):
    """What was seen of a marker."""

    intact = "完好"
    damaged = "损坏"
    tilted = "倾斜"
    moved = "移位"
    lost = "丢失"
    buried = "被埋"
    illegible = "字迹不清"
    scrapped = "报废"


class MarkerAction(StrEnum):
    """What was done about it."""

    repaired = "修复"
    restored = "恢复"
    relocated = "移位"
    added = "增设"
    reburied = "重新埋设"
    repainted = "描红"
    scrapped = "报废"


class PaperRole(StrEnum):
    """What a paper is in the procedure of moving or adding a marker, in the order in which they come."""

    application = "申请"
    agreement = "协议"
    approval = "批准"
    survey = "共同测量"
    filing = "备案"


class MarkerFileKind(StrEnum):
    """What a file shows of a marker."""

    sketch = "位置略图"
    photo = "照片"
    form = "登记表"
    other = "其他"


class Marker(Base):
    """The lasting identity of a marker: its number, frozen for ever (R-MRK-11), and the line it is of.

    `is_historic`: the number does not follow the rule of today, and need not. `is_synthetic`: it stands
    nowhere but in examples, and every product says so.
    """

    __tablename__ = "marker"
    __table_args__ = (
        UniqueConstraint("line_id", "number", info={"conflict": "此界线上已有这一编号的界桩，编号不得再用"}),
        Index("ix_marker_number", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str]
    kind: Mapped[str] = mapped_column(default=MarkerKind.boundary.value)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END))
    is_historic: Mapped[bool] = mapped_column(default=False)
    is_synthetic: Mapped[bool] = mapped_column(default=False)
    registered_by: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class MarkerVersion(Dated, Base):
    """What a marker was for a period; one side, `managing_id`, keeps it by agreement (R-MRK-14)."""

    __tablename__ = "marker_version"
    __table_args__ = (
        no_overlap(
            "marker_id", name="ex_marker_version_one_at_a_time", conflict="同一界桩在同一日只能有一份登记内容"
        ),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="has_a_beginning"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    marker_id: Mapped[UUID] = mapped_column(ForeignKey("marker.id"))
    placement: Mapped[str]
    shape: Mapped[str | None]
    material: Mapped[str | None]
    managing_id: Mapped[UUID | None] = mapped_column(ForeignKey("division.id"), index=True)
    management_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    custodian: Mapped[str | None]
    note: Mapped[str | None]


class MarkerLine(Dated, Base):
    """That a marker stands on a line for a period; one where three units meet stands on three.

    A line that is taken back is gone before its markers are given back: the reference is checked at the end.
    """

    __tablename__ = "marker_line"
    __table_args__ = (
        no_overlap(
            "marker_id",
            "line_id",
            name="ex_marker_line_once",
            conflict="同一界桩在同一日只能列于同一界线一次",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    marker_id: Mapped[UUID] = mapped_column(ForeignKey("marker.id"))
    line_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END), index=True)


class MarkerSide(Dated, Base):
    """Where a marker stands as one side tells it, down to the village (所在地)."""

    __tablename__ = "marker_side"
    __table_args__ = (
        no_overlap(
            "marker_id",
            "division_id",
            name="ex_marker_side_one_at_a_time",
            conflict="同一界桩的同一侧在同一日只能有一处所在地",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    marker_id: Mapped[UUID] = mapped_column(ForeignKey("marker.id"))
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    location: Mapped[str]


class GivenCoordinates:
    """Coordinates as a survey gave them: northing `x` and easting `y` in metres, or longitude and latitude.

    `system` is CGCS2000, 1980西安坐标系, 1954北京坐标系, …; `zone_width` 3 or 6 degrees, `zone` its number;
    `given` the figures as they were written; `transform` the local parameters by which `geom` was computed,
    which is None where the system may not be transformed without them.
    """

    geom: Mapped[Any | None] = mapped_column(storage_geometry("POINT"))
    system: Mapped[str]
    zone_width: Mapped[int | None]
    zone: Mapped[int | None]
    x: Mapped[float | None]
    y: Mapped[float | None]
    height: Mapped[float | None]
    height_system: Mapped[str | None]
    given: Mapped[str | None]
    transform: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    method: Mapped[str | None]
    accuracy_m: Mapped[float | None]
    residual_m: Mapped[float | None]
    surveyed_on: Mapped[date | None]


class MarkerPosition(Dated, GivenCoordinates, Base):
    """The registered position of a marker for a period: one epoch of its coordinates (R-MRK-13)."""

    __tablename__ = "marker_position"
    __table_args__ = (
        no_overlap(
            "marker_id",
            name="ex_marker_position_one_at_a_time",
            conflict="同一界桩在同一日只能有一个登记位置",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    marker_id: Mapped[UUID] = mapped_column(ForeignKey("marker.id"))


class BearingObject(Dated, Base):
    """A reference object of a marker (方位物, R-MRK-08): degrees from grid north, metres."""

    __tablename__ = "bearing_object"
    __table_args__ = (
        no_overlap(
            "marker_id",
            "ordinal",
            name="ex_bearing_object_one_at_a_time",
            conflict="同一界桩的同一序号在同一日只能有一个方位物",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    marker_id: Mapped[UUID] = mapped_column(ForeignKey("marker.id"))
    ordinal: Mapped[int]
    name: Mapped[str]
    azimuth_deg: Mapped[float]
    distance_m: Mapped[float]
    geom: Mapped[Any | None] = mapped_column(storage_geometry("POINT"))


class MarkerObservation(Base):
    """What was seen of a marker on a day and what was done about it; the latest one tells its state."""

    __tablename__ = "marker_observation"
    __table_args__ = (Index("ix_marker_observation_marker_id_seen_on", "marker_id", "seen_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    marker_id: Mapped[UUID] = mapped_column(ForeignKey("marker.id"))
    seen_on: Mapped[date]
    state: Mapped[str]
    action: Mapped[str | None]
    found: Mapped[Any | None] = mapped_column(storage_geometry("POINT"))
    observer: Mapped[str]
    neighbour_present: Mapped[bool | None]
    note: Mapped[str | None]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))  # in the order of recording


class MarkerPaper(Base):
    """A paper by which a marker was moved or added (界线条例 Art 6, R-BND-13), and who signed it."""

    __tablename__ = "marker_paper"
    __table_args__ = (
        UniqueConstraint(
            *("marker_id", "done_on", "action", "role", "instrument_id"),
            info={"conflict": "此界桩的同一事项已登记这份文件"},
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    marker_id: Mapped[UUID] = mapped_column(ForeignKey("marker.id"))
    done_on: Mapped[date]
    action: Mapped[str]
    role: Mapped[str]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    signed_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")


class MarkerFile(Base):
    """A sketch, a photo or a form of a marker, kept under the hash of its content."""

    __tablename__ = "marker_file"

    marker_id: Mapped[UUID] = mapped_column(ForeignKey("marker.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    geom: Mapped[Any | None] = mapped_column(storage_geometry("POINT"))
    azimuth_deg: Mapped[float | None]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class BoundaryPoint(Dated, GivenCoordinates, Base):
    """A measured point of a line (边界点), and the two markers it lies between."""

    __tablename__ = "boundary_point"
    __table_args__ = (
        no_overlap(
            "line_id",
            "number",
            name="ex_boundary_point_one_at_a_time",
            hashed="number",
            conflict="同一界线的同一边界点号在同一日只能登记一次",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END))
    number: Mapped[str]
    after_marker_id: Mapped[UUID | None] = mapped_column(ForeignKey("marker.id"))
    before_marker_id: Mapped[UUID | None] = mapped_column(ForeignKey("marker.id"))
    feature: Mapped[str | None]


class TriPoint(Dated, Base):
    """A place where the lines of three units meet (三交点), with a marker of its own or without."""

    __tablename__ = "tri_point"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str | None]
    name: Mapped[str]
    geom: Mapped[Any] = mapped_column(storage_geometry("POINT"))
    marker_id: Mapped[UUID | None] = mapped_column(ForeignKey("marker.id"))
    first_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    third_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
