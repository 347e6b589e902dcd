"""What the register holds around a delivery, and which deliveries were entered."""

from gis_service.procedures.intake.queries.chronicle import (
    held_below_counties,
    held_by_register,
    known_on,
    register_of,
    weighed_down,
)
from gis_service.procedures.intake.queries.deliveries import deliveries_page, delivery_with_digest
from gis_service.procedures.intake.queries.standing import registered_around, standing_of

__all__ = [
    "deliveries_page",
    "delivery_with_digest",
    "held_below_counties",
    "held_by_register",
    "known_on",
    "register_of",
    "registered_around",
    "standing_of",
    "weighed_down",
]
