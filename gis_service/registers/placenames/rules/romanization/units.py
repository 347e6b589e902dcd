"""Names of administrative units: 专名, nationalities, type (rules 1 to 4; GB/T 3304)."""

from __future__ import annotations

from functools import cache

from gis_service.registers.placenames.rules.romanization.parting import Role, Split, Word, ending, specific
from gis_service.registers.placenames.rules.romanization.tables import words

_LONG_STEM = 2


@cache
def types() -> tuple[str, ...]:
    """Types of units at all levels."""
    table = words()["units"]
    return (*table["types"], *table["below"])


def unit_type(name: str) -> str:
    """The type at the end of a unit's name; empty where there is none.

    A type with a modifier of its own (新区, 矿区, 前旗) leaves a 专名 of two characters or more.
    """
    found = ending(name, types())
    only = words()["units"]["only"].get(found)
    if only is not None and name.removesuffix(found) not in only:
        return found[-1]
    if len(name) - len(found) < _LONG_STEM and found in {"新区", "矿区", "林区", "特区", "地区"}:
        return found[-1]
    return found


def split_unit(name: str) -> Split:
    """The words of a unit's name."""
    if name in words()["units"]["whole"]:
        return Split((Word(name, Role.generic),))
    kind = unit_type(name)
    if not kind:
        return Split(specific(name))
    stem, nationalities = _nationalities(name[: len(name) - len(kind)], kind)
    generic = words()["units"]["apart"].get(kind, [kind])
    return Split(
        (
            *_with_wing(stem),
            *(Word(each, Role.nationality) for each in nationalities),
            *(Word(each, Role.generic) for each in generic),
        )
    )


def _nationalities(stem: str, kind: str) -> tuple[str, list[str]]:
    """The 专名 proper, and the nationalities named after it, in order."""
    if not kind.startswith(("自治", "民族")) and not stem.endswith("族"):
        return stem, []
    known = _names_of_peoples(kind.startswith("自治"))
    found: list[str] = []
    while stem and stem not in words()["nationalities"]["kept"]:
        people = ending(stem, known, least=0)
        if not people:
            break
        stem = stem[: -len(people)]
        found.insert(0, people)
    return stem, found


@cache
def _names_of_peoples(with_short: bool) -> tuple[str, ...]:
    table = words()["nationalities"]
    return (*(f"{each}族" for each in table["full"]), *(table["short"] if with_short else ()))


def _with_wing(stem: str) -> tuple[Word, ...]:
    wing = ending(stem, words()["units"]["wings"])
    return specific(stem[: len(stem) - len(wing)], wing)
