"""What is sent of suggestions, and how they are told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from gis_service.foundation.access import Classification
from gis_service.foundation.errors import Conflict
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.corrections.rules import Decision, Kind, NameMeaning
from gis_service.registers.instruments.schemas import InstrumentIn

Code = Annotated[str, Field(pattern=r"^(\d{6}|\d{9}|\d{12})$")]
_SPELLING = Field(
    default=None, min_length=1, max_length=300, description="罗马字母拼写", examples=["Lùhé Qū"]
)


class ProposedIn(Stripped):
    """What should stand in the register; what is left out stays as it is."""

    name: str | None = Field(default=None, min_length=1, max_length=100, description="标准名称")
    roman: str | None = _SPELLING
    reading: str | None = Field(
        default=None, min_length=1, max_length=300, description="读音，每字一个音节", examples=["lù hé qū"]
    )
    class_: str | None = Field(
        default=None, alias="class", pattern=r"^\d{2,10}$", description="类别代码", examples=["22200"]
    )
    division: Code | None = Field(default=None, description="所在政区的代码", examples=["320116"])
    lon: float | None = Field(default=None, ge=-180, le=180, description="东经（度，CGCS2000）")
    lat: float | None = Field(default=None, ge=-90, le=90, description="北纬（度，CGCS2000）")

    def require_whole(self) -> None:
        """Refuse half a position.

        Raises:
            Conflict: one of longitude and latitude is missing.
        """
        if (self.lon is None) != (self.lat is None):
            raise Conflict("东经和北纬须一并写明", way_out="请补上所缺的一项")

    @property
    def is_empty(self) -> bool:
        """Whether nothing is proposed."""
        return not self.model_dump(exclude_none=True)


class SuggestionIn(Stripped):
    """What somebody says is wrong, about which feature, and why it should be believed."""

    kind: Kind = Field(
        description="name 名称、spelling 拼写或读音、position 位置、class 类别、missing 漏登、gone 已不存在、"
        "other 其他"
    )
    feature: UUID | None = Field(default=None, description="地理实体的标识；漏登的不写")
    within: Code | None = Field(default=None, description="漏登的地名所在政区的代码", examples=["320116"])
    text: str = Field(min_length=4, max_length=2000, description="说明", examples=["牌坊上写作甪直"])
    proposed: ProposedIn = Field(default_factory=ProposedIn, description="建议的内容")
    evidence: str = Field(default="", max_length=2000, description="依据：出处、照片地址、知情人")
    contact: str = Field(default="", max_length=200, description="联系方式，只有处理人可见")

    def require_whole(self) -> None:
        """Refuse what says nothing of which feature it is about.

        Raises:
            Conflict: parts that need each other are not all there.
        """
        self.proposed.require_whole()
        if self.kind is Kind.missing:
            if self.feature is not None or self.within is None or self.proposed.name is None:
                message = "漏登的须写明所在政区（within）和名称（proposed.name），不写地理实体"
                raise Conflict(message, way_out="请补上所缺的各项")
        elif self.feature is None:
            raise Conflict("须写明地理实体的标识（feature）", way_out="请先查到该地名，写明其标识")


class DecisionIn(Stripped):
    """What editors decide of a suggestion, why, and under which document it is written."""

    decision: Decision = Field(description="accept 采纳、adjust 调整后采纳、reject 不采纳")
    reason: str = Field(min_length=2, max_length=2000, description="理由，告知提出人")
    values: ProposedIn | None = Field(default=None, description="调整后的内容")
    change: NameMeaning = Field(
        default=NameMeaning.correct, description="名称不同的含义：correct 更正、rename 更名"
    )
    instrument: str | None = Field(
        default=None, min_length=1, max_length=200, description="据以登记的文件的文号"
    )
    acts: list[InstrumentIn] = Field(
        default_factory=list, max_length=20, description="尚未登记的文件，随此登记"
    )
    on: LegalDay | None = Field(default=None, description="登记自此日起；不写则为北京时间今天")
    revision: int | None = Field(default=None, ge=1, description="所见的版次；其间有人改动的，予以拒绝")

    def require_whole(self) -> None:
        """Refuse what could not be written.

        Raises:
            Conflict: no instrument for what is accepted, or no values for what is adjusted.
        """
        if self.values is not None:
            self.values.require_whole()
        if self.decision is not Decision.reject and self.instrument is None:
            raise Conflict("采纳的须写明据以登记的文件（instrument）", way_out="请写明文号")
        if self.decision is Decision.adjust and (self.values is None or self.values.is_empty):
            raise Conflict("调整后采纳的须写明内容（values）", way_out="请写明调整后的各项")


class SuggestionWithdrawnIn(Stripped):
    """Why who asked takes it back."""

    reason: str = Field(min_length=2, max_length=2000, description="理由", examples=["已自行核实"])


class SuggestionOut(BaseModel):
    """A suggestion as it stands."""

    number: str = Field(description="编号", examples=["JY-2026-00001"])
    kind: Kind = Field(description="种类")
    kind_name: str = Field(description="种类（中文）", examples=["名称有误"])
    feature_id: UUID | None = Field(description="地理实体的标识；空表示漏登")
    feature_name: str = Field(description="提出之日的名称；漏登的为建议的名称")
    revision: int | None = Field(description="提出之日的版次")
    division: str | None = Field(description="所在政区的代码", examples=["320116"])
    division_name: str | None = Field(description="所在政区", examples=["六合区"])
    text: str = Field(description="说明")
    proposed: dict[str, Any] = Field(description="建议的内容")
    evidence: str = Field(description="依据")
    contact: str | None = Field(description="联系方式；空表示没有或不便告知")
    is_anonymous: bool = Field(description="是否未登录提出")
    asked_at: datetime = Field(description="提出的时刻")
    due_on: date | None = Field(description="应答复的日期")
    overdue: bool = Field(description="是否已逾期")
    state: str = Field(description="状态：open、accepted、adjusted、rejected、withdrawn")
    state_name: str = Field(description="状态（中文）", examples=["待处理"])
    ended_on: date | None = Field(description="答复或撤回的日期")
    reason: str | None = Field(description="答复或撤回的理由")
    applied: dict[str, Any] | None = Field(description="写入登记簿的内容")
    instrument: str | None = Field(description="据以登记的文件的文号")
    classification: Classification = Field(description="密级", examples=["公开"])


class SuggestedOut(BaseModel):
    """A suggestion that was taken in; the receipt is told this once."""

    suggestion: SuggestionOut = Field(description="建议")
    receipt: str | None = Field(description="回执码，未登录的凭此查询和撤回；只告知这一次")


class SuggestionDecidedOut(BaseModel):
    """A suggestion after it was decided or withdrawn, and what was found in doing so."""

    suggestion: SuggestionOut = Field(description="建议")
    feature_id: UUID | None = Field(description="登记或改动的地理实体")
    revision: int | None = Field(description="改动后的版次")
    findings: list[dict[str, Any]] = Field(description="意见")
