"""What is sent to lead a case: mediation, moves, a decision, a withdrawal, a revision."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.disputes.schemas.cases import Short, Words
from gis_service.registers.boundaries.models import LegalState
from gis_service.registers.instruments.schemas import InstrumentIn

Account = Annotated[str, Field(min_length=1, max_length=4000)]


class WithdrawalIn(Stripped):
    """That a case was entered by mistake."""

    taken_on: LegalDay = Field(description="日期", examples=["2020-06-05"])
    words: Account = Field(description="事由或经过")


class _ByAct(WithdrawalIn):
    """By which act; those not yet registered are registered with it."""

    instrument: Short | None = Field(default=None, description="所据文件的文号，如调解协议书、裁决决定")
    acts: list[InstrumentIn] = Field(default_factory=list, max_length=10, description="尚未登记的文件")


class _Attended(_ByAct):
    attendants: list[Short] = Field(default_factory=list, max_length=100, description="参加者")
    agreed: bool | None = Field(default=None, description="是否达成一致")
    minutes_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = Field(
        default=None, description="会议纪要的内容摘要"
    )


class _Closing(_ByAct):
    result: Words = Field(default="", description="结果")


class DisputeDecisionIn(_Closing):
    """A decision of the approver; claims to a section end by it where it says so."""

    section: Short | None = Field(default=None, description="裁决所终止的主张线的争议段名称")
    legal_state: LegalState | None = Field(default=None, description="裁决后该段的法律状态")


class StepIn(_Attended, DisputeDecisionIn):
    """Whatever a step may hold: what is sent for one kind of step is one of these."""


class MediationIn(_Attended):
    """A step of mediation."""

    kind: Short = Field(default="会议", description="会议、踏勘、协商等")

    def as_step(self) -> StepIn:
        """The step it is."""
        return StepIn.model_validate(self.model_dump(exclude={"kind"}))


class Target(StrEnum):
    """Where a case may be led without a decision."""

    resolved = "化解"
    referred = "报请裁决"
    recurred = "复发"


class DisputeMoveIn(_Closing):
    """A move of a case."""

    to: Target = Field(description="化解（须有结果）、报请裁决、复发")

    def as_step(self) -> StepIn:
        """The step it is."""
        return StepIn.model_validate(self.model_dump(exclude={"to"}))


class RevisionIn(Stripped):
    """What a case is to say from now on; what is not written stays, what stood before is kept."""

    taken_on: LegalDay = Field(description="日期", examples=["2020-06-05"])
    words: Annotated[str, Field(max_length=4000)] = Field(
        default="", description="理由；延长期限、降低等级必须写明"
    )
    level: Annotated[str, Field(max_length=20)] | None = Field(
        default=None, description="等级：重大、较大、一般"
    )
    measures: Annotated[str, Field(min_length=1, max_length=2000)] | None = Field(
        default=None, description="措施"
    )
    due_on: LegalDay | None = Field(default=None, description="期限", examples=["2020-12-01"])
    responsible: Short | None = Field(default=None, description="责任单位的代码")
