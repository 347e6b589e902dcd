"""What the moves of a case are sent with."""

from __future__ import annotations

from pydantic import Field

from gis_service.foundation.stripped import Stripped
from gis_service.procedures.changes.schemas.proposals import LegalDay


class ReasonIn(Stripped):
    """Why a case is rejected or withdrawn."""

    reason: str = Field(
        min_length=4, max_length=2000, description="理由，记入登记日志", examples=["方案尚需论证"]
    )


class ConsentIn(Stripped):
    """With whose consent the time for completion is extended."""

    consent: str = Field(
        min_length=4, max_length=2000, description="批准机关同意延期的文件", examples=["民政部函〔2021〕8号"]
    )


class DoneIn(Stripped):
    """When something was done; absent means today in Beijing."""

    on: LegalDay | None = Field(
        default=None, description="办结日期；不写则为北京时间今天", examples=["2021-05-20"]
    )


class DutyDoneIn(DoneIn):
    """When a duty was done, and what is to be said about it."""

    note: str = Field(default="", max_length=2000, description="说明")
