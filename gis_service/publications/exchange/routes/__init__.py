"""Questions that come with a table, a list or a shape in the body: they read, and write nothing."""

from gis_service.publications.exchange.routes.crosswalk import router as crosswalk_router
from gis_service.publications.exchange.routes.dating import router as dating_router
from gis_service.publications.exchange.routes.drawn_areas import router as drawn_areas_router
from gis_service.publications.exchange.routes.geocoding import router as geocoding_router
from gis_service.publications.exchange.routes.places import router as places_router

ROUTERS = (crosswalk_router, dating_router, places_router, drawn_areas_router, geocoding_router)

__all__ = ["ROUTERS"]
