"""What goes into a decision on classification, and what comes of it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import Classification


class ReclassificationIn(BaseModel):
    """How closely an act is to be kept from now on, and why."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    number: str = Field(
        min_length=1, max_length=200, description="文件的文号或数据集名", examples=["国函〔2020〕79号"]
    )
    classification: Classification = Field(description="定为何密级：公开、内部、涉密", examples=["内部"])
    reason: str = Field(default="", max_length=500, description="理由；降低密级（解密）时必写")
    basis: str = Field(default="", max_length=200, description="定密、解密所依据的文件")


class ReclassifiedOut(BaseModel):
    """What a decision on classification came to."""

    number: str = Field(description="文件的文号或数据集名")
    before: Classification = Field(description="原密级")
    classification: Classification = Field(description="现密级；依此文件登记的事项随之变更")
    units: int = Field(description="此文件所及的单位数；有关图幅待重绘，已出的各版保持原密级")
