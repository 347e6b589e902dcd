"""What must follow when something has happened: one table, read in a breath.

A reaction runs in the transaction of the change; if it fails, the change fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gis_service.foundation.transaction import Event, Transaction
from gis_service.procedures.settlements.commands import open_settlements, withdraw_settlements
from gis_service.publications.maps.commands import (
    close_sheets,
    keep_sheets,
    mark_comparisons_after,
    mark_renamed,
    mark_stale_after,
    open_sheets,
)
from gis_service.registers.boundaries.commands import name_sources
from gis_service.registers.boundaries.events import BoundariesChanged, LineRenamed
from gis_service.registers.divisions.events import (
    ChangeTakenBack,
    DivisionsChanged,
    PastTold,
    VersionsWritten,
)
from gis_service.registers.instruments.events import InstrumentReclassified
from gis_service.registers.markers.commands import give_markers_back, keep_markers_on_lines
from gis_service.registers.placenames.commands import (
    follow_units,
    give_features_back,
    move_features,
)
from gis_service.registers.placenames.commands.seeking import index_names
from gis_service.registers.placenames.events import FeaturesChanged

REACTIONS: Mapping[type[Event], tuple[Callable[[Transaction, Any], None], ...]] = {
    BoundariesChanged: (mark_stale_after, keep_markers_on_lines),
    ChangeTakenBack: (close_sheets, give_markers_back, give_features_back, withdraw_settlements),
    DivisionsChanged: (open_sheets, open_settlements, move_features),
    FeaturesChanged: (index_names,),
    LineRenamed: (mark_renamed,),
    PastTold: (mark_comparisons_after,),
    VersionsWritten: (follow_units,),
    InstrumentReclassified: (name_sources, keep_sheets),
}


def react(tx: Transaction, event: Event) -> None:
    """Let everything follow that the table names for this kind of event."""
    for reaction in REACTIONS.get(type(event), ()):
        reaction(tx, event)
