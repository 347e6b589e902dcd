"""What reads and judges lists of place names: columns, cells, positions, repetitions, what differs."""

from gis_service.procedures.intake.rules.placenames.catalogue import RULES
from gis_service.procedures.intake.rules.placenames.reading import Columns, Reader, columns_of
from gis_service.procedures.intake.rules.placenames.record import (
    STATISTICAL,
    MinorityName,
    NameChange,
    PlaceRecord,
)
from gis_service.procedures.intake.rules.placenames.tally import Fault, Tally

__all__ = [
    "RULES",
    "STATISTICAL",
    "Columns",
    "Fault",
    "MinorityName",
    "NameChange",
    "PlaceRecord",
    "Reader",
    "Tally",
    "columns_of",
]
