"""What judges names as such: pure, over tables that are versioned data.

`RULES` lists every rule kept here.
"""

from gis_service.registers.placenames.rules import characters

RULES = (*characters.RULES,)

__all__ = ["RULES", "characters"]
