"""What a division code says by itself: its level and its superior (GB/T 2260, GB/T 10114-2003)."""

from __future__ import annotations

from gis_service.registers.divisions.rules.code_tables import (
    is_direct,
    is_municipality,
    is_whole_only,
    tables,
)
from gis_service.registers.divisions.rules.levels import DivisionLevel

_LEVEL_BY_LENGTH = {9: DivisionLevel.township, 12: DivisionLevel.village}


def is_code(text: str) -> bool:
    """Six, nine or twelve ASCII digits."""
    return len(text) in {6, 9, 12} and text.isascii() and text.isdigit()


def level_of_code(code: str) -> DivisionLevel | None:
    """Level by the shape of the code alone; None where it has no such shape.

    The summary codes 市辖区, 县 and 省直辖 (110100, 429000) have the shape of a prefecture.
    """
    if not is_code(code):
        return None
    if len(code) > 6:
        return _LEVEL_BY_LENGTH[len(code)]
    if code.endswith("0000"):
        return DivisionLevel.province
    return DivisionLevel.prefecture if code.endswith("00") else DivisionLevel.county


def is_summary_code(code: str) -> bool:
    """Whether a six-digit code only sums up a table and stands for no division (110100, 429000)."""
    if level_of_code(code) is not DivisionLevel.prefecture:
        return False
    return is_municipality(code) or is_direct(code)


def is_leaf_prefecture(code: str) -> bool:
    """Whether this prefecture-level city has no county level (东莞、中山、儋州、嘉峪关)."""
    return code in tables()["leaf_prefectures"]["codes"]


def superior_code(code: str) -> str | None:
    """Code of the unit one level up; None for a province and for what is no code.

    Units of a municipality, of group 90 and of 台湾, 香港, 澳门 hang on the province (R-COD-04).
    """
    level = level_of_code(code)
    if level is None or level is DivisionLevel.province:
        return None
    if level is DivisionLevel.village:
        return code[:9]
    if level is DivisionLevel.township:
        return code[:6]
    province = f"{code[:2]}0000"
    on_province = is_municipality(code) or is_direct(code) or is_whole_only(code)
    return province if level is DivisionLevel.prefecture or on_province else f"{code[:4]}00"


def codes_above(code: str) -> list[str]:
    """Codes of all units above a code, the nearest first: 320602 → 320600, 320000."""
    above = superior_code(code)
    return [] if above is None else [above, *codes_above(above)]
