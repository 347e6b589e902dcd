"""Opening resurveys, and telling what they came to."""

from gis_service.procedures.resurveys.commands.closing import finish_resurvey, withdraw_resurvey
from gis_service.procedures.resurveys.commands.opening import open_resurvey

__all__ = ["finish_resurvey", "open_resurvey", "withdraw_resurvey"]
