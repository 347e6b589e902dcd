"""Names of roads, streets and lanes: modifiers and numbers (rules 2, 5, 7)."""

from __future__ import annotations

from gis_service.foundation.findings import Rule
from gis_service.registers.placenames.rules.romanization.catalogue import R_PY_03, R_PY_05
from gis_service.registers.placenames.rules.romanization.numerals import trailing
from gis_service.registers.placenames.rules.romanization.parting import Role, Split, Word, ending, specific
from gis_service.registers.placenames.rules.romanization.tables import unit_stems, words

_RING = "环"
_ORDINAL = "第"
_LONG_STEM = 3


def road_generic(name: str) -> str:
    """The generic term at the end of a road's name."""
    return ending(name, words()["roads"]["generics"])


def split_road(name: str) -> Split:
    """The words of a road's name: 中山北路 is 中山 + 北路, 经五路 is 经 + 5 + 路."""
    generic = road_generic(name)
    if not generic:
        return Split(specific(name))
    stem = name[: -len(generic)]
    numbered = _numbered(stem, generic)
    if numbered is not None:
        return numbered
    if _has_modifier(stem):
        return _modified(stem[:-1], stem[-1] + generic)
    return Split((*specific(stem), Word(generic, Role.generic)))


def _has_modifier(stem: str) -> bool:
    """Whether the last character belongs to the generic: a direction after two characters or more."""
    return (
        len(stem) >= _LONG_STEM
        and stem[-1] in words()["roads"]["modifiers"]
        and stem not in unit_stems()
        and not stem.endswith(tuple(words()["persons"]["names"]))
    )


def _modified(stem: str, generic: str) -> Split:
    ring = _numbered(stem[:-1], _RING) if stem.endswith(_RING) else None
    head = ring.words if ring else specific(stem)
    doubts = ring.doubts if ring else ()
    if stem[-1] + generic[0] in unit_stems():
        why = f"“{stem[-1]}{generic[0]}”也是政区名，“{generic[0]}”归前归后请核定"
        doubts = (*doubts, (R_PY_03, why))
    return Split((*head, Word(generic, Role.generic)), doubts)


def _numbered(stem: str, generic: str) -> Split | None:
    """A name that numbers: what stands before, the figure, the generic."""
    found = trailing(stem)
    if found is None:
        return None
    before, text, value = found
    last = Word(generic, Role.generic)
    if before.endswith(_ORDINAL):
        number = Word(f"{_ORDINAL}{text}", Role.number, f"Dì-{value}")
        return Split((*specific(before[: -len(_ORDINAL)]), number, last))
    table = words()["roads"]
    doubts: tuple[tuple[Rule, str], ...] = ()
    if len(before) == 1 and before not in table["ordinal_after"]:
        doubts = ((R_PY_05, f"“{text}”是序数还是专名的一部分，请核定"),)
    return Split((*specific(before), Word(text, Role.number, str(value)), last), doubts)
