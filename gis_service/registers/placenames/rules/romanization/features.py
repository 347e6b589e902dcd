"""Waters, hills and structures: the true generic apart, one that became part of the 专名 joined (2, 4)."""

from __future__ import annotations

from gis_service.registers.placenames.rules.romanization.numerals import value
from gis_service.registers.placenames.rules.romanization.parting import (
    Role,
    Split,
    Word,
    beginning,
    ending,
    specific,
)
from gis_service.registers.placenames.rules.romanization.tables import unit_stems, words

_SIZES = ("大", "小", "新", "老")
_LONG_STEM = 3
_HEIGHT = "高地"


def feature_generic(name: str) -> str:
    """The generic term at the end of a feature's name."""
    return ending(name, words()["features"]["generics"])


def split_feature(name: str) -> Split:
    """The words of a feature's name: 西辽河 is 西辽 + 河, 南京长江大桥 is 南京 + 长江 + 大桥."""
    generic = feature_generic(name)
    if not generic:
        return Split(specific(name))
    stem = name[: -len(generic)]
    if generic == _HEIGHT and value(stem) is not None:
        return Split((Word(stem, Role.number, str(value(stem))), Word(generic, Role.generic)))
    if generic in words()["features"]["built"]:
        return Split(_built(stem, generic))
    if len(stem) >= _LONG_STEM and stem[-1] in _SIZES:
        stem, generic = stem[:-1], stem[-1] + generic
    return Split((*specific(stem), Word(generic, Role.generic)))


def _built(stem: str, generic: str) -> tuple[Word, ...]:
    """A structure named after a place: the place apart, a direction joined with the generic."""
    table = words()["features"]
    if generic in table["modified"] and len(stem) >= _LONG_STEM and stem[-1] in table["directions"]:
        stem, generic = stem[:-1], stem[-1] + generic
    place = "" if stem in unit_stems() else beginning(stem, unit_stems(), least=2)
    return (*specific(place, stem[len(place) :]), Word(generic, Role.generic))
