"""What a division name says by itself: its specific part, its generic part, and with the code its type."""

from __future__ import annotations

from collections.abc import Mapping

from gis_service.registers.divisions.rules.code_tables import is_whole_only, tables
from gis_service.registers.divisions.rules.codes import is_summary_code, level_of_code
from gis_service.registers.divisions.rules.levels import DivisionLevel, DivisionType

_FORESTRY = "林区"


def _generics(level: DivisionLevel) -> Mapping[str, str]:
    table: Mapping[str, str] = tables()["generics"][level.value]
    return table


def _ending(name: str, generics: Mapping[str, str]) -> str:
    fitting = [
        generic
        for generic in generics
        if name.endswith(generic)
        and len(name) > len(generic)
        and (generic != _FORESTRY or name in tables()["generics"]["forestry_districts"])
    ]
    return max(fitting, key=len, default="")


def type_of(code: str, name: str) -> DivisionType | None:
    """Type by the level of the code and the ending of the name.

    None where the name has no statutory generic, for summary codes, and below 台湾, 香港 and 澳门, whose
    units GB/T 2260 does not code.
    """
    level = level_of_code(code)
    if level is None or is_summary_code(code):
        return None
    if is_whole_only(code) and level is not DivisionLevel.province:
        return None
    generics = _generics(level)
    ending = _ending(name, generics)
    return DivisionType(generics[ending]) if ending else None


def names_with_generics(name: str) -> list[str]:
    """A name as it stands, and with every generic it may be told without: 淮阴 → 淮阴, 淮阴市, 淮阴县 …"""
    generics = {generic: None for level in DivisionLevel for generic in _generics(level)}
    return [name, *(f"{name}{generic}" for generic in generics)]


def specific_and_generic(name: str) -> tuple[str, str]:
    """Split 南通市 into (南通, 市); the generic is empty where there is none.

    The name of a nationality stays with the specific: 延边朝鲜族自治州 → (延边朝鲜族, 自治州).
    """
    endings = (_ending(name, _generics(level)) for level in DivisionLevel)
    generic = max(endings, key=len)
    return (name.removesuffix(generic), generic) if generic else (name, "")
