"""What goes into intake and comes out of it: deliveries prepared to be judged, records of place names."""

from gis_service.procedures.intake.schemas.preparing import (
    AreaMoved,
    Columns,
    Delivery,
    Registered,
    UnitRecord,
    prepare,
    repair,
)

__all__ = ["AreaMoved", "Columns", "Delivery", "Registered", "UnitRecord", "prepare", "repair"]
