"""Questions that come with a table or a list in the body: they read, and write nothing."""

from gis_service.publications.exchange.routes.crosswalk import router as crosswalk_router
from gis_service.publications.exchange.routes.dating import router as dating_router

ROUTERS = (crosswalk_router, dating_router)

__all__ = ["ROUTERS"]
