"""What the registers know of a side's year on a line: how much of each thing, and what shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.procedures.disputes.models import (
    OPEN,
    ContingencyPlan,
    DisputeCase,
    DisputeStep,
    ExerciseKind,
    JointMeeting,
    JointMeetingLine,
    PeaceAgreement,
)
from gis_service.procedures.disputes.queries.agreements import agreement_holds
from gis_service.procedures.disputes.queries.meetings import is_overdue, resolutions_of
from gis_service.procedures.disputes.queries.plans import exercises_of, plan_holds
from gis_service.procedures.disputes.rules import FACTS, Fact, levels
from gis_service.registers.boundaries.queries import LineInForce
from gis_service.registers.divisions.queries import subtree
from gis_service.registers.instruments.queries import instruments_by_id
from gis_service.registers.markers.models import MarkerState
from gis_service.registers.markers.queries.standing import MarkerOnDay, markers_on

GOOD = frozenset({MarkerState.intact, MarkerState.scrapped})


@dataclass(frozen=True, slots=True)
class SideYear:
    """A side of a line in a year, looked at on `on`: its last day, or the day before it was over."""

    line: LineInForce
    side: UUID
    year: int
    on: date


@dataclass(slots=True)
class Gathered:
    """Facts by name, and how closely what shows them is kept."""

    facts: dict[str, Fact] = field(default_factory=dict)
    classification: Classification = Classification.internal

    def add(self, name: str, shown: Iterable[tuple[str, str]], *, among: str = "") -> None:
        """A fact of as many things as are shown, each `(words, classification)`, `among` so many others."""
        told = list(shown)
        notes = (among,) if among else ()
        self.facts[name] = Fact(float(len(told)), notes + tuple(words for words, _ in told))
        self.classification = highest(self.classification, *(kept for _, kept in told))


def gathered(session: Session, asked: SideYear) -> Gathered:
    """Every fact that items can ask for."""
    found = Gathered(classification=highest(Classification.internal, asked.line.classification))
    own = set(session.scalars(select(subtree(asked.side, on=asked.on).c.division_id))) | {asked.side}
    found.add("agreements", _agreements(session, asked))
    _add_meetings(found, session, asked, own)
    _add_cases(found, session, asked, own)
    _add_markers(found, session, asked, own)
    _add_plans(found, session, asked)
    assert found.facts.keys() == FACTS.keys(), "every fact is gathered"
    return found


def _agreements(session: Session, asked: SideYear) -> Iterator[tuple[str, str]]:
    wanted = select(PeaceAgreement).where(PeaceAgreement.line_id == asked.line.id, agreement_holds(asked.on))
    for each in session.scalars(wanted.order_by(PeaceAgreement.number)):
        yield f"{each.number} {each.kind}，{each.begins_on} 至 {each.expires_on}", each.classification


def _add_meetings(found: Gathered, session: Session, asked: SideYear, own: set[UUID]) -> None:
    of_line = select(JointMeetingLine.meeting_id).where(JointMeetingLine.line_id == asked.line.id)
    wanted = select(JointMeeting).where(JointMeeting.id.in_(of_line), JointMeeting.held_on <= asked.on)
    meetings = list(session.scalars(wanted.order_by(JointMeeting.held_on, JointMeeting.number)))
    resolutions = resolutions_of(session, meetings)
    held = [each for each in meetings if each.held_on.year == asked.year]
    found.add(
        "meetings",
        ((f"{each.number} {each.held_on} 在{each.place}召开", each.classification) for each in held),
    )
    found.add(
        "overdue_resolutions",
        (
            (f"{each.number} 第 {row.ordinal} 项，期限 {row.due_on}：{row.words}", each.classification)
            for each in meetings
            for row in resolutions[each.id]
            if row.responsible_id in own and is_overdue(row, on=asked.on)
        ),
    )


def _add_cases(found: Gathered, session: Session, asked: SideYear, own: set[UUID]) -> None:
    cases = [each for each in _open_cases(session, asked) if each.responsible_id in own]
    overdue = [each for each in cases if each.due_on < asked.on]
    gravest = next(iter(levels()))
    counts = f"未办结 {len(cases)} 起" + "".join(f"，{level} {n}" for level, n in _by_level(cases).items())
    for name, wanted in (
        ("open_cases", cases),
        ("overdue_cases", overdue),
        ("overdue_grave_cases", [each for each in overdue if each.level == gravest]),
    ):
        found.add(name, ((_case(each), each.classification) for each in wanted), among=counts)
        found.classification = highest(found.classification, *(each.classification for each in cases))


def _by_level(cases: Iterable[DisputeCase]) -> Mapping[str, int]:
    counted = Counter(case.level for case in cases)
    return {level: counted[level] for level in levels() if counted[level]}


def _case(case: DisputeCase) -> str:
    return f"{case.number} {case.level}{case.kind}，期限 {case.due_on}"


def _open_cases(session: Session, asked: SideYear) -> list[DisputeCase]:
    """Cases of a line as they stood on the day, not as they stand now."""
    wanted = select(DisputeCase).where(DisputeCase.line_id == asked.line.id, DisputeCase.found_on <= asked.on)
    cases = list(session.scalars(wanted.order_by(DisputeCase.number)))
    steps = select(DisputeStep).where(
        DisputeStep.case_id.in_([case.id for case in cases]), DisputeStep.taken_on <= asked.on
    )
    states = {step.case_id: step.state for step in session.scalars(steps.order_by(DisputeStep.ordinal))}
    return [case for case in cases if states.get(case.id, case.state) in OPEN]


def _add_markers(found: Gathered, session: Session, asked: SideYear, own: set[UUID]) -> None:
    standing = markers_on(session, on=asked.on, lines=[asked.line.id])
    kept = [each for each in standing if each.version.managing_id in own]
    bad = [each for each in kept if each.state is not None and each.state not in GOOD]
    papers = instruments_by_id(session, {each.seen.instrument_id for each in bad if each.seen})
    unseen = sum(each.state is None for each in kept)
    among = f"所管界桩 {len(kept)} 座" + (f"，{unseen} 座未察看" if unseen else "")
    found.add("unrepaired_markers", [_marker(each, papers) for each in bad], among=among)


def _marker(each: MarkerOnDay, papers: Mapping[UUID, object]) -> tuple[str, str]:
    assert each.seen is not None
    paper = papers.get(each.seen.instrument_id)
    kept = getattr(paper, "classification", Classification.public.value)
    return f"界桩 {each.number} {each.seen.seen_on} {each.seen.state}", kept


def _add_plans(found: Gathered, session: Session, asked: SideYear) -> None:
    wanted = select(ContingencyPlan).where(ContingencyPlan.line_id == asked.line.id)
    every = list(session.scalars(wanted.order_by(ContingencyPlan.version)))
    holding = list(session.scalars(wanted.where(plan_holds(asked.on))))
    drills = exercises_of(session, every)
    found.add(
        "plans",
        ((f"{each.number} {each.title}（第 {each.version} 版）", each.classification) for each in holding),
    )
    found.add(
        "drills",
        (
            (f"{plan.number} {row.held_on} 演练：{row.result}", plan.classification)
            for plan in every
            for row in drills[plan.id]
            if row.kind == ExerciseKind.drill and row.held_on.year == asked.year and row.held_on <= asked.on
        ),
    )
