"""What stands around the map: scale bar, north arrow, legend, locator, data statement, imprint."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import shapely

from gis_service.foundation.access import Classification
from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.typeface import printable, width_em
from gis_service.publications.maps.schemas import (
    Imprint,
    LegendEntry,
    Level,
    MapFrame,
    NorthArrow,
    Projection,
    Rect,
    ScaleBar,
    TextBlock,
    UnitShape,
)
from gis_service.publications.maps.sheets.drafting.grid import degrees_text
from gis_service.publications.maps.sheets.drafting.labels import Name, NameList, place_names
from gis_service.publications.maps.sheets.drafting.paper import area_layer, centred_window, line_layer
from gis_service.publications.maps.sheets.drafting.projection import Projector, bounds_of
from gis_service.publications.maps.sheets.drafting.scales import (
    ScaleStep,
    ground_per_centimetre,
    in_words,
    largest_scale_that_fits,
)
from gis_service.publications.maps.sheets.drafting.symbols import fill_style, line_style

NO_FORCE = "本图界线为概略数据，仅供参考，不具有法律效力，不作为划界依据。"
_LEVEL_LINES = {
    Level.province: "省级行政区域界线",
    Level.prefecture: "地级行政区域界线",
    Level.county: "县级行政区域界线",
    Level.township: "乡级行政区域界线",
}
PUBLIC_MAP_IS_REVIEWED = Rule(
    id="R-MAP-05", title="公开地图须标明审图号", legal_basis="《地图管理条例》第十五条、第二十二条"
)
_LINE_FEED = 1.55
_MARKING_MM = 5.6
_MARKING_SPACING_MM = 8.0
_BAR_SEGMENTS = 4
_LOCATOR_SIZES_MM = {Level.province: (3.2, 2.6, 2.1), Level.prefecture: (2.2, 1.9, 1.6)}


def scale_block(step: ScaleStep, strip: Rect) -> tuple[list[TextBlock], ScaleBar]:
    """Denominator in figures over a scale bar, centred in `strip` (at least 14 mm high)."""
    segment = step.bar_km * 1_000_000 / step.denominator
    x = strip.x_mm + strip.width_mm / 2 - segment * _BAR_SEGMENTS / 2
    bar = ScaleBar(
        round(x, 3),
        round(strip.y_mm + 10.0, 3),
        round(segment, 4),
        1.1,
        (
            *(f"{number * step.bar_km:g}" for number in range(_BAR_SEGMENTS)),
            f"{_BAR_SEGMENTS * step.bar_km:g} km",
        ),
    )
    line = Rect(strip.x_mm, strip.y_mm, strip.width_mm, 4.4)
    under = Rect(strip.x_mm, strip.y_mm + 11.2, strip.width_mm, 3)
    return [
        TextBlock("scale", line, in_words(step.denominator), 3.8, "center", "caption"),
        TextBlock("scale-words", under, ground_per_centimetre(step.denominator), 1.9, "center"),
    ], bar


def north_block(projection: Projection, place: Rect) -> tuple[TextBlock, NorthArrow]:
    """An arrow to true north with the convergence beside it (grid north is upright)."""
    side = "东" if projection.convergence_deg >= 0 else "西"
    text = f"子午线收敛角 {degrees_text(abs(projection.convergence_deg))}\n（坐标北偏真北以{side}）"
    arrow = NorthArrow(place.x_mm + 5, place.y_mm, place.height_mm, -projection.convergence_deg)
    words = Rect(place.x_mm + 11, place.y_mm + 4, place.width_mm - 11, place.height_mm - 4)
    return TextBlock("north", words, text, 2.0), arrow


def projection_block(projection: Projection, place: Rect) -> TextBlock:
    """Coordinate system and projection in words."""
    text = (
        "2000国家大地坐标系（CGCS2000）\n"
        f"高斯—克吕格投影，3°分带第{projection.zone}带，中央经线{projection.central_meridian_deg}°"
        f"（EPSG:{projection.epsg}）\n公里网横坐标首注冠带号，单位千米；经纬网为大地坐标"
    )
    return TextBlock("projection", place, text, 2.0)


def border_entries(levels: Iterable[Level]) -> list[LegendEntry]:
    """Legend lines of the levels that occur, highest first, and the coast."""
    present = set(levels)
    entries = [
        LegendEntry(_LEVEL_LINES[level], line_style(level.value), "line")
        for level in Level
        if level in present
    ]
    return [*entries, LegendEntry("海岸线、资料边线", line_style("coast"), "line")]


def grid_entries() -> list[LegendEntry]:
    """Legend lines of the two grids."""
    return [
        LegendEntry("公里网", line_style("kilometre"), "line"),
        LegendEntry("经纬网", line_style("graticule"), "line"),
    ]


def statement_lines(imprint: Imprint) -> list[str]:
    """Sources word for word, and the notice of no legal force whenever one source lacks it."""
    lines = [f"资料来源：{source.name}。{source.statement}" for source in imprint.sources]
    if not all(source.has_legal_force for source in imprint.sources) or not imprint.sources:
        lines.append(NO_FORCE)
    return lines


def imprint_lines(imprint: Imprint) -> list[str]:
    """Drafting unit, edition and review number, each with a rule to fill in when unknown."""
    day = imprint.edition_on
    return [
        f"编制单位：{imprint.drafting_unit or '＿＿＿＿＿＿＿＿＿＿'}",
        f"版　　次：第{imprint.edition}版　{day.year}年{day.month}月{day.day}日",
        f"审图号：{imprint.review_number or '________________'}",
    ]


def marking_of(imprint: Imprint) -> str | None:
    """The word that tells how closely a sheet is kept; none on one that is public."""
    kept = imprint.classification
    return None if kept is Classification.public else kept.value


def marking_blocks(imprint: Imprint, head: Rect) -> list[TextBlock]:
    """How closely the sheet is kept, at its upper right (R-PUB-02); nothing on one that is public."""
    marking = marking_of(imprint)
    if marking is None:
        return []
    width = 2 * _MARKING_MM + _MARKING_SPACING_MM
    place = Rect(head.right_mm - width, head.y_mm, width, _MARKING_MM * 1.4)
    word = "\u3000".join(marking)
    return [TextBlock("marking", place, word, _MARKING_MM, "right", "marking")]


def review_findings(imprint: Imprint, title: str) -> list[Finding]:
    """A warning while the sheet carries no review number: it may be used inside, not published."""
    if imprint.review_number:
        return []
    return [
        PUBLIC_MAP_IS_REVIEWED.finding(
            Severity.warning, title, "本图未载审图号，公开前须送审", suggestion="取得审图号后重新出图"
        )
    ]


def fitted_block(key: str, lines: Sequence[str], place: Rect, sizes_mm: Sequence[float]) -> TextBlock:
    """The lines as a block at the largest size at which all of them, wrapped, stay within `place`."""
    text = "\n".join(printable(line) for line in lines)
    for size in sizes_mm:
        wrapped = sum(
            max(1, math.ceil(width_em(line) * size / (place.width_mm - size))) for line in text.split("\n")
        )
        if wrapped * size * _LINE_FEED <= place.height_mm:
            return TextBlock(key, place, text, size)
    return TextBlock(key, place, text, sizes_mm[-1])


def locator(
    place: Rect, superiors: Sequence[UnitShape], subjects: Sequence[UnitShape], projector: Projector
) -> MapFrame | None:
    """A small map of where the subject lies in its province; none when no superior outline is known."""
    if not superiors:
        return None
    outlines = [(unit, projector.geometry(unit.geometry)) for unit in superiors]
    extent = bounds_of([geometry for _, geometry in outlines])
    size = (extent[2] - extent[0], extent[3] - extent[1])
    step = largest_scale_that_fits(size, (place.width_mm, place.height_mm), margin=0.05)
    window = centred_window(place, step.denominator, extent, projector)
    layers = []
    for unit, geometry in sorted(outlines, key=lambda item: (list(Level).index(item[0].level), item[0].code)):
        page = window.to_page(geometry)
        fill = "province" if unit.level is Level.province else "prefecture"
        layers.append(area_layer(f"locator-{unit.code}", fill_style(fill), [page]))
        layers.append(
            line_layer(f"locator-line-{unit.code}", line_style(f"outline_{fill}"), [shapely.boundary(page)])
        )
    spots = [window.to_page(projector.geometry(unit.geometry)) for unit in subjects]
    layers.append(area_layer("locator-subject", fill_style("subject_spot"), spots))
    names = [
        Name(unit.code, unit.name, window.on_page(unit.geometry), _LOCATOR_SIZES_MM[unit.level])
        for unit in sorted(superiors, key=lambda unit: (unit.level, unit.code))
        if unit.level in _LOCATOR_SIZES_MM
    ]
    labels = place_names(names, place, shapely.union_all(spots), NameList())
    return MapFrame(
        key="locator",
        caption=f"位置示意（{in_words(step.denominator)}）",
        inner=place,
        outer=place,
        denominator=step.denominator,
        west_m=window.west_m,
        south_m=window.south_m,
        layers=tuple(layers),
        labels=tuple(label for label in labels if label.number is None),
        grid=(),
        edge_labels=(),
    )
