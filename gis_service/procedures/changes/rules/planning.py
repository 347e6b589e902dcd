"""All operations of a proposal as one plan: one revision for each unit, and what hangs below follows.

Units below one that ends go where it goes; units below one that is re-coded get the digits before theirs.
What an operation names itself is left as it names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from gis_service.foundation.access import Classification
from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.agreement import judge_followers
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, ProposedUnit, Standing
from gis_service.procedures.changes.rules.outcome import Correction, Move, Outcome, Revision
from gis_service.procedures.changes.rules.plan import R_CHG_STATED
from gis_service.procedures.changes.rules.standing import R_CHG_ONCE, judge_may_change
from gis_service.registers.divisions.rules import DivisionLevel

_DIGITS_ABOVE = {
    DivisionLevel.prefecture: 2,
    DivisionLevel.county: 4,
    DivisionLevel.township: 6,
    DivisionLevel.village: 9,
}
_WORDS = {"name": "名称", "code": "代码", "type": "建制类型", "superior_id": "上级", "seat": "驻地"}


@dataclass(frozen=True, slots=True)
class Revised:
    """A unit as it is and as it is to be; `follows` where no operation names it."""

    before: Standing
    after: Standing
    follows: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written for a proposal, every unit once."""

    ended: tuple[UUID, ...] = ()
    begun: tuple[ProposedUnit, ...] = ()
    revised: tuple[Revised, ...] = ()
    moves: tuple[Move, ...] = ()
    corrected: tuple[Correction, ...] = ()

    @property
    def after(self) -> Mapping[UUID, Standing]:
        """The revised units as they are to be."""
        return {each.after.id: each.after for each in self.revised}


def planned(evidence: ChangeEvidence, outcomes: Sequence[Outcome]) -> tuple[Plan, list[Finding]]:
    """The one plan of all operations, and what contradicts or is left open in it."""
    ended = tuple(unit for outcome in outcomes for unit in outcome.ended)
    begun = tuple(unit for outcome in outcomes for unit in outcome.begun)
    moves = tuple(move for outcome in outcomes for move in outcome.moves)
    corrected = tuple(each for outcome in outcomes for each in outcome.corrected)
    stated, findings = _stated([each for outcome in outcomes for each in outcome.revised])
    findings += _judge_ended(evidence, stated, moves, frozenset(ended))
    walk = _Walk(evidence, stated, frozenset(ended), begun, {m.giver: m.taker for m in moves if m.rest})
    for unit in sorted(evidence.standing.values(), key=lambda each: (each.level.rank, each.code)):
        walk.visit(unit)
    plan = Plan(ended, begun, tuple(walk.revised), moves, corrected)
    return plan, [*findings, *walk.findings]


Said = dict[UUID, dict[str, Any]]


def _stated(revisions: Sequence[Revision]) -> tuple[Said, list[Finding]]:
    """What operations say of each unit, together; two words about one thing contradict."""
    said: Said = {}
    found = []
    for revision in revisions:
        own = said.setdefault(revision.unit.id, {})
        for field_, word in _WORDS.items():
            value = getattr(revision, field_)
            if value is None:
                continue
            if own.setdefault(field_, value) != value:
                message = f"方案对{revision.unit.label}的{word}有不同的写法"
                found.append(_once(revision.unit, message, "请只保留一种写法"))
    return said, found


def _once(unit: Standing, message: str, way_out: str) -> Finding:
    return R_CHG_ONCE.finding(Severity.blocking, unit.label, message, suggestion=way_out)


def _judge_ended(
    evidence: ChangeEvidence, stated: Said, moves: Sequence[Move], ended: frozenset[UUID]
) -> list[Finding]:
    """A unit that ends is not revised, takes nothing, and is not given away whole twice."""
    takers = {move.taker for move in moves}
    found = []
    for unit in (evidence.standing[each] for each in sorted(ended)):
        if unit.id in stated:
            found.append(_once(unit, f"{unit.label}既撤销又变更", "撤销的单位不再变更，请删去其中一项"))
        if unit.id in takers:
            found.append(
                _once(unit, f"{unit.label}在同一方案中撤销，不能划入区域", "请直接写明最终划入的单位")
            )
    return found


@dataclass
class _Walk:
    """Going down the tree: each unit is decided on after what it hangs on."""

    evidence: ChangeEvidence
    stated: Said
    ended: frozenset[UUID]
    begun: Sequence[ProposedUnit]
    heirs: Mapping[UUID, UUID]
    revised: list[Revised] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _codes: dict[UUID, str] = field(init=False)

    def __post_init__(self) -> None:
        known = {unit.id: unit.code for unit in self.evidence.standing.values()}
        self._codes = known | {unit.id: unit.code for unit in self.begun}

    def visit(self, unit: Standing) -> None:
        if unit.id in self.ended:
            return
        said = self.stated.get(unit.id, {})
        superior = said.get("superior_id") or self._goes_on_below(unit)
        after = replace(unit, superior_id=superior, **{k: v for k, v in said.items() if k != "superior_id"})
        if "code" not in said:
            after = replace(after, code=self._following_code(unit, superior))
        self._codes[unit.id] = after.code
        if after != unit:
            self.revised.append(Revised(unit, after, follows=not said))
            if not said:
                self.findings += judge_may_change(unit, self.evidence.effective_on)
                self.findings += judge_followers(unit.label, Classification(unit.classification))

    def _goes_on_below(self, unit: Standing) -> UUID | None:
        """What a unit hangs on from now on when no operation says so."""
        above = unit.superior_id
        if above is None or above not in self.ended:
            return above
        if above in self.heirs:
            return self.heirs[above]
        gone = self.evidence.standing[above]
        self.findings.append(
            R_CHG_STATED.finding(
                Severity.blocking,
                unit.label,
                f"{gone.label}撤销，方案没有写明其下级{unit.label}的归属",
                suggestion="请为其写一项隶属关系变更（superior），或列入划转的 parts",
            )
        )
        return above

    def _following_code(self, unit: Standing, superior: UUID | None) -> str:
        before = self.evidence.superior_of(unit)
        if before is None or superior is None or superior not in self._codes:
            return unit.code
        return following_code(unit, before.code, self._codes[superior])


def following_code(unit: Standing, before: str, after: str) -> str:
    """A code with the digits of another superior before its own; unchanged where it does not begin so."""
    digits = _DIGITS_ABOVE.get(unit.level, 0)
    if digits and unit.code.startswith(before[:2]) and before[2:] == "0000":
        digits = 2  # what hangs directly on a province has only its digits before its own
    if not digits or not unit.code.startswith(before[:digits]):
        return unit.code
    return after[:digits] + unit.code[digits:]
