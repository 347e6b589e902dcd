"""What the register holds around a delivery, and which deliveries were entered."""

from gis_service.procedures.intake.queries.chronicle import (
    held_by_register,
    known_on,
    register_of,
    told_below_counties,
    weighed_down,
)
from gis_service.procedures.intake.queries.deliveries import deliveries_page, delivery_with_digest
from gis_service.procedures.intake.queries.standing import registered_around, standing_of

__all__ = [
    "deliveries_page",
    "delivery_with_digest",
    "held_by_register",
    "known_on",
    "register_of",
    "registered_around",
    "standing_of",
    "told_below_counties",
    "weighed_down",
]
