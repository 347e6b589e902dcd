"""What comes out of the register of markers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import Classification
from gis_service.registers.boundaries.schemas import PlacedUnitOut
from gis_service.registers.divisions.schemas import UnitOut

_KEPT = "密级：公开、内部、涉密"


class LineNamedOut(BaseModel):
    """A boundary line, as it is pointed to."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="界线的标识")
    code: str = Field(description="界线代码", examples=["3234"])
    name: str = Field(description="界线名称", examples=["苏皖线"])
    level: str = Field(description="界线层级", examples=["province"])


class PositionOut(BaseModel):
    """A registered position of a marker, as the survey gave it."""

    model_config = ConfigDict(from_attributes=True)

    lon: float | None = Field(description="经度（度，CGCS2000）；空表示原坐标系缺转换参数，未予换算")
    lat: float | None = Field(description="纬度（度，CGCS2000）")
    system: str = Field(description="原坐标系", examples=["CGCS2000"])
    zone_width: int | None = Field(description="投影分带：3 或 6（度）；经纬度成果为空")
    zone: int | None = Field(description="带号", examples=[40])
    x: float | None = Field(description="纵坐标 X（北向，米），原值")
    y: float | None = Field(description="横坐标 Y（东向，米），原值，带号照原样")
    height: float | None = Field(description="高程（米）")
    height_system: str | None = Field(description="高程系统", examples=["1985国家高程基准"])
    given: str | None = Field(description="坐标的原始写法")
    method: str | None = Field(description="测定方法")
    accuracy_m: float | None = Field(description="点位精度（米）")
    residual_m: float | None = Field(description="残差（米）")
    surveyed_on: date | None = Field(description="测定日期")
    valid_from: date = Field(description="起始日（含）")
    valid_to: date | None = Field(description="终止日（不含）；空表示至今有效")
    begun_by: str | None = Field(description="所依据文件的文号")


class SideOut(BaseModel):
    """Where a marker stands as one side tells it."""

    unit: UnitOut = Field(description="所述一侧最低一级的单位")
    location: str = Field(description="所在地", examples=["某镇某村"])


class BearingOut(BaseModel):
    """A bearing object."""

    model_config = ConfigDict(from_attributes=True)

    ordinal: int = Field(description="序号", examples=[1])
    name: str = Field(description="名称", examples=["水塔"])
    azimuth_deg: float = Field(description="方位角（度，自坐标北顺时针）", examples=[181.5])
    distance_m: float = Field(description="距离（米）", examples=[60.2])


class MarkerOut(BaseModel):
    """A marker on a day."""

    id: UUID = Field(description="界桩的标识")
    number: str = Field(description="界桩编号，永不改写", examples=["3234001Q"])
    kind: str = Field(description="界桩或三交点界桩", examples=["界桩"])
    placement: str = Field(description="埋设方式：单立、双立、三立", examples=["单立"])
    shape: str | None = Field(description="桩形：双面型、三面型；空表示未知")
    material: str | None = Field(description="材质；空表示未知")
    lines: list[LineNamedOut] = Field(description="所在界线；三交点界桩有几条")
    managing: UnitOut | None = Field(description="负责管理的一方；空表示没有登记")
    state: str | None = Field(description="最近所见的状况；空表示没有登记", examples=["完好"])
    seen_on: date | None = Field(description="最近查看的日期")
    lon: float | None = Field(description="登记位置的经度（度，CGCS2000）；空表示没有可用的坐标")
    lat: float | None = Field(description="登记位置的纬度（度，CGCS2000）")
    height: float | None = Field(description="高程（米）")
    is_historic: bool = Field(description="编号是否为不合现行规则的历史编号")
    is_synthetic: bool = Field(description="是否为合成示例，并非真实界桩")
    classification: Classification = Field(description=_KEPT, examples=["公开"])
    valid_from: date = Field(description="登记内容的起始日（含）")
    valid_to: date | None = Field(description="登记内容的终止日（不含）；空表示至今有效")


class MarkerOnLineOut(MarkerOut):
    """A marker of a line, with its foot on it."""

    chainage_m: float | None = Field(description="垂足的里程（米，自界线起点）；空表示没有坐标或不能示明")
    offset_m: float | None = Field(description="离界线的距离（米）")
    side: str | None = Field(description="在界线前进方向的左、右，或线上")


class ObservationOut(BaseModel):
    """What was seen of a marker, and what was done."""

    model_config = ConfigDict(from_attributes=True)

    seen_on: date = Field(description="查看日期")
    state: str = Field(description="状况", examples=["损坏"])
    action: str | None = Field(description="处置", examples=["修复"])
    lon: float | None = Field(description="实测位置的经度")
    lat: float | None = Field(description="实测位置的纬度")
    observer: str = Field(description="查看的机关或人员")
    neighbour_present: bool | None = Field(description="毗邻一方是否在场；空表示没有记载")
    note: str | None = Field(description="备注")
    instrument: str | None = Field(description="所依据文件的文号")


class MarkerFileOut(BaseModel):
    """A file of a marker."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str = Field(description="内容摘要，凭此取回")
    kind: str = Field(description="种类：位置略图、照片、登记表、其他")
    name: str = Field(description="文件名")
    media_type: str = Field(description="媒体类型")
    size_bytes: int = Field(description="字节数")
    taken_at: datetime | None = Field(description="拍摄时间（EXIF）")
    azimuth_deg: float | None = Field(description="拍摄方向（度，EXIF）")


class MarkerPaperOut(BaseModel):
    """A paper by which a marker was moved or added."""

    on: date = Field(description="移位或增设的日期")
    action: str = Field(description="事项：移位、增设", examples=["移位"])
    role: str = Field(description="文件是什么：申请、协议、批准、共同测量、备案", examples=["协议"])
    instrument: str = Field(description="文号", examples=["协议〔2021〕3号"])
    instrument_id: UUID = Field(description="文件的标识，可在 /instruments 中取得")
    title: str = Field(description="文件标题")
    issuer: str = Field(description="制发机关")
    issued_on: date = Field(description="成文日期")
    signed_by: list[UnitOut] = Field(description="同意的各方；只有协议有")
    files: list[str] = Field(description="随文件登记的附件的内容摘要")


class MarkerDetailOut(MarkerOut):
    """All that is known of a marker."""

    on: date = Field(description="本答复所依据的日期")
    sides: list[SideOut] = Field(description="各侧所述的所在地")
    bearings: list[BearingOut] = Field(description="方位物")
    is_entrusted: bool = Field(description="是否委托专人管护")
    note: str | None = Field(description="备注")
    positions: list[PositionOut] = Field(description="历次登记位置，由早到晚")
    observations: list[ObservationOut] = Field(description="历次查看和处置，由早到晚")
    papers: list[MarkerPaperOut] = Field(description="历次移位、增设所依据的文件，由早到晚")
    files: list[MarkerFileOut] = Field(description="附件")


class TriPointOut(BaseModel):
    """A place where the lines of three units meet."""

    id: UUID = Field(description="三交点的标识")
    name: str = Field(description="名称")
    number: str | None = Field(description="编号")
    lon: float = Field(description="经度（度，CGCS2000）")
    lat: float = Field(description="纬度（度，CGCS2000）")
    units: list[UnitOut] = Field(description="相交的三个单位")
    marker: UUID | None = Field(description="所立界桩的标识；空表示没有立桩")
    is_synthetic: bool = Field(description="所立界桩是否为合成示例，并非真实界桩")
    classification: Classification = Field(description=_KEPT, examples=["公开"])


class LineNearOut(LineNamedOut):
    """A line near a place."""

    distance_m: float = Field(description="距离（米，椭球面）", examples=[812.5])
    direction: str = Field(description="所问一点看去的方向（真北，十六方位）", examples=["东北"])
    lon: float = Field(description="界线上最近处的经度")
    lat: float = Field(description="界线上最近处的纬度")


class MarkerNearOut(BaseModel):
    """A marker near a place."""

    id: UUID = Field(description="界桩的标识")
    number: str = Field(description="界桩编号", examples=["3234001Q"])
    state: str | None = Field(description="最近所见的状况；空表示没有登记")
    distance_m: float = Field(description="距离（米，椭球面）", examples=[1503.2])
    direction: str = Field(description="所问一点看去的方向（真北，十六方位）", examples=["南偏西南"])
    lon: float = Field(description="登记位置的经度")
    lat: float = Field(description="登记位置的纬度")
    is_synthetic: bool = Field(description="是否为合成示例，并非真实界桩")
    classification: Classification = Field(description=_KEPT, examples=["公开"])


class NearestOut(BaseModel):
    """What lies around a place on a day."""

    on: date = Field(description="本答复所依据的日期")
    lon: float = Field(description="所问的经度")
    lat: float = Field(description="所问的纬度")
    sides: list[list[PlacedUnitOut]] = Field(description="所在单位，从省到最低一级；恰在界线上时各侧一列")
    lines: list[LineNearOut] = Field(description="附近的界线，由近及远")
    within_m: float | None = Field(
        description="此距离（米）以内的界线已全部列出，以外的不列；空表示在册界线已全部列出"
    )
    markers: list[MarkerNearOut] = Field(description="最近的三座界桩，由近及远")
    remark: str | None = Field(description="对所问一点的说明；空表示没有")
