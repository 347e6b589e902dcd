"""The writers of the register of markers."""

from gis_service.registers.markers.commands.entering import Bearing, NewMarker, Position, register_markers

__all__ = ["Bearing", "NewMarker", "Position", "register_markers"]
