"""The writers of the register of place names."""

from gis_service.registers.placenames.commands.editing import edit_features
from gis_service.registers.placenames.commands.edits import (
    AddName,
    CorrectName,
    Edit,
    EditReport,
    EndFeature,
    EndName,
    MoveName,
    Relate,
    Rename,
    Reshape,
    Restate,
    Seen,
    Stale,
    StaleRevision,
    Unrelate,
)
from gis_service.registers.placenames.commands.entering import enter_features
from gis_service.registers.placenames.commands.following_changes import give_features_back, move_features
from gis_service.registers.placenames.commands.following_units import follow_divisions, follow_units
from gis_service.registers.placenames.commands.given import NewFeature, NewName, NewShape

__all__ = [
    "AddName",
    "CorrectName",
    "Edit",
    "EditReport",
    "EndFeature",
    "EndName",
    "MoveName",
    "NewFeature",
    "NewName",
    "NewShape",
    "Relate",
    "Rename",
    "Reshape",
    "Restate",
    "Seen",
    "Stale",
    "StaleRevision",
    "Unrelate",
    "edit_features",
    "enter_features",
    "follow_divisions",
    "follow_units",
    "give_features_back",
    "move_features",
]
