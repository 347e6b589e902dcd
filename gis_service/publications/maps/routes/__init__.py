"""Sheets over HTTP, and the front page that leads to them."""

from gis_service.publications.maps.routes.front import router as front_router
from gis_service.publications.maps.routes.sheets import router as sheets_router

ROUTERS = (front_router, sheets_router)

__all__ = ["ROUTERS"]
