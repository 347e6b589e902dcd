"""Filing archives over HTTP."""

from gis_service.procedures.archiving.routes.files import router as files_router
from gis_service.procedures.archiving.routes.items import router as items_router

ROUTERS = (items_router, files_router)

__all__ = ["ROUTERS"]
