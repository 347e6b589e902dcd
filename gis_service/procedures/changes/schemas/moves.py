"""What the moves of a case are sent with."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.changes.schemas.acts import ActIn
from gis_service.procedures.changes.schemas.proposals import (
    OverrideIn,
    read_table,
    wrong_fields,
)
from gis_service.registers.instruments.models import InstrumentKind


class ReasonIn(Stripped):
    """Why a case is rejected or withdrawn."""

    reason: str = Field(
        min_length=4, max_length=2000, description="理由，记入登记日志", examples=["方案尚需论证"]
    )


class ApprovalIn(ActIn):
    """The act that approves a case, and what is to be said about it."""

    filing: str | None = Field(
        default=None, max_length=200, description="报国务院备案的文号；依第八条由省级人民政府批准的，必须写明"
    )
    overrides: list[OverrideIn] = Field(
        default_factory=list, max_length=20, description="对批准机关写法的意见（R-CHG-01）申明的理由"
    )

    @property
    def act(self) -> ActIn:
        """The act alone, as it is registered."""
        return ActIn(**self.model_dump(exclude={"filing", "overrides"}))


class RevocationIn(ActIn):
    """The act that revokes an enacted change, and why."""

    reason: str = Field(
        min_length=4, max_length=2000, description="理由，记入登记日志", examples=["批复已被撤销"]
    )

    @property
    def act(self) -> ActIn:
        """The act alone, as it is registered."""
        return ActIn(**self.model_dump(exclude={"reason"}))


class AnnouncementIn(ActIn):
    """The public announcement of a change."""

    kind: InstrumentKind = InstrumentKind.announcement


def read_announcement(path: Path) -> AnnouncementIn:
    """Read a file that tells of an announcement.

    Raises:
        InvalidInput: it cannot be read, or fields are missing or wrong (each named).
    """
    try:
        return AnnouncementIn.model_validate(read_table(path))
    except ValidationError as error:
        raise InvalidInput(
            f"公告 {path} 有误：{wrong_fields(error)}", way_out="请写 number、issuer、issued_on、title 四项"
        ) from error


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
