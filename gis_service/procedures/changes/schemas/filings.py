"""Filings of a case, and the list of what its file holds when it is archived."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.changes.schemas.conduct import Sha256


class FilingMatter(StrEnum):
    """What is filed."""

    approval = "批准备案"
    agreement = "协议书备案"
    report = "变更情况报送"
    other = "其他备案"


class FilingIn(Stripped):
    """A filing: what, under which number, when, with whom."""

    matter: FilingMatter = Field(description="备案事项")
    number: str = Field(min_length=1, max_length=200, description="备案文号", examples=["苏政函〔2021〕3号"])
    filed_on: LegalDay = Field(description="备案日期")
    filed_with: str = Field(min_length=2, max_length=200, description="受理备案的机关", examples=["民政部"])
    document: Sha256 | None = Field(default=None, description="备案报告的内容摘要，须已收入案卷")

    @classmethod
    def of_approval(cls, number: str, *, on: date) -> FilingIn:
        """The filing that goes with an approval under Art 8: straight to MCA (Art 12), the same day."""
        return cls.model_construct(
            matter=FilingMatter.approval,
            number=number.strip(),
            filed_on=on,
            filed_with="国务院（民政部）",
            document=None,
        )


class FilingOut(BaseModel):
    """A filing that was made."""

    model_config = ConfigDict(from_attributes=True)

    matter: FilingMatter = Field(description="备案事项")
    number: str = Field(description="备案文号")
    filed_on: date = Field(description="备案日期")
    filed_with: str = Field(description="受理备案的机关")
    document: str | None = Field(description="备案报告的内容摘要")


class FiledOut(BaseModel):
    """Something in the file of a case."""

    model_config = ConfigDict(from_attributes=True)

    kind: str = Field(description="种类")
    title: str = Field(description="名称")
    on: date | None = Field(description="日期")
    sha256: str | None = Field(description="内容摘要；空表示是案卷自身的记录，没有单独的文件")
    size_bytes: int | None = Field(description="大小（字节）")


class ArchivePartOut(BaseModel):
    """A part of the list."""

    model_config = ConfigDict(from_attributes=True)

    title: str = Field(description="类目", examples=["图表"])
    held: list[FiledOut] = Field(description="已有的文件和记录")
    missing: list[str] = Field(description="应有而缺的")


class ArchiveListOut(BaseModel):
    """What the file of a case holds when it is archived."""

    number: str = Field(description="案号")
    title: str = Field(description="标题")
    legal_basis: str = Field(description="依据")
    is_complete: bool = Field(description="是否齐全")
    parts: list[ArchivePartOut] = Field(description="各类目，按归档的顺序")
