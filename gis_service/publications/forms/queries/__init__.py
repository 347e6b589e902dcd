"""Gathering what the forms of a line tell."""

from gis_service.publications.forms.queries.gathering import gather

__all__ = ["gather"]
