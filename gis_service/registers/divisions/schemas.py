"""What comes out of the register of divisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import Classification


class UnitOut(BaseModel):
    """A unit, as it is pointed to."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="单位的长久标识，更名、改码、升格不变", validation_alias="division_id")
    code: str = Field(description="行政区划代码（GB/T 2260）", examples=["320602"])
    name: str = Field(description="名称", examples=["崇川区"])
    level: str = Field(description="行政层级", examples=["county"])
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])


class VersionOut(BaseModel):
    """What a unit was called and coded, what type it was and where it hung, for a period of days."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="单位的长久标识，更名、改码、升格不变")
    code: str = Field(description="行政区划代码（GB/T 2260）", examples=["320602"])
    name: str = Field(description="名称", examples=["崇川区"])
    level: str = Field(
        description="行政层级：province 省级、prefecture 地级、county 县级、township 乡级、village 村级",
        examples=["county"],
    )
    type: str | None = Field(description="建制；空表示未知", examples=["市辖区"])
    seat: str | None = Field(description="政府驻地；空表示未知")
    superior: str | None = Field(description="上级单位的代码；省级为空", examples=["320600"])
    valid_from: date = Field(description="生效日（含）", examples=["2020-01-01"])
    valid_to: date | None = Field(description="终止日（不含）；空表示至今有效", examples=["2020-06-05"])
    begun_by: str = Field(description="起始所依据文件的文号", examples=["国函〔2020〕79号"])
    ended_by: str | None = Field(description="终止所依据文件的文号；空表示至今有效")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])
    begun_edtf: str | None = Field(
        description="起始日不确知时，所知的情况（EDTF，如 1996 表示该年某日）；空表示确知", examples=["1996"]
    )
    ended_edtf: str | None = Field(description="终止日不确知时，所知的情况（EDTF）；空表示确知")


class NamedOut(BaseModel):
    """All units that ever bore a name."""

    units: list[VersionOut] = Field(description="叫此名的单位，每个起止期一项，由早到晚")


class ProposalOut(BaseModel):
    """A code that a new unit may get."""

    code: str = Field(description="可用的代码", examples=["320615"])
    warnings: list[str] = Field(description="须注意之处：此代码曾为其他单位所用（R-COD-06）；没有时为空")


class ProposalsOut(BaseModel):
    """Codes that a new unit may get."""

    type: str = Field(description="建制", examples=["市辖区"])
    superior: UnitOut = Field(description="上级单位")
    on: date = Field(description="启用的日期，决定所依据的代码标准")
    proposals: list[ProposalOut] = Field(description="可用的代码，宜先用者在前")


class LinkOut(BaseModel):
    """A link between two units: (part of) the area of one went to the other."""

    model_config = ConfigDict(from_attributes=True)

    unit: UnitOut = Field(description="对方单位，取其最近的名称和代码")
    kind: str = Field(description="沿革方式：合并、建制变更、拆分、区域划转", examples=["合并"])
    on: date = Field(description="发生日期", examples=["2020-06-05"])
    share_of_predecessor: float | None = Field(description="占原单位面积的比例，0 至 1；空表示未知")
    share_of_successor: float | None = Field(description="占新单位面积的比例，0 至 1；空表示未知")
    certainty: str = Field(description="确定程度：确定、推定、存疑、随下级", examples=["确定"])
    instrument: str = Field(description="所依据文件的文号", examples=["国函〔2020〕79号"])
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])


class PublishedVersionOut(BaseModel):
    """A version as it was published, before an act took it back or put it right."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="行政区划代码", examples=["320613"])
    name: str = Field(description="名称", examples=["崇川区"])
    level: str = Field(description="行政层级", examples=["county"])
    type: str | None = Field(description="建制；空表示未知")
    seat: str | None = Field(description="政府驻地；空表示未知")
    valid_from: date = Field(description="公布时的生效日（含）", examples=["2020-06-05"])
    valid_to: date | None = Field(description="公布时的终止日（不含）；空表示当时有效")
    begun_by: str = Field(description="起始所依据文件的文号")
    superseded_at: datetime = Field(description="被撤销或更正的时刻")
    superseded_by: str = Field(description="撤销或更正所依据文件的文号")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])


class PublishedLinkOut(BaseModel):
    """A link between two units as it was published, before an act took it back."""

    model_config = ConfigDict(from_attributes=True)

    predecessor: str = Field(description="原单位", examples=["港闸区（320611）"])
    successor: str = Field(description="新单位", examples=["崇川区（320613）"])
    kind: str = Field(description="沿革方式", examples=["合并"])
    on: date = Field(description="公布的日期", examples=["2020-06-05"])
    share_of_predecessor: float | None = Field(description="占原单位面积的比例；空表示未知")
    share_of_successor: float | None = Field(description="占新单位面积的比例；空表示未知")
    superseded_at: datetime = Field(description="被撤销的时刻")
    superseded_by: str = Field(description="撤销所依据文件的文号")


class HistoryOut(BaseModel):
    """All that is known about one unit in time."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="单位的长久标识")
    versions: list[VersionOut] = Field(description="历次版本，由早到晚")
    came_from: list[LinkOut] = Field(description="由哪些单位而来")
    went_into: list[LinkOut] = Field(description="归入哪些单位")
    as_published: list[PublishedVersionOut] = Field(description="曾经公布、后来撤销或更正的版本")
    links_as_published: list[PublishedLinkOut] = Field(description="曾经公布、后来撤销的沿革")


class HistoriesOut(BaseModel):
    """The histories of every unit a reference has ever meant."""

    units: list[HistoryOut] = Field(description="曾以此代码（或标识）存在的单位，由早到晚")


class InferiorsOut(BaseModel):
    """How many units hang directly on a unit."""

    count: int = Field(description="直接下级单位的个数", examples=[9])
    codes: list[str] = Field(description="直接下级单位的代码")


class DivisionOut(VersionOut):
    """A unit on a day with everything about it."""

    on: date = Field(description="本答复所依据的日期")
    superiors: list[UnitOut] = Field(description="各上级单位，由近到远")
    inferiors: InferiorsOut = Field(description="直接下级单位")
    versions: list[VersionOut] = Field(description="历次版本，由早到晚")
    came_from: list[LinkOut] = Field(description="由哪些单位而来")
    went_into: list[LinkOut] = Field(description="归入哪些单位")
