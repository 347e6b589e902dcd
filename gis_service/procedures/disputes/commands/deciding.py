"""Deciding a dispute (界线条例 Art 15): by whom, on which basis, and what it changes in the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.lifecycle import require_move
from gis_service.foundation.measure import length_km
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands.in_hand import (
    WAY_OUT,
    act_named,
    in_hand,
    require_other_eyes,
)
from gis_service.procedures.disputes.commands.leading import moved
from gis_service.procedures.disputes.commands.opening import OPENED
from gis_service.procedures.disputes.models import MOVES, STATE_WORDS, DisputeCase, DisputeState
from gis_service.procedures.disputes.rules import (
    DecisionEvidence,
    EffectEvidence,
    judge_decision,
    judge_effect,
    judge_result,
)
from gis_service.procedures.disputes.schemas import (
    ClaimEndedOut,
    DecisionEffectOut,
    StateLengthOut,
    StepIn,
)
from gis_service.registers.boundaries import commands as boundaries
from gis_service.registers.boundaries.models import LegalState
from gis_service.registers.boundaries.queries import LineInForce, Walked, line_named, records_on, walked_on
from gis_service.registers.boundaries.queries.beside import Beside, claims_on
from gis_service.registers.boundaries.rules import stretch_between_ends
from gis_service.registers.divisions.queries import last_known, superiors_of
from gis_service.registers.instruments.models import Instrument

_OWN_EYES = frozenset({OPENED, STATE_WORDS[DisputeState.referred]})
Decided = tuple[DisputeCase, list[Finding], DecisionEffectOut]
Stretch = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the register holds where a decision takes effect: claims that end, those that stay there."""

    walked: Walked | None
    ending: tuple[Beside, ...]
    stretch: Stretch | None
    left: tuple[str, ...]


def decide(tx: Transaction, number: str, step: StepIn) -> Decided:
    """Record the decision of the approver; claims to a section end by it where it says so.

    Raises:
        NotPermitted: who opened or referred the case decides it, or neither side lies within his reach.
        RuleViolated: another authority decided, there is no agreement, or no result; nothing is written.
        Conflict: nobody claims the section.
        and as `move`.
    """
    case = in_hand(tx, number, on=step.taken_on, act=Act.decide_disputes)
    now = DisputeState(case.state)
    require_move(MOVES, now, DisputeState.decided, subject=case.number, words=STATE_WORDS)
    eyes = require_other_eyes(tx, case, _OWN_EYES)
    act = act_named(tx, case, step)
    if act is None:
        raise InvalidInput("没有写明裁决决定的文号", way_out="请写明文号；尚未登记的，在 acts 中写明")
    line = line_named(tx.session, case.line_id, on=step.taken_on)
    ground = _ground(tx, line, case, step)
    findings = _judged(tx, line, case, act, step, ground)
    refuse_if_blocking(findings, f"{case.number}的裁决不能登记", way_out=WAY_OUT)
    effect = _take_effect(tx, line, ground, act, step)
    moved(tx, case, DisputeState.decided, step, STATE_WORDS[DisputeState.decided], act, eyes)
    return case, findings, effect


def _ground(tx: Transaction, line: LineInForce, case: DisputeCase, step: StepIn) -> _Ground:
    walked = walked_on(tx.session, line, on=step.taken_on)
    by_section: dict[str, list[Beside]] = defaultdict(list)
    for claim in claims_on(tx.session, line, on=step.taken_on):
        by_section[claim.row.section].append(claim)
    ending = by_section.pop(step.section, []) if step.section else []
    stretch = _stretch(case, walked, ending)
    left = (section for section, claims in by_section.items() if _meets(walked, claims, stretch))
    return _Ground(walked, tuple(ending), stretch, tuple(sorted(left)))


def _meets(walked: Walked | None, claims: Iterable[Beside], stretch: Stretch | None) -> bool:
    """Whether claims are about some of a stretch; where that cannot be told, they may be."""
    shapes = _shapes(claims)
    if walked is None or stretch is None or not shapes:
        return True
    from_m, to_m = stretch_between_ends(walked.course, shapes)
    return from_m < stretch[1] and to_m > stretch[0]


def _shapes(claims: Iterable[Beside]) -> list[BaseGeometry]:
    return [shapely.from_geojson(claim.geometry) for claim in claims if claim.geometry]


def _judged(
    tx: Transaction, line: LineInForce, case: DisputeCase, act: Instrument, step: StepIn, ground: _Ground
) -> list[Finding]:
    effect = EffectEvidence(case.number, step.section, step.legal_state is not None, ground.left)
    return [
        *judge_decision(_grounds(tx, line, case, act, step)),
        *judge_result(case.number, step.result),
        *judge_effect(effect),
    ]


def _grounds(
    tx: Transaction, line: LineInForce, case: DisputeCase, act: Instrument, step: StepIn
) -> DecisionEvidence:
    record = records_on(tx.session, [line.id], on=step.taken_on).get(line.id)
    provinces = [
        {each.name for each in superiors_of(tx.session, side, on=step.taken_on) if each.level == "province"}
        for side in (line.first_id, line.second_id)
    ]
    shared = provinces[0] & provinces[1]
    return DecisionEvidence(
        subject=case.number,
        issuer=act.issuer,
        recorded_approver=record.approver if record else None,
        province=next(iter(shared), None),
        has_agreement=record is not None and record.agreement_id is not None,
    )


def _take_effect(
    tx: Transaction, line: LineInForce, ground: _Ground, act: Instrument, step: StepIn
) -> DecisionEffectOut:
    """End the claims and set the state; what stood before is told with it."""
    walked, stretch = ground.walked, ground.stretch
    ended = _ended(tx, ground.ending)
    if step.section is not None:
        boundaries.settle_claims(tx, line, step.section, on=step.taken_on, instrument_id=act.id)
    if step.legal_state is None:
        return DecisionEffectOut(claims_ended=ended, from_m=None, to_m=None, edges=0, before=[], after=None)
    if stretch is None or walked is None:
        raise InvalidInput("此案没有写明区间，不能改变法律状态", way_out="请用 boundaries survey 登记")
    said = boundaries.Surveyed(legal_state=step.legal_state.value)
    done = boundaries.survey_edges(tx, line, said, stretch=stretch, on=step.taken_on, instrument_id=act.id)
    return DecisionEffectOut(
        claims_ended=ended,
        from_m=round(done.from_m, 1),
        to_m=round(done.to_m, 1),
        edges=len(done.edges),
        before=_states(walked, (done.from_m, done.to_m)),
        after=step.legal_state.value,
    )


def _stretch(case: DisputeCase, walked: Walked | None, claims: Iterable[Beside]) -> Stretch | None:
    """The stretch of the case; else the disputed edges that its claims are about."""
    if case.from_m is not None and case.to_m is not None:
        return case.from_m, case.to_m
    shapes = _shapes(claims)
    if walked is None or not shapes:
        return None
    from_m, to_m = stretch_between_ends(walked.course, shapes)
    disputed = [
        place
        for place, facts in walked.placed
        if facts.legal_state == LegalState.disputed and from_m < (place.from_m + place.to_m) / 2 < to_m
    ]
    if not disputed:
        return from_m, to_m
    return min(place.from_m for place in disputed), max(place.to_m for place in disputed)


def _ended(tx: Transaction, claims: Iterable[Beside]) -> list[ClaimEndedOut]:
    claims = list(claims)
    units = last_known(tx.session, {claim.row.claimant_id for claim in claims})
    return [
        ClaimEndedOut(
            section=claim.row.section,
            claimant=f"{unit.code} {unit.name}" if (unit := units.get(claim.row.claimant_id)) else "",
            length_km=round(_km(claim), 6),
        )
        for claim in claims
    ]


def _km(claim: Beside) -> float:
    return 0.0 if claim.geometry is None else length_km(shapely.from_geojson(claim.geometry))


def _states(walked: Walked, stretch: Stretch) -> list[StateLengthOut]:
    lengths: dict[str, float] = defaultdict(float)
    for place, facts in walked.placed:
        met = min(place.to_m, stretch[1]) - max(place.from_m, stretch[0])
        if met > 0:
            lengths[facts.legal_state] += met / 1000.0
    return [
        StateLengthOut(legal_state=state, length_km=round(km, 6)) for state, km in sorted(lengths.items())
    ]
