"""Cases of hidden risks and disputes on a line, and everything that was done in them, never rewritten."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint
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
