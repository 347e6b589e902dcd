"""What is sent of resurveys, and how they are told."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from gis_service.foundation.access import Classification
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.resurveys.rules import Cause
from gis_service.registers.instruments.schemas import InstrumentIn

PaperNumber = Annotated[str, Field(min_length=1, max_length=200)]
Metres = Annotated[float, Field(ge=0, le=100_000_000)]
_ACTS: list[InstrumentIn] = Field(default_factory=list, max_length=20, description="尚未登记的文件，随此登记")


class ResurveyIn(Stripped):
    """That a stretch of a line is to be surveyed anew, and by which report this is known."""

    line: str = Field(min_length=1, max_length=60, description="界线的代码或标识", examples=["3234"])
    cause: Cause = Field(
        description="缘由：indicator 指示物变化、watercourse 河流改道、road 道路改线、disaster 自然灾害"
    )
    object_name: str = Field(default="", max_length=200, description="所变之物的名称", examples=["秦淮河"])
    object_id: UUID | None = Field(default=None, description="指示物的标识，见界线的指示物")
    from_m: Metres | None = Field(default=None, description="起点里程（米）；不写则为全线")
    to_m: Metres | None = Field(default=None, description="终点里程（米）")
    instrument: PaperNumber = Field(description="据以开立的报告或通知的文号")
    acts: list[InstrumentIn] = _ACTS
    found_on: LegalDay = Field(description="发现的日期", examples=["2021-07-20"])
    due_on: LegalDay | None = Field(default=None, description="应完成的日期；法律没有规定日数")
    note: str = Field(default="", max_length=2000, description="说明")


class ResurveyedIn(Stripped):
    """What a resurvey came to, and by which documents."""

    instrument: PaperNumber = Field(description="修测成果的文号")
    filing: PaperNumber | None = Field(default=None, description="备案文件的文号")
    acts: list[InstrumentIn] = _ACTS
    on: LegalDay | None = Field(default=None, description="完成日期；不写则为北京时间今天")
    outcome: str = Field(min_length=4, max_length=2000, description="结论", examples=["界线不随河道移动"])


class ResurveyWithdrawnIn(Stripped):
    """Why nothing is to be surveyed."""

    reason: str = Field(min_length=4, max_length=2000, description="理由", examples=["经核对河道没有变化"])


class ResurveyOut(BaseModel):
    """A resurvey."""

    number: str = Field(description="编号", examples=["XC-2021-00001"])
    line_id: UUID = Field(description="界线的标识")
    line_code: str = Field(description="界线代码，以开立之日计", examples=["3234"])
    line_name: str = Field(description="界线名称，以开立之日计", examples=["苏皖线"])
    level: str = Field(description="界线层级", examples=["province"])
    from_m: float | None = Field(description="起点里程（米）；空表示全线")
    to_m: float | None = Field(description="终点里程（米）；空表示全线")
    cause: Cause = Field(description="缘由")
    cause_title: str = Field(description="缘由（中文）", examples=["河流改道"])
    legal_basis: str = Field(description="依据")
    object_id: UUID | None = Field(description="指示物的标识；空表示不是在册的指示物")
    object_name: str = Field(description="所变之物的名称")
    note: str = Field(description="说明")
    instrument: str | None = Field(description="据以开立的文件的文号")
    found_on: date = Field(description="发现的日期")
    due_on: date | None = Field(description="应完成的日期；空表示没有规定")
    overdue: bool = Field(description="是否已逾期")
    state: str = Field(description="状态：open 待修测、done 已修测、withdrawn 已撤回")
    state_name: str = Field(description="状态（中文）")
    ended_on: date | None = Field(description="完成或撤回的日期")
    outcome: str | None = Field(description="结论或撤回的理由")
    done_by: str | None = Field(description="修测成果的文号")
    filed_by: str | None = Field(description="备案文件的文号")
    classification: Classification = Field(description="密级")


class ResurveyMovedOut(BaseModel):
    """A resurvey after a move, and what was found in making it."""

    resurvey: ResurveyOut = Field(description="修测任务")
    findings: list[dict[str, Any]] = Field(description="意见")
