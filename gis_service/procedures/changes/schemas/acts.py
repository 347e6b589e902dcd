"""Acts as proposals and moves name them, and the bounds of versions that a correction puts right by them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.registers.instruments.schemas import InstrumentIn


class ActIn(InstrumentIn):
    """An act by which something is so: the one that approves a change, or by which a version stands."""

    number: str = Field(min_length=1, max_length=200, description="文号，如 国函〔2020〕79号")
    issued_on: LegalDay = Field(description="成文日期")


class BoundIn(Stripped):
    """What is right about the first day of a version, or about the day of its end."""

    on: LegalDay | None = Field(default=None, description="正确的日期；相接的版本、沿革和区域随之移动")
    edtf: str | None = Field(
        max_length=40,
        default=None,
        description="日期不确知时所知的情况（EDTF），如 1996；只写 on 的，日期即为确知",
    )
    by: str | None = Field(
        default=None, max_length=200, description="所依据文件的文号；登记簿尚没有的，另在方案的 acts 中写明"
    )
    certainty: Literal["确定", "推定", "存疑"] | None = Field(
        default=None, description="由此而来（begun）或由此而去（ended）的沿革的确定程度"
    )
