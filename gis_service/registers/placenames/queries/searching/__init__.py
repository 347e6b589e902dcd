"""Finding names: by parts, sounds and slips, near a place, in an address."""

from gis_service.registers.placenames.queries.searching.search import Found, Hit, Limits, search

__all__ = ["Found", "Hit", "Limits", "search"]
