"""A map frame from its content: areas, borders, grids, emphasised lines, names, edge labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.publications.maps.schemas import (
    Layer,
    Level,
    MapFrame,
    Projection,
    Rect,
    Style,
    UnitRole,
    UnitShape,
)
from gis_service.publications.maps.sheets.drafting.grid import (
    edge_labels,
    graticule_lines,
    kilometre_lines,
)
from gis_service.publications.maps.sheets.drafting.labels import Name, NameList, place_names
from gis_service.publications.maps.sheets.drafting.linework import Borders, Segments, line_of
from gis_service.publications.maps.sheets.drafting.paper import (
    Window,
    area_layer,
    crosses_along,
    line_layer,
)
from gis_service.publications.maps.sheets.drafting.scales import ScaleStep
from gis_service.publications.maps.sheets.drafting.symbols import fill_style, line_style

NEAT_LINE_BAND_MM = 6.6  # between inner and outer neat line: one row of km labels, one of degrees
_AFFECTED_SIZES_MM = (5.0, 4.4, 3.8, 3.2, 2.7, 2.3)
_NEIGHBOUR_SIZES_MM = (3.2, 2.8, 2.4, 2.1, 1.8)


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Lines drawn above the ordinary borders; `crossed` adds the crosses of an ended line."""

    key: str
    line: BaseGeometry
    crossed: bool = False


@dataclass(frozen=True, slots=True)
class FrameContent:
    """What one frame shows; `fills` by unit code, `ended` is taken out of the ordinary borders."""

    key: str
    caption: str
    units: Sequence[UnitShape]
    fills: Mapping[str, Style]
    borders: Borders
    under: Sequence[Emphasis] = ()
    over: Sequence[Emphasis] = ()
    replaced: Segments = frozenset()
    land: Sequence[UnitShape] = ()


def neat_line(outer: Rect) -> Rect:
    """The inner neat line within an outer one."""
    return outer.grown(-NEAT_LINE_BAND_MM)


def map_frame(
    window: Window,
    step: ScaleStep,
    projection: Projection,
    content: FrameContent,
    numbered: NameList,
) -> MapFrame:
    """Draw the content into the window, in millimetres on the page."""
    pages = {unit.code: window.on_page(unit.geometry) for unit in content.units}
    layers = [
        *_areas(window, content, pages),
        *_emphasised(window, content.under),
        *_ordinary(window, content),
        *_emphasised(window, content.over),
    ]
    grid = (*kilometre_lines(window, step), *graticule_lines(window, step))
    avoid = shapely.union_all([window.on_page(item.line) for item in content.over])
    return MapFrame(
        key=content.key,
        caption=content.caption,
        inner=window.inner,
        outer=window.inner.grown(NEAT_LINE_BAND_MM),
        denominator=window.denominator,
        west_m=window.west_m,
        south_m=window.south_m,
        layers=tuple(layer for layer in layers if layer.shapes),
        labels=place_names(_names(content.units, pages), window.inner, avoid, numbered),
        grid=grid,
        edge_labels=edge_labels(window, grid, projection.zone),
    )


def _areas(window: Window, content: FrameContent, pages: Mapping[str, BaseGeometry]) -> Iterator[Layer]:
    land = [window.on_page(unit.geometry) for unit in content.land]
    yield area_layer("land", fill_style("province"), land)
    for unit in content.units:
        yield area_layer(f"unit-{unit.code}", content.fills[unit.code], [pages[unit.code]])


def _ordinary(window: Window, content: FrameContent) -> Iterator[Layer]:
    """Rim first, then low levels, so that a higher line lies over a lower one."""
    yield line_layer("coast", line_style("coast"), [window.on_page(line_of(content.borders.rim))])
    for level in reversed(Level):
        segments = content.borders.by_level.get(level, frozenset()) - content.replaced
        if segments:
            lines = window.on_page(line_of(segments))
            yield line_layer(f"border-{level.value}", line_style(level.value), [lines])


def _emphasised(window: Window, items: Sequence[Emphasis]) -> Iterator[Layer]:
    for item in items:
        page = window.on_page(item.line)
        yield line_layer(item.key, line_style(item.key), [page])
        if item.crossed:
            cross = "cross_trace" if item.key.endswith("trace") else "cross"
            marks = crosses_along(page, every_mm=7.0, arm_mm=0.75)
            yield line_layer(f"{item.key}-{cross}", line_style(cross), [marks])


def _names(units: Sequence[UnitShape], pages: Mapping[str, BaseGeometry]) -> list[Name]:
    """Subjects first, then larger before smaller, so that the important names choose their place first."""
    ordered = sorted(
        units,
        key=lambda unit: (unit.role is not UnitRole.affected, -round(pages[unit.code].area, 3), unit.code),
    )
    return [
        Name(unit.code, unit.name, pages[unit.code], _AFFECTED_SIZES_MM, "subject", unit.code)
        if unit.role is UnitRole.affected
        else Name(unit.code, unit.name, pages[unit.code], _NEIGHBOUR_SIZES_MM)
        for unit in ordered
    ]
