"""Hidden risks and disputes over HTTP, and the agreements, meetings, plans and assessments of lines."""

from gis_service.procedures.disputes.routes.cases import router as cases_router
from gis_service.procedures.disputes.routes.leading import router as leading_router
from gis_service.procedures.disputes.routes.mapping import router_drawing
from gis_service.procedures.disputes.routes.peace import router as peace_router
from gis_service.procedures.disputes.routes.peace_assessments import router as peace_assessments_router
from gis_service.procedures.disputes.routes.weighing import router as weighing_router

# What stands before the numbers of cases in an address comes first.
ROUTERS = (weighing_router, cases_router, leading_router, peace_router, peace_assessments_router)

__all__ = ["ROUTERS", "router_drawing"]
