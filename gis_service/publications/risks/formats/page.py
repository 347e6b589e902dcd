"""A page with the stretches on a map and the cases beside it; it fetches nothing, and prints.

What people wrote enters it after the template was rendered, as escaped text or as JSON, never as code.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import Element, Figure
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GEOJSON_DECIMALS
from gis_service.foundation.leaflet import leaflet_script, leaflet_style, typeface, with_running_ids
from gis_service.publications.risks.schemas import DrawnCase, DrawnStretch, RiskPicture

NAME = "html"
MEDIA_TYPE = "text/html; charset=utf-8"
SUFFIX = ".html"

NO_FORCE = "本图供排查化解隐患纠纷参考，无法律效力，不作为划界依据。"
_INKS = ("#b3122b", "#d9740b", "#c9a400", "#7d8a97")  # from the gravest band to none
_MAINLAND = (73.0, 18.0, 135.5, 54.0)  # shown where there is nothing to show


class _OfflineMap(folium.Map):
    """A folium map that asks for no script or style of its own."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium declares it so
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


def draw(picture: RiskPicture) -> bytes:
    """A risk map as one page."""
    west, south, east, north = _bounds(picture)
    drawn = _OfflineMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control=True,
        attribution_control=False,
    )
    drawn.fit_bounds([[south, west], [north, east]])
    figure = drawn.get_root()
    assert isinstance(figure, Figure)
    figure.title = "<!--title-->"
    figure.header.add_child(Element("<!--style-->"), name="style", index=0)
    figure.header.add_child(Element("<!--script-->"), name="script", index=1)
    figure.html.add_child(Element("<!--panel-->"), name="panel")
    return _dressed(figure.render(), drawn.get_name(), picture).encode()


def _bounds(picture: RiskPicture) -> tuple[float, float, float, float]:
    shapes = [each.shape for each in picture.stretches]
    shapes += [each.place for each in picture.cases if each.place is not None]
    if not shapes:
        return _MAINLAND
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    return west, south, east, north


def _inks(picture: RiskPicture) -> Mapping[str, str]:
    last = len(_INKS) - 1
    ranks = {band: min(rank, last - 1) for rank, band in enumerate(picture.bands)}
    return {band: _INKS[rank] for band, rank in ranks.items()} | {picture.bands[-1]: _INKS[last]}


def _dressed(text: str, map_name: str, picture: RiskPicture) -> str:
    own = files(__package__)
    body = with_running_ids(text.rpartition("</html>")[0])
    map_name = with_running_ids(map_name)
    script = own.joinpath("page.js").read_text("utf-8")
    panel = _panel(picture)
    face = typeface(panel + json.dumps(_data(picture), ensure_ascii=False))
    style = own.joinpath("page.css").read_text("utf-8")
    parts = {
        "<!--title-->": html.escape(picture.title),
        "<!--style-->": f"<style>{leaflet_style()}</style><style>{face}\n{style}</style>",
        "<!--script-->": f"<script>{leaflet_script()}</script>",
        "<!--panel-->": panel,
    }
    for mark, part in parts.items():
        head, _, tail = body.partition(mark)
        body = f"{head}{part}{tail}"
    return f"{body}<script>{script}\nrisks({map_name}, {_as_script(_data(picture))});</script>\n</html>"


def _as_script(data: Any) -> str:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _data(picture: RiskPicture) -> dict[str, Any]:
    inks = _inks(picture)
    return {
        "stretches": [_stretch(each, inks) for each in picture.stretches],
        "cases": [_case(each, inks) for each in picture.cases if each.place is not None],
    }


def _stretch(each: DrawnStretch, inks: Mapping[str, str]) -> dict[str, Any]:
    return {
        "ink": inks[each.band],
        "weight": each.weight,
        "told": [each.title, f"{each.band}：{each.summary}" if each.cases else "没有案件"],
        "shape": _geojson(each.shape),
    }


def _case(each: DrawnCase, inks: Mapping[str, str]) -> dict[str, Any]:
    assert each.place is not None  # only those with a place are drawn
    return {
        "number": each.number,
        "ink": inks[each.band],
        "overdue": each.overdue,
        "head": f"{each.number} {each.headline}",
        "facts": [list(fact) for fact in each.facts],
        "at": [round(each.place.y, GEOJSON_DECIMALS), round(each.place.x, GEOJSON_DECIMALS)],
    }


def _geojson(shape: BaseGeometry) -> dict[str, Any]:
    rounded = shapely.transform(shape, lambda xy: np.round(xy, GEOJSON_DECIMALS))
    return dict(mapping(rounded))


def _panel(picture: RiskPicture) -> str:
    inks = _inks(picture)
    told = {each.number: each for each in picture.cases}
    listed = [(rank, each) for rank, each in enumerate(picture.stretches) if each.cases]
    placed = {number for _, each in listed for number in each.cases}
    stretches = "".join(_row(rank, each, told, inks) for rank, each in listed)
    rest = "".join(_item(each, inks) for each in picture.cases if each.number not in placed)
    notes = "".join(f"<p class=note>{html.escape(note)}</p>" for note in (*picture.notes, NO_FORCE))
    return (
        f'<aside class="risk"><h1>{html.escape(picture.title)}</h1>'
        f"<p>{picture.on} 在册 {len(picture.cases)} 起，重点地段 {len(listed)} 处</p>"
        f"<p class=legend>{''.join(_key(band, inks) for band in picture.bands)}"
        "<span><i class=late></i>逾期</span></p>"
        f"{notes}<ol>{stretches}</ol>"
        + ("<p>没有隐患和纠纷。</p>" if not picture.cases else "")
        + (f"<h2>不在所示地段</h2><ul>{rest}</ul>" if rest else "")
        + "</aside>"
    )


def _key(band: str, inks: Mapping[str, str]) -> str:
    return f'<span><i style="background:{inks[band]}"></i>{html.escape(band)}</span>'


def _row(rank: int, each: DrawnStretch, told: Mapping[str, DrawnCase], inks: Mapping[str, str]) -> str:
    items = "".join(_item(told[number], inks) for number in each.cases if number in told)
    return (
        f'<li style="border-color:{inks[each.band]}"><div data-stretch="{rank}" tabindex=0 role=button>'
        f"<b>{html.escape(each.title)}</b><br>{html.escape(each.band)} · {html.escape(each.summary)}</div>"
        f"<ul>{items}</ul></li>"
    )


def _item(each: DrawnCase, inks: Mapping[str, str]) -> str:
    late = " <strong>逾期</strong>" if each.overdue else ""
    place = "" if each.place is None else f' data-case="{html.escape(each.number)}" tabindex=0 role=button'
    return (
        f'<li{place}><i style="background:{inks[each.band]}"></i>{html.escape(each.number)}{late}<br>'
        f"{html.escape(each.headline)}</li>"
    )
