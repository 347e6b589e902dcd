"""What judges lists of changes below the county: pure, from rows to divisions in time."""

from gis_service.procedures.intake.rules.townships.rows import R_TWN_01, R_TWN_02, ChangeList, Row

RULES = (R_TWN_01, R_TWN_02)

__all__ = ["RULES", "R_TWN_01", "R_TWN_02", "ChangeList", "Row"]
