"""What comes out of the register of archives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import Classification
from gis_service.registers.markers.schemas import LineNamedOut


class ArchiveFileOut(BaseModel):
    """A file of an item."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str = Field(description="内容摘要")
    name: str = Field(description="文件名", examples=["协议书.pdf"])
    media_type: str = Field(description="媒体类型", examples=["application/pdf"])
    size_bytes: int = Field(description="字节数")
    told: dict[str, Any] = Field(description="文件自身所载：页数、像素、分辨率、坐标系、图层等")
    made_from: str | None = Field(description="由哪份扫描图校正而成（内容摘要）")


class AboutOut(BaseModel):
    """A marker or a tri-point an item is about."""

    id: UUID = Field(description="标识")
    name: str = Field(description="编号或名称", examples=["3234001Q"])


class ArchiveItemOut(BaseModel):
    """An item on file."""

    id: UUID = Field(description="档案件的标识")
    number: str = Field(description="档号", examples=["KJ-3234-001"])
    title: str = Field(description="题名")
    kind: str = Field(description="种类", examples=["协议书"])
    group: str = Field(description="类别：文书综合、勘界成果", examples=["勘界成果"])
    retention: str = Field(description="保管期限：永久、长期", examples=["永久"])
    kept_until: date | None = Field(description="保管至；永久保管的为空")
    dated_on: date = Field(description="文件日期")
    issuer: str = Field(description="责任者")
    pages: int | None = Field(description="页数")
    medium: str = Field(description="载体", examples=["纸质"])
    note: str | None = Field(description="备注")
    instrument: str | None = Field(description="归档所依据文件的文号")
    classification: Classification = Field(description="密级：公开、内部、涉密")
    lines: list[LineNamedOut] = Field(description="所涉界线")
    markers: list[AboutOut] = Field(description="所涉界桩")
    tri_points: list[AboutOut] = Field(description="所涉三交点")
    files: list[ArchiveFileOut] = Field(description="文件，按收入先后")


class ImageOut(BaseModel):
    """Where an image lies."""

    sha256: str = Field(description="影像文件的内容摘要")
    captured_on: date | None = Field(description="拍摄日期")
    resolution_m: float = Field(description="分辨率（米/像素）")
    crs: str = Field(description="坐标系", examples=["EPSG:4490"])
    footprint: dict[str, Any] = Field(description="覆盖范围（GeoJSON，CGCS2000 经纬度）")


class GeoreferenceOut(BaseModel):
    """A scan laid on the ground."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str = Field(description="扫描图的内容摘要")
    made_sha256: str = Field(description="校正后影像的内容摘要")
    made_on: date = Field(description="校正日期")
    method: str = Field(description="校正方法", examples=["仿射"])
    rms_m: float = Field(description="中误差（米）")
    worst_m: float = Field(description="最大残差（米）")
    control: dict[str, Any] = Field(description="控制点：原值、坐标系和换算后的位置")
    fit: dict[str, Any] = Field(description="校正关系和各点残差（米）")


class VectorOut(BaseModel):
    """A traced shape."""

    id: UUID = Field(description="标识")
    kind: str = Field(description="所描绘的对象", examples=["界线"])
    name: str | None = Field(description="名称")
    accuracy_m: float | None = Field(description="点位精度（米）")
    source_sha256: str | None = Field(description="描绘所据的扫描图或影像")
    geometry: dict[str, Any] = Field(description="图形（GeoJSON，CGCS2000 经纬度）")


class AppraisalOut(BaseModel):
    """An appraisal."""

    model_config = ConfigDict(from_attributes=True)

    appraised_on: date = Field(description="鉴定日期")
    conclusion: str = Field(description="鉴定意见")


class CorrectionOut(BaseModel):
    """That what is written of an item was put right."""

    model_config = ConfigDict(from_attributes=True)

    recorded_at: datetime = Field(description="更正时刻")
    reason: str = Field(description="理由")
    published: dict[str, Any] = Field(description="更正之前所公布的各项")
    corrected: dict[str, Any] = Field(description="更正之后的各项")


class ArchiveDetailOut(ArchiveItemOut):
    """An item with all that is on record of it."""

    images: list[ImageOut] = Field(description="影像范围")
    georeferences: list[GeoreferenceOut] = Field(description="历次控制点校正，按先后")
    vectors: list[VectorOut] = Field(description="矢量化成果")
    appraisals: list[AppraisalOut] = Field(description="鉴定")
    corrections: list[CorrectionOut] = Field(description="历次更正，按先后；以前所公布的各项照原样保留")


class StretchOut(BaseModel):
    """A stretch of a line."""

    from_m: float = Field(description="起点里程（米）")
    to_m: float = Field(description="终点里程（米）")


class ImageOnLineOut(BaseModel):
    """An image along a line."""

    item: UUID = Field(description="档案件的标识")
    number: str = Field(description="档号")
    title: str = Field(description="题名")
    sha256: str = Field(description="影像文件的内容摘要")
    captured_on: date | None = Field(description="拍摄日期")
    resolution_m: float = Field(description="分辨率（米/像素）")
    stretches: list[StretchOut] = Field(description="所覆盖的里程")


class LineArchivesOut(BaseModel):
    """What is on file of a line."""

    on: date = Field(description="本答复所依据的日期")
    line: LineNamedOut
    items: list[ArchiveItemOut] = Field(description="档案件，按档号排列")
    kinds: dict[str, int] = Field(description="各种类的件数")
    pages: int = Field(description="已知的总页数")
    findings: list[dict[str, Any]] = Field(description="缺少的法定档案，及没有影像的地段")
    images: list[ImageOnLineOut] = Field(description="沿线影像，按里程")
    gaps: list[StretchOut] = Field(description="没有影像的里程")
