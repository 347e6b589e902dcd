"""What is sent of contingency plans and their drills, and what is told of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gis_service.foundation.access import Classification
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.disputes.models import ExerciseKind
from gis_service.procedures.disputes.schemas.agreements import PaperFile, PeaceLineOut, Short, Words
from gis_service.registers.instruments.schemas import InstrumentIn


class ContactIn(Stripped):
    """Whom to call of a unit."""

    unit: Short = Field(description="单位的代码", examples=["320413"])
    name: Short = Field(description="联系人")
    post: Annotated[str, Field(max_length=200)] = Field(default="", description="职务")
    phone: Annotated[str, Field(max_length=60)] = Field(default="", description="电话")


class ContingencyPlanIn(Stripped):
    """A plan for sudden events on a line; the version before it ends on the day it begins."""

    line: Short = Field(description="界线代码或标识", examples=["3234"])
    title: Annotated[str, Field(max_length=200)] = Field(default="", description="标题；不写则由界线拼成")
    begins_on: LegalDay = Field(description="生效日期", examples=["2024-07-01"])
    contacts: list[ContactIn] = Field(max_length=100, description="双方的联系人")
    steps: list[Words] = Field(max_length=200, description="处置步骤，逐条")
    files: list[PaperFile] = Field(default_factory=list, max_length=50, description="预案文件")
    instrument: Short | None = Field(default=None, description="印发预案的文号")
    acts: list[InstrumentIn] = Field(default_factory=list, max_length=10, description="尚未登记的文件")
    classification: Classification = Field(default=Classification.internal, description="密级：内部、涉密")


class ExerciseIn(Stripped):
    """A drill of a plan, or its review."""

    kind: ExerciseKind = Field(default=ExerciseKind.drill, description="演练、复审")
    on: LegalDay = Field(description="日期", examples=["2025-05-12"])
    words: Words = Field(description="经过")
    attendants: list[Short] = Field(default_factory=list, max_length=200, description="参加者")
    result: Words = Field(description="结果")


class ExerciseOut(BaseModel):
    """A drill or a review that was recorded."""

    ordinal: int = Field(description="第几次")
    kind: str = Field(description="演练、复审")
    held_on: date = Field(description="日期")
    words: str = Field(description="经过")
    attendants: list[str] = Field(description="参加者")
    result: str = Field(description="结果")
    actor: str = Field(description="登记人")
    authority: str = Field(description="登记机关")


class ContingencyPlanOut(BaseModel):
    """A version of a plan as it stands on a day."""

    number: str = Field(description="预案编号", examples=["YA-2024-00001"])
    line: PeaceLineOut = Field(description="界线")
    version: int = Field(description="第几版")
    title: str = Field(description="标题")
    begins_on: date = Field(description="生效日期")
    ended_on: date | None = Field(description="自此日起由新版代替")
    state: str = Field(description="有效、未生效、已由新版代替")
    review_due: date = Field(description="下次复审的期限")
    contacts: list[dict[str, Any]] = Field(description="联系人：单位、姓名、职务、电话")
    steps: list[str] = Field(description="处置步骤")
    files: list[dict[str, Any]] = Field(description="预案文件：文件名、内容摘要")
    instrument: str | None = Field(description="印发预案的文号")
    exercises: list[ExerciseOut] = Field(description="演练和复审，按先后")
    classification: Classification = Field(description="密级")
    actor: str = Field(description="登记人")
    authority: str = Field(description="登记机关")
    recorded_at: datetime = Field(description="登记时刻")


class KeptPlanOut(BaseModel):
    """A plan after something was written, and what was found."""

    plan: ContingencyPlanOut = Field(description="预案")
    findings: list[dict[str, Any]] = Field(description="意见")
