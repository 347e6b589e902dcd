"""What goes into and comes out of the register of instruments."""

from __future__ import annotations

from uuid import UUID

from pydantic import ConfigDict, Field

from gis_service.foundation.access import Classification
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.registers.instruments.models import InstrumentKind


class InstrumentIn(Stripped):
    """An act to be registered."""

    number: str = Field(min_length=1, description="文号，如 国函〔2020〕79号")
    kind: InstrumentKind = InstrumentKind.approval
    title: str = Field(min_length=1, description="标题")
    issuer: str = Field(min_length=1, description="制发机关")
    issued_on: LegalDay = Field(description="成文日期")
    issued_edtf: str | None = Field(
        default=None, max_length=40, description="成文日期不确知时所知的范围（EDTF），如 1996-05"
    )
    text: str | None = Field(default=None, max_length=200_000, description="正文或节录")
    statement: str | None = Field(default=None, description="使用声明")
    licence: str | None = Field(default=None, description="许可")
    sha256: str | None = Field(default=None, description="数据集内容摘要")
    classification: Classification = Field(
        default=Classification.public, description="密级；依此文件登记的事项同此密级"
    )


class InstrumentOut(InstrumentIn):
    """A registered act."""

    model_config = ConfigDict(from_attributes=True, extra="ignore", json_schema_extra=None)

    id: UUID
