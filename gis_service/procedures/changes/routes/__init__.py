"""Cases of division changes over HTTP: the only way from outside to change divisions."""

from gis_service.procedures.changes.routes.cases import router as cases_router
from gis_service.procedures.changes.routes.materials import router as materials_router
from gis_service.procedures.changes.routes.moves import router as moves_router

ROUTERS = (cases_router, moves_router, materials_router)

__all__ = ["ROUTERS"]
