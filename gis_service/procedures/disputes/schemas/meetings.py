"""What is sent of joint meetings, and what is told of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from gis_service.foundation.access import Classification
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.disputes.schemas.agreements import Digest, PeaceLineOut, Short, Words
from gis_service.registers.instruments.schemas import InstrumentIn


class ResolutionIn(Stripped):
    """What was resolved, who is to do it and by when."""

    words: Words = Field(description="议定事项")
    responsible: Short = Field(description="责任单位的代码", examples=["320413"])
    due_on: LegalDay = Field(description="期限", examples=["2025-06-30"])


class JointMeetingIn(Stripped):
    """A joint meeting on one line or several."""

    lines: list[Short] = Field(min_length=1, max_length=50, description="所涉界线的代码或标识")
    held_on: LegalDay = Field(description="会议日期", examples=["2025-03-20"])
    place: Short = Field(description="地点")
    convener: Short = Field(description="召集单位的代码", examples=["320413"])
    attendants: list[Short] = Field(min_length=1, max_length=200, description="参加者")
    matters: list[Words] = Field(min_length=1, max_length=100, description="议题")
    resolutions: list[ResolutionIn] = Field(default_factory=list, max_length=100, description="议定事项")
    cases: list[Short] = Field(default_factory=list, max_length=100, description="所议隐患纠纷的案号")
    minutes_sha256: Digest | None = Field(default=None, description="会议纪要的内容摘要（SHA-256）")
    instrument: Short | None = Field(default=None, description="会议纪要的文号")
    acts: list[InstrumentIn] = Field(default_factory=list, max_length=10, description="尚未登记的文件")
    classification: Classification = Field(default=Classification.internal, description="密级")


class ResolutionDoneIn(Stripped):
    """When a resolution was done, and how."""

    on: LegalDay = Field(description="办结日期", examples=["2025-06-10"])
    words: Words = Field(description="办理结果")


class ResolutionOut(BaseModel):
    """A resolution as it stands on a day."""

    ordinal: int = Field(description="第几项")
    words: str = Field(description="议定事项")
    responsible: str = Field(description="责任单位的代码")
    responsible_name: str = Field(description="责任单位的名称")
    due_on: date = Field(description="期限")
    done_on: date | None = Field(description="办结日期")
    done_words: str | None = Field(description="办理结果")
    overdue: bool = Field(description="是否已逾期")


class JointMeetingOut(BaseModel):
    """A meeting with what it resolved."""

    number: str = Field(description="会议编号", examples=["LX-2025-00001"])
    lines: list[PeaceLineOut] = Field(description="所涉界线")
    held_on: date = Field(description="会议日期")
    place: str = Field(description="地点")
    convener: str = Field(description="召集单位的代码")
    convener_name: str = Field(description="召集单位的名称")
    attendants: list[str] = Field(description="参加者")
    matters: list[str] = Field(description="议题")
    resolutions: list[ResolutionOut] = Field(description="议定事项")
    cases: list[str] = Field(description="所议隐患纠纷的案号")
    minutes_sha256: str | None = Field(description="会议纪要的内容摘要")
    instrument: str | None = Field(description="会议纪要的文号")
    classification: Classification = Field(description="密级")
    actor: str = Field(description="登记人")
    authority: str = Field(description="登记机关")
    recorded_at: datetime = Field(description="登记时刻")


class KeptMeetingOut(BaseModel):
    """A meeting after it was written, and what was found."""

    meeting: JointMeetingOut = Field(description="会议")
    findings: list[dict[str, Any]] = Field(description="意见")
