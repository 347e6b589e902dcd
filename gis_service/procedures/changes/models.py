"""The case of a division change (行政区划变更案卷): states, materials, duties that follow."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.access import Classification
from gis_service.foundation.database import Base


class CaseState(StrEnum):
    """Where a case stands."""

    draft = "draft"
    submitted = "submitted"
    approved = "approved"
    enacted = "enacted"
    withdrawn = "withdrawn"
    rejected = "rejected"
    cancelled = "cancelled"


STATE_WORDS = {
    CaseState.draft: "起草",
    CaseState.submitted: "已报请",
    CaseState.approved: "已批准",
    CaseState.enacted: "已实施",
    CaseState.withdrawn: "已撤回",
    CaseState.rejected: "未获批准",
    CaseState.cancelled: "已撤销",
}

MOVES = {
    CaseState.draft: frozenset({CaseState.submitted, CaseState.withdrawn}),
    CaseState.submitted: frozenset({CaseState.approved, CaseState.rejected, CaseState.withdrawn}),
    CaseState.approved: frozenset({CaseState.enacted}),
    CaseState.enacted: frozenset({CaseState.cancelled}),
    CaseState.withdrawn: frozenset[CaseState](),
    CaseState.rejected: frozenset[CaseState](),
    CaseState.cancelled: frozenset[CaseState](),
}

OPEN = frozenset({CaseState.draft, CaseState.submitted, CaseState.approved})


class ChangeCase(Base):
    """A case. `proposal` is the change as it was drafted; `outcome` what its enactment wrote, as told.

    `written` names every unit it wrote, and the act they stand by; `cancelled_by` the act that took it back.

    `revision` counts writes, so that two people cannot overwrite each other unseen.
    """

    __tablename__ = "change_case"
    __table_args__ = (
        UniqueConstraint("number", info={"conflict": "该案号已被使用"}),
        CheckConstraint("classification IN ('公开', '内部', '涉密')", name="known_classification"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int]
    proposal: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(index=True)
    effective_on: Mapped[date]
    drafted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    instrument_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"), index=True)
    approved_on: Mapped[date | None]
    completion_due: Mapped[date | None]
    completed_on: Mapped[date | None]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    written: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    cancelled_by: Mapped[UUID | None] = mapped_column(ForeignKey("instrument.id"))
    classification: Mapped[str] = mapped_column(
        default=Classification.internal.value, server_default=Classification.internal.value
    )
    drafted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class Party(Base):
    """A division that a case is about, or that its new units will hang on."""

    __tablename__ = "change_party"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("change_case.id"), primary_key=True)
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), primary_key=True, index=True)


class Endorsement(Base):
    """That somebody of a party's own side agrees to a case (会签), as it stood at that revision."""

    __tablename__ = "change_endorsement"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("change_case.id"), primary_key=True)
    division_id: Mapped[UUID] = mapped_column(ForeignKey("division.id"), primary_key=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    actor: Mapped[str]
    authority: Mapped[str]
    endorsed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Material(Base):
    """A document of the application file (区划条例 Art 13), kept under the hash of its content."""

    __tablename__ = "change_material"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("change_case.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class FollowUp(Base):
    """A duty that follows an enacted change: survey, markers, agreement, notice, filing, map, archive."""

    __tablename__ = "change_follow_up"
    __table_args__ = (UniqueConstraint("case_id", "duty", info={"conflict": "该事项已列入"}),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("change_case.id"), index=True)
    duty: Mapped[str]
    title: Mapped[str]
    legal_basis: Mapped[str]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    note: Mapped[str | None]


class Step(Base):
    """A step of the procedure as it was taken: expert argument, risk assessment, opinions, visit, session.

    `documents` are hashes of materials in the file of the case; steps are numbered within their case.
    """

    __tablename__ = "change_step"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("change_case.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    begun_on: Mapped[date]
    ended_on: Mapped[date | None]
    organiser: Mapped[str]
    result: Mapped[str]
    summary: Mapped[str]
    documents: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    in_favour: Mapped[int | None]
    against: Mapped[int | None]
    published_from: Mapped[date | None]
    published_to: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Consultation(Base):
    """That a department was asked about a case, and what it answered (区划条例 Art 14)."""

    __tablename__ = "change_consultation"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("change_case.id"), primary_key=True)
    department: Mapped[str] = mapped_column(primary_key=True)
    asked_on: Mapped[date]
    answer_by: Mapped[date | None]
    answered_on: Mapped[date | None]
    opinion: Mapped[str | None]
    summary: Mapped[str] = mapped_column(default="")
    document: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class StandardVerdict(Base):
    """What a standard for setting up units says about figures of a case, and which edition said it."""

    __tablename__ = "change_standard_verdict"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("change_case.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    standard: Mapped[str]
    edition: Mapped[str | None]
    unit: Mapped[str]
    judged_for: Mapped[date]
    verdict: Mapped[str]
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Evaluation(Base):
    """A round of evaluating what a change has brought (变更效果评估): by those concerned, or from above."""

    __tablename__ = "change_evaluation"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("change_case.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    side: Mapped[str] = mapped_column(primary_key=True)
    evaluated_on: Mapped[date]
    evaluator: Mapped[str]
    indicator_set: Mapped[str]
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    scores: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    total: Mapped[float | None]
    grade: Mapped[str]
    summary: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Filing(Base):
    """That something of a case was filed: its approval with the State Council, or an agreement."""

    __tablename__ = "change_filing"
    __table_args__ = (UniqueConstraint("case_id", "matter", "number", info={"conflict": "该备案已登记"}),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("change_case.id"), index=True)
    matter: Mapped[str]
    number: Mapped[str]
    filed_on: Mapped[date]
    filed_with: Mapped[str]
    document: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
