"""Rounds of evaluation as they are sent and told."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.changes.rules.evaluations import Measured, Side

Amount = Annotated[float, Field(ge=-1e15, le=1e15)]
IndicatorId = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,59}$", examples=["gdp_per_head"])]


class MeasuredIn(Stripped):
    """An indicator before and after the change; of a judged one the score that was given."""

    indicator: IndicatorId = Field(description="指标，见 GET /changes/{number}/evaluations 的 indicators")
    before: Amount | None = Field(default=None, description="变更前的数值")
    after: Amount | None = Field(default=None, description="变更后的数值")
    score: Annotated[float, Field(ge=0, le=100)] | None = Field(
        default=None, description="评分（0 至 100），只用于由评估人评分的指标"
    )
    source: str = Field(default="", max_length=500, description="数据来源")


class EvaluationIn(Stripped):
    """A round as it was evaluated."""

    round: int = Field(ge=1, le=20, description="第几轮")
    side: Side = Field(description="自评（变更所涉地方）或评估（上级）")
    evaluated_on: LegalDay = Field(description="评估日期")
    evaluator: str = Field(min_length=2, max_length=200, description="评估单位")
    figures: list[MeasuredIn] = Field(min_length=1, max_length=100, description="各项指标")
    summary: str = Field(default="", max_length=8000, description="评估意见")

    def measured(self) -> dict[str, Measured]:
        """Figures by indicator."""
        return {
            each.indicator: Measured(each.before, each.after, each.score, each.source)
            for each in self.figures
        }


class ScoreOut(BaseModel):
    """What an indicator earned."""

    indicator: str = Field(description="指标")
    title: str = Field(description="指标（中文）")
    weight: float = Field(description="权重；合计为 1")
    before: float | None = Field(description="变更前")
    after: float | None = Field(description="变更后")
    score: float | None = Field(description="得分（0 至 100）；空表示缺数据")
    source: str = Field(description="数据来源")


class EvaluationOut(BaseModel):
    """A round as it was evaluated."""

    model_config = ConfigDict(from_attributes=True)

    round: int = Field(description="第几轮")
    side: Side = Field(description="自评或评估")
    evaluated_on: date = Field(description="评估日期")
    evaluator: str = Field(description="评估单位")
    indicator_set: str = Field(description="指标体系")
    scores: list[ScoreOut] = Field(description="各项得分")
    total: float | None = Field(description="总分；空表示有指标缺数据")
    grade: str = Field(description="结论", examples=["良好"])
    summary: str = Field(description="评估意见")


class RoundOut(BaseModel):
    """A round of a case, and by when."""

    round: int = Field(description="第几轮")
    due_on: date | None = Field(description="期限")
    done_on: date | None = Field(description="评估日期；空表示尚未评估")


class EvaluationIndicatorOut(BaseModel):
    """An indicator of the set that counts today."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(description="指标")
    title: str = Field(description="指标（中文）")
    weight: float = Field(description="权重")
    is_judged: bool = Field(description="是否由评估人评分")
    none: float | None = Field(description="得 0 分的相对变化（变更后/变更前 - 1）")
    full: float | None = Field(description="得 100 分的相对变化")


class EvaluationsOut(BaseModel):
    """Rounds of a case, what was found in them, and what the next one asks for."""

    rounds: list[RoundOut] = Field(description="各轮及其期限")
    evaluations: list[EvaluationOut] = Field(description="已登记的评估")
    indicator_set: str | None = Field(description="今天适用的指标体系")
    status: str | None = Field(description="指标体系依据的把握程度：V、P、D、M")
    indicators: list[EvaluationIndicatorOut] = Field(description="今天适用的指标")


def figures_of(data: Any) -> list[dict[str, Any]]:
    """Figures as a file tells them, by indicator: `gdp = {before = 1, after = 2}`, or as a list of rows."""
    if isinstance(data, dict):
        return [
            {"indicator": key, **(row if isinstance(row, dict) else {"score": row})}
            for key, row in data.items()
        ]
    return list(data)
