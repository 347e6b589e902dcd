"""What a desk check answers."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

Metres = float


class LocatedOut(BaseModel):
    """A finding, and where on the line it lies."""

    rule: str = Field(description="规则", examples=["R-MRK-07"])
    severity: str = Field(description="blocking 须改正、warning 须核查、info 提示")
    subject: str = Field(description="所指的界桩、界段或界线")
    class_: str | None = Field(default=None, alias="class", description="类别")
    message: str = Field(description="意见")
    legal_basis: str = Field(description="法律、标准依据")
    place: dict[str, Any] | None = Field(description="位置（GeoJSON 几何，经纬度）；不能定位的为空")
    chainage_m: Metres | None = Field(description="里程（米）；不能定位的为空")
    suggestion: str = Field(description="怎么办")
    rule_version: str = Field(description="规则的版本")


class RuleOut(BaseModel):
    """A rule that was asked, and how often it found something."""

    rule: str = Field(description="规则")
    title: str = Field(description="内容")
    found: int = Field(description="意见数")


class StretchOut(BaseModel):
    """A stretch of the line, and how far the other runs from it at most."""

    from_m: Metres = Field(description="起点里程（米）")
    to_m: Metres = Field(description="终点里程（米）")
    max_m: Metres = Field(description="最大相差（米）")


class MatchOut(BaseModel):
    """The register beside another drawing of the line: an edge-match certificate."""

    source: str = Field(description="所比的来源")
    same: bool = Field(description="是否逐点相同")
    max_m: Metres = Field(description="最大相差（米）")
    mean_m: Metres = Field(description="平均相差（米）")
    farthest: dict[str, Any] = Field(description="相差最大之处（GeoJSON 点）")
    covered_km: float = Field(description="所比的长度（千米）")
    vertices: int = Field(description="登记界线的顶点数")
    shared_vertices: int = Field(description="其中对方逐位相同的顶点数")
    tolerance_m: Metres = Field(description="容差（米）")
    apart: list[StretchOut] = Field(description="超过容差的各段")
    lacking: list[StretchOut] = Field(description="对方没有的各段")
    ours_sha256: str = Field(description="登记界线坐标（经纬度七位小数，按走向）的摘要")
    theirs_sha256: str = Field(description="对方坐标同法的摘要；两者相同即逐点一致")


class CheckedSideOut(BaseModel):
    """A side of the line."""

    code: str = Field(description="代码")
    name: str = Field(description="名称")


class FormerLineOut(BaseModel):
    """A line that ran there before."""

    id: UUID = Field(description="界线的标识")
    code: str = Field(description="界线代码", examples=["1112"])
    name: str = Field(description="界线名称", examples=["港闸—通州线"])


class EditionOut(BaseModel):
    """The line beside its former edition."""

    since: date = Field(description="上一版的日期")
    lines: list[FormerLineOut] = Field(description="当时还没有这条界线的，当时在这里的各条界线")
    before_km: float | None = Field(description="当时的长度（千米）")
    difference_km: float | None = Field(description="现在比当时长多少（千米）")
    match: MatchOut | None = Field(description="逐段比较；无从比较时为空")
    reason: str = Field(description="无从比较的缘由")


class CheckedSpanOut(BaseModel):
    """A stretch that was checked."""

    from_m: Metres = Field(description="起点里程（米）")
    to_m: Metres = Field(description="终点里程（米）")


class EncroachmentOut(BaseModel):
    """A parcel of the user's layer that reaches over the line: a candidate, not a decision."""

    parcel: str = Field(description="图斑")
    own: str = Field(description="图斑所属一侧的单位")
    beyond: str = Field(description="越入的单位")
    own_m2: float = Field(description="在己方的面积（平方米）")
    beyond_m2: float = Field(description="越过界线的面积（平方米）")
    depth_m: Metres = Field(description="越过部分最宽处（米）")
    place: dict[str, Any] = Field(description="位置（GeoJSON 点）")
    certain: bool = Field(description="图层自己写明所属单位")


class CheckOut(BaseModel):
    """A desk check of a line on a day."""

    on: date = Field(description="登记状况日期")
    id: UUID = Field(description="界线的标识")
    code: str = Field(description="界线代码")
    name: str = Field(description="界线名称")
    level: str = Field(description="级别")
    sides: list[CheckedSideOut] = Field(description="两侧")
    unit: CheckedSideOut | None = Field(description="只查作为此单位边界的各段；空表示未限定")
    from_m: Metres = Field(description="所查部分的起点里程（米）")
    to_m: Metres = Field(description="所查部分的终点里程（米）")
    stretches: list[CheckedSpanOut] = Field(description="所查的各段；全线则为一段")
    whole: bool = Field(description="是否查了全线；界桩总数、全长等须就全线判断的，只在查全线时判断")
    length_km: float = Field(description="全线长度（千米）")
    markers: int = Field(description="所查部分的界桩数")
    synthetic: bool = Field(description="是否含合成的界桩")
    passed: bool = Field(description="没有须改正的意见")
    counts: dict[str, int] = Field(description="各等级的意见数")
    rules: list[RuleOut] = Field(description="查了哪些规则，各有几条意见")
    findings: list[LocatedOut] = Field(description="意见，重者在前，同等级的按里程")
    previous: EditionOut | None = Field(description="与上一版的差异；没有上一版时为空")
    matches: list[MatchOut] = Field(description="与其他来源的接边证明")
    encroachments: list[EncroachmentOut] = Field(description="疑似越界的图斑")
    statements: list[str] = Field(description="所用资料的声明")
