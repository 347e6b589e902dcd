"""Reading the register of boundaries, and divisions as they lie on the ground."""

from gis_service.registers.boundaries.routes.comparing import router as comparing_router
from gis_service.registers.boundaries.routes.edges import router as edges_router
from gis_service.registers.boundaries.routes.line_files import router as line_files_router
from gis_service.registers.boundaries.routes.lines import router as lines_router
from gis_service.registers.boundaries.routes.places import router as places_router
from gis_service.registers.boundaries.routes.tracing import router as tracing_router
from gis_service.registers.boundaries.routes.units import router as units_router

# `/divisions/compare` and `/divisions/at` are no units: they are asked before `/divisions/{reference}`
ROUTERS = (
    comparing_router,
    places_router,
    units_router,
    tracing_router,
    lines_router,
    line_files_router,
    edges_router,
)

__all__ = ["ROUTERS"]
