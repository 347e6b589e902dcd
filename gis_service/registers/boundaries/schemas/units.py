"""Units as they lie on the ground: what comes out of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import Classification
from gis_service.registers.divisions.rules import ChangeKind
from gis_service.registers.divisions.schemas import DivisionOut, VersionOut


class UnitOnGroundOut(VersionOut):
    """A unit on a day with its area."""

    area_km2: float | None = Field(
        description="面积（平方千米，CGCS2000 椭球面）；空表示没有范围数据", examples=[100.25]
    )


class DivisionOnGroundOut(DivisionOut, UnitOnGroundOut):
    """A unit on a day with everything about it, its area included."""


class UnitThenOut(BaseModel):
    """A unit as it was on a day."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="单位的长久标识")
    code: str = Field(description="当时的代码", examples=["320304"])
    name: str = Field(description="当时的名称", examples=["九里区"])
    level: str = Field(description="行政层级", examples=["county"])
    type: str | None = Field(description="建制；空表示未知", examples=["市辖区"])


class SpellOut(UnitThenOut):
    """A unit as it was over a period of days."""

    valid_from: date = Field(description="起始日（含）", validation_alias="begins")
    valid_to: date | None = Field(description="终止日（不含）；空表示至今有效", validation_alias="ends")


class StepOut(BaseModel):
    """A link on the way: what went into what, by which act."""

    model_config = ConfigDict(from_attributes=True)

    on: date = Field(description="发生日期", examples=["2010-09-05"])
    kind: str = Field(description="沿革方式：合并、建制变更、拆分、区域划转", examples=["拆分"])
    certainty: str = Field(description="确定程度：确定、推定、存疑、随下级", examples=["确定"])
    came_from: UnitThenOut | None = Field(description="原单位，变更前一日的情况", serialization_alias="from")
    went_into: UnitThenOut | None = Field(description="新单位，变更当日的情况", serialization_alias="to")
    instrument: str = Field(description="所依据文件的文号", validation_alias="number")
    title: str = Field(description="所依据文件的标题")


class HeirOut(UnitThenOut):
    """A unit that (part of) the area is in on the other day."""

    share_of_source: float | None = Field(description="占所查单位面积的比例，0 至 1；空表示无从得知")
    share_of_target: float | None = Field(description="占此单位面积的比例，0 至 1；空表示无从得知")
    certainty: str = Field(description="最可靠的一条沿革路径的确定程度：确定、推定", examples=["确定"])
    acts: list[StepOut] = Field(description="沿途各次变更，按经过的先后")


class RevisionOut(BaseModel):
    """That a unit on the way was renamed, re-coded or moved."""

    on: date = Field(description="发生日期")
    before: UnitThenOut = Field(description="此前的情况")
    after: UnitThenOut = Field(description="此后的情况")
    instrument: str = Field(description="所依据文件的文号")
    title: str = Field(description="所依据文件的标题")


class TraceOut(BaseModel):
    """What became of a unit between two days."""

    source: UnitThenOut = Field(description="所查的单位，起点日的情况")
    on: date = Field(description="起点日；代码在所问之日已停用的，为其最后有效的一日")
    asked_on: date | None = Field(description="所问的起点日；没有问及时为空")
    to: date = Field(description="终点日；早于起点日时为追溯来源")
    units: list[HeirOut] = Field(description="终点日的对应单位，所占比例大者在前")
    shares_sum: float | None = Field(description="各 share_of_source 之和；有一项无从得知时为空")
    doubtful: list[StepOut] = Field(description="沿途存疑的联系：不计入结果，列出备考")
    revisions: list[RevisionOut] = Field(description="沿途单位的更名、改码、改隶，按日期")
    holders: list[SpellOut] = Field(description="曾以此代码（或标识）存在的单位及其起止日，由早到晚")


class ActOnDayOut(BaseModel):
    """An act, and when it took effect."""

    model_config = ConfigDict(from_attributes=True)

    on: date = Field(description="生效日期")
    instrument: str = Field(description="文号", validation_alias="number")
    title: str = Field(description="标题")


class StateOut(UnitThenOut):
    """What a unit was on one of the two days compared."""

    seat: str | None = Field(description="政府驻地；空表示未知")
    superior: str | None = Field(description="上级单位的代码；省级为空")
    area_km2: float | None = Field(description="面积（平方千米）；空表示没有范围数据")


class ChangedOut(BaseModel):
    """What became of one unit between two days."""

    kinds: list[ChangeKind] = Field(
        description="变更的种类：设立、撤销、建制变更、更名、代码变更、隶属关系变更、驻地迁移、区域变更"
    )
    level: str = Field(description="行政层级", examples=["county"])
    before: StateOut | None = Field(description="较早一日的情况；空表示当日没有此单位")
    after: StateOut | None = Field(description="较晚一日的情况；空表示当日没有此单位")
    acts: list[ActOnDayOut] = Field(description="其间的文件依据，按日期")


class ComparisonOut(BaseModel):
    """What became of all units between two days, complete."""

    earlier: date = Field(description="较早一日")
    later: date = Field(description="较晚一日")
    counts: dict[str, dict[str, int]] = Field(description="按层级、变更种类的计数")
    changes: list[ChangedOut] = Field(description="有变更的单位，按层级、代码排列；一次给全")


class PlacedUnitOut(BaseModel):
    """A unit in the chain above a place."""

    model_config = ConfigDict(from_attributes=True)

    level: str = Field(description="行政层级", examples=["county"])
    code: str = Field(description="行政区划代码", examples=["320602"])
    name: str = Field(description="名称", examples=["崇川区"])
    type: str | None = Field(description="建制", examples=["市辖区"])
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])


class PlaceOut(BaseModel):
    """Where a point lies on a day."""

    on: date = Field(description="本答复所依据的日期")
    lon: float = Field(description="所问的经度")
    lat: float = Field(description="所问的纬度")
    sides: list[list[PlacedUnitOut]] = Field(
        description="该点所在的单位，从省到最低一级；点在界线上时有几侧就有几列，没有登记范围时为空"
    )
    remark: str | None = Field(description="对该点的说明，如不在中国范围内、经纬度可能写反；空表示没有")


class RelatedOut(BaseModel):
    """A unit that lies in the way asked for."""

    model_config = ConfigDict(from_attributes=True)

    unit: PlacedUnitOut = Field(description="单位")
    area_km2: float = Field(description="面积（平方千米，椭球面）")
    border_km: float | None = Field(description="touches：共有界线的长度（千米）；0 表示仅相交于一点")
    shared_km2: float | None = Field(description="overlaps：共有的面积（平方千米）")
    distance_m: float | None = Field(description="nearest：两范围最近两点间的椭球面距离（米）")


class RelationsOut(BaseModel):
    """Units that lie in the way asked for to one unit."""

    on: date = Field(description="本答复所依据的日期")
    predicate: str = Field(description="位置关系", examples=["touches"])
    items: list[RelatedOut] = Field(description="各单位；nearest 由近及远，其余按代码")
