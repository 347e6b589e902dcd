"""Which records of two tables are one and the same division, and which ended or began."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gis_service.procedures.intake.rules.chronicle.selecting import SAME_CODE
from gis_service.procedures.intake.rules.chronicle.values import Link, Step, Trust


@dataclass(frozen=True, slots=True)
class Resolved:
    """A step told by records. `same` maps codes of the later table to codes of the earlier one."""

    step: Step
    links: tuple[Link, ...]
    same: Mapping[str, str]
    derived: frozenset[tuple[str, str]] = frozenset()  # links that follow from those of the inferiors

    @property
    def begun(self) -> list[str]:
        """Codes of the later table held by divisions that began."""
        return [code for code in self.step.after.units if code not in self.same]

    @property
    def ended(self) -> list[str]:
        """Codes of the earlier table held by divisions that ended."""
        staying = set(self.same.values())
        return [code for code in self.step.before.units if code not in staying]


class Relation:
    """Who went where: the links that carry, and each record that stays as it is."""

    def __init__(self, step: Step, links: Iterable[Link]) -> None:
        before, after = step.before.units, step.after.units
        self.kept = {code for code, name in before.items() if after.get(code) == name}
        self.same = {code: code for code in self.kept}  # new → old
        self.staying = set(self.kept)  # old ones among them
        self.targets: dict[str, set[str]] = defaultdict(set, {code: {code} for code in self.kept})
        self.sources: dict[str, set[str]] = defaultdict(set, {code: {code} for code in self.kept})
        for link in links:
            if link.trust is not Trust.doubtful:
                self.targets[link.old].add(link.new)
                self.sources[link.new].add(link.old)

    def only_each_other(self, old: str, new: str) -> bool:
        """Whether all of one became all of the other."""
        return self.targets[old] == {new} and self.sources[new] == {old}

    def join(self, old: str, new: str) -> None:
        """Take two records for one division, unless one of them is part of another already."""
        if new not in self.same and old not in self.staying:
            self.same[new] = old
            self.staying.add(old)

    def whole_others_in(self, new: str, but: str) -> bool:
        """Whether another record went into this one as a whole, and ended."""
        others = self.sources[new] - {but}
        return any(self.targets[other] == {new} and other not in self.kept for other in others)


def identify(step: Step, links: list[Link]) -> Resolved:
    """Kept records; then one to one of the same type; then survivors; then units told by their inferiors."""
    relation = Relation(step, links)
    carrying = [link for link in links if link.trust is not Trust.doubtful]
    _one_to_one(step, relation, carrying)
    _survivors(step, relation, carrying)
    _renamed_in_place(step, relation)
    _followed_by_all(step, relation)
    derived = _derived(step, links, relation)
    pairs = frozenset((link.old, link.new) for link in derived)
    return Resolved(step, (*links, *derived), relation.same, pairs)


def _of_one_type(step: Step, old: str, new: str) -> bool:
    before, after = step.before, step.after
    return before.type_of(old) == after.type_of(new) and before.level_of(old) == after.level_of(new)


def _one_to_one(step: Step, relation: Relation, links: list[Link]) -> None:
    for link in links:
        if _of_one_type(step, link.old, link.new) and relation.only_each_other(link.old, link.new):
            relation.join(link.old, link.new)


def _survivors(step: Step, relation: Relation, links: list[Link]) -> None:
    """Units that also gave or took area: by their name first, then by a code the source says they kept.

    One that took in another as a whole under a new code is a new unit, and no survivor.
    """
    before, after = step.before.units, step.after.units
    by_name = [link for link in links if before[link.old] == after[link.new]]
    by_code = [link for link in links if link.old == link.new and link.word == SAME_CODE]
    for candidates in (by_name, by_code):
        pairs = [(link.old, link.new) for link in candidates if _of_one_type(step, link.old, link.new)]
        for old, new in pairs:
            alone = sum(old == other or new == another for other, another in pairs) == 1
            merged = old != new and relation.whole_others_in(new, old)
            if alone and not merged:
                relation.join(old, new)


def _renamed_in_place(step: Step, relation: Relation) -> None:
    """Units with inferiors, which bear no selectors: the same code and type under another name."""
    above = step.before.with_inferiors | step.after.with_inferiors
    for code in step.after.units:
        told = relation.sources[code] or relation.targets[code]
        if code in above and code in step.before.units and not told and _of_one_type(step, code, code):
            relation.join(code, code)


def _followed_by_all(step: Step, relation: Relation) -> None:
    """Units with inferiors under a new code: the same name and type, and all below went along."""
    vanished = sorted(step.before.with_inferiors & step.before.units.keys() - relation.staying)
    for new in sorted(step.after.with_inferiors & step.after.units.keys() - relation.same.keys()):
        below = set(step.after.inferiors[new])
        for old in vanished:
            alike = step.before.units[old] == step.after.units[new] and _of_one_type(step, old, new)
            if alike and _all_into(relation, step, old, below):
                relation.join(old, new)


def _all_into(relation: Relation, step: Step, old: str, below: set[str]) -> bool:
    return all(
        relation.targets[code] and relation.targets[code] <= below for code in step.before.inferiors[old]
    )


def _derived(step: Step, links: list[Link], relation: Relation) -> list[Link]:
    """Links between units with inferiors, as the links below them show; also where both of them stay."""
    told = {(link.old, link.new): link.acts for link in links}
    found: dict[tuple[str, str], Link] = {}
    for old, targets in list(relation.targets.items()):
        for new in sorted(targets):
            for pair in _pairs_above(step, old, new):
                known = pair in told or pair in found or relation.same.get(pair[1]) == pair[0]
                if not known and _comparable(step, relation, *pair):
                    found[pair] = Link(*pair, Trust.derived, told.get((old, new), ()))
    return list(found.values())


def _comparable(step: Step, relation: Relation, old: str, new: str) -> bool:
    """Of one level, or a prefecture that a new province came out of."""
    levels = step.before.level_of(old), step.after.level_of(new)
    return levels[0] == levels[1] or (new.endswith("0000") and new not in relation.same)


def _pairs_above(step: Step, old: str, new: str) -> list[tuple[str, str]]:
    """The superiors of two records, and their provinces where these differ."""
    pairs = [(step.before.superior(old), step.after.superior(new))]
    if old[:2] != new[:2]:
        pairs.append((f"{old[:2]}0000", f"{new[:2]}0000"))
    before, after = step.before.units, step.after.units
    return [(o, n) for o, n in dict.fromkeys(pairs) if o and n and o in before and n in after]
