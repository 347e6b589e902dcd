"""Entering versions of contingency plans, and their drills and reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands.peace_ground import (
    WAY_OUT,
    act_named,
    entered_by,
    in_hand,
    kept_as,
    require_a_side,
    take_numbers,
)
from gis_service.procedures.disputes.models import ContingencyPlan, PlanExercise
from gis_service.procedures.disputes.queries.peace_ground import next_peace_number, side_of
from gis_service.procedures.disputes.queries.plans import exercises_of, last_plan
from gis_service.procedures.disputes.rules import (
    ExerciseEvidence,
    PlanEvidence,
    judge_exercise,
    judge_plan,
)
from gis_service.procedures.disputes.schemas.plans import ContingencyPlanIn, ExerciseIn
from gis_service.registers.boundaries.queries import LineInForce, line_named, read_line_reference
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, divisions_by_id


def enter_plan(tx: Transaction, sent: ContingencyPlanIn) -> tuple[ContingencyPlan, list[Finding]]:
    """Enter a version of the plan of a line; the version before it ends on the day it begins.

    Raises:
        NotFound: no such line or unit on the day it begins; the act is not registered.
        NotPermitted: neither side lies in the jurisdiction of the actor.
        RuleViolated: a blocking finding (R-PEA-03); nothing is written.
    """
    tx.require(Act.keep_peace)
    line = line_named(tx.session, read_line_reference(sent.line), on=sent.begins_on)
    _require_reach(tx, line.name, (line.first_id, line.second_id))
    units = [division_by_code(tx.session, each.unit, on=sent.begins_on) for each in sent.contacts]
    take_numbers(tx)
    former = last_plan(tx.session, line.id)
    findings = judge_plan(_evidence(tx, line, sent, units, former))
    refuse_if_blocking(findings, f"{line.name}的应急预案不能登记", way_out=WAY_OUT)
    return _entered(tx, line, sent, units, former), findings


def _evidence(
    tx: Transaction,
    line: LineInForce,
    sent: ContingencyPlanIn,
    units: Sequence[DivisionVersion],
    former: ContingencyPlan | None,
) -> PlanEvidence:
    sides = (line.first_id, line.second_id)
    of: dict[UUID, UUID | None] = {
        unit.division_id: side_of(tx.session, unit, sides, on=sent.begins_on) for unit in units
    }
    called = divisions_by_id(tx.session, sides, on=sent.begins_on)
    met = set(of.values())
    return PlanEvidence(
        subject=line.name,
        begins_on=sent.begins_on,
        steps=len(sent.steps),
        is_public=sent.classification is Classification.public,
        sides_without_contact=tuple(each.name for side, each in called.items() if side not in met),
        strangers=tuple(unit.name for unit in units if of[unit.division_id] is None),
        without_phone=tuple(each.name for each in sent.contacts if not each.phone),
        former_begins_on=former.begins_on if former else None,
    )


def _entered(
    tx: Transaction,
    line: LineInForce,
    sent: ContingencyPlanIn,
    units: Sequence[DivisionVersion],
    former: ContingencyPlan | None,
) -> ContingencyPlan:
    act = act_named(tx, sent.instrument, sent.acts, (line.first_id, line.second_id))
    contacts = [
        {"code": unit.code, "unit": unit.name, **each.model_dump(exclude={"unit"})}
        for unit, each in zip(units, sent.contacts, strict=True)
    ]
    plan = ContingencyPlan(
        number=next_peace_number(tx.session, ContingencyPlan, tx.today.year),
        line_id=line.id,
        first_id=line.first_id,
        second_id=line.second_id,
        version=former.version + 1 if former else 1,
        title=sent.title or f"{line.name}突发事件应急预案",
        begins_on=sent.begins_on,
        contacts=contacts,
        steps=sent.steps,
        files=[file.model_dump() for file in sent.files],
        instrument_id=act.id if act else None,
        classification=kept_as(tx, sent.classification, [line], act),
        **entered_by(tx),
    )
    tx.session.add(plan)
    before: dict[str, Any] | None = None
    if former is not None:
        before, former.ended_on = {"plan": former.number, "ended_on": None}, sent.begins_on
    tx.session.flush()
    after = sent.model_dump(mode="json", exclude={"acts"}) | {"version": plan.version}
    tx.journal("peace.plan", plan.number, before=before, after=after, instrument_id=plan.instrument_id)
    return plan


def record_exercise(tx: Transaction, number: str, sent: ExerciseIn) -> tuple[ContingencyPlan, list[Finding]]:
    """Record a drill of a plan, or that it was looked through again.

    Raises:
        NotFound: no such plan, or not for the actor.
        NotPermitted: neither side lies in the jurisdiction of the actor.
        RuleViolated: a day to come, or on which this version did not hold (R-PEA-03); nothing is written.
    """
    tx.require(Act.keep_peace)
    plan = in_hand(tx, ContingencyPlan, number)
    _require_reach(tx, plan.title, (plan.first_id, plan.second_id))
    evidence = ExerciseEvidence(plan.number, sent.on, tx.today, plan.begins_on, plan.ended_on)
    findings = judge_exercise(evidence)
    refuse_if_blocking(findings, f"{sent.kind}不能登记", way_out=WAY_OUT)
    row = PlanExercise(
        plan_id=plan.id,
        ordinal=len(exercises_of(tx.session, [plan])[plan.id]) + 1,
        kind=sent.kind.value,
        held_on=sent.on,
        words=sent.words,
        attendants=sent.attendants,
        result=sent.result,
        **entered_by(tx),
    )
    tx.session.add(row)
    tx.session.flush()
    tx.journal("peace.exercise", number, after=sent.model_dump(mode="json") | {"ordinal": row.ordinal})
    return plan, findings


def _require_reach(tx: Transaction, subject: str, sides: tuple[UUID, UUID]) -> None:
    require_a_side(tx.session, tx.actor, Act.keep_peace, subject, sides, on=tx.today)
