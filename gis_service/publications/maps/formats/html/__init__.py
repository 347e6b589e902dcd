"""A sheet as one interactive page: both dates over each other, switched, faded or drawn apart by a curtain.

The file is whole in itself: Leaflet, styles and data are inside, no address is asked for anything.
"""

from __future__ import annotations

from gis_service.publications.maps.schemas import SheetPlan

NAME = "html"
MEDIA_TYPE = "text/html"
SUFFIX = ".html"


def draw(plan: SheetPlan) -> bytes:
    """The page, UTF-8; the same plan gives the same bytes."""
    # folium and the font tools take a second to import, and most commands draw nothing.
    from gis_service.publications.maps.formats.html.page import page

    return page(plan).encode()
