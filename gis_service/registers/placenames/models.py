"""Features (地理实体), their names (地名) and what happened to the names (命名更名).

A feature keeps its identity through every change of name, class, place and unit. A name is one of several of
its feature, holds for a period and has a status that only moves as the process by which it came allows. Names
of units are told by the register of divisions: a feature with `division_id` follows it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from gis_service.foundation.database import Base, PeriodColumn, no_overlap, storage_geometry
from gis_service.foundation.periods import Period
from gis_service.registers.boundaries.models import AT_THE_END
from gis_service.registers.instruments.models import Dated

BY_CODE_POINT = String(collation="C")  # as indexes of beginnings need it, whatever the locale


class NameKind(StrEnum):
    """What a name is to its feature."""

    standard = "标准名称"
    former = "曾用名"
    alias = "别名"
    short = "简称"
    minority = "少数民族语书写"


class NameProcess(StrEnum):
    """By what a name came to be on record; each process has moves of its own."""

    statutory = "依法命名"
    unit = "行政区划"
    census = "普查登记"
    usage = "民间使用"
    history = "史料记载"


class NameStatus(StrEnum):
    """Where a name stands in its process."""

    unverified = "待核"
    in_force = "现行"
    disused = "停用"
    abolished = "注销"
    rejected = "不予采用"


class NameEventKind(StrEnum):
    """What happens to a name."""

    registered = "登记"
    named = "命名"
    renamed = "更名"
    verified = "核定"
    rejected = "不予采用"
    corrected = "更正"
    disused = "停用"
    abolished = "注销"
    restored = "恢复"


class ShapeRole(StrEnum):
    """What a geometry shows of a feature."""

    point = "点"
    line = "线"
    area = "面"
    extent = "范围"


class RelationKind(StrEnum):
    """How one feature hangs on another: as a part of it, or called after it (派生地名)."""

    part_of = "从属"
    derived = "派生"


class Feature(Base):
    """The lasting identity of a feature. Ids grow with time: an index over millions is filled in order.

    `code` is its place-name code of 20 digits (R-COD-12), never used again. `revision` grows by one with each
    change of anything about it: who edits says which revision he saw. `is_synthetic`: it lies nowhere.
    """

    __tablename__ = "feature"
    __table_args__ = (
        UniqueConstraint("code", info={"conflict": "此地名代码已有其他地理实体使用，代码不得再用"}),
        UniqueConstraint("division_id", info={"conflict": "此行政区划已有地名条目"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str | None]
    division_id: Mapped[UUID | None] = mapped_column(ForeignKey("division.id", **AT_THE_END))
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    is_synthetic: Mapped[bool] = mapped_column(default=False)
    registered_by: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))


class FeatureVersion(Dated, Base):
    """What a feature was for a period.

    `class_code` is its class by GB/T 18521, a prefix code. `division_ids` are the units it lies in, first the
    one it is listed under; more than one where it crosses units (跨政区). `facts` are the fields of the
    census record that have no column, by their Chinese names.
    """

    __tablename__ = "feature_version"
    __table_args__ = (
        no_overlap(
            "feature_id",
            name="ex_feature_version_one_at_a_time",
            conflict="同一地理实体在同一日只能有一份登记内容",
        ),
        Index("ix_feature_version_feature_id", "feature_id"),  # pages are read in its order
        Index("ix_feature_version_division_ids", "division_ids", postgresql_using="gin"),
        Index(
            "ix_feature_version_class_code", "class_code", postgresql_ops={"class_code": "text_pattern_ops"}
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    feature_id: Mapped[UUID] = mapped_column(ForeignKey("feature.id"))
    class_code: Mapped[str]
    division_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class FeatureShape(Dated, Base):
    """Where a feature lies for a period: one geometry in each role, with its epoch, method and accuracy.

    `given` are the coordinates as they were written, in `system`; `surveyed_on` is their epoch.
    """

    __tablename__ = "feature_shape"
    __table_args__ = (
        no_overlap(
            "feature_id",
            "role",
            name="ex_feature_shape_one_at_a_time",
            conflict="同一地理实体在同一日同一种图形只能有一个",
        ),
        Index("ix_feature_shape_feature_id", "feature_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    feature_id: Mapped[UUID] = mapped_column(ForeignKey("feature.id"))
    role: Mapped[str]
    geom: Mapped[Any] = mapped_column(storage_geometry("GEOMETRY"))
    system: Mapped[str]
    given: Mapped[str | None]
    method: Mapped[str | None]
    accuracy_m: Mapped[float | None]
    surveyed_on: Mapped[date | None]


class FeatureRelation(Dated, Base):
    """That a feature is part of another for a period, or called after it."""

    __tablename__ = "feature_relation"
    __table_args__ = (
        no_overlap(
            "feature_id",
            "other_id",
            "kind",
            name="ex_feature_relation_once",
            conflict="同一关系在同一日只能登记一次",
        ),
        CheckConstraint("feature_id <> other_id", name="of_two"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    feature_id: Mapped[UUID] = mapped_column(ForeignKey("feature.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("feature.id"), index=True)
    kind: Mapped[str]


class PlaceName(Dated, Base):
    """A name of a feature, on record for a period. `text` is kept as given, character by character.

    `specific` and `generic` are the parts it was split into by whoever entered it (专名、通名). `reading` is
    its pinyin with tones, one syllable a character, and `reading_source` who says so; `roman` is its spelling
    in Latin letters as registered, which nothing ever overwrites. `used` is what is known of the years it was
    in use, where the period is that of the record (EDTF interval).
    """

    __tablename__ = "place_name"
    __table_args__ = (
        no_overlap(
            "feature_id",
            name="ex_place_name_one_standard_name",
            conflict="同一地理实体在同一日只能有一个标准名称",
            where="kind = '标准名称'",
        ),
        Index("ix_place_name_feature_id", "feature_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    feature_id: Mapped[UUID] = mapped_column(ForeignKey("feature.id"))
    kind: Mapped[str]
    text: Mapped[str]
    specific: Mapped[str | None]
    generic: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="zho", server_default="zho")  # ISO 639-3
    reading: Mapped[str | None]
    reading_source: Mapped[str | None]
    roman: Mapped[str | None]
    roman_source: Mapped[str | None]
    process: Mapped[str]
    status: Mapped[str]
    used: Mapped[str | None]
    note: Mapped[str | None]


class NameEvent(Base):
    """What happened to a name on a day, by which act; `detail` is what was corrected, before and after."""

    __tablename__ = "name_event"
    __table_args__ = (Index("ix_name_event_feature_id", "feature_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    feature_id: Mapped[UUID] = mapped_column(ForeignKey("feature.id"))
    name_id: Mapped[UUID | None] = mapped_column(ForeignKey("place_name.id"))
    kind: Mapped[str]
    on_date: Mapped[date]
    from_status: Mapped[str | None]
    to_status: Mapped[str | None]
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    reason: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sql("'{}'"))


class SoughtName(Base):
    """A name as it is searched, kept from the tables above and told by none: `names reindex` makes it anew.

    The forms are those of `rules/searching/forms.py`; `rank` orders names that match as well, the lowest
    first; `keys` are parts of the name by bands of rank, `lacking` what is left of it without one character.
    They are two indexes, as two are made at once. `feature_valid` is when the feature existed, and
    `sources` are the instruments without which nobody may know of the row. `alone`: the feature has no other.
    """

    __tablename__ = "sought_name"
    __table_args__ = (
        Index("ix_sought_name_feature_id", "feature_id"),
        Index("ix_sought_name_folded", "folded", "rank"),
        Index("ix_sought_name_base", "base", "rank", postgresql_where=sql("base IS NOT NULL")),
        Index("ix_sought_name_pinyin", "pinyin", "rank"),
        Index(
            "ix_sought_name_base_pinyin",
            "base_pinyin",
            "rank",
            postgresql_where=sql("base_pinyin IS NOT NULL"),
        ),
        Index("ix_sought_name_initials", "initials", "rank"),
        Index(
            "ix_sought_name_base_initials",
            "base_initials",
            "rank",
            postgresql_where=sql("base_initials IS NOT NULL"),
        ),
        Index("ix_sought_name_roman", "roman", "rank", postgresql_where=sql("roman IS NOT NULL")),
        Index("ix_sought_name_heavy_pinyin", "pinyin", "rank", postgresql_where=sql("weight >= 60")),
        Index("ix_sought_name_keys", "keys", postgresql_using="gin"),
        Index("ix_sought_name_lacking", "lacking", postgresql_using="gin"),
    )

    name_id: Mapped[UUID] = mapped_column(primary_key=True)
    feature_id: Mapped[UUID]
    name_valid: Mapped[Period] = mapped_column(PeriodColumn)
    feature_valid: Mapped[Period] = mapped_column(PeriodColumn)
    rank: Mapped[int]
    weight: Mapped[int] = mapped_column(SmallInteger)
    alone: Mapped[bool]
    kind: Mapped[str]
    text: Mapped[str]
    folded: Mapped[str] = mapped_column(BY_CODE_POINT)
    base: Mapped[str | None] = mapped_column(BY_CODE_POINT)
    pinyin: Mapped[str] = mapped_column(BY_CODE_POINT)
    base_pinyin: Mapped[str | None] = mapped_column(BY_CODE_POINT)
    tones: Mapped[str] = mapped_column(BY_CODE_POINT)
    initials: Mapped[str] = mapped_column(BY_CODE_POINT)
    base_initials: Mapped[str | None] = mapped_column(BY_CODE_POINT)
    roman: Mapped[str | None] = mapped_column(BY_CODE_POINT)
    class_code: Mapped[str]
    division_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    sources: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    keys: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    lacking: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=sql("'{}'"))
