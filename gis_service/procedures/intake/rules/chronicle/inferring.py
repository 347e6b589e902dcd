"""Successions between two tables of which nothing is told: what name and code show, never for certain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_07
from gis_service.procedures.intake.rules.chronicle.values import Link, Step, Trust
from gis_service.registers.divisions.rules import level_of_code, specific_and_generic

_LISTED = 8


def inferred_links(step: Step) -> list[Link]:
    """The same name under another code of the province, or under another type; the same code renamed."""
    before, after = step.before.units, step.after.units
    gone = {code: name for code, name in before.items() if after.get(code) != name}
    come = {code: name for code, name in after.items() if before.get(code) != name}
    recoded = list(_recoded(gone, come))
    taken_old, taken_new = {link.old for link in recoded}, {link.new for link in recoded}
    left = {code: name for code, name in gone.items() if code not in taken_old}
    right = {code: name for code, name in come.items() if code not in taken_new}
    recoded += _converted(left, right)
    taken_old, taken_new = {link.old for link in recoded}, {link.new for link in recoded}
    renamed = [
        Link(code, code, Trust.reasoned, word=".")
        for code in gone.keys() & come.keys() - taken_old - taken_new
        if step.before.type_of(code) == step.after.type_of(code)
    ]
    return [*recoded, *sorted(renamed, key=lambda link: link.old)]


def _recoded(gone: dict[str, str], come: dict[str, str]) -> Iterator[Link]:
    places: dict[tuple[str, str], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, units in enumerate((gone, come)):
        for code, name in units.items():
            places[code[:2], name][side].append(code)
    for old, new in places.values():
        if len(old) == len(new) == 1:
            yield Link(old[0], new[0], Trust.reasoned, word="_")


def _converted(gone: dict[str, str], come: dict[str, str]) -> Iterator[Link]:
    """密云县 → 密云区: one specific name within a province and level, if only one on either side."""
    places: dict[tuple[str, str, object], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, units in enumerate((gone, come)):
        for code, name in units.items():
            specific = specific_and_generic(name)[0]
            places[code[:2], specific, level_of_code(code)][side].append(code)
    for (_, specific, _), (old, new) in places.items():
        if specific and len(old) == len(new) == 1:
            yield Link(old[0], new[0], Trust.reasoned)


def what_was_inferred(step: Step, links: Sequence[Link]) -> list[Finding]:
    """How much of a step rests on inference, and what stays without a predecessor or successor."""
    before, after = step.before.units, step.after.units
    gone = [code for code, name in before.items() if after.get(code) != name]
    come = [code for code, name in after.items() if before.get(code) != name]
    lost = sorted(set(gone) - {link.old for link in links})
    new = sorted(set(come) - {link.new for link in links})
    found = []
    if links:
        cases = [f"{link.old} {before[link.old]}→{link.new} {after[link.new]}" for link in links]
        found.append(_told(step, f"推断承接 {len(links)} 项", cases))
    if lost:
        found.append(
            _told(step, f"不见 {len(lost)} 项，去向不明", [f"{code} {before[code]}" for code in lost])
        )
    if new:
        found.append(_told(step, f"新见 {len(new)} 项，来历不明", [f"{code} {after[code]}" for code in new]))
    return found


def _told(step: Step, what: str, cases: list[str]) -> Finding:
    more = "等" if len(cases) > _LISTED else ""
    message = f"{step.before.day} 至 {step.after.day} 没有变更表，{what}：{'；'.join(cases[:_LISTED])}{more}"
    return R_HIS_07.finding(Severity.warning, step.file, message, suggestion="请据批复核定")
