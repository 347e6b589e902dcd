"""A sheet planned: in millimetres on the page, origin at the top left corner, y downwards.

Any format can draw it without knowing geography.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gis_service.foundation.findings import Finding
from gis_service.publications.maps.schemas.evidence import SheetEvidence

Point = tuple[float, float]
Path = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on the page in mm, from its top left corner."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    @property
    def right_mm(self) -> float:
        """X of the right edge."""
        return self.x_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        """Y of the lower edge."""
        return self.y_mm + self.height_mm

    def grown(self, by_mm: float) -> Rect:
        """The same rectangle, larger on every side (smaller when negative)."""
        return Rect(
            self.x_mm - by_mm, self.y_mm - by_mm, self.width_mm + 2 * by_mm, self.height_mm + 2 * by_mm
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Paper: ISO 216 name and size in mm as it lies."""

    name: str
    width_mm: float
    height_mm: float

    @property
    def landscape(self) -> bool:
        """Whether the page lies on its long side."""
        return self.width_mm > self.height_mm


@dataclass(frozen=True, slots=True)
class Projection:
    """Gauss-Krüger on CGCS2000, three-degree zone (R-MAP-01); metres, false easting 500,000, no prefix."""

    epsg: int
    zone: int
    central_meridian_deg: int
    convergence_deg: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of the pen: colour `#rrggbb`, width, dash pattern (empty: solid), opacity."""

    colour: str
    width_mm: float
    dash_mm: tuple[float, ...] = ()
    round_cap: bool = False
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Style:
    """How an area or line is drawn: fill first, then the strokes in order (band under line)."""

    key: str
    fill: str | None = None
    strokes: tuple[Stroke, ...] = ()
    fill_opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Layer:
    """Shapes of one style. A shape is its rings (area, even-odd) or its lines."""

    key: str
    style: Style
    shapes: tuple[tuple[Path, ...], ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A text on the map: centre, height of its em square and, where it stands beside, the point it names.

    `subject` is the code of what it names; `number` refers to the list of numbered names.
    """

    text: str
    x_mm: float
    y_mm: float
    size_mm: float
    box: Rect
    subject: str
    style: str = "name"
    number: int | None = None
    leader: Path = ()


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line of the graticule or the kilometre grid inside the neat line; `value` is in degrees or metres."""

    kind: Literal["graticule", "kilometre"]
    axis: Literal["x", "y"]
    value: float
    path: Path


@dataclass(frozen=True, slots=True)
class EdgeLabel:
    """A label of a grid line or corner between the inner and the outer neat line."""

    text: str
    x_mm: float
    y_mm: float
    size_mm: float
    kind: Literal["graticule", "kilometre", "corner"]
    rotation_deg: int = 0


@dataclass(frozen=True, slots=True)
class MapFrame:
    """A map true to scale: `inner` is the neat line, whose lower left corner lies at (west_m, south_m)."""

    key: str
    caption: str
    inner: Rect
    outer: Rect
    denominator: int
    west_m: float
    south_m: float
    layers: tuple[Layer, ...]
    labels: tuple[Label, ...]
    grid: tuple[GridLine, ...]
    edge_labels: tuple[EdgeLabel, ...]

    def on_page(self, easting_m: float, northing_m: float) -> Point:
        """Page position in mm of a projected position in metres."""
        mm_per_m = 1000.0 / self.denominator
        return (
            self.inner.x_mm + (easting_m - self.west_m) * mm_per_m,
            self.inner.bottom_mm - (northing_m - self.south_m) * mm_per_m,
        )


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A sample of a style and what it means; `crossed` lines carry the crosses of what has ended."""

    text: str
    style: Style
    symbol: Literal["line", "crossed", "area"]


@dataclass(frozen=True, slots=True)
class Legend:
    """The legend; entries run down `columns` columns."""

    place: Rect
    entries: tuple[LegendEntry, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: head, width, whether its cells are numbers (right-aligned)."""

    head: str
    width_mm: float
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that stand on the sheet; `more_rows` follow on a continuation page, none is left out."""

    place: Rect
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    more_rows: tuple[tuple[str, ...], ...]
    row_height_mm: float
    text_size_mm: float


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Running text in a rectangle; `style` names weight and colour."""

    key: str
    place: Rect
    text: str
    size_mm: float
    align: Literal["left", "center", "right"] = "left"
    style: Literal["title", "subtitle", "caption", "plain", "notice", "marking"] = "plain"


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """Alternating segments from (x, y), the lower left corner of the bar; labels in km at each joint."""

    x_mm: float
    y_mm: float
    segment_mm: float
    height_mm: float
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NorthArrow:
    """True north at the frame's centre: `rotation_deg` clockwise from the upright (grid north)."""

    x_mm: float
    y_mm: float
    height_mm: float
    rotation_deg: float


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet ready to be drawn. Two plans with one fingerprint show the same content."""

    sheet_type: str
    title: str
    page: Page
    denominator: int
    projection: Projection
    frames: tuple[MapFrame, ...]
    legend: Legend
    table: Table
    texts: tuple[TextBlock, ...]
    scale_bars: tuple[ScaleBar, ...]
    north_arrows: tuple[NorthArrow, ...]
    numbered_names: tuple[str, ...]
    findings: tuple[Finding, ...]
    fingerprint: str
    evidence: SheetEvidence
