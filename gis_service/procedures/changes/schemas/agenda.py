"""The calendar as it is told."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from gis_service.foundation.agenda import NO_NUMBER, CalendarEntry, DueState


class CalendarEntryOut(BaseModel):
    """Something a case leaves to do, as it stands on a day."""

    case: str = Field(description="案号", examples=["BG-2026-00001"])
    case_title: str = Field(description="案卷的标题")
    what: str = Field(description="事项", examples=["code"])
    title: str = Field(description="事项（中文）", examples=["确定并公布新的行政区划代码"])
    rule: str = Field(description="规则编号", examples=["R-COD-09"])
    legal_basis: str = Field(description="依据")
    due_on: date | None = Field(description="期限；空表示法律没有规定日数")
    limit: str = Field(description="期限的说法：日期，或“法律没有规定日数”")
    state: DueState = Field(description="状态")
    days_left: int | None = Field(description="还剩几天；负数为逾期天数")

    @classmethod
    def of(cls, entry: CalendarEntry) -> CalendarEntryOut:
        """An entry as it is told."""
        pending = entry.pending
        return cls(
            case=pending.case,
            case_title=pending.case_title,
            what=pending.what,
            title=pending.title,
            rule=pending.rule,
            legal_basis=pending.legal_basis,
            due_on=pending.due_on,
            limit=str(pending.due_on or NO_NUMBER),
            state=entry.state,
            days_left=entry.days_left,
        )
