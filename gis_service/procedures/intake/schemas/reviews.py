"""Matching of lists and the queue of names in doubt, as programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.intake.models import ReviewState
from gis_service.procedures.intake.rules.placenames import NameChange
from gis_service.procedures.intake.schemas.placenames import (
    MOST_RECORDS,
    BatchReportOut,
    PlaceNameRecord,
    RecordFindingOut,
)
from gis_service.registers.instruments.schemas import InstrumentIn

Instrument = Annotated[str, Field(min_length=1, max_length=200)] | InstrumentIn | None
Source = Annotated[str, Field(min_length=1, max_length=200)]


class MatchingIn(Stripped):
    """A list to be held against the register."""

    on: LegalDay = Field(description="与何日的登记簿对照", examples=["2026-01-01"])
    records: list[PlaceNameRecord] = Field(max_length=MOST_RECORDS, description="各条；第一条为第 1 行")
    source: Source = Field(default="对照名单", description="来源的名称；核对队列以此相称")
    instrument: Instrument = Field(default=None, description="依据：文号，或要登记的文件；没有则登记为数据集")
    change: NameChange | None = Field(default=None, description="名称不同是更名还是更正；不写则名称不动")


class LikenessOut(BaseModel):
    """A feature that a record may be."""

    id: UUID = Field(description="地理实体的标识")
    name: str = Field(description="标准名称")
    score: float = Field(description="相符程度，0 至 1")
    reasons: list[str] = Field(description="得分的理由")


class MatchOut(BaseModel):
    """What a record is, or may be."""

    row: int = Field(description="第几条")
    name: str = Field(description="来件的名称")
    certain: LikenessOut | None = Field(description="确定相符的；空为须核对")
    candidates: list[LikenessOut] = Field(description="可能相符的，相符程度高的在前")


class MatchesOut(BaseModel):
    """What a list comes to beside the register."""

    matches: list[MatchOut] = Field(description="各条")
    findings: list[RecordFindingOut] = Field(description="不能对照的各条及理由")


class QueuedOut(BaseModel):
    """What was entered at once, and what waits for an editor."""

    source: str = Field(description="来源的名称")
    rows: int = Field(description="对照了几条")
    queued: int = Field(description="新放入核对队列的")
    report: BatchReportOut | None = Field(description="确定相符的各条写入的结果；没有则空")
    findings: list[RecordFindingOut] = Field(description="不能对照的各条及理由")


class ReviewOut(BaseModel):
    """A record in the queue."""

    id: UUID = Field(description="标识")
    source: str = Field(description="来源的名称")
    row: int = Field(description="来件第几行")
    name: str = Field(description="来件的名称")
    record: dict[str, Any] = Field(description="来件的这一条，照原样")
    candidates: list[LikenessOut] = Field(description="可能相符的地名")
    score: float = Field(description="最高的相符程度")
    state: ReviewState = Field(description="状态：pending 待核对，entered 已入库，其余为核定的结果")
    feature_id: UUID | None = Field(description="定为哪一条地名；空为未定或新增")
    adjusted: dict[str, Any] | None = Field(description="编辑所作的调整")
    reason: str | None = Field(description="理由")
    decided_by: str | None = Field(description="核定人")
    decided_at: datetime | None = Field(description="核定时刻")
    instrument_id: UUID = Field(description="来件登记为哪份文件或数据集")
    entered_by: UUID | None = Field(description="依哪份文件入库")


class ReviewDecisionIn(Stripped):
    """What an editor decides of a record."""

    decision: Literal["accepted", "adjusted", "rejected", "new"] = Field(
        description="accepted 采纳、adjusted 调整后采纳、rejected 不采纳、new 新增"
    )
    feature: UUID | None = Field(default=None, description="定为哪一条地名；不写则取最相符的")
    record: dict[str, Any] | None = Field(default=None, description="调整的各项，与成批登记的各项同名")
    reason: str | None = Field(default=None, max_length=2000, description="理由；不采纳时必写")


class ReviewsAcceptedIn(Stripped):
    """Accept the best candidates of all whose score is so high."""

    source: Source = Field(description="来源的名称")
    at_least: float = Field(
        strict=True, ge=0, le=1, description="相符程度不低于此的，采纳最相符的一条", examples=[0.6]
    )


class ReviewsAcceptedOut(BaseModel):
    """How many were accepted."""

    accepted: int = Field(description="采纳了几条")


class ReviewsEnteredIn(Stripped):
    """Enter what was decided of a source."""

    source: Source = Field(description="来源的名称")
    on: LegalDay = Field(description="自何日起", examples=["2026-01-01"])
    instrument: Instrument = Field(default=None, description="依据：文号，或要登记的文件；没有则登记为数据集")
    change: NameChange | None = Field(default=None, description="名称不同是更名还是更正；不写则名称不动")
