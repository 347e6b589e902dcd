"""What comes out of the register of place names."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from gis_service.foundation.access import Classification

_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
Geometry = Annotated[
    dict[str, Any], WithJsonSchema({"type": "object", "properties": {"type": {"enum": list(_TYPES)}}})
]
_FROM = "起始日（含）"
_TO = "终止日（不含）；空表示至今有效"


class MinorityNameOut(BaseModel):
    """A name in the writing of a minority."""

    language: str = Field(description="语种（ISO 639-3）", examples=["uig"])
    text: str = Field(description="书写")
    roman: str | None = Field(description="罗马字母拼写")


class PlaceNameOut(BaseModel):
    """A feature with its names on a day: one flat record."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    id: UUID = Field(description="地理实体的长久标识")
    revision: int = Field(description="改动的次序号；改动时须写明所见的次序号", examples=[1])
    code: str | None = Field(description="20 位地名代码；空表示没有", examples=["32010200022200000001"])
    name: str | None = Field(description="标准名称；空表示当日没有", examples=["夫子庙"])
    name_id: UUID | None = Field(description="标准名称的标识")
    specific: str | None = Field(description="专名")
    generic: str | None = Field(description="通名")
    roman: str | None = Field(description="登记的罗马字母拼写")
    reading: str | None = Field(description="登记的读音")
    class_: str = Field(
        description="地名类别代码",
        examples=["22200"],
        serialization_alias="class",
        validation_alias="class_code",
    )
    division: str | None = Field(description="当日所列单位的代码", examples=["320102"])
    divisions: list[str] = Field(description="所在（跨）单位的代码，首个为所列单位")
    former: list[str] = Field(description="曾用名，由早到晚")
    aliases: list[str] = Field(description="别名")
    short: list[str] = Field(description="简称")
    minority: list[MinorityNameOut] = Field(description="少数民族语书写")
    status: str | None = Field(description="标准名称当日的状态", examples=["现行"])
    process: str | None = Field(description="标准名称的来源", examples=["普查登记"])
    lon: float | None = Field(description="代表点的经度（度，CGCS2000）；空表示没有图形")
    lat: float | None = Field(description="代表点的纬度（度，CGCS2000）")
    geometry: Geometry | None = Field(description="图形（GeoJSON）；空表示没有")
    role: str | None = Field(description="图形是点、线、面还是范围", examples=["点"])
    accuracy_m: float | None = Field(description="精度（米）")
    method: str | None = Field(description="测量方法", examples=["实测"])
    surveyed_on: date | None = Field(description="测量日期")
    facts: dict[str, Any] = Field(description="普查记录的其他字段，以字段的中文名为键")
    synthetic: bool = Field(description="是否为合成示例，并非真实地名")
    valid_from: date = Field(description=_FROM)
    valid_to: date | None = Field(description=_TO)


class NameOut(BaseModel):
    """One name of a feature and its period."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="名称的标识")
    kind: str = Field(description="标准名称、曾用名、别名、简称或少数民族语书写")
    text: str = Field(description="名称，逐字照登记")
    specific: str | None = Field(description="专名")
    generic: str | None = Field(description="通名")
    language: str = Field(description="语种（ISO 639-3）", examples=["zho"])
    reading: str | None = Field(description="读音")
    reading_source: str | None = Field(description="读音的依据")
    roman: str | None = Field(description="罗马字母拼写")
    roman_source: str | None = Field(description="拼写的依据")
    process: str = Field(description="来源")
    status: str = Field(description="现在的状态")
    used: str | None = Field(description="所知的使用年代（EDTF）")
    note: str | None = Field(description="备注")
    valid_from: date = Field(description=_FROM)
    valid_to: date | None = Field(description=_TO)
    begun_by: str | None = Field(description="起始所依据文件的文号")
    ended_by: str | None = Field(description="终止所依据文件的文号")


class StatementOut(BaseModel):
    """What a feature was for a period."""

    class_: str = Field(description="地名类别代码", serialization_alias="class")
    divisions: list[str] = Field(description="所在（跨）单位的代码")
    facts: dict[str, Any] = Field(description="普查记录的其他字段")
    valid_from: date = Field(description=_FROM)
    valid_to: date | None = Field(description=_TO)
    begun_by: str | None = Field(description="起始所依据文件的文号")
    ended_by: str | None = Field(description="终止所依据文件的文号")


class ShapeOut(BaseModel):
    """Where a feature lay for a period."""

    role: str = Field(description="点、线、面或范围")
    geometry: Geometry = Field(description="图形（GeoJSON）")
    system: str = Field(description="原坐标系")
    given: str | None = Field(description="坐标的原始写法")
    method: str | None = Field(description="测量方法")
    accuracy_m: float | None = Field(description="精度（米）")
    surveyed_on: date | None = Field(description="测量日期")
    valid_from: date = Field(description=_FROM)
    valid_to: date | None = Field(description=_TO)
    begun_by: str | None = Field(description="起始所依据文件的文号")
    ended_by: str | None = Field(description="终止所依据文件的文号")


class NameEventOut(BaseModel):
    """What happened to a name."""

    kind: str = Field(description="事项", examples=["更名"])
    on: date = Field(description="日期")
    name_id: UUID | None = Field(description="名称的标识")
    name: str | None = Field(description="名称")
    from_status: str | None = Field(description="原状态")
    to_status: str | None = Field(description="新状态")
    instrument: str | None = Field(description="依据文件的文号")
    reason: str | None = Field(description="理由")
    detail: dict[str, Any] = Field(description="更正的字段：原值和新值")


class RelationOut(BaseModel):
    """How one feature hangs on another."""

    kind: str = Field(description="从属或派生", examples=["派生"])
    id: UUID = Field(description="从属者、派生者的标识")
    name: str | None = Field(description="从属者、派生者的名称")
    of_id: UUID = Field(description="所从属、所由派生者的标识")
    of_name: str | None = Field(description="所从属、所由派生者的名称")
    valid_from: date = Field(description=_FROM)
    valid_to: date | None = Field(description=_TO)
    begun_by: str | None = Field(description="起始所依据文件的文号")
    ended_by: str | None = Field(description="终止所依据文件的文号")


class PlaceNameDetailOut(PlaceNameOut):
    """A feature on a day, with every name it has then."""

    names: list[NameOut] = Field(description="当日的全部名称")
    relations: list[RelationOut] = Field(description="当日的从属和派生关系")


class PlaceNameHistoryOut(BaseModel):
    """Everything that was ever registered of a feature."""

    id: UUID = Field(description="地理实体的长久标识")
    code: str | None = Field(description="20 位地名代码")
    revision: int = Field(description="改动的次序号")
    division: UUID | None = Field(description="所即行政区划的标识；空表示不是行政区划")
    registered_by: str | None = Field(description="登记所依据文件的文号")
    names: list[NameOut] = Field(description="历来的名称，由早到晚")
    versions: list[StatementOut] = Field(description="历来的类别、所在单位和其他字段")
    shapes: list[ShapeOut] = Field(description="历来的图形")
    events: list[NameEventOut] = Field(description="名称所经的事项，由早到晚")
    relations: list[RelationOut] = Field(description="历来的从属和派生关系")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])


class DerivedOut(PlaceNameOut):
    """A feature that is called after another."""

    steps: int = Field(description="隔几层：1 为直接由其派生", examples=[1])


class DerivedNamesOut(BaseModel):
    """派生地名: what a change of a name would touch."""

    on: date = Field(description="本答复所依据的日期")
    id: UUID = Field(description="所由派生者的标识")
    items: list[DerivedOut] = Field(description="派生地名，先近后远")


class FeatureClassOut(BaseModel):
    """A class of features."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="地名类别代码（前缀）", examples=["22200"])
    name: str = Field(description="类别", examples=["农村居民点"])
    mark: str = Field(description="出处的把握：V 核对原文，P 转引，D 由公开数据归纳，M 凭记忆")
    source: str = Field(description="出处")


class FeatureClassesOut(BaseModel):
    """The table of classes."""

    statement: str = Field(description="使用须知")
    items: list[FeatureClassOut] = Field(description="类别，按代码排列")
