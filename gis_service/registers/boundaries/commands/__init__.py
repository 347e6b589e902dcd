"""The writers of the register of boundaries: enter new areas, hand areas over, derive what follows."""

from gis_service.registers.boundaries.commands.derive import derive
from gis_service.registers.boundaries.commands.enter import Entered, enter_areas
from gis_service.registers.boundaries.commands.hand_over import hand_over
from gis_service.registers.boundaries.commands.sources import name_sources

__all__ = ["Entered", "derive", "enter_areas", "hand_over", "name_sources"]
