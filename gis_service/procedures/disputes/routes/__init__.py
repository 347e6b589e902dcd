"""Hidden risks and disputes over HTTP."""

from gis_service.procedures.disputes.routes.cases import router as cases_router
from gis_service.procedures.disputes.routes.leading import router as leading_router
from gis_service.procedures.disputes.routes.mapping import router_drawing
from gis_service.procedures.disputes.routes.weighing import router as weighing_router

# What stands before the numbers of cases in an address comes first.
ROUTERS = (weighing_router, cases_router, leading_router)

__all__ = ["ROUTERS", "router_drawing"]
