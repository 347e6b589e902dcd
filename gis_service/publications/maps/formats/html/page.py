"""The page from its parts: folium builds map and layers; styles, scripts and panels are put around them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import folium
from branca.element import Element, Figure

from gis_service.foundation import leaflet
from gis_service.publications.maps.formats.html import assets, layers
from gis_service.publications.maps.formats.html.panels import panels
from gis_service.publications.maps.schemas import SheetPlan
from gis_service.publications.maps.sheets.drafting.symbols import fill_style, line_style

_AREA_FIELDS = {"name": "政区", "code": "代码", "kind": "类型", "role": "说明"}
_LINE_FIELDS = {"name": "界线", "code": "代码", "level_zh": "级别", "state": "状态", "length": "长度"}
_Z_INDEX = {"land": 300, "before": 400, "after": 410}
_DASHES = {"province": "12 4 1 4 1 4", "prefecture": "9 3 9 4 1 4", "county": "7 3 1 3", "township": "4 3"}
_WIDTHS = {"province": 2.2, "prefecture": 1.8, "county": 1.4, "township": 1.0}


class OfflineMap(folium.Map):
    """A folium map that asks for no script or style of its own; the page brings Leaflet along."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium declares it so
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


def page(plan: SheetPlan) -> str:
    """The whole page as text, ids numbered in order of appearance."""
    corners = layers.bounds(plan.evidence)
    centre = [(corners[0][axis] + corners[1][axis]) / 2 for axis in (0, 1)]
    sheet = OfflineMap(
        location=centre, tiles=None, control_scale=False, zoom_control=False, zoom_snap=0.25,
        attribution_control=False, font_size="14px",
    )  # fmt: skip
    for pane, height in _Z_INDEX.items():
        folium.map.CustomPane(pane, z_index=height, pointer_events=True).add_to(sheet)
        folium.map.CustomPane(f"{pane}-names", z_index=height + 5).add_to(sheet)
    _land(plan).add_to(sheet)
    scenes = layers.scenes(plan)
    for scene in scenes:
        for layer in _scene_layers(scene):
            layer.add_to(sheet)
    figure = sheet.get_root()
    assert isinstance(figure, Figure)
    figure.title = _escaped(plan.title)
    two_dates = len(scenes) > 1
    _dress(figure, plan, two_dates=two_dates)
    start = f"sheetMap({sheet.get_name()}, {json.dumps(corners)}, {json.dumps(two_dates)});"
    ending = f"<script>{assets.own('switch.js')}\n{start}</script>\n</html>"
    body = figure.render().rpartition("</html>")[0]  # folium writes its own scripts last
    return _with_assets(leaflet.with_running_ids(body + ending))


def _land(plan: SheetPlan) -> folium.GeoJson:
    fill = fill_style("province").fill

    def style(_feature: dict[str, Any]) -> dict[str, Any]:
        return {"fillColor": fill, "fillOpacity": 1, "color": "#b9b1bd", "weight": 1}

    return folium.GeoJson(
        layers.land(plan.evidence), style_function=style, smooth_factor=0, pane="land", interactive=False
    )


def _scene_layers(scene: layers.Scene) -> Iterator[Any]:
    yield folium.GeoJson(
        scene.areas,
        style_function=_area_style,
        highlight_function=lambda _feature: {"weight": 2.5, "color": "#7a1420", "fillOpacity": 0.85},
        smooth_factor=0,  # Leaflet would thin each outline by itself and tear shared borders apart
        pane=scene.key,
        tooltip=_tooltip(_AREA_FIELDS),
    )
    for collection, style, fields in (
        (scene.borders, _border_style, None),
        (scene.lines, _line_style, _LINE_FIELDS),
    ):
        if collection["features"]:
            yield folium.GeoJson(
                collection,
                style_function=style,
                smooth_factor=0,
                pane=scene.key,
                interactive=fields is not None,
                tooltip=_tooltip(fields) if fields else None,
            )
    yield _names(scene)


def _names(scene: layers.Scene) -> folium.GeoJson:
    """Names as points; a plain marker would first ask for Leaflet's own picture."""
    icon = folium.DivIcon(icon_size=(0, 0))
    return folium.GeoJson(
        scene.names,
        style_function=_name_style,
        marker=folium.Marker(icon=icon, pane=f"{scene.key}-names", interactive=False, keyboard=False),
    )


def _name_style(feature: dict[str, Any]) -> dict[str, Any]:
    own = feature["properties"]
    kind = "subject" if own["subject"] else "neighbour"
    return {"html": f"<span>{own['name']}</span>", "className": f"place {kind}"}


def _tooltip(fields: dict[str, str]) -> folium.GeoJsonTooltip:
    return folium.GeoJsonTooltip(
        fields=list(fields), aliases=list(fields.values()), sticky=True, class_name="reading"
    )


def _area_style(feature: dict[str, Any]) -> dict[str, Any]:
    own = feature["properties"]
    return {"fillColor": own["fill"], "fillOpacity": 1, "color": "#8d8592", "weight": 0.8}


def _border_style(feature: dict[str, Any]) -> dict[str, Any]:
    level = feature["properties"]["level"]
    return {"color": "#4a434d", "weight": _WIDTHS[level], "dashArray": _DASHES[level], "fill": False}


def _line_style(feature: dict[str, Any]) -> dict[str, Any]:
    mark = feature["properties"]["mark"]
    styles: dict[str, Callable[[], dict[str, Any]]] = {
        "same": lambda: _border_style(feature),
        "stayed": lambda: _border_style(feature),
        "ended": lambda: {"color": _ink("ended"), "weight": 4, "dashArray": "10 6"},
        "begun": lambda: {"color": _ink("begun"), "weight": 4.5},
        "trace": lambda: {"color": _ink("ended_trace"), "weight": 2, "dashArray": "5 6"},
    }
    return {"fill": False, **styles[mark]()}


def _ink(key: str) -> str:
    return line_style(key).strokes[-1].colour


def _dress(figure: Figure, plan: SheetPlan, *, two_dates: bool) -> None:
    """Styles and Leaflet into the head, panels before the map's script."""
    figure.header.add_child(Element("<!--leaflet-style--><!--page-style-->"), name="style", index=0)
    figure.header.add_child(Element("<!--leaflet-script-->"), name="leaflet", index=1)
    figure.html.add_child(Element(_raw(panels(plan, two_dates=two_dates))), name="panels")


def _raw(text: str) -> str:
    """Text that the page builder must not take for a template."""
    return "{% raw %}" + text + "{% endraw %}"


def _with_assets(text: str) -> str:
    face = leaflet.typeface(text)
    for mark, content in (
        ("<!--leaflet-style-->", f"<style>{leaflet.leaflet_style()}</style>"),
        ("<!--page-style-->", f"<style>{face}\n{assets.own('page.css')}</style>"),
        ("<!--leaflet-script-->", f"<script>{leaflet.leaflet_script()}</script>"),
    ):
        text = text.replace(mark, content, 1)
    return text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
