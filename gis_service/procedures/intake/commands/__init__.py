"""Open a delivery, judge it against the register, load it; loading it again changes nothing."""

from gis_service.procedures.intake.commands.loading import LoadReport, load
from gis_service.procedures.intake.commands.opening import (
    DeliverySource,
    Opened,
    Request,
    judge_opened,
    mend,
    open_delivery,
)

__all__ = [
    "DeliverySource",
    "LoadReport",
    "Opened",
    "Request",
    "judge_opened",
    "load",
    "mend",
    "open_delivery",
]
