"""What is sent to open and lead a case, and what is told of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from gis_service.foundation.access import Classification
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.stripped import Stripped
from gis_service.foundation.web.wording import findings_of
from gis_service.registers.boundaries.models import LegalState
from gis_service.registers.instruments.schemas import InstrumentIn

Words = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(min_length=1, max_length=200)]


class CaseIn(Stripped):
    """A hidden risk or a dispute to be registered. Parties are codes of units, or people in words."""

    line: Short = Field(description="界线代码或标识")
    kind: Short = Field(default="隐患", description="隐患、纠纷")
    place: Words = Field(default="", description="地点")
    parties: list[Short] = Field(default_factory=list, max_length=20, description="当事各方：单位代码或名称")
    level: Annotated[str, Field(max_length=20)] = Field(default="", description="等级：重大、较大、一般")
    cause: Short = Field(default="其他", description="起因")
    found_on: date = Field(description="发现日期")
    found_by: Short = Field(description="发现人或单位")
    found_how: Short = Field(default="排查", description="发现方式")
    measures: Words = Field(default="", description="措施")
    due_on: date | None = Field(default=None, description="期限")
    responsible: Short = Field(description="责任单位的代码")
    from_m: float | None = Field(default=None, description="起点里程（米）")
    to_m: float | None = Field(default=None, description="终点里程（米）")
    lon: Annotated[float, Field(ge=-180, le=180)] | None = Field(default=None, description="经度")
    lat: Annotated[float, Field(ge=-90, le=90)] | None = Field(default=None, description="纬度")
    classification: Classification = Field(default=Classification.internal, description="密级")


class StepIn(Stripped):
    """A move, or a step of mediation; acts not yet registered are registered with it."""

    taken_on: date = Field(description="日期")
    words: Annotated[str, Field(min_length=1, max_length=4000)] = Field(description="事由或经过")
    attendants: list[Short] = Field(default_factory=list, max_length=100, description="参加者")
    agreed: bool | None = Field(default=None, description="是否达成一致")
    minutes_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = Field(
        default=None, description="会议纪要的内容摘要"
    )
    instrument: Short | None = Field(default=None, description="所据文件的文号，如调解协议书、裁决决定")
    acts: list[InstrumentIn] = Field(default_factory=list, max_length=10, description="尚未登记的文件")
    result: Words = Field(default="", description="结果")
    section: Short | None = Field(default=None, description="裁决所终止的主张线的争议段名称")
    legal_state: LegalState | None = Field(default=None, description="裁决后该段的法律状态")


class StepOut(BaseModel):
    """Something done in a case."""

    kind: str
    state: str
    taken_on: date
    words: str
    attendants: list[str]
    agreed: bool | None
    minutes_sha256: str | None
    instrument: str | None
    actor: str
    authority: str


class CaseOut(BaseModel):
    """A case as it stands, with all that was done in it."""

    number: str
    kind: str
    line: UUID
    line_code: str
    line_name: str
    from_m: float | None
    to_m: float | None
    lon: float | None
    lat: float | None
    place: str
    parties: list[dict[str, Any]]
    level: str
    cause: str
    found_on: date
    found_by: str
    found_how: str
    measures: str
    due_on: date
    overdue: bool
    responsible: str
    state: str
    result: str | None
    closed_on: date | None
    classification: Classification
    steps: list[StepOut]
    findings: list[dict[str, Any]] = Field(default_factory=list)


Wanted = TypeVar("Wanted", bound=Stripped)


def checked(model: type[Wanted], data: Any) -> Wanted:
    """Check what was written on a command line; every wrong field is named.

    Raises:
        InvalidInput: fields are missing or wrong.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = [each | {"loc": ("body", *each["loc"])} for each in error.errors(include_url=False)]
        told = "；".join(f"{_called(model, each.subject)}：{each.message}" for each in findings_of(wrong))
        raise InvalidInput(f"登记内容有误：{told}", way_out="请按各项说明改正") from error


def _called(model: type[Stripped], field: str) -> str:
    known = model.model_fields.get(field)
    return f"{field}（{known.description}）" if known and known.description else field
