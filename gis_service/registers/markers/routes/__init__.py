"""Reading the register of markers, and what lies near a place."""

from gis_service.registers.markers.routes.markers import line_router
from gis_service.registers.markers.routes.markers import router as markers_router
from gis_service.registers.markers.routes.near import router as near_router
from gis_service.registers.markers.routes.tri_points import line_router as tri_points_of_line_router
from gis_service.registers.markers.routes.tri_points import router as tri_points_router

ROUTERS = (markers_router, line_router, tri_points_router, tri_points_of_line_router, near_router)

__all__ = ["ROUTERS"]
