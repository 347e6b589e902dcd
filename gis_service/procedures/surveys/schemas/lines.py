"""What is sent to be entered of a line. Acts are named by their number, and registered where they are new."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.stripped import Stripped
from gis_service.registers.boundaries.models import CrossLineKind, Follows, LegalState, Runs
from gis_service.registers.instruments.schemas import InstrumentIn

Number = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(min_length=1, max_length=400)]
UnitCode = Annotated[str, Field(pattern="^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]
GeoJson = dict[str, Any]
Count = Annotated[int, Field(ge=0, le=100_000)]


class OfLineIn(Stripped):
    """What everything about a line says: the act it stands by, and acts that are not yet registered."""

    instrument: Number = Field(description="所依据文件的文号")
    acts: list[InstrumentIn] = Field(
        default_factory=list, max_length=50, description="尚未登记的文件，随此登记"
    )


class LineRecordIn(OfLineIn):
    """What is to stand on record of a line; what is not written stays as it was, null makes it unknown."""

    code: str | None = Field(default=None, pattern="^[0-9]{4,24}$", description="界线代码；空表示按规则")
    name: Words | None = Field(default=None, description="界线名称；空表示按规则")
    agreement: Number | None = Field(default=None, description="协议书的文号")
    approver: Words | None = Field(default=None, description="批准机关")
    approved_on: date | None = Field(default=None, description="批准日期")
    published_length_km: Annotated[float, Field(gt=0, le=100_000)] | None = Field(
        default=None, description="公布长度（千米）"
    )
    published_by: Number | None = Field(default=None, description="公布长度所出文件的文号")
    runs: Runs | None = Field(default=None, description="走向：自西向东、自北向南")
    begins_at: Words | None = Field(default=None, description="起点")
    ends_at: Words | None = Field(default=None, description="终点")
    single_markers: Count | None = Field(default=None, description="单立界桩的个数")
    double_markers: Count | None = Field(default=None, description="同号双立界桩的组数")
    triple_markers: Count | None = Field(default=None, description="同号三立界桩的组数")
    note: Annotated[str, Field(max_length=2000)] | None = Field(default=None, description="备注")
    correction: bool = Field(default=False, description="更正已登记的内容，而不是自当日起的新内容")


class SurveyIn(OfLineIn):
    """What is said of a stretch of a line, from one chainage to another; what is not written stays."""

    from_m: Annotated[float, Field(ge=0)] | None = Field(
        default=None, description="起点里程（米）；空为界线起点"
    )
    to_m: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="终点里程（米）；空为界线终点"
    )
    legal_state: LegalState | None = Field(default=None, description="法律状态")
    follows: Follows | None = Field(default=None, description="沿何物而行")
    follows_name: Words | None = Field(default=None, description="所沿之物的名称")
    moves_by: Number | None = Field(default=None, description="约定界线随所沿之物移动的协议的文号")
    accuracy_m: Annotated[float, Field(gt=0, le=100_000)] | None = Field(
        default=None, description="点位精度（米）"
    )
    agreement: Number | None = Field(default=None, description="协议书的文号")


class ClaimIn(Stripped):
    """Where a unit holds that the line runs."""

    claimant: UnitCode = Field(description="提出主张的单位的代码")
    geometry: GeoJson = Field(description="主张线（GeoJSON 几何，经纬度）")


class ClaimsIn(OfLineIn):
    """The claims to a section; `settled` ends those on record instead."""

    section: Words = Field(description="争议段的名称")
    claims: list[ClaimIn] = Field(default_factory=list, max_length=10, description="各方的主张线")
    from_m: Annotated[float, Field(ge=0)] | None = Field(default=None, description="争议段的起点里程（米）")
    to_m: Annotated[float, Field(gt=0)] | None = Field(default=None, description="争议段的终点里程（米）")
    settled: bool = Field(default=False, description="争议已解决：终止该段的主张线")


class IndicatorIn(OfLineIn):
    """An indicator of a line; with `id`, how one on record is from now on."""

    id: UUID | None = Field(default=None, description="已登记的指示物的标识；空表示新登记")
    kind: Words = Field(description="种类，如 沟渠")
    name: Words = Field(description="名称")
    state: Words | None = Field(default=None, description="状况")
    geometry: GeoJson = Field(description="位置（GeoJSON 几何，经纬度）")
    resurvey: Number | None = Field(default=None, description="修测结果的文号")
    filing: Number | None = Field(default=None, description="备案文件的文号")


class IndicatorEndIn(OfLineIn):
    """That an object no longer fixes a line: by the result of the survey and the filing (R-BND-15)."""

    id: UUID = Field(description="已登记的指示物的标识")
    resurvey: Number | None = Field(default=None, description="修测结果的文号")
    filing: Number | None = Field(default=None, description="备案文件的文号")


class UseIn(OfLineIn):
    """An enclave, or land one side uses beyond the line; with `id`, how one on record is from now on."""

    id: UUID | None = Field(default=None, description="已登记的事项的标识；空表示新登记")
    kind: CrossLineKind = Field(description="飞地、插花地、跨界使用")
    user: UnitCode = Field(description="使用或管辖的一方的代码")
    host: UnitCode = Field(description="土地所在的一方的代码")
    place: Words = Field(description="地点")
    purpose: Words | None = Field(default=None, description="用途")
    geometry: GeoJson | None = Field(default=None, description="范围（GeoJSON 几何，经纬度）")
    consents: list[Number] = Field(default_factory=list, max_length=10, description="双方政府同意的文号")
    decision: Number | None = Field(default=None, description="协议或决定的文号")
    filing: Number | None = Field(default=None, description="备案文件的文号")


class EnteredOut(BaseModel):
    """What was entered of a line, and everything that was found in doing so."""

    line: UUID = Field(description="界线的标识")
    code: str = Field(description="界线代码，登记之后")
    name: str = Field(description="界线名称，登记之后")
    on: date = Field(description="自何日起")
    id: UUID | None = Field(default=None, description="所登记事项的标识，如有")
    from_m: float | None = Field(default=None, description="所及一段的起点里程（米）")
    to_m: float | None = Field(default=None, description="所及一段的终点里程（米）")
    edges: int | None = Field(default=None, description="所及的边数")
    findings: list[dict[str, Any]] = Field(description="意见")


_IN_CHINESE = {
    "missing": "没有写明",
    "extra_forbidden": "不认识这一项",
    "float_parsing": "不是数字",
    "int_parsing": "不是整数",
    "string_type": "应是文字",
    "list_type": "应是一列",
    "enum": "不在可选的取值之内",
    "date_from_datetime_parsing": "不是日期，请写如 2021-05-01",
    "uuid_parsing": "不是标识",
    "string_pattern_mismatch": "写法不对",
    "string_too_short": "不能为空",
}
Wanted = TypeVar("Wanted", bound=OfLineIn)


def checked(model: type[Wanted], data: Any) -> Wanted:
    """Check what was written in a file or on a command line; every wrong field is named.

    Raises:
        InvalidInput: fields are missing or wrong.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        told = "；".join(
            f"{'.'.join(map(str, each['loc'])) or '整体'}：{_IN_CHINESE.get(each['type'], each['msg'])}"
            for each in error.errors(include_url=False)
        )
        raise InvalidInput(f"登记内容有误：{told}", way_out="请按各项说明改正") from error
