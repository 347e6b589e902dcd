"""Contingency plans by version, with their drills and reviews, as they stand on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.readings import note_reading
from gis_service.procedures.disputes.models import ContingencyPlan, ExerciseKind, PlanExercise
from gis_service.procedures.disputes.queries.agreements import PeaceAsked
from gis_service.procedures.disputes.queries.peace_ground import either_side_within, lines_called
from gis_service.procedures.disputes.rules import review_due
from gis_service.procedures.disputes.schemas.plans import ContingencyPlanOut, ExerciseOut
from gis_service.registers.boundaries.queries import line_named
from gis_service.registers.instruments.queries import instruments_by_id


def plans_page(
    session: Session, asked: PeaceAsked, *, on: date, after: str | None = None, limit: int | None = None
) -> list[ContingencyPlan]:
    """Plans the reader may see, by number."""
    wanted = select(ContingencyPlan).order_by(ContingencyPlan.number).limit(limit)
    if after is not None:
        wanted = wanted.where(ContingencyPlan.number > after)
    if asked.line is not None:
        wanted = wanted.where(ContingencyPlan.line_id == line_named(session, asked.line, on=on).id)
    if asked.within is not None:
        wanted = wanted.where(either_side_within(ContingencyPlan, asked.within, on=on))
    if asked.holding:
        wanted = wanted.where(plan_holds(on))
    return list(session.scalars(wanted))


def plan_holds(on: date) -> ColumnElement[bool]:
    """The condition that a version of a plan holds on a day."""
    unended = or_(ContingencyPlan.ended_on.is_(None), ContingencyPlan.ended_on > on)
    return (ContingencyPlan.begins_on <= on) & unended


def last_plan(session: Session, line: UUID) -> ContingencyPlan | None:
    """The newest version of the plan of a line."""
    wanted = select(ContingencyPlan).where(ContingencyPlan.line_id == line)
    return session.scalar(wanted.order_by(ContingencyPlan.version.desc()).limit(1))


def exercises_of(session: Session, plans: Iterable[ContingencyPlan]) -> dict[UUID, list[PlanExercise]]:
    """The drills and reviews of each plan, in order."""
    found: dict[UUID, list[PlanExercise]] = defaultdict(list)
    wanted = select(PlanExercise).where(PlanExercise.plan_id.in_({plan.id for plan in plans}))
    for each in session.scalars(wanted.order_by(PlanExercise.ordinal)):
        found[each.plan_id].append(each)
    return found


def review_of(plan: ContingencyPlan, exercises: Iterable[PlanExercise], *, on: date) -> date:
    """By when a plan is to be looked through again, by what was known on a day."""
    reviews = [each.held_on for each in exercises if each.kind == ExerciseKind.review and each.held_on <= on]
    return review_due(max([plan.begins_on, *reviews]))


def plans_told(session: Session, found: Sequence[ContingencyPlan], *, on: date) -> list[ContingencyPlanOut]:
    """Plans as they are told on a day; what is above public leaves its trace."""
    lines = lines_called(session, {each.line_id for each in found}, on=on)
    acts = instruments_by_id(session, {each.instrument_id for each in found if each.instrument_id})
    exercises = exercises_of(session, found)
    answer = []
    for each in found:
        note_reading(session, each.classification, each.number)
        told: dict[str, Any] = {
            "line": lines[each.line_id],
            "state": _state(each, on=on),
            "review_due": review_of(each, exercises[each.id], on=on),
            "instrument": acts[each.instrument_id].number if each.instrument_id in acts else None,
            "exercises": [
                ExerciseOut(**{name: getattr(row, name) for name in ExerciseOut.model_fields})
                for row in exercises[each.id]
            ],
        }
        plain = {name: getattr(each, name) for name in ContingencyPlanOut.model_fields if name not in told}
        answer.append(ContingencyPlanOut(**plain, **told))
    return answer


def _state(plan: ContingencyPlan, *, on: date) -> str:
    if plan.ended_on is not None and on >= plan.ended_on:
        return "已由新版代替"
    return "未生效" if on < plan.begins_on else "有效"
