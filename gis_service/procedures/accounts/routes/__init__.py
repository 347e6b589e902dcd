"""Signing in, one's own account, and the administration of accounts over HTTP."""

from gis_service.procedures.accounts.routes.administration import router as administration_router
from gis_service.procedures.accounts.routes.own import router as own_router
from gis_service.procedures.accounts.routes.pages import router as pages_router
from gis_service.procedures.accounts.routes.signing_in import router as signing_in_router

ROUTERS = (signing_in_router, own_router, administration_router, pages_router)

__all__ = ["ROUTERS"]
