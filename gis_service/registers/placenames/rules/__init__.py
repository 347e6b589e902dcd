"""What judges names as such: pure, over tables that are versioned data.

`RULES` lists every rule kept here.
"""

from gis_service.registers.placenames.rules import characters, romanization
from gis_service.registers.placenames.rules.romanization import Romanized, Stored, romanize

RULES = (*characters.RULES, *romanization.RULES)

__all__ = ["RULES", "Romanized", "Stored", "characters", "romanize"]
