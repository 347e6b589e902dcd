"""What is sent to be entered of markers, boundary points and tri-points; acts are named by their number."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gis_service.foundation.stripped import Stripped
from gis_service.procedures.surveys.schemas.lines import Number, OfLineIn, UnitCode, Words
from gis_service.registers.markers.models import FaceShape, MarkerKind, Placement

Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Metres = Annotated[float, Field(ge=0, le=100_000)]
Many = 2000  # markers of one act


class PlaceIn(Stripped):
    """Coordinates as a survey gives them: longitude and latitude, or northing and easting with their zone."""

    lon: Lon | None = Field(default=None, description="经度（度）")
    lat: Lat | None = Field(default=None, description="纬度（度）")
    x: float | None = Field(default=None, description="纵坐标 X（北向，米）")
    y: float | None = Field(default=None, description="横坐标 Y（东向，米）")
    system: Words = Field(default="CGCS2000", description="坐标系")
    zone_width: int | None = Field(default=None, description="分带：3 或 6；横坐标带有带号时可不写")
    zone: int | None = Field(default=None, description="带号")
    height: float | None = Field(default=None, description="高程（米）")
    height_system: Words | None = Field(default=None, description="高程系统")
    method: Words | None = Field(default=None, description="测定方法")
    accuracy_m: Metres | None = Field(default=None, description="点位精度（米）")
    residual_m: Metres | None = Field(default=None, description="残差（米）")
    surveyed_on: date | None = Field(default=None, description="测定日期")

    @model_validator(mode="after")
    def _both_or_neither(self) -> PlaceIn:
        for one, other, words in ((self.lon, self.lat, "经度和纬度"), (self.x, self.y, "X 和 Y")):
            if (one is None) != (other is None):
                raise PydanticCustomError("half_a_place", "{words}须一并写明", {"words": words})
        if self.lon is None and self.x is None:
            raise PydanticCustomError("no_place", "没有写明坐标（lon 和 lat，或 x 和 y）")
        return self


class BearingIn(Stripped):
    """A bearing object of a marker."""

    name: Words = Field(description="名称")
    azimuth_deg: Annotated[float, Field(ge=0, lt=360)] = Field(description="坐标方位角（度）")
    distance_m: Annotated[float, Field(gt=0, le=100_000)] = Field(description="距离（米）")
    lon: Lon | None = Field(default=None, description="经度（度）")
    lat: Lat | None = Field(default=None, description="纬度（度）")


class LocationIn(Stripped):
    """Where a marker stands, as one side tells it."""

    unit: UnitCode = Field(description="所述一侧最低一级单位的代码")
    location: Words = Field(description="所在地，写到村")


class NewMarkerIn(Stripped):
    """A marker that is added to a line."""

    number: Number = Field(description="界桩编号；少写类型码的按单立补写")
    line: Number = Field(description="所属界线的代码、标识，或两侧代码")
    place: PlaceIn = Field(description="坐标")
    managing: UnitCode = Field(description="负责管理一方的代码")
    placement: Placement | None = Field(default=None, description="埋设方式；不写则按类型码")
    kind: MarkerKind = Field(default=MarkerKind.boundary, description="界桩，或三交点界桩")
    shape: FaceShape | None = Field(default=None, description="桩形")
    material: Words | None = Field(default=None, description="材质")
    custodian: Words | None = Field(default=None, description="受托管护人")
    note: Words | None = Field(default=None, description="备注")
    lines: list[Number] = Field(default_factory=list, max_length=10, description="还立于哪些界线")
    sides: list[LocationIn] = Field(default_factory=list, max_length=10, description="各侧的所在地")
    bearings: list[BearingIn] = Field(default_factory=list, max_length=20, description="方位物")


class AddedIn(OfLineIn):
    """Markers added by the agreement of all sides; `instrument` is that agreement (R-BND-13)."""

    markers: list[NewMarkerIn] = Field(min_length=1, max_length=Many, description="增设的界桩")
    agreed: list[UnitCode] = Field(default_factory=list, max_length=10, description="同意的各方")
    survey: Number | None = Field(default=None, description="共同测量成果的文号")
    filing: Number | None = Field(default=None, description="备案文件的文号")
    application: Number | None = Field(default=None, description="增设申请的文号，如有")
    approval: Number | None = Field(default=None, description="批准文件的文号，如有")


class KeeperIn(Stripped):
    """Which side keeps a marker."""

    marker: Number = Field(description="界桩编号或标识")
    managing: UnitCode = Field(description="负责管理一方的代码")
    custodian: Words | None = Field(default=None, description="受托管护人；不写则没有")


class KeepersIn(OfLineIn):
    """Who keeps markers, by the management agreement."""

    markers: list[KeeperIn] = Field(min_length=1, max_length=Many, description="界桩及其管理方")


class LocatedIn(Stripped):
    """Where a marker stands, as its sides tell it."""

    marker: Number = Field(description="界桩编号或标识")
    sides: list[LocationIn] = Field(min_length=1, max_length=10, description="各侧的所在地")


class LocationsIn(OfLineIn):
    """Where markers stand; sides that are not named keep what they told."""

    markers: list[LocatedIn] = Field(min_length=1, max_length=Many, description="界桩及其所在地")


class FoundByIn(Stripped):
    """The objects a marker is found by, all of them."""

    marker: Number = Field(description="界桩编号或标识")
    bearings: list[BearingIn] = Field(min_length=1, max_length=20, description="方位物")


class BearingsIn(OfLineIn):
    """Bearing objects chosen again, in place of all those before."""

    markers: list[FoundByIn] = Field(min_length=1, max_length=Many, description="界桩及其方位物")


class NewPointIn(Stripped):
    """A boundary point, and the markers it lies between."""

    number: Number = Field(description="边界点号")
    place: PlaceIn = Field(description="坐标")
    after: Number | None = Field(default=None, description="前一界桩的编号")
    before: Number | None = Field(default=None, description="后一界桩的编号")
    feature: Words | None = Field(default=None, description="特征")


class PointsIn(OfLineIn):
    """Boundary points of one line."""

    points: list[NewPointIn] = Field(min_length=1, max_length=10_000, description="边界点")


class TriPointIn(OfLineIn):
    """A tri-point as agreed by the three; with `id`, how one on record is from now on."""

    id: UUID | None = Field(default=None, description="已登记的三交点的标识；空表示新登记")
    name: Words = Field(description="名称")
    number: Number | None = Field(default=None, description="编号")
    place: PlaceIn = Field(description="坐标")
    units: list[UnitCode] = Field(min_length=3, max_length=3, description="相交的三个单位的代码")
    marker: Number | None = Field(default=None, description="所立界桩的编号或标识")
