"""Addresses read from the left: units from the widest to the lowest, then a place, then door and room."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from gis_service.registers.placenames.rules.searching.forms import search_form, without_type

LONGEST = 120  # characters of an address
LONGEST_UNIT = 15
LEAST_PLACE = 2
_DOOR = re.compile(
    r"(?:第?[0-9一二三四五六七八九十百零〇甲乙丙丁a-z]+(?:号|弄|栋|幢|座|单元|室|楼|层|组|队|户|排|巷弄)"
    r"(?:之[0-9]+)?)+.*$"
)
SHORT = 0.9  # how sure a unit is by its 专名 alone
RETIRED, REST, WITHOUT_PLACE = 0.9, 0.7, 0.6
SURE_ENOUGH = 0.3


@dataclass(frozen=True, slots=True)
class UnitNamed:
    """A unit that a part of an address may mean; `above` are all units it ever hung on."""

    id: UUID
    name: str
    level: str
    above: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class UnitPart:
    """A part of an address that names one of some units."""

    text: str
    units: tuple[UnitNamed, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Parted:
    """An address in parts: units, the place below them, door and room."""

    units: tuple[UnitPart, ...]
    place: str
    door: str


def parts_of(address: str) -> Iterator[str]:
    """Every stretch of an address that may name a unit."""
    form = search_form(address)
    for start in range(len(form)):
        for end in range(start + 2, min(len(form), start + LONGEST_UNIT) + 1):
            yield form[start:end]


def part(address: str, known: Mapping[str, Sequence[UnitNamed]]) -> Parted:
    """Read an address; `known` are units by their folded names, and by these without the word of type.

    Each unit must hang, or once have hung, on one of those read before it; the longest that does counts.
    """
    form, at = search_form(address), 0
    found: list[UnitPart] = []
    while (told := _unit_at(form, at, known, found)) is not None:
        found.append(told)
        at += len(told.text)
    rest = form[at:]
    door = _DOOR.search(rest)
    return Parted(
        _narrowed(found), rest[: door.start()] if door else rest, rest[door.start() :] if door else ""
    )


def _unit_at(
    form: str, at: int, known: Mapping[str, Sequence[UnitNamed]], before: Sequence[UnitPart]
) -> UnitPart | None:
    for end in range(min(len(form), at + LONGEST_UNIT), at + 1, -1):
        text = form[at:end]
        fitting = [unit for unit in known.get(text, ()) if _fits(unit, before)]
        whole = [unit for unit in fitting if search_form(unit.name) == text]
        if whole or (fitting and _stands_alone(form[end:])):
            return UnitPart(text, tuple(whole or fitting), bool(whole))
    return None


def _fits(unit: UnitNamed, before: Sequence[UnitPart]) -> bool:
    if not before:
        return True
    return any(above.id in unit.above for above in before[-1].units)


def _stands_alone(rest: str) -> bool:
    """Whether a unit may be meant without its word of type: 南京玄武, and not 南京路."""
    return not re.match(r"(?:[东西南北中])?(?:大?[路街道巷弄桥站村庄])", rest)


def _narrowed(found: Sequence[UnitPart]) -> tuple[UnitPart, ...]:
    """Of units of one name, those on which what is named after them hangs."""
    told = list(found)
    for at in range(len(told) - 1, 0, -1):
        above = {id_ for unit in told[at].units for id_ in unit.above}
        fitting = tuple(unit for unit in told[at - 1].units if unit.id in above)
        told[at - 1] = UnitPart(told[at - 1].text, fitting or told[at - 1].units, told[at - 1].is_whole)
    return tuple(told)


def forms_of_unit(name: str) -> tuple[str, ...]:
    """The folded name of a unit, and the same without its word of type."""
    form = search_form(name)
    base = without_type(form)
    return (form,) if base is None else (form, base)


def beginnings(place: str) -> list[str]:
    """What a place may be called at the beginning of the rest of an address, the longest first."""
    return [place[:end] for end in range(min(len(place), 20), LEAST_PLACE - 1, -1)]
