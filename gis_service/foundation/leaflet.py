"""Leaflet and a typeface, taken into a page in whole so that it fetches nothing."""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools import subset
from xstatic.pkg import leaflet

from gis_service.foundation.typeface import opened_font

_RANDOM_ID = re.compile(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])")
_ADDRESS = re.compile(r"https?://(?!www\.w3\.org/)")
_IMAGE = re.compile(r"url\(images/([\w.-]+)\)")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+")


@lru_cache(maxsize=1)
def leaflet_script() -> str:
    """Leaflet 1.9.3; addresses in its credits lose their scheme, so that any left in the page is a fault."""
    return _ADDRESS.sub("", _SOURCE_MAP.sub("", _read("leaflet.js").decode()))


@lru_cache(maxsize=1)
def leaflet_style() -> str:
    """Leaflet's style with its pictures inside."""
    return _ADDRESS.sub("", _IMAGE.sub(_inlined, _read("leaflet.css").decode()))


def typeface(text: str) -> str:
    """The sheets' typeface cut down to the characters of `text`, so that a machine without one can read it.

    Characters written as JavaScript escapes count as well. About 60 kB for a usual page.
    """
    escaped = {chr(int(code, 16)) for code in _ESCAPE.findall(text)}
    return _cut_down("".join(sorted(escaped | set(text))))


@lru_cache(maxsize=64)
def _cut_down(characters: str) -> str:
    options = subset.Options(layout_features=[], hinting=False, recalc_timestamp=False, notdef_outline=True)
    font = opened_font()
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    data = base64.b64encode(out.getvalue()).decode()
    return f"@font-face {{ font-family: Sheet; src: url(data:font/ttf;base64,{data}); }}"


def with_running_ids(text: str) -> str:
    """The random ids that folium gives, as running numbers: the same page is the same bytes."""
    seen: dict[str, str] = {}
    return _RANDOM_ID.sub(lambda match: seen.setdefault(match[0], f"n{len(seen) + 1}"), text)


def _inlined(match: re.Match[str]) -> str:
    data = base64.b64encode(_read(f"images/{match[1]}")).decode()
    return f"url(data:image/png;base64,{data})"


def _read(name: str) -> bytes:
    folder: Any = leaflet.BASE_DIR
    return (Path(folder) / name).read_bytes()
