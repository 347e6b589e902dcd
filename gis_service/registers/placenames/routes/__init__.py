"""Reading the register of place names. Addresses of one word stand before those of one feature."""

from gis_service.registers.placenames.routes.classes import router as classes_router
from gis_service.registers.placenames.routes.features import router as features_router
from gis_service.registers.placenames.routes.searching import router as searching_router

SEARCH = searching_router
ROUTERS = (classes_router, features_router)

__all__ = ["ROUTERS", "SEARCH"]
