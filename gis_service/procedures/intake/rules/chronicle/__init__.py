"""What judges and replays a history of codes without geometry: pure, from tables to divisions in time."""

from gis_service.procedures.intake.rules.chronicle.findings import (
    R_HIS_01,
    R_HIS_02,
    R_HIS_03,
    R_HIS_04,
    R_HIS_05,
    R_HIS_06,
    R_HIS_07,
    RULES,
)
from gis_service.procedures.intake.rules.chronicle.values import Act, Place, Step, Table, Trust, Yearly

__all__ = [
    "RULES",
    "R_HIS_01",
    "R_HIS_02",
    "R_HIS_03",
    "R_HIS_04",
    "R_HIS_05",
    "R_HIS_06",
    "R_HIS_07",
    "Act",
    "Place",
    "Step",
    "Table",
    "Trust",
    "Yearly",
]
