"""What comes out of the register of boundaries."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import Classification
from gis_service.registers.divisions.schemas import DivisionOut, UnitOut, VersionOut


class UnitOnGroundOut(VersionOut):
    """A unit on a day with its area."""

    area_km2: float | None = Field(
        description="面积（平方千米，CGCS2000 椭球面）；空表示没有范围数据", examples=[100.25]
    )


class DivisionOnGroundOut(DivisionOut, UnitOnGroundOut):
    """A unit on a day with everything about it, its area included."""


class StretchOut(BaseModel):
    """How a line runs between two lowest-level units."""

    model_config = ConfigDict(from_attributes=True)

    low: str = Field(description="代码较小一侧的最低级单位", examples=["320102"])
    high: str = Field(description="代码较大一侧的最低级单位", examples=["340103"])
    length_km: float = Field(description="长度（千米，椭球面）", examples=[12.345])


class LineOut(BaseModel):
    """A boundary line on a day."""

    id: UUID = Field(description="界线的标识")
    code: str = Field(description="界线代码（GB/T 17796）；县级界线的代码可能重复", examples=["3234"])
    name: str = Field(description="界线名称", examples=["苏皖线"])
    level: str = Field(description="界线层级：province、prefecture、county、township", examples=["province"])
    sides: list[UnitOut] = Field(description="两侧单位，代码较小者在前")
    length_km: float | None = Field(
        description="长度（千米，椭球面）；空表示不能示明（界线的一部分不在读者可知的范围内）",
        examples=[1125.0],
    )
    stretches: list[StretchOut] = Field(
        description="逐对最低级单位之间的各段，代码升序；不能示明长度时一段也不列"
    )
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])
    valid_from: date = Field(description="起始日（含）")
    valid_to: date | None = Field(description="终止日（不含）；空表示至今有效")


class BorderOut(BaseModel):
    """What lies between any two units on a day."""

    one: UnitOut = Field(description="一方单位")
    other: UnitOut = Field(description="另一方单位")
    touching: bool | None = Field(description="两单位是否沿线相接（仅相交于一点不算）；空表示不能示明")
    length_km: float | None = Field(
        description="公共边界长度（千米，椭球面）；空表示不能示明（边界的一部分不在读者可知的范围内）"
    )
    stretches: list[StretchOut] = Field(
        description="逐对最低级单位之间的各段，代码升序；不能示明长度时一段也不列"
    )
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])


class EdgeOut(BaseModel):
    """A stretch of border stored once, as it served on a day. Left and right follow its direction."""

    model_config = ConfigDict(from_attributes=True)

    left: str | None = Field(description="左侧最低级单位的代码；空表示当日没有登记单位")
    right: str | None = Field(description="右侧最低级单位的代码；空表示当日没有登记单位")
    legal_state: str = Field(description="法律状态：已定界、未定界、争议、习惯线、未说明")
    length_m: float = Field(description="长度（米，椭球面）")
    accuracy_m: float | None = Field(description="来源声明的点位精度（米）；空表示未知")
    source: str = Field(description="来源文件的文号或数据集名")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])
