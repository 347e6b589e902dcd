"""What judges names as such: pure, over tables that are versioned data.

`RULES` lists every rule kept here.
"""

from gis_service.registers.placenames.rules import characters, romanization
from gis_service.registers.placenames.rules.census import R_PUB_01
from gis_service.registers.placenames.rules.classes import R_CLS_01
from gis_service.registers.placenames.rules.generics import R_NAM_01
from gis_service.registers.placenames.rules.judging import Judged, judge_names, same_names
from gis_service.registers.placenames.rules.proofs import PROOFS
from gis_service.registers.placenames.rules.romanization import Romanized, Stored, romanize
from gis_service.registers.placenames.rules.statuses import R_NAM_17

RULES = (
    *characters.RULES,
    *romanization.RULES,
    R_CLS_01,
    R_NAM_01,
    R_NAM_17,
    R_PUB_01,
    *PROOFS,
)

__all__ = [
    "RULES",
    "Judged",
    "Romanized",
    "Stored",
    "characters",
    "judge_names",
    "romanize",
    "same_names",
]
