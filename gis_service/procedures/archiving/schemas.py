"""What is sent to be filed of archives; acts are named by their number and must be registered."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.registers.archives.models import ArchiveGroup, ArchiveKind, FitMethod, Medium, Retention
from gis_service.registers.archives.schemas import ArchiveDetailOut

PaperNumber = Annotated[str, Field(min_length=1, max_length=200, description="所依据文件的文号")]
ItemNumber = Annotated[str, Field(min_length=1, max_length=80, description="档号", examples=["KJ-3234-001"])]
Words = Annotated[str, Field(min_length=1, max_length=400)]
Note = Annotated[str, Field(max_length=2000)]
Pages = Annotated[int, Field(ge=1, le=100_000)]
Many = 500  # lines, markers or tri-points of one item


class ArchiveItemIn(Stripped):
    """An item to file; group and retention are those of its kind, where nothing else is said."""

    instrument: PaperNumber
    number: ItemNumber
    title: Words = Field(description="题名")
    kind: ArchiveKind = Field(description="种类")
    dated_on: LegalDay = Field(description="文件日期")
    issuer: Words = Field(description="责任者")
    pages: Pages | None = Field(default=None, description="页数；不写则取自文件")
    medium: Medium = Field(default=Medium.paper, description="载体")
    group: ArchiveGroup | None = Field(default=None, description="类别；不写则依种类")
    retention: Retention | None = Field(default=None, description="保管期限；不写则依种类")
    note: Note | None = Field(default=None, description="备注")
    captured_on: LegalDay | None = Field(default=None, description="影像的拍摄日期")
    lines: list[UUID] = Field(default_factory=list, max_length=Many, description="所涉界线的标识")
    markers: list[UUID] = Field(default_factory=list, max_length=Many, description="所涉界桩的标识")
    tri_points: list[UUID] = Field(default_factory=list, max_length=Many, description="所涉三交点的标识")


class ControlPointIn(Stripped):
    """A pixel of the scan, counted from its upper left corner, and the place it shows."""

    name: str = Field(default="", max_length=60, description="点号")
    column: float = Field(description="像素列，自左上角起")
    row: float = Field(description="像素行，自左上角起")
    lon: float | None = Field(default=None, ge=-180, le=180, description="经度（度）")
    lat: float | None = Field(default=None, ge=-90, le=90, description="纬度（度）")
    x: float | None = Field(default=None, description="纵坐标 X（北向，米）")
    y: float | None = Field(default=None, description="横坐标 Y（东向，米）")


class GeoreferenceIn(Stripped):
    """How a scan is laid on the ground: by control points, or by the text of a world file."""

    instrument: PaperNumber
    points: list[ControlPointIn] = Field(default_factory=list, max_length=1000, description="控制点")
    world: str | None = Field(
        default=None, max_length=1000, description="坐标文件（.tfw、.jgw、.pgw）的原文，代替控制点"
    )
    method: FitMethod = Field(default=FitMethod.affine, description="校正方法；坐标文件一律用二次多项式")
    system: str = Field(default="CGCS2000", max_length=60, description="坐标系")
    zone_width: Literal[3, 6] | None = Field(default=None, description="分带：3 或 6")
    zone: int | None = Field(default=None, ge=1, le=60, description="带号")
    scale: int | None = Field(default=None, ge=1, le=10_000_000, description="原图比例尺的分母")
    page: int = Field(default=1, ge=1, le=10_000, description="PDF 扫描件的页码")


class AppraisalIn(Stripped):
    """What an appraisal found."""

    instrument: PaperNumber
    conclusion: str = Field(
        min_length=2, max_length=2000, description="鉴定意见", examples=["继续保存二十年"]
    )
    on: LegalDay | None = Field(default=None, description="鉴定日期；不写则为北京时间今天")


class ArchiveCorrectionIn(Stripped):
    """What is put right of an item; what is not written stays."""

    instrument: PaperNumber
    reason: str = Field(min_length=4, max_length=2000, description="理由", examples=["题名有误植"])
    number: ItemNumber | None = Field(default=None)
    title: Words | None = Field(default=None, description="题名")
    kind: ArchiveKind | None = Field(default=None, description="种类")
    dated_on: LegalDay | None = Field(default=None, description="文件日期")
    issuer: Words | None = Field(default=None, description="责任者")
    pages: Pages | None = Field(default=None, description="页数")
    medium: Medium | None = Field(default=None, description="载体")
    group: ArchiveGroup | None = Field(default=None, description="类别")
    retention: Retention | None = Field(default=None, description="保管期限")
    note: Note | None = Field(default=None, description="备注")


class ArchivedOut(BaseModel):
    """An item after something was filed of it, and what was found in doing so."""

    item: ArchiveDetailOut = Field(description="档案件")
    findings: list[dict[str, Any]] = Field(description="意见")
