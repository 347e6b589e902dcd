"""专名 and 通名 apart: by what the name stands for, else by its ending (R-PY-01, -03, -04, -05)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import groupby

from gis_service.foundation.errors import InvalidInput
from gis_service.registers.placenames.rules.romanization.catalogue import R_PY_04
from gis_service.registers.placenames.rules.romanization.features import feature_generic, split_feature
from gis_service.registers.placenames.rules.romanization.numerals import trailing
from gis_service.registers.placenames.rules.romanization.parting import Role, Split, Word, ending, specific
from gis_service.registers.placenames.rules.romanization.roads import road_generic, split_road
from gis_service.registers.placenames.rules.romanization.tables import unit_stems, units, words
from gis_service.registers.placenames.rules.romanization.units import split_unit, unit_type

_FIGURES = re.compile(r"[A-Za-z0-9]")
_NO_OTHER: tuple[Word, ...] = ()
_ORDINAL_ROADS = frozenset("条道环里")


class Kind(StrEnum):
    """What a name stands for, as far as its spelling turns on it."""

    unit = "unit"
    road = "road"
    feature = "feature"
    settlement = "settlement"


def split(name: str, class_: str = "", stored: Sequence[str] = ()) -> Split:
    """The words of a name; a stored split wins (rule 2).

    `class_` is a class of GB/T 18521 by its prefix; without it the ending of the name decides, with a doubt
    where hill and village end alike.

    Raises:
        InvalidInput: the stored words do not make up the name.
    """
    if stored:
        return _stored(name, stored)
    kind, sure = _kind(name, class_)
    found, other = _SPLITS[kind](name), _NO_OTHER
    doubts = found.doubts
    if not sure:
        doubts = (*doubts, (R_PY_04, "未注明类别：作自然实体时通名分写，作村镇名称时连写，请核定"))
        other = _scripts_apart(_SPLITS[_ALIKE[kind]](name).words)
    return Split(_scripts_apart(found.words), doubts, other=other)


def _stored(name: str, stored: Sequence[str]) -> Split:
    if "".join(stored) != name:
        raise InvalidInput(
            f"分写“{' '.join(stored)}”与名称“{name}”不符", way_out="各段相连须与名称相同，如 西辽 河"
        )
    *first, last = stored
    generic = Role.generic if first else Role.specific
    return Split((*specific(*first), Word(last, generic)), stored=True)


def _kind(name: str, class_: str) -> tuple[Kind, bool]:
    """What a name stands for, and whether that is certain."""
    table = words()["classes"]
    for kind, key in _CLASSES:
        if class_ and class_.startswith(tuple(table[key])):
            return kind, True
    return _guessed(name)


def _guessed(name: str) -> tuple[Kind, bool]:
    if name in units() or name in words()["units"]["whole"]:
        return Kind.unit, True
    if name in unit_stems():
        return Kind.settlement, not feature_generic(name)
    if _is_road(name):
        return Kind.road, True
    kind = unit_type(name)
    if kind and kind != "村":
        return Kind.unit, True
    if feature_generic(name):
        return Kind.feature, bool(ending(name, words()["features"]["sure"]))
    return Kind.settlement, True


def _is_road(name: str) -> bool:
    generic = road_generic(name)
    return bool(generic) and (
        generic not in _ORDINAL_ROADS or (trailing(name[: -len(generic)]) is not None and generic != "里")
    )


def _joined(name: str) -> Split:
    """Rule 3: names of villages and towns are one word."""
    return Split(specific(name))


def _scripts_apart(words: Sequence[Word]) -> tuple[Word, ...]:
    return tuple(part for word in words for part in _by_script(word))


def _by_script(word: Word) -> list[Word]:
    """Figures and Latin letters apart from Han."""
    if word.figure or not _FIGURES.search(word.text):
        return [word]
    runs = groupby(word.text, key=lambda character: bool(_FIGURES.match(character)))
    return [Word("".join(run), word.role) for _, run in runs]


_CLASSES = (
    (Kind.road, "roads"),
    (Kind.settlement, "settlements"),
    (Kind.unit, "units"),
    (Kind.feature, "features"),
)
_SPLITS: dict[Kind, Callable[[str], Split]] = {
    Kind.unit: split_unit,
    Kind.road: split_road,
    Kind.feature: split_feature,
    Kind.settlement: _joined,
}
_ALIKE = {Kind.feature: Kind.settlement, Kind.settlement: Kind.feature}  # what ends alike
