"""Open a delivery, judge it against the register, load it; loading it again changes nothing."""

from gis_service.procedures.intake.commands.listing import ListReport, judge_listed, load_listed, open_listed
from gis_service.procedures.intake.commands.loading import LoadReport, judge_beside, load
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
    "ListReport",
    "LoadReport",
    "Opened",
    "Request",
    "judge_beside",
    "judge_listed",
    "judge_opened",
    "load",
    "load_listed",
    "mend",
    "open_delivery",
    "open_listed",
]
