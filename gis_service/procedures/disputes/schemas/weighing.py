"""What is told of risk: stretches by weight, and what falls due."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class RiskStretchOut(BaseModel):
    """A piece of a line with what the cases on it weigh."""

    line: UUID = Field(description="界线的标识")
    line_code: str = Field(description="界线代码", examples=["3234"])
    line_name: str = Field(description="界线名称", examples=["苏皖线"])
    from_m: float = Field(description="起点里程（米）")
    to_m: float = Field(description="终点里程（米）")
    begins_at: str = Field(description="起点：界桩编号、起点，或里程", examples=["3234001Q"])
    ends_at: str = Field(description="终点：界桩编号、终点，或里程", examples=["3234004Q"])
    weight: int = Field(description="权数：未办结各案的等级权数之和")
    band: str = Field(description="风险：高、中、低、无")
    open: int = Field(description="未办结几起")
    overdue: int = Field(description="其中逾期几起")
    recurrences: int = Field(description="复发几次")
    closed: int = Field(description="已办结几起")
    cases: list[str] = Field(description="各案的案号")


class RiskOut(BaseModel):
    """The stretches of some lines on a day, the gravest first."""

    on: date = Field(description="本答复所依据的日期")
    items: list[RiskStretchOut] = Field(description="各段，风险大者在前；没有案件的段不列")
    unplaced: list[str] = Field(description="没有写明区间、界桩或经纬度，或界线不能示明的案号")
    synthetic: bool = Field(description="所列界桩是否含合成数据")


class DisputeDueOut(BaseModel):
    """Something that falls due on a day."""

    matter: str = Field(description="事项", examples=["隐患（化解中）"])
    number: str = Field(description="案号或编号")
    line: str = Field(description="界线名称")
    words: str = Field(description="内容")
    responsible: str = Field(description="责任单位的代码")
    due_on: date = Field(description="期限")
    days_late: int = Field(description="逾期天数；不为正表示尚未逾期")


class YearCountsOut(BaseModel):
    """Cases of a line in a year."""

    line: UUID = Field(description="界线的标识")
    code: str = Field(description="界线代码")
    name: str = Field(description="界线名称")
    cases: int = Field(description="起数")


class YearOut(BaseModel):
    """Cases found in a year, withdrawn ones left out, by what they are and by line."""

    year: int = Field(description="年份")
    on: date = Field(description="状态和逾期所依据的日期")
    cases: int = Field(description="发现几起")
    closed: int = Field(description="已办结几起")
    overdue: int = Field(description="逾期未办结几起")
    recurrences: int = Field(description="复发几次")
    extensions: int = Field(description="延期几次")
    level: dict[str, int] = Field(description="按等级")
    kind: dict[str, int] = Field(description="按种类")
    state: dict[str, int] = Field(description="按状态")
    cause: dict[str, int] = Field(description="按起因")
    line: list[YearCountsOut] = Field(description="按界线")
