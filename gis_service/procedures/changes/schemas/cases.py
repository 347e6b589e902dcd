"""What a case looks like from outside: where it stands, what was found, what it did, what it leaves to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, computed_field

from gis_service.foundation.access import Classification
from gis_service.procedures.changes.models import MOVES, STATE_WORDS, CaseState
from gis_service.procedures.changes.rules import Basis
from gis_service.procedures.changes.rules.archive import material_titles
from gis_service.registers.instruments.schemas import InstrumentOut

BASIS_WORDS = {Basis.application: "申请变更", Basis.published_act: "登记已公布的批复"}


class CaseSummaryOut(BaseModel):
    """A case as one line of a list."""

    model_config = ConfigDict(from_attributes=True)

    number: str = Field(description="案号", examples=["BG-2026-00001"])
    title: str = Field(description="标题")
    state: CaseState = Field(description="状态")
    revision: int = Field(description="修订次数；办理时可放在 If-Match 头中，以防覆盖他人的改动")
    effective_on: date = Field(description="生效日期", examples=["2020-06-05"])
    drafted_at: datetime = Field(description="立案时刻")
    approved_on: date | None = Field(description="批准日期")
    completion_due: date | None = Field(description="完成变更的期限")
    completed_on: date | None = Field(description="报告完成的日期")
    classification: Classification = Field(description="案卷的密级")

    @computed_field(description="状态（中文）")  # type: ignore[prop-decorator]
    @property
    def state_name(self) -> str:
        """The state as people call it."""
        return STATE_WORDS[self.state]

    @computed_field(description="可以转为的状态（中文）；空表示已办结")  # type: ignore[prop-decorator]
    @property
    def may_become(self) -> list[str]:
        """The moves that are open."""
        return [STATE_WORDS[state] for state in CaseState if state in MOVES[self.state]]


class ChangedUnitOut(BaseModel):
    """A unit that ended or began."""

    id: str = Field(description="单位的标识")
    code: str = Field(description="代码", examples=["320613"])
    name: str = Field(description="名称", examples=["崇川区"])
    type: str | None = Field(description="建制类型")
    valid_from: date = Field(description="起始日期")
    valid_to: date | None = Field(description="终止日期（不含当日）；空表示仍然有效")
    area_km2: float | None = Field(description="面积（平方千米，椭球面上）；空表示没有登记范围")


class DescentOut(BaseModel):
    """Which part of one unit went into another."""

    model_config = ConfigDict(populate_by_name=True)

    from_: str = Field(alias="from", description="被撤销单位的代码")
    to: str = Field(description="设立单位的代码")
    kind: str = Field(description="种类", examples=["合并"])
    share_of_predecessor: float | None = Field(description="划出部分占原单位的比例")
    share_of_successor: float | None = Field(description="划入部分占新单位的比例")


class ChangedLineOut(BaseModel):
    """A line that ended, stayed or began."""

    code: str = Field(description="界线代码")
    name: str = Field(description="界线名称", examples=["苏皖线"])
    level: str = Field(description="界线层级", examples=["county"])
    length_km: float = Field(description="长度（千米）")


class CodesOut(BaseModel):
    """Codes given up and taken into use."""

    ended: list[str] = Field(description="停用的代码")
    begun: list[str] = Field(description="启用的代码")


class ChangedLinesOut(BaseModel):
    """Lines along the units concerned."""

    ended: list[ChangedLineOut] = Field(description="终止的界线")
    stayed: list[ChangedLineOut] = Field(description="保留的界线")
    begun: list[ChangedLineOut] = Field(description="新生的界线")


class TouchedMarkerOut(BaseModel):
    """A marker whose lines or keeper a change alters; its number stays."""

    model_config = ConfigDict(populate_by_name=True)

    number: str = Field(description="编号，不因变更而改")
    state: str | None = Field(description="最近一次所见的状况；没有查看过的为空")
    from_: list[str] = Field(alias="from", description="离开的界线")
    to: list[str] = Field(description="改列的界线")
    what: str = Field(description="随变更如何")


class TouchedMarkersOut(BaseModel):
    """Markers on the lines concerned."""

    touched: list[TouchedMarkerOut] = Field(description="所列界线或管理方有变动的界桩")
    stay: int = Field(description="没有变动的界桩数")


class TouchedTriPointOut(BaseModel):
    """A tri-point of which one side ends."""

    number: str | None = Field(description="编号")
    name: str = Field(description="名称")
    sides_ended: list[str] = Field(description="终止的一方")
    what: str = Field(description="随变更如何")


class AreaOut(BaseModel):
    """Totals in square kilometres."""

    before: float = Field(description="变更前合计（平方千米）")
    after: float = Field(description="变更后合计（平方千米）")


class UnitStateOut(BaseModel):
    """What a unit is on a day."""

    code: str = Field(description="代码", examples=["321281"])
    name: str = Field(description="名称", examples=["兴化市"])
    type: str | None = Field(description="建制类型")
    superior: str | None = Field(description="上级单位的代码")
    seat: str | None = Field(description="驻地")


class RevisedUnitOut(BaseModel):
    """A unit that lives on and is revised."""

    id: str = Field(description="单位的标识")
    level: str = Field(description="行政层级", examples=["county"])
    before: UnitStateOut = Field(description="变更前")
    after: UnitStateOut = Field(description="变更后")


class CorrectedOut(BaseModel):
    """Something wrong that the register said of a unit, put right."""

    id: str = Field(description="单位的标识")
    code: str | None = Field(default=None, description="单位的代码（更正前）", examples=["320611"])
    field: str = Field(
        description="更正的项目：name 名称，code 代码，type 建制类型，superior 上级，seat 驻地，"
        "valid_from 起始日，valid_to 终止日，begun_edtf、ended_edtf 日期所知的情况，begun_by、ended_by 依据；"
        "沿革的 on_date 日期，"
        "certainty 确定程度，instrument_id 依据",
        examples=["name"],
    )
    before: str | None = Field(description="原登记")
    after: str | None = Field(description="更正为；空表示不再登记此项")
    valid_from: date = Field(description="所更正版本的起始日期")
    valid_to: date | None = Field(description="所更正版本的终止日期（不含当日）；空表示仍然有效")


class MovedPartOut(BaseModel):
    """A part of one unit that went to another."""

    model_config = ConfigDict(populate_by_name=True)

    from_: str = Field(alias="from", description="划出单位的代码（变更前）")
    to: str = Field(description="划入单位的代码（变更后）")
    parts: list[str] = Field(description="划出的下级单位的代码（变更前）；空表示按图形划分")
    area_km2: float | None = Field(description="按图形划分的面积（平方千米）")
    geometry: dict[str, Any] | None = Field(description="按图形划分的部分（GeoJSON）")


class DutyOut(BaseModel):
    """A duty that follows."""

    title: str = Field(description="事项")
    due_on: date | None = Field(description="期限；空表示法律没有规定日数")


class OutcomeOut(BaseModel):
    """What a change does, as the registers tell it."""

    effective_on: date = Field(description="生效日期")
    units_ended: list[ChangedUnitOut] = Field(description="撤销的单位")
    units_begun: list[ChangedUnitOut] = Field(description="设立的单位")
    units_revised: list[RevisedUnitOut] = Field(
        default_factory=list, description="方案写明变更的单位：变更前和变更后"
    )
    followers: list[RevisedUnitOut] = Field(
        default_factory=list, description="随之改隶、改码的下级单位：变更前和变更后"
    )
    corrected: list[CorrectedOut] = Field(default_factory=list, description="更正的登记")
    moved: list[MovedPartOut] = Field(default_factory=list, description="部分划转的区域")
    lineage: list[DescentOut] = Field(description="沿革：从何而来，占多少")
    codes: CodesOut = Field(description="代码的启用和停用")
    lines: ChangedLinesOut = Field(description="有关界线的变动")
    markers: TouchedMarkersOut | None = Field(default=None, description="有关界桩（R-CHG-14）")
    tri_points: list[TouchedTriPointOut] = Field(default_factory=list, description="有一方终止的三交点")
    area_km2: AreaOut = Field(description="面积合计；变更前后须相等")
    duties: list[DutyOut] = Field(description="随后的事项")
    not_listed: list[str] = Field(description="尚未建立登记、因而未列出的影响")


class MaterialOut(BaseModel):
    """A document in the file of a case."""

    model_config = ConfigDict(from_attributes=True)

    kind: str = Field(description="材料种类", examples=["risk_report"])
    name: str = Field(description="文件名")
    sha256: str = Field(description="内容摘要（SHA-256），也是取回时的地址")
    size_bytes: int = Field(description="大小（字节）")
    added_at: datetime = Field(description="收入时刻")

    @computed_field(description="材料种类（中文）")  # type: ignore[prop-decorator]
    @property
    def kind_name(self) -> str:
        """The kind as the law names it."""
        return material_titles().get(self.kind, self.kind)


class FollowUpOut(BaseModel):
    """A duty that an enacted change left."""

    model_config = ConfigDict(from_attributes=True)

    duty: str = Field(description="事项（办结时写在地址里）", examples=["code"])
    title: str = Field(description="事项（中文）")
    legal_basis: str = Field(description="依据")
    due_on: date | None = Field(description="期限；空表示法律没有规定日数")
    done_on: date | None = Field(description="办结日期；空表示未办结")
    note: str | None = Field(description="说明")


class PartyOut(BaseModel):
    """A side of a case."""

    id: str = Field(description="单位的标识")
    code: str = Field(description="代码", examples=["320602"])
    name: str = Field(description="名称", examples=["崇川区"])


class EndorsementOut(PartyOut):
    """That somebody agreed for one side."""

    actor: str = Field(description="会签人", examples=["王登记"])
    authority: str = Field(description="会签机关", examples=["南通市民政局"])
    endorsed_at: datetime = Field(description="会签时刻")


class CaseOut(CaseSummaryOut):
    """A case in full."""

    parties: list[PartyOut] = Field(description="所涉各方：被处置的单位和新设单位的上级")
    endorsements: list[EndorsementOut] = Field(description="会签")
    drafted_by: str | None = Field(description="立案人；空表示本机操作", examples=["王登记"])
    submitted_by: str | None = Field(description="报请人；空表示未报请或本机操作")
    basis: Basis = Field(description="立案依据")
    proposal: dict[str, Any] = Field(description="方案，与立案时所报一致")
    instrument: InstrumentOut | None = Field(description="批准文件")
    findings: list[dict[str, Any]] = Field(description="最近一次核查的意见，各项的形式与拒绝答复中的相同")
    outcome: OutcomeOut | None = Field(description="实施的结果；空表示尚未实施")
    materials: list[MaterialOut] = Field(description="案卷中的材料")
    follow_ups: list[FollowUpOut] = Field(description="后续事项")

    @computed_field(description="立案依据（中文）")  # type: ignore[prop-decorator]
    @property
    def basis_name(self) -> str:
        """The basis as people call it."""
        return BASIS_WORDS[self.basis]


class CheckedOut(BaseModel):
    """What a dry run found, and what the enactment would write."""

    blocking: bool = Field(description="是否有阻断意见；有则不能报请和实施")
    findings: list[dict[str, Any]] = Field(description="各项意见，阻断的在前；形式与拒绝答复中的相同")
    outcome: OutcomeOut | None = Field(description="实施后的结果；有阻断意见时为空")
