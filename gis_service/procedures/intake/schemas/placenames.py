"""The flat record of a place name as programs send it, and what a batch of them comes to."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)

from gis_service.foundation.geojson import geometry_schema
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.intake.rules.placenames import NameChange
from gis_service.registers.instruments.schemas import InstrumentIn

MOST_RECORDS = 100_000

PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"  # without control characters
Words = Annotated[str, Field(max_length=200, pattern=PLAIN)]
Code = Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9]*$")]
Several = Annotated[list[Words], Field(max_length=100)]
Paper = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]
FactName = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]
FactText = Annotated[str, Field(max_length=20_000, pattern=PLAIN)]
Fact = FactText | StrictInt | StrictFloat | StrictBool | None | list[FactText]
Number = Annotated[float, Field(strict=True)]
_KINDS = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


def _is_geometry(value: dict[str, Any]) -> dict[str, Any]:
    """A kind and numbers in lists; what cannot be drawn of them is told with its row."""
    if value.keys() != {"type", "coordinates"} or value["type"] not in _KINDS:
        raise ValueError(f"须为 GeoJSON 图形：type（{'、'.join(_KINDS)}）和 coordinates")
    if not isinstance(value["coordinates"], list) or not _are_numbers(value["coordinates"], 4):
        raise ValueError("coordinates 须为数的列表")
    return value


def _are_numbers(values: list[Any], depth: int) -> bool:
    return all(
        _are_numbers(each, depth - 1)
        if isinstance(each, list) and depth > 1
        else isinstance(each, int | float) and not isinstance(each, bool)
        for each in values
    )


Geometry = Annotated[dict[str, Any], AfterValidator(_is_geometry), WithJsonSchema(geometry_schema(_KINDS))]


class MinorityNameIn(Stripped):
    """A name written in a minority language."""

    language: str = Field(
        default="und",
        max_length=20,
        pattern=PLAIN,
        description="语种（ISO 639-3 或中文名）",
        examples=["bod"],
    )
    text: str = Field(min_length=1, max_length=200, description="书写", examples=["བོད་"])
    roman: Words | None = Field(default=None, description="罗马字母拼写")


class PlaceNameRecord(BaseModel):
    """One feature with its names. What is left out, or null, stays as it is on record.

    Lists of names are whole where they are given: a name that is not in the list any more is disused.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: UUID | None = Field(default=None, description="地理实体的标识；没有即为新的，或按代码、名称等对应")
    revision: int | None = Field(
        default=None, strict=True, ge=1, description="所见的修订号；登记簿已有改动的不予写入"
    )
    code: Code | None = Field(default=None, description="地名代码（20位）")
    name: str = Field(default="", max_length=200, pattern=PLAIN, description="标准名称", examples=["周庄"])
    name_id: UUID | None = Field(default=None, description="标准名称的标识")
    specific: Words | None = Field(default=None, description="专名")
    generic: Words | None = Field(default=None, description="通名")
    roman: Words | None = Field(default=None, description="罗马字母拼写；没有的由程序计算")
    reading: Words | None = Field(default=None, description="读音，逐字注音，带声调")
    class_: Code | None = Field(default=None, alias="class", description="地名类别代码", examples=["22200"])
    division: Words | None = Field(default=None, description="列于其下的单位的代码", examples=["320102"])
    divisions: Several | None = Field(default=None, description="所在（跨）各单位的代码")
    former: Several | None = Field(default=None, description="曾用名")
    aliases: Several | None = Field(default=None, description="别名")
    short: Several | None = Field(default=None, description="简称")
    minority: list[MinorityNameIn] | None = Field(default=None, max_length=20, description="少数民族语书写")
    status: Words | None = Field(default=None, description="标准名称的状态：现行、待核")
    process: Words | None = Field(default=None, description="来源：依法命名、普查登记")
    lon: Number | None = Field(default=None, ge=-180, le=180, description="经度（CGCS2000）")
    lat: Number | None = Field(default=None, ge=-90, le=90, description="纬度（CGCS2000）")
    geometry: Geometry | None = Field(default=None, description="图形（GeoJSON，CGCS2000）；先于经纬度")
    role: Words | None = Field(default=None, description="图形种类：点、线、面、范围")
    accuracy_m: Number | None = Field(default=None, ge=0, description="精度（米）")
    method: Words | None = Field(default=None, description="测量方法")
    surveyed_on: LegalDay | None = Field(default=None, description="测量日期")
    facts: dict[FactName, Fact] = Field(
        default_factory=dict,
        description="普查登记的其他项目，按中文项名",
        json_schema_extra={"additionalProperties": False},
    )
    synthetic: bool = Field(default=False, strict=True, description="是否合成数据")
    change: NameChange | None = Field(default=None, description="与登记不同的名称：rename 更名、correct 更正")
    end: bool = Field(default=False, strict=True, description="是否注销")
    reason: Words | None = Field(default=None, description="理由")
    valid_from: LegalDay | None = Field(default=None, description="读出时的登记起始日；写入时不计")
    valid_to: LegalDay | None = Field(default=None, description="读出时的终止日；写入时不计")


class BatchIn(Stripped):
    """Records to be entered or changed from a day on, by an act."""

    instrument: Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)] | InstrumentIn | None = (
        Field(default=None, description="依据：已登记文件的文号，或要登记的文件；没有则登记为数据集")
    )
    on: LegalDay = Field(description="自何日起", examples=["2026-01-01"])
    change: NameChange | None = Field(default=None, description="各条没有写明时，名称不同是更名还是更正")
    partial: bool = Field(
        default=False, strict=True, description="不合格的各条不写入，只写入其余；默认一条不合格即全不写入"
    )
    source: str = Field(default="成批提交", min_length=1, max_length=200, description="来源的名称")
    records: list[PlaceNameRecord] = Field(max_length=MOST_RECORDS, description="各条；第一条为第 1 行")


class RecordFindingOut(BaseModel):
    """One thing found about one record."""

    row: int | None = Field(description="第几条；空为全体")
    column: str | None = Field(description="哪一项")
    rule: str = Field(description="规则编号")
    severity: Literal["blocking", "warning", "info"] = Field(description="程度")
    subject: str = Field(description="所指的地名")
    message: str = Field(description="问题所在")
    suggestion: str = Field(description="建议")


class RecordConflictOut(BaseModel):
    """A feature that somebody else changed since it was seen."""

    row: int = Field(description="第几条")
    id: UUID = Field(description="地理实体的标识")
    name: str = Field(description="登记簿现在的标准名称")
    seen: int = Field(description="所见的修订号")
    revision: int = Field(description="登记簿现在的修订号")


class BatchReportOut(BaseModel):
    """What a batch came to, or would come to."""

    rows: int = Field(description="共几条")
    entered: int = Field(description="新登记")
    changed: int = Field(description="有改动")
    unchanged: int = Field(description="无改动")
    ended: int = Field(description="注销")
    left: int = Field(description="不合格，未写入")
    known: bool = Field(description="同样的内容已提交过，没有改动")
    blocking: bool = Field(description="是否有阻断意见")
    findings: list[RecordFindingOut] = Field(description="意见，逐条")
    conflicts: list[RecordConflictOut] = Field(description="已由他人改动的")
