"""What is sent to open a case, and what is told of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from gis_service.foundation.access import Classification
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped

Words = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(min_length=1, max_length=200)]
Chainage = Annotated[float, Field(ge=0, le=1e8, allow_inf_nan=False)]


class DisputeIn(Stripped):
    """A hidden risk or a dispute to be registered. Parties are codes of units, or people in words."""

    line: Short = Field(description="界线代码或标识", examples=["3234"])
    kind: Short = Field(default="隐患", description="隐患、纠纷")
    place: Words = Field(default="", description="地点")
    parties: list[Short] = Field(default_factory=list, max_length=20, description="当事各方：单位代码或名称")
    level: Annotated[str, Field(max_length=20)] = Field(default="", description="等级：重大、较大、一般")
    cause: Short = Field(default="其他", description="起因")
    found_on: LegalDay = Field(description="发现日期", examples=["2020-06-04"])
    found_by: Short = Field(description="发现人或单位")
    found_how: Short = Field(default="排查", description="发现方式")
    measures: Words = Field(default="", description="措施")
    due_on: LegalDay | None = Field(default=None, description="期限", examples=["2020-09-01"])
    responsible: Short = Field(description="责任单位的代码", examples=["320600"])
    from_m: Chainage | None = Field(default=None, description="起点里程（米）")
    to_m: Chainage | None = Field(default=None, description="终点里程（米）")
    from_marker: Short | None = Field(default=None, description="起点界桩的编号，代替里程")
    to_marker: Short | None = Field(default=None, description="终点界桩的编号，代替里程")
    marker: Short | None = Field(default=None, description="所涉界桩的编号")
    lon: Annotated[float, Field(ge=-180, le=180)] | None = Field(default=None, description="经度")
    lat: Annotated[float, Field(ge=-90, le=90)] | None = Field(default=None, description="纬度")
    classification: Classification = Field(default=Classification.internal, description="密级")


class DisputePartyOut(BaseModel):
    """A party to a case: a unit by its code, or people in words."""

    code: str | None = Field(default=None, description="单位代码；空表示不是单位")
    name: str = Field(description="名称")


class ChangedOut(BaseModel):
    """What a revision changed in a case."""

    field: str = Field(description="等级、措施、期限、责任单位")
    before: str = Field(description="原为")
    after: str = Field(description="改为")


class DisputeStepOut(BaseModel):
    """Something done in a case."""

    kind: str = Field(description="事项：登记、会议、调整、已化解……")
    state: str = Field(description="此步之后的状态")
    taken_on: date = Field(description="日期")
    words: str = Field(description="事由或经过")
    attendants: list[str] = Field(description="参加者")
    agreed: bool | None = Field(description="是否达成一致；空表示没有写明")
    minutes_sha256: str | None = Field(description="会议纪要的内容摘要")
    changes: list[ChangedOut] = Field(description="调整的内容，前后对照")
    instrument: str | None = Field(description="所据文件的文号")
    actor: str = Field(description="登记人")
    authority: str = Field(description="机关")


class ClaimEndedOut(BaseModel):
    """A claimed line that a decision ended."""

    section: str = Field(description="争议段名称")
    claimant: str = Field(description="主张方", examples=["320402 某区"])
    length_km: float = Field(description="主张线的长度（千米，椭球面）")


class StateLengthOut(BaseModel):
    """How long a stretch is in one legal state."""

    legal_state: str = Field(description="法律状态", examples=["争议"])
    length_km: float = Field(description="长度（千米，椭球面）")


class DecisionEffectOut(BaseModel):
    """What a decision changed in the register of boundaries."""

    claims_ended: list[ClaimEndedOut] = Field(description="终止的主张线")
    from_m: float | None = Field(description="改变法律状态的一段：起点里程（米）；空表示没有改变")
    to_m: float | None = Field(description="终点里程（米）")
    edges: int = Field(description="涉及几条边")
    before: list[StateLengthOut] = Field(description="原来的法律状态")
    after: str | None = Field(description="裁决后的法律状态；空表示没有改变")


class DisputeOut(BaseModel):
    """A case as it stands, with all that was done in it."""

    number: str = Field(description="案号", examples=["YH-2026-00001"])
    kind: str = Field(description="隐患、纠纷")
    line: UUID = Field(description="界线的标识")
    line_code: str = Field(description="界线代码")
    line_name: str = Field(description="界线名称")
    from_m: float | None = Field(description="起点里程（米）；空表示没有区间")
    to_m: float | None = Field(description="终点里程（米）")
    from_marker: str | None = Field(description="起点界桩的编号")
    to_marker: str | None = Field(description="终点界桩的编号")
    marker: str | None = Field(description="所涉界桩的编号")
    lon: float | None = Field(description="经度（度）")
    lat: float | None = Field(description="纬度（度）")
    place: str = Field(description="地点")
    parties: list[DisputePartyOut] = Field(description="当事各方")
    level: str = Field(description="等级：重大、较大、一般")
    cause: str = Field(description="起因")
    found_on: date = Field(description="发现日期")
    found_by: str = Field(description="发现人或单位")
    found_how: str = Field(description="发现方式")
    measures: str = Field(description="措施")
    due_on: date = Field(description="期限")
    overdue: bool = Field(description="此日是否逾期未办结")
    recurrences: int = Field(description="复发几次")
    responsible: str = Field(description="责任单位的代码")
    state: str = Field(description="登记、化解中、已化解、报请裁决、已裁决、复发、已撤回")
    result: str | None = Field(description="结果；空表示尚未办结")
    closed_on: date | None = Field(description="办结日期")
    classification: Classification = Field(description="密级：公开、内部、涉密")
    steps: list[DisputeStepOut] = Field(description="经过，依次")
    findings: list[dict[str, Any]] = Field(default_factory=list, description="此次办理的意见")
    effect: DecisionEffectOut | None = Field(default=None, description="此次裁决对登记簿的改变")
