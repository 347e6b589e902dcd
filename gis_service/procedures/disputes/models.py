"""Cases of hidden risks and disputes on a line, and what both sides do to keep the peace on it.

What was done in a case is never rewritten; an agreement, a plan or an assessment that no longer holds stays.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.access import Classification
from gis_service.foundation.database import Base, storage_geometry
from gis_service.registers.boundaries.models import AT_THE_END


class DisputeState(StrEnum):
    """Where a case stands."""

    registered = "registered"
    mediating = "mediating"
    resolved = "resolved"
    referred = "referred"
    decided = "decided"
    recurred = "recurred"
    withdrawn = "withdrawn"


STATE_WORDS = {
    DisputeState.registered: "登记",
    DisputeState.mediating: "化解中",
    DisputeState.resolved: "已化解",
    DisputeState.referred: "报请裁决",
    DisputeState.decided: "已裁决",
    DisputeState.recurred: "复发",
    DisputeState.withdrawn: "已撤回",
}

MOVES = {
    DisputeState.registered: frozenset({DisputeState.mediating, DisputeState.withdrawn}),
    DisputeState.mediating: frozenset({DisputeState.resolved, DisputeState.referred, DisputeState.withdrawn}),
    DisputeState.referred: frozenset({DisputeState.decided, DisputeState.withdrawn}),
    DisputeState.resolved: frozenset({DisputeState.recurred}),
    DisputeState.decided: frozenset({DisputeState.recurred}),
    DisputeState.recurred: frozenset({DisputeState.mediating, DisputeState.withdrawn}),
    DisputeState.withdrawn: frozenset[DisputeState](),
}

OPEN = frozenset(
    {DisputeState.registered, DisputeState.mediating, DisputeState.referred, DisputeState.recurred}
)


class DisputeCase(Base):
    """A hidden risk or a dispute. `first_id` and `second_id` are the sides of its line when it was found.

    It lies at `geom`, at a marker, or along a stretch in metres of chainage, which two markers may bound.
    It is internal unless classified otherwise: only those in whose jurisdiction a side lies see it.
    """

    __tablename__ = "dispute_case"
    __table_args__ = (
        UniqueConstraint("number", info={"conflict": "该案号已被使用，请重试"}),
        CheckConstraint("classification IN ('公开', '内部', '涉密')", name="known_classification"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str]
    kind: Mapped[str]
    line_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END), index=True)
    first_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    from_m: Mapped[float | None]
    to_m: Mapped[float | None]
    marker_id: Mapped[UUID | None] = mapped_column(ForeignKey("marker.id"), index=True)
    from_marker_id: Mapped[UUID | None] = mapped_column(ForeignKey("marker.id"))
    to_marker_id: Mapped[UUID | None] = mapped_column(ForeignKey("marker.id"))
    geom: Mapped[Any | None] = mapped_column(storage_geometry("GEOMETRY"))
    place: Mapped[str]
    parties: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    level: Mapped[str]
    cause: Mapped[str]
    found_on: Mapped[date]
    found_by: Mapped[str]
    found_how: Mapped[str]
    measures: Mapped[str]
    due_on: Mapped[date]
    responsible_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    state: Mapped[str]
    result: Mapped[str | None]
    closed_on: Mapped[date | None]
    classification: Mapped[str] = mapped_column(
        default=Classification.internal.value, server_default=Classification.internal.value
    )


class DisputeStep(Base):
    """Something done in a case: a move with the state it led to, a step of mediation, or a revision.

    `changes` tells what a revision changed: field, before and after, in words.
    """

    __tablename__ = "dispute_step"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("dispute_case.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    taken_on: Mapped[date]
    words: Mapped[str]
    attendants: Mapped[list[str]] = mapped_column(JSONB)
    agreed: Mapped[bool | None]
    minutes_sha256: Mapped[str | None]
    changes: Mapped[list[dict[str, str]] | None] = mapped_column(JSONB)
    instrument_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    account_id: Mapped[UUID | None]
    actor: Mapped[str]
    authority: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OfALine:
    """Columns of what both sides of a line share: the line, its sides then, and how closely it is kept."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str]
    line_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_line.id", **AT_THE_END), index=True)
    first_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    classification: Mapped[str] = mapped_column(
        default=Classification.internal.value, server_default=Classification.internal.value
    )


class Entered:
    """Columns that tell who entered something, for whom and when."""

    actor: Mapped[str]
    authority: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def _known_classification() -> CheckConstraint:
    return CheckConstraint("classification IN ('公开', '内部', '涉密')", name="known_classification")


class PeaceAgreement(OfALine, Entered, Base):
    """An agreement of both sides to keep the peace (平安边界协议书, 睦邻友好公约), by the paper they signed.

    It holds from `begins_on` to `expires_on`, both included, unless it ended: `ended_on` is the first day on
    which it no longer holds. `signers` are `{code, name, side}`, `side` the code of the side they sign for.
    """

    __tablename__ = "peace_agreement"
    __table_args__ = (
        UniqueConstraint("number", info={"conflict": "该协议编号已被使用，请重试"}),
        UniqueConstraint("renews_id", info={"conflict": "该协议已经续签"}),
        CheckConstraint("begins_on <= expires_on", name="begins_before_it_expires"),
        _known_classification(),
    )

    kind: Mapped[str]
    title: Mapped[str]
    signers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    signed_on: Mapped[date]
    begins_on: Mapped[date]
    expires_on: Mapped[date] = mapped_column(index=True)
    duties: Mapped[list[str]] = mapped_column(ARRAY(String))
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    instrument_id: Mapped[UUID] = mapped_column(ForeignKey("instrument.id"))
    renews_id: Mapped[UUID | None] = mapped_column(ForeignKey("peace_agreement.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]


class JointMeeting(Entered, Base):
    """A joint meeting (联席会议) of the sides of one line or several; `cases` are numbers of disputes."""

    __tablename__ = "joint_meeting"
    __table_args__ = (UniqueConstraint("number", info={"conflict": "该会议编号已被使用，请重试"}),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str]
    held_on: Mapped[date]
    place: Mapped[str]
    convener_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    attendants: Mapped[list[str]] = mapped_column(ARRAY(String))
    matters: Mapped[list[str]] = mapped_column(ARRAY(String))
    cases: Mapped[list[str]] = mapped_column(ARRAY(String))
    minutes_sha256: Mapped[str | None]
    instrument_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    classification: Mapped[str]


class JointMeetingLine(Base):
    """That a meeting was about a line, and the sides of it then; as closely kept as the meeting."""

    __tablename__ = "joint_meeting_line"
    __table_args__ = (_known_classification(),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("joint_meeting.id"), primary_key=True)
    line_id: Mapped[UUID] = mapped_column(
        ForeignKey("boundary_line.id", **AT_THE_END), primary_key=True, index=True
    )
    first_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    classification: Mapped[str]


class MeetingResolution(Base):
    """What a meeting resolved, who is to do it by when, and how it was done."""

    __tablename__ = "meeting_resolution"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("joint_meeting.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]
    responsible_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"))
    due_on: Mapped[date] = mapped_column(index=True)
    done_on: Mapped[date | None]
    done_words: Mapped[str | None]


class ContingencyPlan(OfALine, Entered, Base):
    """A version of the plan for sudden events on a line (突发事件应急预案), with whom to call on either side.

    `contacts` are `{code, unit, name, post, phone}`; it holds until the next version begins.
    """

    __tablename__ = "contingency_plan"
    __table_args__ = (
        UniqueConstraint("number", info={"conflict": "该预案编号已被使用，请重试"}),
        UniqueConstraint("line_id", "version", info={"conflict": "此界线的预案已有这一版，请重试"}),
        _known_classification(),
    )

    version: Mapped[int]
    title: Mapped[str]
    begins_on: Mapped[date]
    ended_on: Mapped[date | None]
    contacts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    steps: Mapped[list[str]] = mapped_column(ARRAY(String))
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    instrument_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))


class ExerciseKind(StrEnum):
    """What is done with a plan beside carrying it out."""

    drill = "演练"
    review = "复审"


class PlanExercise(Entered, Base):
    """That a plan was drilled (演练) or looked through again (复审), and with what result."""

    __tablename__ = "plan_exercise"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("contingency_plan.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    held_on: Mapped[date]
    words: Mapped[str]
    attendants: Mapped[list[str]] = mapped_column(ARRAY(String))
    result: Mapped[str]


class PeaceAssessment(OfALine, Entered, Base):
    """A version of how one side kept the peace on a line in a year (年度考核); frozen once signed.

    `items` are `{id, title, full, proposed, points, evidence, reason}`, `vetoes` `{id, title, proposed, held,
    evidence, reason}`; `catalogue` names the items they were judged by: version, source, mark.
    """

    __tablename__ = "peace_assessment"
    __table_args__ = (
        UniqueConstraint("number", info={"conflict": "该考核编号已被使用，请重试"}),
        UniqueConstraint(
            "line_id", "side_id", "year", "version", info={"conflict": "此侧此年度的考核已有这一版，请重试"}
        ),
        _known_classification(),
    )

    side_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), index=True)
    year: Mapped[int]
    version: Mapped[int]
    as_of: Mapped[date]
    catalogue: Mapped[dict[str, Any]] = mapped_column(JSONB)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    vetoes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    points: Mapped[float]
    grade: Mapped[str]
    correction: Mapped[str | None]
    signed_on: Mapped[date | None]
    signed_by: Mapped[str | None]
