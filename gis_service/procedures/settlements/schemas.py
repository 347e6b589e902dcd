"""What is sent of settlements, and how they are told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gis_service.foundation.access import Classification
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.registers.instruments.schemas import InstrumentIn

Number = Annotated[str, Field(min_length=1, max_length=200)]
_ACTS: list[InstrumentIn] = Field(default_factory=list, max_length=20, description="尚未登记的文件，随此登记")
_ON: date | None = Field(default=None, description="办结日期；不写则为北京时间今天", examples=["2021-05-20"])


class SettledIn(Stripped):
    """When a line was settled."""

    on: LegalDay | None = _ON


class DoneIn(SettledIn):
    """When a task was done, and by which documents."""

    instruments: list[Number] = Field(default_factory=list, max_length=20, description="所依据文件的文号")
    acts: list[InstrumentIn] = _ACTS
    note: str = Field(default="", max_length=2000, description="说明")


class WhyIn(Stripped):
    """Why a task is not needed, or is to be done again."""

    reason: str = Field(min_length=4, max_length=2000, description="理由", examples=["沿用原界桩，无须另设"])


class ExtendedIn(Stripped):
    """By whose consent, and why, a line may be settled later (区划条例 Art 15)."""

    instrument: Number = Field(description="批准机关同意延期的文件的文号")
    acts: list[InstrumentIn] = _ACTS
    reason: str = Field(min_length=4, max_length=2000, description="理由", examples=["汛期无法外业测量"])


class FiledIn(SettledIn):
    """By which document the agreement was filed."""

    instrument: Number = Field(description="备案文件的文号")
    acts: list[InstrumentIn] = _ACTS


class TaskOut(BaseModel):
    """A task of a settlement as it stands."""

    task: str = Field(description="事项（办理时写在地址里）", examples=["survey"])
    title: str = Field(description="事项名称")
    legal_basis: str = Field(description="依据")
    state: str = Field(description="待办、完成、不需要")
    done_on: date | None = Field(description="办结日期")
    instruments: list[str] = Field(description="所依据文件的文号")
    note: str = Field(description="说明或理由")


class EntryOut(TaskOut):
    """What was recorded of a task, by whom and when."""

    actor: str = Field(description="经办人")
    authority: str = Field(description="机关")
    recorded_at: datetime = Field(description="登记时刻")


class LineCalledOut(BaseModel):
    """A line by its id, code and name."""

    id: str = Field(description="界线的标识")
    code: str = Field(description="界线代码")
    name: str = Field(description="界线名称")


class SettlementSummaryOut(BaseModel):
    """A settlement in a list."""

    number: str = Field(description="编号", examples=["KJ-2020-00001"])
    line: LineCalledOut = Field(description="界线，以变更之日的名称计")
    level: str = Field(description="界线层级", examples=["county"])
    follows: str = Field(description="变更的结果：新定、承接、缩短、终止")
    effective_on: date = Field(description="变更的生效日期")
    due_on: date = Field(description="期限（批准之日起十二个月；同意延期的，再加六个月）")
    overdue: bool = Field(description="是否已逾期；历史变更不作逾期")
    historic: bool = Field(description="是否为历史变更：登记时期限已过")
    state: str = Field(description="状态：open 待定、settled 已定界、filed 已备案、withdrawn 已撤销")
    state_name: str = Field(description="状态（中文）")
    pending: list[str] = Field(description="尚待办理的事项")
    classification: Classification = Field(description="密级")


class SettlementOut(SettlementSummaryOut):
    """A settlement in full."""

    instrument: str = Field(description="变更的批准文件或公告的文号")
    new_km: float = Field(description="新定的长度（千米）")
    inherited_km: float = Field(description="承接的长度（千米）")
    left_km: float = Field(description="划归其他界线的长度（千米）")
    from_lines: list[LineCalledOut] = Field(description="所承接的界线")
    settled_on: date | None = Field(description="定界日期")
    filed_on: date | None = Field(description="备案日期")
    filed_by: str | None = Field(description="备案文件的文号")
    extended_by: str | None = Field(description="同意延期的文件的文号；空表示没有延期")
    extension_reason: str | None = Field(description="延期的理由")
    tasks: list[TaskOut] = Field(description="各事项")
    history: list[EntryOut] = Field(description="办理记录，按先后")


class MovedOut(BaseModel):
    """A settlement after a move, and what was found in making it."""

    settlement: SettlementOut = Field(description="勘界事项")
    findings: list[dict[str, Any]] = Field(description="意见")
