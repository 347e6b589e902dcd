"""Reading the register of archives."""

from gis_service.registers.archives.routes.files import router as files_router
from gis_service.registers.archives.routes.items import line_router
from gis_service.registers.archives.routes.items import router as items_router

ROUTERS = (items_router, files_router, line_router)

__all__ = ["ROUTERS"]
