"""Where the samples of the legend stand: both the drawing and the lettering need to know."""

from __future__ import annotations

from gis_service.publications.maps.schemas import Legend, Point

SAMPLE_WIDTH_MM = 11.0


def legend_places(legend: Legend) -> list[Point]:
    """Left end and middle height of each entry's sample, running down the columns."""
    per_column = -(-len(legend.entries) // legend.columns)
    pitch = min(legend.place.height_mm / max(per_column, 1), 5.2)
    column = legend.place.width_mm / legend.columns
    return [
        (
            round(legend.place.x_mm + 1.5 + (number // per_column) * column, 3),
            round(legend.place.y_mm + (number % per_column + 0.5) * pitch, 3),
        )
        for number in range(len(legend.entries))
    ]
