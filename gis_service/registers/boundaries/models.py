"""The truth about boundaries: edges between faces, and which face belongs to which lowest-level unit when.

An edge is stored once, with the face on its left and on its right; gaps and overlaps cannot be stored.
Edges and faces have no period: they are the finest pieces ever told apart, and time lies in membership.
Extents (polygons of every level) and boundary lines follow from them and are proved against them. What
agreements and surveys say of lines and edges stands beside, each for a period.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Uuid, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from gis_service.foundation.database import Base, PeriodColumn, no_overlap, storage_geometry, table_of
from gis_service.foundation.periods import Period
from gis_service.foundation.register_states import watch
from gis_service.registers.instruments.models import Dated, Instrument

# Lines are replaced as a whole when the record of units is put right, so references to them are checked last.
AT_THE_END: Mapping[str, Any] = {"deferrable": True, "initially": "DEFERRED"}


class LegalState(StrEnum):
    """In what legal state a stretch of boundary is; unknown is a value of its own."""

    settled = "已定界"
    unsettled = "未定界"
    disputed = "争议"
    customary = "习惯线"
    unknown = "未说明"


class Follows(StrEnum):
    """What a stretch of boundary follows on the ground."""

    river_centre = "河流中心线"
    channel = "主航道中心线"
    bank = "河岸线"
    ditch = "沟渠"
    lake = "湖面连线"
    watershed = "分水岭"
    ridge = "山脊"
    road = "道路"
    dike = "堤"
    wall = "墙垣"
    field_path = "田埂"
    straight = "直线"
    other = "其他"
    unknown = "未说明"


class Runs(StrEnum):
    """In which direction a line is numbered and described (R-MRK-03)."""

    eastward = "自西向东"
    southward = "自北向南"


class CrossLineKind(StrEnum):
    """How one side has to do with land beyond the line."""

    enclave = "飞地"
    interlocked = "插花地"
    use = "跨界使用"


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


class LineRecord(Dated, Base):
    """What is on record of a line for a period; a code and a name given here win over those made by rule.

    `published_length_km` stands beside the length of the edges and never replaces it (R-BND-02, -05). `runs`
    is the direction the agreement gives; without one it follows from the line itself.
    """

    __tablename__ = "line_record"
    __table_args__ = (
        no_overlap(
            "line_id", name="ex_line_record_one_at_a_time", conflict="同一界线在同一日只能有一份登记内容"
        ),
        Index("ix_line_record_code", "code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END))
    code: Mapped[str | None]
    name: Mapped[str | None]
    agreement_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    approver: Mapped[str | None]
    approved_on: Mapped[date | None]
    published_length_km: Mapped[float | None]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    runs: Mapped[str | None]
    begins_at: Mapped[str | None]
    ends_at: Mapped[str | None]
    single_markers: Mapped[int | None]
    double_markers: Mapped[int | None]
    triple_markers: Mapped[int | None]
    note: Mapped[str | None]


class EdgeSurvey(Dated, Base):
    """What an agreement or a survey says of an edge for a period; without one, the edge's own source speaks.

    An edge stays where it is when what it follows moves, unless `moves_by` names the agreement that says
    otherwise (界线条例 Art 7, R-BND-14).
    """

    __tablename__ = "edge_survey"
    __table_args__ = (
        no_overlap(
            "edge_id", name="ex_edge_survey_one_at_a_time", conflict="同一界线边在同一日只能有一份勘定情况"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    edge_id: Mapped[UUID] = mapped_column(ForeignKey("edge.id"))
    legal_state: Mapped[str]
    follows: Mapped[str] = mapped_column(default=Follows.unknown.value)
    follows_name: Mapped[str | None]
    moves_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    accuracy_m: Mapped[float | None]
    agreement_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))


class EdgeDescent(Base):
    """That an edge is a piece of an edge that was cut, and by which act."""

    __tablename__ = "edge_descent"

    edge_id: Mapped[UUID] = mapped_column(ForeignKey("edge.id"), primary_key=True)
    cut_from_id: Mapped[UUID] = mapped_column(ForeignKey("edge.id"), index=True)
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class ClaimedLine(Dated, Base):
    """Where one side holds that a disputed line runs (主张线): told beside the edges, changing none."""

    __tablename__ = "claimed_line"
    __table_args__ = (
        no_overlap(
            "line_id",
            "claimant_id",
            "section",
            name="ex_claimed_line_one_at_a_time",
            conflict="同一方对同一段在同一日只能有一条主张线",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END))
    claimant_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    section: Mapped[str]
    geom: Mapped[Any] = mapped_column(storage_geometry("MULTILINESTRING"))


class Indicator(Dated, Base):
    """A linear feature or other object that fixes a line on the ground (指示物), as it was for a period.

    `object_id` is what lasts. A change of it stands by a survey and a filing (界线条例 Art 8, R-BND-15).
    """

    __tablename__ = "indicator"
    __table_args__ = (
        no_overlap(
            "object_id", name="ex_indicator_one_at_a_time", conflict="同一指示物在同一日只能有一个状况"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    object_id: Mapped[UUID]
    line_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    state: Mapped[str | None]
    geom: Mapped[Any] = mapped_column(storage_geometry("GEOMETRY"))
    resurvey_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    filing_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))


class CrossLineUse(Dated, Base):
    """An enclave, or land that one side uses beyond the line (界线条例 Arts 10-11, R-BND-16).

    `use_id` is what lasts where it is revised. `consents` are what the two governments wrote, `decision_id`
    the agreement or the approver's decision.
    """

    __tablename__ = "cross_line_use"
    __table_args__ = (
        no_overlap(
            "use_id",
            name="ex_cross_line_use_one_at_a_time",
            conflict="同一跨界使用在同一日只能有一份登记内容",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    use_id: Mapped[UUID] = mapped_column(default=uuid4, server_default=text("gen_random_uuid()"))
    kind: Mapped[str]
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    host_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    place: Mapped[str]
    purpose: Mapped[str | None]
    geom: Mapped[Any | None] = mapped_column(storage_geometry("GEOMETRY"))
    consents: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    filing_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))


for _model in (Membership, Extent, BoundaryLine, LineRecord):
    watch(table_of(_model))
