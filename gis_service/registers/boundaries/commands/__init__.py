"""The writers of the register of boundaries: enter areas, cut them, hand them over, derive what follows."""

from gis_service.registers.boundaries.commands.cutting import cut_off, divide
from gis_service.registers.boundaries.commands.derive import derive
from gis_service.registers.boundaries.commands.enter import Entered, enter_areas
from gis_service.registers.boundaries.commands.hand_over import hand_over, hand_over_faces
from gis_service.registers.boundaries.commands.renewing import Window, renew, replace_holdings, replace_lines
from gis_service.registers.boundaries.commands.restoring import restore_areas
from gis_service.registers.boundaries.commands.sources import name_sources
from gis_service.registers.boundaries.commands.subdividing import subdivide

__all__ = [
    "Entered",
    "Window",
    "cut_off",
    "derive",
    "divide",
    "enter_areas",
    "hand_over",
    "hand_over_faces",
    "name_sources",
    "renew",
    "replace_holdings",
    "replace_lines",
    "restore_areas",
    "subdivide",
]
