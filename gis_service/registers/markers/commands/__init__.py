"""The writers of the register of markers, and what keeps markers on their lines."""

from gis_service.registers.markers.commands.attaching import Attachment, attach_files
from gis_service.registers.markers.commands.entering import NewMarker, register_markers
from gis_service.registers.markers.commands.following import give_markers_back, keep_markers_on_lines
from gis_service.registers.markers.commands.keeping import (
    Keeping,
    choose_bearings,
    describe_markers,
    set_keepers,
    set_locations,
)
from gis_service.registers.markers.commands.moving import Consent, add_markers, relocate_markers
from gis_service.registers.markers.commands.observing import Seen, observe_markers
from gis_service.registers.markers.commands.points import (
    NewPoint,
    NewTriPoint,
    end_tri_point,
    register_boundary_points,
    register_tri_points,
    revise_tri_point,
)
from gis_service.registers.markers.commands.scrapping import scrap_markers
from gis_service.registers.markers.rules.given import Bearing, Position

__all__ = [
    "Attachment",
    "Bearing",
    "Consent",
    "Keeping",
    "NewMarker",
    "NewPoint",
    "NewTriPoint",
    "Position",
    "Seen",
    "add_markers",
    "attach_files",
    "choose_bearings",
    "describe_markers",
    "end_tri_point",
    "give_markers_back",
    "keep_markers_on_lines",
    "observe_markers",
    "register_boundary_points",
    "register_markers",
    "register_tri_points",
    "relocate_markers",
    "revise_tri_point",
    "scrap_markers",
    "set_keepers",
    "set_locations",
]
