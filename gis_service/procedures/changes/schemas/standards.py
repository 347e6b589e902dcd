"""Standards, figures and verdicts as they are sent and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt

from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.changes.rules.figures import Figure, Figures, Met, Verdict
from gis_service.procedures.changes.rules.standards import Edition, indicators, known_standards
from gis_service.procedures.changes.schemas.evaluations import IndicatorId

Number = (
    Annotated[StrictFloat, Field(ge=-1e15, le=1e15)] | Annotated[StrictInt, Field(ge=-(10**15), le=10**15)]
)
Word = Annotated[str, Field(min_length=1, max_length=60)]
Standard = Annotated[str, Field(json_schema_extra={"enum": list(known_standards())}, examples=["镇"])]
Province = Annotated[str, Field(pattern="^[1-8][0-9](0000)?$", examples=["32"])]


class FigureIn(Stripped):
    """A figure of the unit, and where it comes from."""

    indicator: IndicatorId = Field(
        description="指标，见 GET /standards 的 indicators", examples=["population"]
    )
    value: StrictBool | Number | Word = Field(description="数值；是非写 true、false；地形等写文字")
    source: str = Field(default="", max_length=500, description="数据来源", examples=["2024年统计年鉴"])


class FiguresIn(Stripped):
    """The figures of a unit, to be compared with a standard."""

    standard: Standard = Field(description="标准：" + "、".join(known_standards()))
    province: Province = Field(description="省级代码（前两位或六位）")
    on: LegalDay = Field(description="依哪一天有效的标准")
    unit: str = Field(default="", max_length=100, description="单位的名称")
    figures: list[FigureIn] = Field(min_length=1, max_length=200, description="各项指标")

    def told(self) -> Figures:
        """Figures by indicator."""
        return {each.indicator: Figure(each.value, each.source) for each in self.figures}


class EditionOut(BaseModel):
    """An edition of a standard: what it is, where and from when it holds, what it demands."""

    id: str = Field(description="版本", examples=["town-1984"])
    standard: str = Field(description="标准", examples=["镇"])
    title: str = Field(description="名称")
    source: str = Field(description="出处")
    legal_basis: str = Field(description="依据")
    status: str = Field(description="出处的把握程度：V 已读原文，P 部分核实，D 推定，M 未核实")
    is_public: bool = Field(description="是否有公开文本")
    is_draft: bool = Field(description="是否只是征求意见稿")
    provinces: list[str] = Field(description="适用的省（前两位）；空表示全国")
    valid_from: date = Field(description="有效期起")
    valid_from_edtf: str | None = Field(description="起始日期不确切时的写法（EDTF）")
    valid_to: date | None = Field(description="有效期止（不含）；空表示仍然有效")
    paths: list[dict[str, Any]] = Field(description="达标的各种情形：适用条件（when）和要求（demands）")

    @classmethod
    def of(cls, edition: Edition) -> EditionOut:
        """An edition as it is told."""
        return cls.model_validate(asdict(edition))


class IndicatorOut(BaseModel):
    """Something standards ask for."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(description="指标", examples=["population"])
    title: str = Field(description="指标（中文）")
    unit: str = Field(description="单位；空表示比例或文字")
    ratio: list[str] | None = Field(description="可由哪两项推算")


class StandardsOut(BaseModel):
    """Every edition of every standard, and the vocabulary of their indicators."""

    editions: list[EditionOut] = Field(description="各版标准")
    indicators: list[IndicatorOut] = Field(description="指标")

    @classmethod
    def of(cls, editions: Iterator[Edition]) -> StandardsOut:
        """These editions, with all indicators."""
        return cls(
            editions=[EditionOut.of(each) for each in editions],
            indicators=[IndicatorOut.model_validate(each) for each in indicators().values()],
        )


class IndicatorVerdictOut(BaseModel):
    """What one indicator says."""

    indicator: str = Field(description="指标")
    title: str = Field(description="指标（中文）")
    unit: str = Field(description="单位")
    value: bool | float | str | None = Field(description="数值；空表示缺数据")
    source: str = Field(description="数据来源")
    threshold: str = Field(description="要求", examples=["不少于25000（人）"])
    status: str = Field(description="要求的把握程度")
    verdict: Met = Field(description="结论")


class PathVerdictOut(BaseModel):
    """What one way to meet a standard says."""

    path: str = Field(description="情形")
    title: str = Field(description="情形（中文）")
    applies: bool | None = Field(description="是否适用；空表示缺数据，无从判断")
    verdict: Met = Field(description="这一情形各项要求的结论")
    indicators: list[IndicatorVerdictOut] = Field(description="逐项结论")


class VerdictOut(BaseModel):
    """What a standard says of a unit."""

    standard: str = Field(description="标准")
    province: str = Field(description="省（前两位）")
    on: date = Field(description="依哪一天有效的标准")
    edition: str | None = Field(description="该日适用的版本")
    edition_title: str | None = Field(description="该日适用的版本（名称）")
    reference: str | None = Field(description="另作参考的版本；适用的版本没有公开文本时才有")
    status: str | None = Field(description="所对照的版本的把握程度")
    verdict: Met = Field(description="结论")
    note: str = Field(description="说明")
    paths: list[PathVerdictOut] = Field(description="各种情形的结论；没有公开标准时为参考")
    unused: list[str] = Field(description="标准没有要求的指标")

    @classmethod
    def of(cls, verdict: Verdict) -> VerdictOut:
        """A verdict as it is told."""
        edition, reference = verdict.edition, verdict.reference
        by = reference or edition
        return cls.model_validate(
            asdict(verdict)
            | {
                "edition": edition.id if edition else None,
                "edition_title": edition.title if edition else None,
                "reference": reference.id if reference else None,
                "status": by.status if by else None,
            }
        )


class AttachedFiguresIn(FiguresIn):
    """The same for a unit of a case."""

    unit: str = Field(min_length=1, max_length=100, description="单位的名称", examples=["某镇"])


class KeptVerdictOut(BaseModel):
    """A verdict kept with a case, with the figures and the edition of its day."""

    model_config = ConfigDict(from_attributes=True)

    standard: str = Field(description="标准")
    edition: str | None = Field(description="版本")
    unit: str = Field(description="单位")
    judged_for: date = Field(description="依哪一天有效的标准")
    verdict: Met = Field(description="结论")
    figures: list[dict[str, Any]] = Field(description="所报的指标")
    told: VerdictOut = Field(description="逐项结论，与登记时所说一致")
    recorded_at: datetime = Field(description="登记时刻")
