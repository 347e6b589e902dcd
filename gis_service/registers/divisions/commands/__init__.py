"""The writers of the register of divisions. Called by procedures only."""

from gis_service.registers.divisions.commands.linking import Descent, link
from gis_service.registers.divisions.commands.rewriting import NewDivision, end, establish, rewrite
from gis_service.registers.divisions.commands.superseding import correct, take_back

__all__ = ["Descent", "NewDivision", "correct", "end", "establish", "link", "rewrite", "take_back"]
