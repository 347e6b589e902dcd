"""Leaflet and the page's own style and script, taken in whole so that nothing is fetched."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from xstatic.pkg import leaflet

_ADDRESS = re.compile(r"https?://(?!www\.w3\.org/)")
_IMAGE = re.compile(r"url\(images/([\w.-]+)\)")
_SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+")


@lru_cache(maxsize=1)
def leaflet_script() -> str:
    """Leaflet 1.9.3; addresses in its credits lose their scheme, so that any left in the page is a fault."""
    return _ADDRESS.sub("", _SOURCE_MAP.sub("", _read("leaflet.js").decode()))


@lru_cache(maxsize=1)
def leaflet_style() -> str:
    """Leaflet's style with its pictures inside."""
    return _ADDRESS.sub("", _IMAGE.sub(_inlined, _read("leaflet.css").decode()))


@lru_cache(maxsize=8)
def own(name: str) -> str:
    """A file that lies beside this module."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _inlined(match: re.Match[str]) -> str:
    data = base64.b64encode(_read(f"images/{match[1]}")).decode()
    return f"url(data:image/png;base64,{data})"


def _read(name: str) -> bytes:
    folder: Any = leaflet.BASE_DIR
    return (Path(folder) / name).read_bytes()
