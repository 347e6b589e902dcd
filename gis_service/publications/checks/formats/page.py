"""A page with the line, its markers' findings on a map, and the list beside it; it fetches nothing.

What people wrote enters it as escaped text: after the template was rendered, or where it cannot be computed.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from importlib.resources import files

import folium
import shapely
from branca.element import Element, Figure
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.findings import SEVERITY_ZH, Severity
from gis_service.foundation.leaflet import leaflet_script, leaflet_style, typeface, with_running_ids
from gis_service.publications.checks.schemas import CheckOut, LocatedOut

_INKS = {"blocking": "#b3122b", "warning": "#c26a00", "info": "#2b6ca3"}


class _OfflineMap(folium.Map):
    """A folium map that asks for no script or style of its own."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium declares it so
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


NAME = "html"
MEDIA_TYPE = "text/html; charset=utf-8"
SUFFIX = ".html"


def draw(checks: Sequence[tuple[CheckOut, BaseGeometry]]) -> bytes:
    """Checks with the lines they are of, as one page."""
    west, south, east, north = shapely.total_bounds([line for _, line in checks])
    drawn = _OfflineMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control=True,
        attribution_control=False,
    )
    for check, line in checks:
        title = f"{check.code} {check.name}，{check.length_km:.3f} 千米"
        folium.GeoJson(
            {"type": "Feature", "properties": {}, "geometry": mapping(line)},
            style_function=lambda _: {"color": "#7a1420", "weight": 2.5, "fill": False},
            smooth_factor=0,
            tooltip=_as_literal(html.escape(title)),
        ).add_to(drawn)
        for number, finding in enumerate(check.findings, 1):
            if finding.place is not None:
                _mark(check, number, finding).add_to(drawn)
    drawn.fit_bounds([[float(south), float(west)], [float(north), float(east)]])
    figure = drawn.get_root()
    assert isinstance(figure, Figure)
    figure.title = html.escape(f"内业检查：{'、'.join(check.name for check, _ in checks[:3])}")
    figure.header.add_child(Element("<!--style-->"), name="style", index=0)
    figure.header.add_child(Element("<!--script-->"), name="script", index=1)
    figure.html.add_child(Element("<!--panel-->"), name="panel")
    panel = _panel([check for check, _ in checks])
    return _dressed(figure.render(), drawn.get_name(), panel).encode()


def _mark(check: CheckOut, number: int, finding: LocatedOut) -> folium.CircleMarker:
    at = shapely.point_on_surface(shapely.from_geojson(json.dumps(finding.place)))
    ink = _INKS[finding.severity]
    return folium.CircleMarker(
        [at.y, at.x], radius=7, color=ink, weight=2, fill=True, fill_color=ink, fill_opacity=0.55,
        tooltip=folium.Tooltip(_as_literal(_told(check, number, finding)), sticky=False),
    )  # fmt: skip


def _told(check: CheckOut, number: int, finding: LocatedOut) -> str:
    head = f"{check.code}-{number} {SEVERITY_ZH[Severity(finding.severity)]} {finding.rule}"
    told = (f"<b>{html.escape(head)}</b>", html.escape(finding.message), _aside(finding))
    return "<br>".join(told)


def _as_literal(text: str) -> str:
    """Markup that cannot end the literal of JavaScript that folium puts it into, nor be computed in it."""
    return text.translate({ord(sign): f"&#{ord(sign)};" for sign in "`$\\{}"})


def _aside(finding: LocatedOut) -> str:
    return f"<i>{html.escape(finding.suggestion)}</i>"


def _panel(checks: Sequence[CheckOut]) -> str:
    return f'<aside class="check">{"".join(_of_line(check) for check in checks)}</aside>'


def _of_line(check: CheckOut) -> str:
    counts = "，".join(f"{SEVERITY_ZH[Severity(name)]} {number}" for name, number in check.counts.items())
    synthetic = "<p class=note>所列界桩为合成数据，并非真实界桩。</p>" if check.synthetic else ""
    notes = "".join(f"<p class=note>{html.escape(each)}</p>" for each in check.statements)
    rows = "".join(_row(number, finding) for number, finding in enumerate(check.findings, 1))
    empty = "" if rows else "<p>没有意见。</p>"
    return (
        f"<h1>{html.escape(check.name)}（{check.code}）内业检查</h1>"
        f"<p>{check.on} 在册；{_stretches(check)}；"
        f"界桩 {check.markers} 座；{counts}</p>"
        f"{synthetic}{notes}{empty}<ol>{rows}</ol>"
    )


def _stretches(check: CheckOut) -> str:
    unit = f"{html.escape(check.unit.name)}为一侧的" if check.unit else ""
    told = "、".join(f"{each.from_m:.0f} 至 {each.to_m:.0f}" for each in check.stretches)
    return f"{unit}里程 {told} 米"


def _row(number: int, finding: LocatedOut) -> str:
    at = "不能定位" if finding.chainage_m is None else f"里程 {finding.chainage_m / 1000:.3f} 千米"
    point = (
        None
        if finding.place is None
        else shapely.point_on_surface(shapely.from_geojson(json.dumps(finding.place)))
    )
    place = "" if point is None else f' data-lat="{point.y:.7f}" data-lon="{point.x:.7f}" tabindex=0'
    head = f"{number} {SEVERITY_ZH[Severity(finding.severity)]} {finding.rule}"
    return (
        f'<li class="{finding.severity}"{place}><b>{head}</b> {html.escape(finding.subject)} · {at}<br>'
        f"{html.escape(finding.message)}<br>{_aside(finding)}"
        f"<br><small>{html.escape(finding.legal_basis)}</small></li>"
    )


def _dressed(text: str, map_name: str, panel: str) -> str:
    """The rendered page with all that is put in afterwards: what people wrote is no part of the template."""
    own = files(__package__)
    body = text.rpartition("</html>")[0].replace("<!--panel-->", panel, 1)
    text = (
        f"{body}<script>{own.joinpath('page.js').read_text('utf-8')}\nfindings({map_name});</script>\n</html>"
    )
    text = with_running_ids(text)
    style = own.joinpath("page.css").read_text("utf-8")
    face = typeface(text)
    text = text.replace("<!--style-->", f"<style>{leaflet_style()}</style><style>{face}\n{style}</style>", 1)
    return text.replace("<!--script-->", f"<script>{leaflet_script()}</script>", 1)
