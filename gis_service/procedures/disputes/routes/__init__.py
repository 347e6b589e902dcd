"""Agreements, meetings, plans and assessments of lines over HTTP."""

from gis_service.procedures.disputes.routes import peace, peace_assessments

ROUTERS = (peace.router, peace_assessments.router)
