"""A record of every kind that keeps the peace on a line, entered without the commands that would judge it."""

from __future__ import annotations

from uuid import UUID

from gis_service.foundation.access import Classification
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.models import (
    ContingencyPlan,
    JointMeeting,
    JointMeetingLine,
    MeetingResolution,
    PeaceAgreement,
    PeaceAssessment,
    PlanExercise,
)
from tests.support.factories import BEGINNING, NOW

WHO = {"actor": "某人", "authority": "某局", "recorded_at": NOW}


def keep_peace(tx: Transaction, line: UUID, sides: tuple[UUID, UUID], act: UUID, kept: Classification) -> str:
    """An agreement, a meeting, a plan and an assessment; returns what their numbers have in common."""
    number = f"2020-{kept.rank + 1:05d}"
    ground = {"line_id": line, "first_id": sides[0], "second_id": sides[1], "classification": kept.value}
    agreement = PeaceAgreement(
        number=f"XY-{number}",
        kind="平安边界协议书",
        title="某线协议",
        signers=[],
        signed_on=BEGINNING,
        begins_on=BEGINNING,
        expires_on=BEGINNING,
        duties=[],
        files=[],
        instrument_id=act,
        **ground,
        **WHO,
    )
    plan = ContingencyPlan(
        number=f"YA-{number}",
        version=1,
        title="某线预案",
        begins_on=BEGINNING,
        contacts=[],
        steps=["报告"],
        files=[],
        **ground,
        **WHO,
    )
    assessment = PeaceAssessment(
        number=f"KH-{number}",
        side_id=sides[0],
        year=2020,
        version=1,
        as_of=BEGINNING,
        catalogue={"version": "1", "source": "某市", "mark": "D", "full": 100},
        items=[],
        vetoes=[],
        points=100.0,
        grade="优秀",
        **ground,
        **WHO,
    )
    tx.session.add_all([agreement, plan, assessment])
    tx.session.flush()
    exercise = {"kind": "演练", "held_on": BEGINNING, "words": "推演", "attendants": [], "result": "合格"}
    tx.session.add(PlanExercise(plan_id=plan.id, ordinal=1, **exercise, **WHO))
    _meet(tx, f"LX-{number}", line, sides, kept)
    return number


def _meet(tx: Transaction, number: str, line: UUID, sides: tuple[UUID, UUID], kept: Classification) -> None:
    meeting = JointMeeting(
        number=number,
        held_on=BEGINNING,
        place="某镇",
        convener_id=sides[0],
        attendants=[],
        matters=[],
        cases=[],
        classification=kept.value,
        **WHO,
    )
    tx.session.add(meeting)
    tx.session.flush()
    ground = {"line_id": line, "first_id": sides[0], "second_id": sides[1], "classification": kept.value}
    tx.session.add(JointMeetingLine(meeting_id=meeting.id, **ground))
    due = {"words": "修复界桩", "responsible_id": sides[0], "due_on": BEGINNING}
    tx.session.add(MeetingResolution(meeting_id=meeting.id, ordinal=1, **due))
    tx.session.flush()
