"""The characters of names: what each is, whether it may stand there, what it folds to for search."""

from gis_service.registers.placenames.rules.characters.describing import (
    KIND_ZH,
    Character,
    Kind,
    characters_of,
    described,
    shown,
)
from gis_service.registers.placenames.rules.characters.folding import folded
from gis_service.registers.placenames.rules.characters.judging import R_NAM_02, R_NAM_16, judge_characters

RULES = (R_NAM_02, R_NAM_16)

__all__ = [
    "KIND_ZH",
    "RULES",
    "R_NAM_02",
    "R_NAM_16",
    "Character",
    "Kind",
    "characters_of",
    "described",
    "folded",
    "judge_characters",
    "shown",
]
