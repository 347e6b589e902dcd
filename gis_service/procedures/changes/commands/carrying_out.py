"""Carrying a change out: versions, areas, lineage, lines, all by one plan, and proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from gis_service.foundation.findings import refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.correcting import enter_acts_of, write_correction
from gis_service.procedures.changes.commands.judging import plan_of
from gis_service.procedures.changes.commands.parting import Parting
from gis_service.procedures.changes.commands.proving import prove
from gis_service.procedures.changes.queries import Written, gather, tell
from gis_service.procedures.changes.rules import ChangeEvidence, Descends, Plan, descents, reshaped
from gis_service.procedures.changes.schemas import ProposalIn
from gis_service.registers.boundaries.commands import derive, hand_over
from gis_service.registers.boundaries.queries import with_all_below
from gis_service.registers.boundaries.queries.flows import Flows, flows_on, holders_of_area
from gis_service.registers.divisions.commands import Descent, NewDivision, link, rewrite
from gis_service.registers.divisions.events import DivisionsChanged
from gis_service.registers.divisions.models import LineageKind
from gis_service.registers.divisions.rules import level_of_code


@dataclass(frozen=True, slots=True)
class Carried:
    """What the actor is told of a change, and what was written of it in all."""

    told: dict[str, Any]
    written: dict[str, Any]


def carry_out(tx: Transaction, proposal: ProposalIn, *, instrument_id: UUID, approved_on: date) -> Carried:
    """Write with every fact in sight, and tell only what the actor may know."""
    with full_sight(tx.session):
        enter_acts_of(tx, proposal)
        evidence = gather(tx.session, proposal)
        plan, findings = plan_of(evidence)
        refuse_if_blocking(findings, "方案各项合起来有抵触，不能实施", way_out="请按各条意见修正")
        if plan.corrected:
            written = write_correction(tx, evidence, plan, instrument_id=instrument_id)
        else:
            written = _Writing(tx, evidence, plan, instrument_id).write()
        tx.session.flush()
    told = tell(tx.session, written, on=proposal.effective_on, approved_on=approved_on)
    kept: dict[str, Any] = {"instrument": str(instrument_id), "units": written.units}
    if written.replaced:
        kept["replaced"] = [each.as_json() for each in written.replaced]
    return Carried(told, kept)


@dataclass
class _Writing:
    """One plan on its way into the registers."""

    tx: Transaction
    evidence: ChangeEvidence
    plan: Plan
    instrument_id: UUID
    on: date = field(init=False)

    def __post_init__(self) -> None:
        self.on = self.evidence.effective_on

    def write(self) -> Written:
        gave = self._lowest(on=self.on - timedelta(days=1))
        parting = Parting(self.tx, self.on, self.instrument_id)
        parting.cut(self.plan)
        self._rewrite()
        parting.hand_over()
        self._hand_over_the_rest()
        links = self._link()
        took = self._lowest(on=self.on)
        self._follow(gave, took)
        return Written(self.evidence, self.plan, links, parting.moved, tuple(gave), tuple(took))

    def _concerned(self) -> set[UUID]:
        """Units that give or take area, or hang elsewhere: those whose area or lines may change."""
        moving = {unit for move in self.plan.moves for unit in (move.giver, move.taker)}
        elsewhere = {
            each.after.id for each in self.plan.revised if each.after.superior_id != each.before.superior_id
        }
        return moving | elsewhere | set(self.plan.ended) | {unit.id for unit in self.plan.begun}

    def _lowest(self, *, on: date) -> set[UUID]:
        """Those that hold the area of what is concerned, and of all below it."""
        return self._holding(with_all_below(self.tx.session, self._concerned(), on=on), on=on)

    def _holding(self, units: Iterable[UUID], *, on: date) -> set[UUID]:
        return holders_of_area(self.tx.session, units, on=on)

    def _rewrite(self) -> None:
        rewrite(
            self.tx,
            ended=self.plan.ended,
            begun=[_begun(unit) for unit in self.plan.begun],
            revised=[_revised(each.after) for each in self.plan.revised],
            on=self.on,
            instrument_id=self.instrument_id,
        )

    def _hand_over_the_rest(self) -> None:
        rest = {move.giver: move.taker for move in self.plan.moves if move.rest}
        holding = self._holding(rest, on=self.on)
        moves = {giver: taker for giver, taker in rest.items() if giver in holding}
        hand_over(self.tx, moves, on=self.on, instrument_id=self.instrument_id)

    def _link(self) -> list[Descent]:
        pairs = descents(self.evidence, self.plan)
        givers, takers = {pair.giver for pair in pairs}, {pair.taker for pair in pairs}
        flows = flows_on(self.tx.session, givers, takers, on=self.on)
        links = [_descent(pair, flows) for pair in pairs]
        link(self.tx, links, on=self.on, instrument_id=self.instrument_id)
        return links

    def _follow(self, gave: set[UUID], took: set[UUID]) -> None:
        """What follows from the areas: extents, lines, the proof, and what others are told."""
        concerned = self._concerned()
        superiors = (concerned - set(self.plan.ended) - took) | reshaped(self.evidence, self.plan)
        leaves = set(self.plan.ended) | (took & concerned)
        changed = derive(
            self.tx,
            leaves=leaves,
            superiors=superiors - self._holding(superiors, on=self.on),
            on=self.on,
            instrument_id=self.instrument_id,
        )
        around = prove(self.tx, gave, took, on=self.on)
        moved = bool(self.plan.moves or changed.lines_ended or changed.lines_begun)
        self.tx.publish(changed)
        self.tx.publish(self._told(around, superiors, on_the_ground=bool(gave and took) and moved))

    def _told(self, around: set[UUID], superiors: set[UUID], *, on_the_ground: bool) -> DivisionsChanged:
        begun = tuple(unit.id for unit in self.plan.begun)
        revised = tuple(each.after.id for each in self.plan.revised)
        touched = (around | superiors | set(revised) | self._concerned()) - {*begun, *self.plan.ended}
        ended, told = self.plan.ended, tuple(sorted(touched))
        return DivisionsChanged(
            self.on, self.instrument_id, ended, begun, told, revised, on_the_ground=on_the_ground
        )


def _begun(unit: Any) -> NewDivision:
    level = level_of_code(unit.code)
    assert level is not None, "codes are judged before anything is written"
    kind = unit.type.value if unit.type else None
    return NewDivision(unit.code, unit.name, level, kind, unit.superior_id, unit.seat, id=unit.id)


def _revised(unit: Any) -> NewDivision:
    return NewDivision(unit.code, unit.name, unit.level, unit.type, unit.superior_id, unit.seat, id=unit.id)


def _descent(pair: Descends, flows: Flows) -> Descent:
    passed = flows.passed.get((pair.giver, pair.taker))
    whole, made = flows.before.get(pair.giver), flows.after.get(pair.taker)
    of_giver = passed / whole if passed is not None and whole else (1.0 if pair.wholly else None)
    of_taker = passed / made if passed is not None and made else None
    return Descent(pair.giver, pair.taker, LineageKind(pair.kind), of_giver, of_taker)
