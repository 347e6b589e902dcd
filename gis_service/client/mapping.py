"""Maps for notebooks: folium with Leaflet inside the page, so that nothing is fetched from elsewhere."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure
from xstatic.pkg import leaflet

from gis_service.client.frames import CRS

_ADDRESS = re.compile(r"https?://(?!www\.w3\.org/)")
_IMAGE = re.compile(r"url\(images/([\w.-]+)\)")
_SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+")
_INKS = ("#1769aa", "#b3122b", "#2e7d32", "#d9740b", "#6a3d9a", "#7d8a97", "#00838f", "#c9a400")
_TOLD = {
    "name": "名称",
    "roman": "拼写",
    "class": "类别",
    "division": "所在",
    "status": "状态",
    "code": "代码",
    "why_zh": "为何列出",
}
_FRAME = "width:100%;height:480px;border:1px solid #ccc;box-sizing:border-box"
_OWN_STYLE = """
.leaflet-container { background: #f4f6f8; font: 13px/1.5 sans-serif; }
.legend { position: absolute; right: 10px; top: 10px; z-index: 1000; background: #fffd; padding: 6px 10px;
  max-height: 60%; overflow: auto; font: 13px/1.6 sans-serif; }
.legend i { display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 5px; }
"""
_MAINLAND = (73.0, 18.0, 135.5, 54.0)  # shown where there is nothing to show


class Drawn(folium.Map):
    """A folium map that asks for no script or style of others; `save(path)` writes one page."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium declares it so
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def _repr_html_(self, **_: Any) -> str:
        page = escape(self.get_root().render(), quote=True)
        return f'<iframe srcdoc="{page}" style="{_FRAME}"></iframe>'


def drawn(frame: Any, outline: Any, colour_by: str | None) -> Drawn:
    """A frame on a map: areas and lines as they are, points as dots with what is known of each."""
    drawing = Drawn(tiles=None, attribution_control=False, prefer_canvas=True)
    figure = drawing.get_root()
    assert isinstance(figure, Figure)
    style = f"<style>{_style()}\n{_OWN_STYLE}</style>"
    figure.header.add_child(Element(style), name="style", index=0)
    figure.header.add_child(Element(f"<script>{_script()}</script>"), name="script", index=1)
    shown = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    for layer, ink in ((outline, "#9aa5b1"), (shown, None)):
        if layer is not None and len(layer):
            _layer(layer, ink, colour_by if ink is None else None).add_to(drawing)
    if colour_by is not None:
        figure.html.add_child(Element(_legend(shown[colour_by].map(_words))), name="legend")
    west, south, east, north = _bounds(shown, outline)
    drawing.fit_bounds([[south, west], [north, east]])
    return drawing


def _layer(frame: Any, ink: str | None, colour_by: str | None) -> folium.GeoJson:
    told = {name: alias for name, alias in _TOLD.items() if name in frame.columns}
    if colour_by is not None and colour_by not in told:
        told[colour_by] = colour_by
    plain = frame[[*told, frame.geometry.name]].copy()
    for name in told:
        plain[name] = plain[name].map(_words)
    inks = _inks(plain[colour_by]) if colour_by else {}

    def style(feature: Any) -> dict[str, Any]:
        colour = ink or inks.get(feature["properties"].get(colour_by), _INKS[0])
        return {"color": colour, "weight": 1.2, "fillColor": colour, "fillOpacity": 0.08 if ink else 0.5}

    dots = folium.CircleMarker(radius=4, fill=True)
    tip = folium.GeoJsonTooltip(list(told), list(told.values())) if told and ink is None else None
    shapes = json.loads(plain.set_crs(CRS, allow_override=True).to_json())
    return folium.GeoJson(shapes, style_function=style, marker=dots, tooltip=tip)


def _words(value: Any) -> str:
    return "" if value is None else escape(str(value))


def _legend(values: Any) -> str:
    """Which ink stands for what. The words are escaped; a brace would begin code in branca's template."""
    rows = [f'<div><i style="background:{ink}"></i>{word}</div>' for word, ink in _inks(values).items()]
    return f'<div class="legend">{"".join(rows)}</div>'.replace("{", "&#123;")


def _inks(values: Any) -> dict[str, str]:
    return {value: _INKS[rank % len(_INKS)] for rank, value in enumerate(dict.fromkeys(values))}


def _bounds(*frames: Any) -> tuple[float, float, float, float]:
    for frame in frames:
        if frame is not None and len(frame):
            west, south, east, north = map(float, frame.total_bounds)
            return west, south, east, north
    return _MAINLAND


@cache
def _script() -> str:
    return _ADDRESS.sub("", _SOURCE_MAP.sub("", _read("leaflet.js").decode()))


@cache
def _style() -> str:
    return _ADDRESS.sub("", _IMAGE.sub(_inlined, _read("leaflet.css").decode()))


def _inlined(match: re.Match[str]) -> str:
    return f"url(data:image/png;base64,{base64.b64encode(_read(f'images/{match[1]}')).decode()})"


def _read(name: str) -> bytes:
    folder: Any = leaflet.BASE_DIR
    return (Path(folder) / name).read_bytes()
