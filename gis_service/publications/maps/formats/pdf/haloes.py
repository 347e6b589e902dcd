"""A light rim behind names, as outlines of their glyphs, so that the text itself is set only once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from gis_service.foundation.typeface import opened_font, width_em
from gis_service.publications.maps.schemas import Label

_HALO_EM = 0.17
BASELINE_EM = 0.36  # below the middle of the em square: centres Chinese characters on their point


def halo_paths(labels: Iterable[Label]) -> str:
    """One SVG path per size of lettering, stroked broad and white."""
    by_size: dict[float, list[str]] = {}
    for label in labels:
        by_size.setdefault(label.size_mm, []).append(_outlines(label))
    return "".join(
        f'<path d="{"".join(paths)}" fill="#fff" stroke="#fff" stroke-width="{size * _HALO_EM:.3g}" '
        f'stroke-linejoin="round" opacity=".85"/>'
        for size, paths in sorted(by_size.items())
    )


def _outlines(label: Label) -> str:
    glyphs, cmap, units = _outline_source()
    scale = label.size_mm / units
    x = label.x_mm - width_em(label.text) * label.size_mm / 2
    y = label.y_mm + BASELINE_EM * label.size_mm
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.3f}".rstrip("0").rstrip("."))
    for char in label.text:
        name = cmap[ord(char)]
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        x += glyphs[name].width * scale
    return str(pen.getCommands())


@lru_cache(maxsize=1)
def _outline_source() -> tuple[Any, dict[int, str], int]:
    font = opened_font()
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm
