"""Formats a sheet plan can be drawn in: each module holds `NAME`, `MEDIA_TYPE`, `SUFFIX` and `draw(plan)`."""

from gis_service.publications.maps.formats import html, pdf

FORMATS = (pdf, html)
