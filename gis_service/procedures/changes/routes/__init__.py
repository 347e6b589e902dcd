"""Cases of division changes over HTTP: the only way from outside to change divisions."""

from gis_service.procedures.changes.routes.agenda import router as calendar_router
from gis_service.procedures.changes.routes.cases import router as cases_router
from gis_service.procedures.changes.routes.conduct import router as conduct_router
from gis_service.procedures.changes.routes.evaluations import router as evaluations_router
from gis_service.procedures.changes.routes.materials import duty_router
from gis_service.procedures.changes.routes.materials import router as materials_router
from gis_service.procedures.changes.routes.moves import router as moves_router
from gis_service.procedures.changes.routes.standards import router as standards_router

ROUTERS = (
    calendar_router,  # first: its address has the form of a case's
    cases_router,
    moves_router,
    materials_router,
    duty_router,
    conduct_router,
    evaluations_router,
    standards_router,
)

__all__ = ["ROUTERS"]
