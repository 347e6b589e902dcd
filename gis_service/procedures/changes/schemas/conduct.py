"""Steps of a procedure and consulted departments, as they are sent and told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, computed_field

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Severity
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.changes.rules.departments import departments
from gis_service.procedures.changes.rules.steps import Opinion, step_kinds
from gis_service.procedures.changes.schemas.proposals import wrong_fields

Sent = TypeVar("Sent", bound=Stripped)
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, le=2_000_000_000)]
StepKind = Annotated[str, Field(json_schema_extra={"enum": list(step_kinds())})]
STEP_KINDS = "；".join(f"{kind} {title}" for kind, title in step_kinds().items())
MOST_DOCUMENTS = 100


def checked(kind: type[Sent], data: Any, *, source: str) -> Sent:
    """Check what was written in a file or on a command line; every wrong field is named.

    Raises:
        InvalidInput: fields are missing or wrong.
    """
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(f"{source}有误：{wrong_fields(error)}", way_out="请按各项说明改正") from error


class StepIn(Stripped):
    """A step as it was taken."""

    kind: StepKind = Field(description=f"程序种类：{STEP_KINDS}", examples=["expert_argument"])
    begun_on: LegalDay = Field(description="开始日期", examples=["2020-03-02"])
    ended_on: LegalDay | None = Field(default=None, description="结束日期；当日完成的不写")
    organiser: str = Field(min_length=2, max_length=200, description="组织单位", examples=["江苏省民政厅"])
    result: Opinion = Field(description="结果")
    summary: str = Field(default="", max_length=4000, description="摘要")
    documents: list[Sha256] = Field(
        default_factory=list,
        max_length=MOST_DOCUMENTS,
        description="有关文件的内容摘要（SHA-256），须已收入案卷",
    )
    in_favour: Count | None = Field(default=None, description="赞成的人数或票数")
    against: Count | None = Field(default=None, description="反对的人数或票数")
    published_from: LegalDay | None = Field(default=None, description="公示开始日期")
    published_to: LegalDay | None = Field(default=None, description="公示结束日期")


class StepCorrectionIn(StepIn):
    """A step as it should read, and why it is corrected."""

    reason: str = Field(min_length=4, max_length=2000, description="更正的理由，记入登记日志")

    @property
    def step(self) -> StepIn:
        """The step alone."""
        return StepIn(**self.model_dump(exclude={"reason"}))


class StepOut(BaseModel):
    """A step that was taken."""

    model_config = ConfigDict(from_attributes=True)

    ordinal: int = Field(description="在本案卷中的序号", examples=[1])
    kind: str = Field(description="程序种类", examples=["expert_argument"])
    begun_on: date = Field(description="开始日期")
    ended_on: date | None = Field(description="结束日期；空表示当日完成")
    organiser: str = Field(description="组织单位")
    result: Opinion = Field(description="结果")
    summary: str = Field(description="摘要")
    documents: list[str] = Field(description="有关文件的内容摘要（SHA-256）")
    in_favour: int | None = Field(description="赞成的人数或票数")
    against: int | None = Field(description="反对的人数或票数")
    published_from: date | None = Field(description="公示开始日期")
    published_to: date | None = Field(description="公示结束日期")
    recorded_at: datetime = Field(description="最近一次登记的时刻")

    @computed_field(description="程序种类（中文）")  # type: ignore[prop-decorator]
    @property
    def kind_name(self) -> str:
        """The kind as people call it."""
        return step_kinds().get(self.kind, self.kind)


class DemandOut(BaseModel):
    """A step that the law demands of a case."""

    step: str = Field(description="程序种类")
    title: str = Field(description="程序种类（中文）")
    legal_basis: str = Field(description="依据")
    status: str = Field(description="依据的把握程度：V 已读原文，P 部分核实，D 推定，M 未核实")
    severity: Severity = Field(description="没有记录时意见的程度")
    is_recorded: bool = Field(description="是否已有记录")


class StepsOut(BaseModel):
    """The steps of a case, and those the law of its day demands."""

    steps: list[StepOut] = Field(description="已登记的程序")
    demanded: list[DemandOut] = Field(description="依法应经的程序")


class AskIn(Stripped):
    """When a department was asked, and by when its answer is wanted."""

    department: str = Field(
        json_schema_extra={"enum": list(departments())},
        description="部门：" + "；".join(f"{each} {title}" for each, title in departments().items()),
        examples=["ethnic_affairs"],
    )
    asked_on: LegalDay = Field(description="征求意见的日期")
    answer_by: LegalDay | None = Field(default=None, description="要求答复的日期；法律没有规定日数")


class AnswerIn(Stripped):
    """What a department answered."""

    answered_on: LegalDay = Field(description="答复日期")
    opinion: Opinion = Field(description="意见")
    summary: str = Field(default="", max_length=4000, description="意见摘要")
    document: Sha256 | None = Field(default=None, description="答复文件的内容摘要，须已收入案卷")


class ConsultationOut(BaseModel):
    """A department that was asked, and what it answered."""

    model_config = ConfigDict(from_attributes=True)

    department: str = Field(description="部门", examples=["ethnic_affairs"])
    asked_on: date = Field(description="征求意见的日期")
    answer_by: date | None = Field(description="要求答复的日期")
    answered_on: date | None = Field(description="答复日期；空表示尚未答复")
    opinion: Opinion | None = Field(description="意见")
    summary: str = Field(description="意见摘要")
    document: str | None = Field(description="答复文件的内容摘要")

    @computed_field(description="部门（中文）")  # type: ignore[prop-decorator]
    @property
    def department_name(self) -> str:
        """The department as people call it."""
        return departments().get(self.department, self.department)
