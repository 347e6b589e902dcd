"""Markers, points and tri-points as they stood on a day."""

from gis_service.registers.markers.queries.standing import (
    MarkerOnDay,
    marker_on,
    markers_along,
    markers_of_lines,
    markers_on,
)

__all__ = ["MarkerOnDay", "marker_on", "markers_along", "markers_of_lines", "markers_on"]
