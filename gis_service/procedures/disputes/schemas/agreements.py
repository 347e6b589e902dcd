"""What is sent of agreements to keep the peace, and what is told of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from gis_service.foundation.access import Classification
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.registers.instruments.schemas import InstrumentIn

Short = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(min_length=1, max_length=2000)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PaperFile(Stripped):
    """A file by what it is called and the hash of its content."""

    name: Short = Field(description="文件名")
    sha256: Digest = Field(description="内容摘要（SHA-256）")


class PeaceAgreementIn(Stripped):
    """An agreement both sides signed; without a term it runs as long as is usual."""

    line: Short = Field(description="界线代码或标识", examples=["3234"])
    kind: Short = Field(default="平安边界协议书", description="种类：平安边界协议书、睦邻友好公约")
    title: Annotated[str, Field(max_length=200)] = Field(
        default="", description="标题；不写则由界线和种类拼成"
    )
    signers: list[Short] = Field(min_length=1, max_length=20, description="签订单位的代码，双方都要有")
    signed_on: LegalDay = Field(description="签订日期", examples=["2024-06-18"])
    begins_on: LegalDay | None = Field(default=None, description="生效日期；不写则同签订日期")
    expires_on: LegalDay | None = Field(
        default=None, description="有效期的最后一日；不写则按年数或通行的期限"
    )
    years: Annotated[int, Field(ge=1, le=50)] | None = Field(default=None, description="期限的年数")
    duties: list[Words] = Field(default_factory=list, max_length=100, description="双方的责任，逐条")
    files: list[PaperFile] = Field(default_factory=list, max_length=50, description="协议文件")
    instrument: Short = Field(description="协议书的文号或名称")
    acts: list[InstrumentIn] = Field(default_factory=list, max_length=10, description="尚未登记的文件")
    renews: Short | None = Field(default=None, description="所续协议的编号", examples=["XY-2021-00001"])
    classification: Classification = Field(default=Classification.internal, description="密级")


class PeaceEndIn(Stripped):
    """From which day an agreement no longer holds, and why."""

    on: LegalDay = Field(description="自此日起不再有效", examples=["2025-01-01"])
    reason: str = Field(min_length=4, max_length=2000, description="理由", examples=["界线因区划变更终止"])


class PeaceLineOut(BaseModel):
    """A line by its id, code and name."""

    id: UUID = Field(description="界线的标识")
    code: str = Field(description="界线代码")
    name: str = Field(description="界线名称")


class PeaceAgreementOut(BaseModel):
    """An agreement as it stands on a day."""

    number: str = Field(description="协议编号", examples=["XY-2024-00001"])
    kind: str = Field(description="种类")
    title: str = Field(description="标题")
    line: PeaceLineOut = Field(description="界线")
    signers: list[dict[str, Any]] = Field(description="签订单位：代码、名称、所属一侧的代码")
    signed_on: date = Field(description="签订日期")
    begins_on: date = Field(description="生效日期")
    expires_on: date = Field(description="有效期的最后一日")
    state: str = Field(description="有效、未生效、已到期、已续签、已终止")
    days_left: int | None = Field(description="距到期的天数；不在有效期内的为空")
    duties: list[str] = Field(description="双方的责任")
    files: list[dict[str, Any]] = Field(description="协议文件：文件名、内容摘要")
    instrument: str | None = Field(description="协议书的文号或名称")
    renews: str | None = Field(description="所续协议的编号")
    renewed_by: str | None = Field(description="续签的协议的编号")
    ended_on: date | None = Field(description="自此日起不再有效")
    end_reason: str | None = Field(description="终止的理由")
    classification: Classification = Field(description="密级")
    actor: str = Field(description="登记人")
    authority: str = Field(description="登记机关")
    recorded_at: datetime = Field(description="登记时刻")


class KeptAgreementOut(BaseModel):
    """An agreement after it was written, and what was found."""

    agreement: PeaceAgreementOut = Field(description="协议")
    findings: list[dict[str, Any]] = Field(description="意见")


class PeaceDueOut(BaseModel):
    """Something that falls due on a line."""

    due_on: date = Field(description="期限")
    overdue: bool = Field(description="是否已逾期")
    kind: str = Field(description="协议到期、议定事项、预案复审")
    number: str = Field(description="协议、会议或预案的编号")
    ordinal: int | None = Field(description="第几项议定事项")
    lines: list[str] = Field(description="界线名称")
    what: str = Field(description="事项")
    responsible: str | None = Field(description="责任单位的代码")
    classification: Classification = Field(description="密级")

    @property
    def key(self) -> str:
        """What the list is ordered by."""
        return f"{self.due_on}.{self.number}.{self.ordinal or 0:03d}"


class WithoutAgreementOut(BaseModel):
    """A line that has no agreement on a day."""

    line: PeaceLineOut = Field(description="界线")
    level: str = Field(description="界线层级", examples=["county"])
    last: str | None = Field(description="最近一份已失效的协议的编号")
    lapsed_on: date | None = Field(description="自此日起没有协议")

    @property
    def key(self) -> str:
        """What the list is ordered by."""
        return f"{self.line.code}.{self.line.id}"
