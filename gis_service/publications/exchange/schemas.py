"""Tables as programs send them, and what is told about them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

MOST_ROWS = 20_000
MOST_BODY_BYTES = 8_000_000
MOST_COLUMNS = 50

Cell = Annotated[str, Field(max_length=1000)] | int | float | None
ColumnName = Annotated[str, Field(min_length=1, max_length=100)]
_PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Row = Annotated[
    dict[ColumnName, Cell],
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": _PLAIN},
            "additionalProperties": {
                "anyOf": [
                    {"type": "string", "maxLength": 1000, "pattern": _PLAIN},
                    {"type": "number"},
                    {"type": "null"},
                ]
            },
        }
    ),
]
Code = Annotated[str, Field(max_length=40)]


class TableIn(BaseModel):
    """A table: rows as objects, or CSV text with a head line."""

    model_config = ConfigDict(extra="forbid")

    code_column: ColumnName = Field(description="代码所在的列", examples=["code"])
    rows: list[Row] | None = Field(
        default=None, max_length=MOST_ROWS, description="表格各行；与 csv 只写其一"
    )
    csv: str | None = Field(
        default=None,
        max_length=MOST_BODY_BYTES,
        description="表格的 CSV 文本，第一行为列名；与 rows 只写其一",
        examples=["code,people\n320304,100\n"],
    )


class WeightIn(BaseModel):
    """A user's own weight of one part of a code."""

    model_config = ConfigDict(extra="forbid")

    from_: Code = Field(alias="from", description="起点日的代码", examples=["320304"])
    to: Code = Field(description="终点日的代码", examples=["320302"])
    weight: Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)] = Field(
        description="权重，不小于 0；同一 from 的各项按比例分摊", examples=[3.5]
    )


class CrosswalkIn(TableIn):
    """A table that is to be carried to another day."""

    values: list[ColumnName] | None = Field(
        default=None,
        max_length=MOST_COLUMNS,
        description="数值列：按比例分摊，合计不变；不写则为各个数量列（率、密度、年份等除外）",
        examples=[["people"]],
    )
    weights: list[WeightIn] = Field(
        default=[], max_length=MOST_ROWS, description="自己的权重；列出的代码不再按面积分摊"
    )
    unknown: Annotated[str, Field(pattern="^(refuse|equal|whole)$")] = Field(
        default="refuse",
        description="面积比例无从得知时：refuse 拒绝，equal 平均分，whole 整个归入已知比例最大者",
    )
    aggregate: bool = Field(default=False, description="是否按终点日的代码合计为一行")


class DatingIn(TableIn):
    """A list of codes whose day is to be found."""

    name_column: ColumnName | None = Field(default=None, description="名称所在的列；不写则只看代码")


class HealedOut(BaseModel):
    """A code that was written otherwise."""

    model_config = ConfigDict(from_attributes=True)

    written: str = Field(description="原来的写法", examples=["320602.0"])
    code: str = Field(description="改正为", examples=["320602"])
    rows: int = Field(description="行数")


class SpellOut(BaseModel):
    """When and by whom a code was held."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="单位的长久标识")
    code: str = Field(description="代码")
    name: str = Field(description="名称")
    valid_from: date = Field(description="起始日（含）", validation_alias="begins")
    valid_to: date | None = Field(description="终止日（不含）；空表示至今有效", validation_alias="ends")


class UnmatchedOut(BaseModel):
    """A code that nobody held on the first day."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="代码，照表中所写")
    rows: int = Field(description="行数")
    spells: list[SpellOut] = Field(description="此代码在其他日期的使用情况；空表示登记簿中从未有过")


class SumOut(BaseModel):
    """The sum of a column before and after."""

    model_config = ConfigDict(from_attributes=True)

    column: str = Field(description="数值列")
    before: str = Field(description="转换前的合计", examples=["1200.50"])
    after: str = Field(description="转换后的合计，与转换前相同", examples=["1200.50"])


class ReportOut(BaseModel):
    """What was done to a table."""

    model_config = ConfigDict(from_attributes=True)

    rows_before: int = Field(description="原表行数")
    healed: list[HealedOut] = Field(description="改正了写法的代码")
    unmatched: list[UnmatchedOut] = Field(description="起点日无人使用的代码：其行原样保留，对应代码为空")
    without_heir: list[str] = Field(description="没有对应单位的代码：其行原样保留，对应代码为空")
    divided: list[str] = Field(description="分到几个单位的代码")
    sums: list[SumOut] = Field(description="各数值列转换前后的合计")


class CrosswalkOut(BaseModel):
    """The carried table, in the shape in which it came, and what was done to it."""

    rows: list[dict[str, str | float | None]] | None = Field(
        description="转换后的各行；多出 to_code、to_name、share（所占比例）、certainty 四列"
    )
    csv: str | None = Field(description="转换后的 CSV 文本；原表以 csv 送来时")
    report: ReportOut = Field(description="转换的说明")


class PeriodOut(BaseModel):
    """Days from one on, up to and without another."""

    model_config = ConfigDict(from_attributes=True)

    begins: date = Field(description="起始日（含）", examples=["1996-08-12"])
    ends: date | None = Field(description="终止日（不含）；空表示至今")


class MisfitOut(BaseModel):
    """A code or a name that does not fit the day."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="代码")
    name: str | None = Field(description="表中的名称")
    why: str = Field(description="不符之处")
    spells: list[SpellOut] = Field(description="此代码历来的使用情况")


class DatingOut(BaseModel):
    """The days that fit a list best."""

    model_config = ConfigDict(from_attributes=True)

    codes: int = Field(description="名单中的代码（连同名称）有几项")
    periods: list[PeriodOut] = Field(description="最相符的时段，由早到晚；不止一个表示同样相符")
    count: int = Field(description="在最早一个时段之初仍不相符的有几项")
    misfits: list[MisfitOut] = Field(description="不相符的各项")
    healed: list[HealedOut] = Field(description="改正了写法的代码")
