"""Lines and edges, and what is told of them: what comes out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from gis_service.foundation.access import Classification
from gis_service.foundation.agenda import DueState
from gis_service.registers.divisions.schemas import UnitOut

Told = TypeVar("Told", bound=BaseModel)
GeometryOut = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"type": {"type": "string"}, "coordinates": {"type": "array"}},
            "required": ["type", "coordinates"],
        }
    ),
]


class StretchOut(BaseModel):
    """How a line runs between two lowest-level units."""

    model_config = ConfigDict(from_attributes=True)

    low: str = Field(description="代码较小一侧的最低级单位", examples=["320102"])
    high: str = Field(description="代码较大一侧的最低级单位", examples=["340103"])
    length_km: float = Field(description="长度（千米，椭球面）", examples=[12.345])


class LineRecordOut(BaseModel):
    """What is on record of a line on a day."""

    model_config = ConfigDict(from_attributes=True)

    agreement: str | None = Field(description="协议书的文号；空表示未登记")
    approver: str | None = Field(description="批准机关；空表示未登记")
    approved_on: date | None = Field(description="批准日期；空表示未登记")
    published_length_km: float | None = Field(description="公布长度（千米）；空表示未登记", examples=[73.1])
    published_by: str | None = Field(description="公布长度所出文件的文号；空表示未登记")
    runs: str | None = Field(description="走向：自西向东、自北向南；空表示由线形决定", examples=["自北向南"])
    begins_at: str | None = Field(description="起点；空表示未登记")
    ends_at: str | None = Field(description="终点；空表示未登记")
    single_markers: int | None = Field(description="单立界桩的个数；空表示未登记")
    double_markers: int | None = Field(description="同号双立界桩的组数；空表示未登记")
    triple_markers: int | None = Field(description="同号三立界桩的组数；空表示未登记")
    note: str | None = Field(description="备注；空表示没有")
    instrument: str = Field(description="登记所依据文件的文号")
    valid_from: date = Field(description="此项登记的起始日（含）")
    valid_to: date | None = Field(description="此项登记的终止日（不含）；空表示至今有效")


class LineOut(BaseModel):
    """A boundary line on a day."""

    id: UUID = Field(description="界线的标识")
    code: str = Field(description="界线代码（GB/T 17796）；县级界线的代码可能重复", examples=["3234"])
    name: str = Field(description="界线名称", examples=["苏皖线"])
    level: str = Field(description="界线层级：province、prefecture、county、township", examples=["province"])
    sides: list[UnitOut] = Field(description="两侧单位，代码较小者在前")
    length_km: float | None = Field(
        description="长度（千米，椭球面）；空表示不能示明（界线的一部分不在读者可知的范围内）",
        examples=[1125.0],
    )
    stretches: list[StretchOut] = Field(
        description="逐对最低级单位之间的各段，代码升序；不能示明长度时一段也不列"
    )
    record: LineRecordOut | None = Field(description="登记内容：协议书、批准、公布长度等；空表示没有登记")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])
    valid_from: date = Field(description="起始日（含）")
    valid_to: date | None = Field(description="终止日（不含）；空表示至今有效")


class BorderOut(BaseModel):
    """What lies between any two units on a day."""

    one: UnitOut = Field(description="一方单位")
    other: UnitOut = Field(description="另一方单位")
    touching: bool | None = Field(description="两单位是否沿线相接（仅相交于一点不算）；空表示不能示明")
    length_km: float | None = Field(
        description="公共边界长度（千米，椭球面）；空表示不能示明（边界的一部分不在读者可知的范围内）"
    )
    stretches: list[StretchOut] = Field(
        description="逐对最低级单位之间的各段，代码升序；不能示明长度时一段也不列"
    )
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])


class EdgeOut(BaseModel):
    """A stretch of border stored once, as it served on a day. Left and right follow its direction."""

    model_config = ConfigDict(from_attributes=True)

    left: str | None = Field(description="左侧最低级单位的代码；空表示当日没有登记单位")
    right: str | None = Field(description="右侧最低级单位的代码；空表示当日没有登记单位")
    legal_state: str = Field(description="法律状态：已定界、未定界、争议、习惯线、未说明")
    follows: str = Field(description="界线沿何物而行：河流中心线、分水岭、道路……未说明", examples=["分水岭"])
    follows_name: str | None = Field(description="所沿之物的名称；空表示未登记", examples=["秦淮河"])
    length_m: float = Field(description="长度（米，椭球面）")
    accuracy_m: float | None = Field(description="勘定成果或来源声明的点位精度（米）；空表示未知")
    agreement: str | None = Field(description="勘定此边的协议书的文号；空表示未登记")
    cut_from: UUID | None = Field(description="此边由哪条边分出；空表示不是分出的")
    source: str = Field(description="来源文件的文号或数据集名")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])


class LengthsOut(BaseModel):
    """The derived length beside the published one; neither replaces the other."""

    model_config = ConfigDict(from_attributes=True)

    derived_km: float = Field(description="由登记的边算得的长度（千米，椭球面）", examples=[62.4])
    published_km: float | None = Field(description="公布长度（千米）；空表示未登记", examples=[73.1])
    difference_km: float | None = Field(description="算得减公布（千米）；空表示无从比较", examples=[-10.7])
    difference_share: float | None = Field(description="相差占公布长度的比例", examples=[-0.146])
    reasons: list[str] = Field(description="对相差的说明")


class EnclaveOut(BaseModel):
    """A part of one side that lies wholly inside the other."""

    unit: str = Field(description="属于哪一侧（代码）", examples=["340000"])
    within: str = Field(description="位于哪一侧之内（代码）", examples=["320000"])
    area_km2: float = Field(description="面积（平方千米，椭球面）")
    place: list[float] = Field(description="其中一点的经纬度")


class LineMatterOut(BaseModel):
    """Something that a procedure leaves to do about a line."""

    number: str = Field(description="编号", examples=["KJ-2020-00001"])
    title: str = Field(description="事项", examples=["办结变更后的勘界事项"])
    due_on: date | None = Field(description="期限；空表示法律没有规定日数")
    state: DueState = Field(description="状态")
    legal_basis: str = Field(description="依据")
    address: str | None = Field(description="详情的地址", examples=["/settlements/KJ-2020-00001"])


class LineFileOut(LineOut):
    """A boundary line on a day with all that is told of it as a whole."""

    runs: str | None = Field(description="编号和描述的走向；空表示不能示明", examples=["自北向南"])
    begins: list[float] | None = Field(description="起点的经纬度；空表示不能示明")
    ends: list[float] | None = Field(description="终点的经纬度；空表示不能示明")
    parts: int | None = Field(description="线形由几段不相连的线组成；空表示不能示明")
    lengths: LengthsOut | None = Field(description="算得长度与公布长度；空表示不能示明")
    by_state: dict[str, float] = Field(description="各法律状态的长度（千米）")
    by_follows: dict[str, float] = Field(description="沿各类地物的长度（千米）")
    enclaves: list[EnclaveOut] = Field(description="由范围看出的飞地：一侧的一块全部在另一侧之内")
    matters: list[LineMatterOut] = Field(
        default_factory=list, description="此界线尚待办理的事项（勘界、修测）；只列读者可知的"
    )


class SectionOut(BaseModel):
    """A section of a line, from one chainage to another in the direction of its numbering."""

    model_config = ConfigDict(from_attributes=True)

    number: int = Field(description="序号，自起点起", examples=[1])
    from_m: float = Field(description="起点里程（米）", examples=[0.0])
    to_m: float = Field(description="终点里程（米）", examples=[1234.5])
    length_km: float = Field(description="长度（千米，椭球面）")
    sides: list[tuple[str, str]] = Field(description="沿途各对最低级单位（左、右）的代码")
    legal_state: str | None = Field(description="法律状态；空表示段内不一")
    follows: str | None = Field(description="沿何物而行；空表示段内不一")
    follows_name: str | None = Field(description="所沿之物的名称；空表示未登记或段内不一")
    moves: bool | None = Field(description="协议是否约定界线随所沿之物移动；空表示段内不一")
    accuracy_m: float | None = Field(description="点位精度（米）；空表示未知或段内不一")
    agreement: str | None = Field(description="协议书的文号；空表示未登记或段内不一")
    source: str | None = Field(description="线形来源的文号或数据集名；空表示段内不一")
    edges: list[UUID] = Field(description="组成此段的边，按里程")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])


class _BesideOut(BaseModel):
    """A record that stands beside a line for a period."""

    instrument: str = Field(description="登记所依据文件的文号")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])
    valid_from: date = Field(description="起始日（含）")
    valid_to: date | None = Field(description="终止日（不含）；空表示至今有效")


class ClaimOut(_BesideOut):
    """Where one side holds that a disputed section runs."""

    section: str = Field(description="争议段的名称", examples=["第一段"])
    claimant: str = Field(description="提出主张的单位的代码", examples=["320402"])
    geometry: GeometryOut = Field(description="主张线（GeoJSON 几何）")


class IndicatorOut(_BesideOut):
    """An object that fixes a line on the ground."""

    id: UUID = Field(description="指示物的长久标识")
    kind: str = Field(description="种类", examples=["沟渠"])
    name: str = Field(description="名称", examples=["团结渠"])
    state: str | None = Field(description="状况；空表示未登记", examples=["改道"])
    geometry: GeometryOut = Field(description="位置（GeoJSON 几何）")
    resurvey: str | None = Field(description="修测结果的文号；空表示没有")
    filing: str | None = Field(description="备案文件的文号；空表示没有")


class UseOut(_BesideOut):
    """An enclave, or land that one side uses beyond the line."""

    id: UUID = Field(description="此项的长久标识，修订和终止时写明")
    kind: str = Field(description="种类：飞地、插花地、跨界使用", examples=["跨界使用"])
    user: str = Field(description="使用或管辖的一方的代码", examples=["320402"])
    host: str = Field(description="土地所在的一方的代码", examples=["321102"])
    place: str = Field(description="地点")
    purpose: str | None = Field(description="用途；空表示未登记")
    geometry: GeometryOut | None = Field(description="范围（GeoJSON 几何）；空表示未登记")
    consents: list[str] = Field(description="双方人民政府同意的文号")
    decision: str | None = Field(description="协议或决定的文号；空表示没有")
    filing: str | None = Field(description="备案文件的文号；空表示没有")


class OfLineOut(BaseModel, Generic[Told]):
    """What belongs to a line on a day, complete."""

    on: date = Field(description="本答复所依据的日期")
    line: UUID = Field(description="界线的标识")
    code: str = Field(description="界线代码", examples=["3234"])
    name: str = Field(description="界线名称", examples=["苏皖线"])
    length_km: float | None = Field(
        description="界线长度（千米，椭球面）；空表示不能示明，或本答复不涉及长度"
    )
    items: list[Told] = Field(description="各项；一次给全")


class ChainageOut(BaseModel):
    """A place on a line, or where a point meets it."""

    on: date = Field(description="本答复所依据的日期")
    line: UUID = Field(description="界线的标识")
    chainage_m: float = Field(description="里程（米），自起点起", examples=[1234.5])
    length_m: float = Field(description="界线全长（米）")
    lon: float = Field(description="线上该处的经度")
    lat: float = Field(description="线上该处的纬度")
    offset_m: float | None = Field(description="所问的点到界线的距离（米）；按里程查时为空")
    side: str | None = Field(description="所问的点在界线哪一侧：左、右、上；按里程查时为空")
    left: str = Field(description="该处左侧最低级单位的代码")
    right: str = Field(description="该处右侧最低级单位的代码")
    legal_state: str = Field(description="该处的法律状态")
    follows: str = Field(description="该处界线沿何物而行")
    follows_name: str | None = Field(description="所沿之物的名称；空表示未登记")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])
