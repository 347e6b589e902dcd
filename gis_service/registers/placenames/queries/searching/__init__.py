"""Finding names: by parts, sounds and slips, near a place, in an address."""

from gis_service.registers.placenames.queries.searching.addresses import (
    Candidate,
    Geocoded,
    Matched,
    geocode,
    geocode_each,
)
from gis_service.registers.placenames.queries.searching.nearby import Around, Near, near
from gis_service.registers.placenames.queries.searching.search import Found, Hit, Limits, search

__all__ = [
    "Around",
    "Candidate",
    "Found",
    "Geocoded",
    "Hit",
    "Limits",
    "Matched",
    "Near",
    "geocode",
    "geocode_each",
    "near",
    "search",
]
