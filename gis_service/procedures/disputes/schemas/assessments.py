"""What is sent of yearly assessments, and what is told of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gis_service.foundation.access import Classification
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.disputes.schemas.agreements import PeaceLineOut, Short

Reason = Annotated[str, Field(max_length=2000)]
_ITEMS: str | None = Field(
    default=None, max_length=200_000, description="考核项目（TOML）；不写则用本系统的项目"
)


class PointsIn(Stripped):
    """The points an assessor gives for an item, and why, where they are not those proposed."""

    points: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = Field(description="分值")
    reason: Reason = Field(default="", description="理由")


class VetoIn(Stripped):
    """Whether something that fails the year was the case, and how the assessor knows."""

    held: bool = Field(description="是否有此情形")
    reason: Reason = Field(default="", description="理由")


class PeaceAssessmentIn(Stripped):
    """How a side kept the peace on a line in a year; what is not said stays as proposed."""

    line: Short = Field(description="界线代码或标识", examples=["3234"])
    side: Short = Field(description="被考核一侧的代码", examples=["320000"])
    year: int = Field(ge=2000, le=2999, description="年度", examples=[2025])
    points: dict[str, PointsIn] = Field(
        default_factory=dict, max_length=100, description="改动的分值，按项目"
    )
    vetoes: dict[str, VetoIn] = Field(
        default_factory=dict, max_length=100, description="改动的否决项，按项目"
    )
    items: str | None = _ITEMS
    correction: Reason = Field(default="", description="更正已签署的考核的理由")


class PeaceItemOut(BaseModel):
    """An item with its points."""

    id: str = Field(description="项目")
    title: str = Field(description="项目名称")
    full: float = Field(description="满分")
    proposed: float | None = Field(description="按登记所拟的分值；须由考核人评定的为空")
    points: float | None = Field(description="评定的分值")
    evidence: list[str] = Field(description="依据的登记事项")
    reason: str = Field(description="改动的理由")


class PeaceVetoOut(BaseModel):
    """Something that fails the year, and whether it was the case."""

    id: str = Field(description="否决项")
    title: str = Field(description="否决项名称")
    proposed: bool = Field(description="按登记是否有此情形")
    held: bool = Field(description="评定为有此情形")
    evidence: list[str] = Field(description="依据的登记事项")
    reason: str = Field(description="改动的理由")


class PeaceSheetOut(BaseModel):
    """The sheet of a side: what is proposed, or what was assessed."""

    line: PeaceLineOut = Field(description="界线")
    side: str = Field(description="被考核一侧的代码")
    side_name: str = Field(description="被考核一侧的名称")
    year: int = Field(description="年度")
    as_of: date = Field(description="登记事项算到此日")
    catalogue: dict[str, Any] = Field(description="考核项目的版本、来源、可靠程度、满分")
    items: list[PeaceItemOut] = Field(description="各项目")
    vetoes: list[PeaceVetoOut] = Field(description="一票否决的各项")
    points: float = Field(description="总分")
    grade: str = Field(description="等次")
    classification: Classification = Field(description="密级")


class PeaceAssessmentOut(PeaceSheetOut):
    """An assessment that is kept."""

    number: str = Field(description="考核编号", examples=["KH-2025-00001"])
    version: int = Field(description="第几版")
    state: str = Field(description="草拟、已签署、已由新版代替")
    correction: str | None = Field(description="更正的理由")
    signed_on: date | None = Field(description="签署日期")
    signed_by: str | None = Field(description="签署人和机关")
    actor: str = Field(description="登记人")
    authority: str = Field(description="登记机关")
    recorded_at: datetime = Field(description="登记时刻")


class KeptAssessmentOut(BaseModel):
    """An assessment after it was written, and what was found."""

    assessment: PeaceAssessmentOut = Field(description="考核")
    findings: list[dict[str, Any]] = Field(description="意见")


class PeaceProposalOut(BaseModel):
    """What the registers propose for a side, and what is to be said of it."""

    sheet: PeaceSheetOut = Field(description="所拟的考核表")
    findings: list[dict[str, Any]] = Field(description="意见")
