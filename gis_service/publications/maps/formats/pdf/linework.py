"""Everything on the sheet that is not lettering, as one SVG of the page whose unit is the millimetre."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from gis_service.publications.maps.formats.pdf.haloes import halo_paths
from gis_service.publications.maps.formats.pdf.legend import legend_places
from gis_service.publications.maps.schemas import (
    Layer,
    MapFrame,
    NorthArrow,
    Path,
    Point,
    Rect,
    ScaleBar,
    SheetPlan,
    Stroke,
    Style,
)
from gis_service.publications.maps.sheets.drafting.symbols import fill_style, line_style

INK = "#1d1b1f"
_NUMBER_RADIUS_MM = 1.35
_TICK_MM = 0.65
_SAMPLE_MM = (11.0, 3.2)


def drawing(plan: SheetPlan) -> str:
    """The SVG of the whole page."""
    page = plan.page
    parts = [
        *(part for frame in plan.frames for part in _frame(frame)),
        *(part for bar in plan.scale_bars for part in _scale_bar(bar)),
        *(part for arrow in plan.north_arrows for part in _north_arrow(arrow)),
        *_legend(plan),
        *_boxes(plan),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{page.width_mm:g}mm" height="{page.height_mm:g}mm" '
        f'viewBox="0 0 {page.width_mm:g} {page.height_mm:g}">{"".join(parts)}</svg>'
    )


def _frame(frame: MapFrame) -> Iterator[str]:
    yield f'<clipPath id="{frame.key}">{_rect(frame.inner)}</clipPath><g clip-path="url(#{frame.key})">'
    yield from _map_body(frame)
    yield "</g>"
    yield from _neat_lines(frame)


def _map_body(frame: MapFrame) -> Iterator[str]:
    yield _rect(frame.inner, fill=fill_style("water").fill or "none")
    for layer in frame.layers:
        if layer.closed:
            yield _areas(layer)
    for kind in ("kilometre", "graticule"):
        style = line_style(kind)
        paths = [line.path for line in frame.grid if line.kind == kind]
        yield from _strokes(style, paths)
    for layer in frame.layers:
        if not layer.closed:
            yield from _strokes(layer.style, [path for shape in layer.shapes for path in shape])
    yield from _strokes(line_style("leader"), [label.leader for label in frame.labels if label.leader])
    yield halo_paths(label for label in frame.labels if label.number is None)
    for label in frame.labels:
        if label.number is not None:
            yield (
                f'<circle cx="{label.x_mm:g}" cy="{label.y_mm:g}" r="{_NUMBER_RADIUS_MM}" fill="#fff" '
                f'stroke="{INK}" stroke-width=".15"/>'
            )


def _neat_lines(frame: MapFrame) -> Iterator[str]:
    if frame.outer == frame.inner:
        yield _rect(frame.inner, stroke=INK, width_mm=0.2)
        return
    yield _rect(frame.inner, stroke=INK, width_mm=0.18)
    yield _rect(frame.outer.grown(-0.4), stroke=INK, width_mm=0.8)
    yield _rect(frame.outer.grown(-1.15), stroke=INK, width_mm=0.12)
    ticks: list[Path] = []
    for line in frame.grid:
        for x, y in (line.path[0], line.path[-1]):
            if line.axis == "x" and _at(y, frame.inner.y_mm, frame.inner.bottom_mm):
                out = -1 if _same(y, frame.inner.y_mm) else 1
                ticks.append(((x, y), (x, y + out * _TICK_MM)))
            if line.axis == "y" and _at(x, frame.inner.x_mm, frame.inner.right_mm):
                out = -1 if _same(x, frame.inner.x_mm) else 1
                ticks.append(((x, y), (x + out * _TICK_MM, y)))
    yield _stroke(Stroke(INK, 0.12), ticks)


def _areas(layer: Layer) -> str:
    return "".join(
        f'<path d="{"".join(_path(ring, closed=True) for ring in shape)}" fill="{layer.style.fill}" '
        f'fill-rule="evenodd"/>'
        for shape in layer.shapes
    )


def _strokes(style: Style, paths: Iterable[Path]) -> Iterator[str]:
    drawn = list(paths)
    for stroke in style.strokes:
        yield _stroke(stroke, drawn)


def _stroke(stroke: Stroke, paths: Iterable[Path]) -> str:
    data = "".join(_path(path) for path in paths)
    if not data:
        return ""
    dash = f' stroke-dasharray="{" ".join(f"{part:g}" for part in stroke.dash_mm)}"' if stroke.dash_mm else ""
    cap = ' stroke-linecap="round"' if stroke.round_cap else ""
    opacity = f' stroke-opacity="{stroke.opacity:g}"' if stroke.opacity < 1 else ""
    return (
        f'<path d="{data}" fill="none" stroke="{stroke.colour}" stroke-width="{stroke.width_mm:g}" '
        f'stroke-linejoin="round"{dash}{cap}{opacity}/>'
    )


def _path(points: Iterable[Point], *, closed: bool = False) -> str:
    data = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    return data + "Z" if closed else data


def _rect(rect: Rect, *, fill: str = "none", stroke: str = "none", width_mm: float = 0.0) -> str:
    return (
        f'<rect x="{rect.x_mm:g}" y="{rect.y_mm:g}" width="{rect.width_mm:g}" height="{rect.height_mm:g}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{width_mm:g}"/>'
    )


def _scale_bar(bar: ScaleBar) -> Iterator[str]:
    for number in range(len(bar.labels) - 1):
        box = Rect(
            round(bar.x_mm + number * bar.segment_mm, 4),
            bar.y_mm - bar.height_mm,
            bar.segment_mm,
            bar.height_mm,
        )
        yield _rect(box, fill=INK if number % 2 == 0 else "#ffffff", stroke=INK, width_mm=0.15)


def _north_arrow(arrow: NorthArrow) -> Iterator[str]:
    """A slender two-toned needle, turned about its foot's centre."""
    x, top, height = arrow.x_mm, arrow.y_mm + 3.2, arrow.height_mm - 3.2
    middle, foot, half = top + height / 2, top + height, height * 0.2
    turn = math.radians(arrow.rotation_deg)

    def turned(px: float, py: float) -> Point:
        dx, dy = px - x, py - middle
        return (
            round(x + dx * math.cos(turn) - dy * math.sin(turn), 3),
            round(middle + dx * math.sin(turn) + dy * math.cos(turn), 3),
        )

    left = (turned(x, top), turned(x - half, foot), turned(x, foot - height * 0.22))
    right = (turned(x, top), turned(x + half, foot), turned(x, foot - height * 0.22))
    yield f'<path d="{_path(left, closed=True)}" fill="{INK}" stroke="{INK}" stroke-width=".15"/>'
    yield f'<path d="{_path(right, closed=True)}" fill="#fff" stroke="{INK}" stroke-width=".15"/>'


def _legend(plan: SheetPlan) -> Iterator[str]:
    width, height = _SAMPLE_MM
    for entry, (x, y) in zip(plan.legend.entries, legend_places(plan.legend), strict=True):
        if entry.symbol == "area":
            box = Rect(x, y - height / 2, width, height)
            yield _rect(box, fill=entry.style.fill or "none", stroke="#8a8286", width_mm=0.12)
        else:
            yield from _strokes(entry.style, [((x, y), (x + width, y))])
        if entry.symbol == "crossed":
            yield from _strokes(line_style("cross"), _crosses(x, y))


def _crosses(x: float, y: float) -> list[Path]:
    arm = 0.75
    return [
        ((x + at - arm, y - arm * turn), (x + at + arm, y + arm * turn))
        for at in (3.0, 8.0)
        for turn in (1, -1)
    ]


def _boxes(plan: SheetPlan) -> Iterator[str]:
    """A fine rule around legend and notes."""
    notes = next(text.place for text in plan.texts if text.key == "notes")
    for rect in (plan.legend.place.grown(1.2), notes.grown(1.2)):
        yield _rect(rect, stroke="#8a8286", width_mm=0.15)


def _at(value: float, low: float, high: float) -> bool:
    return _same(value, low) or _same(value, high)


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 0.01
