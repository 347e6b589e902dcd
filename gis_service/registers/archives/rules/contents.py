"""What a file says of itself: pages, pixels, dots per inch, when a photo was taken, system, layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pyogrio
import pypdfium2
from PIL import Image, UnidentifiedImageError
from pyogrio.errors import DataLayerError, DataSourceError

from gis_service.foundation.uploads.names import suffix_of
from gis_service.registers.archives.rules.images import place_of
from gis_service.registers.markers.rules import read_photo

Told = dict[str, Any]


def read_contents(name: str, content: bytes) -> Told:
    """What can be read; a file that tells nothing, or is damaged, leaves it empty."""
    read = READERS.get(suffix_of(name))
    return {} if read is None else {key: value for key, value in read(content).items() if value is not None}


def _pdf(content: bytes) -> Told:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return {}
    with document:
        return {"pages": len(document), "title": document.get_metadata_value("Title").strip() or None}


def _picture(content: bytes) -> Told:
    try:
        with Image.open(BytesIO(content)) as picture:
            dots = picture.info.get("dpi")
            told = {
                "width": picture.width,
                "height": picture.height,
                "pages": getattr(picture, "n_frames", 1),
                "dpi": None if dots is None else [round(float(each), 2) for each in dots],
            }
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return {}
    photo = read_photo(content)
    return told | {
        "taken_at": photo.taken_at and photo.taken_at.isoformat(),
        "taken_from": photo.point and [photo.point.x, photo.point.y],
        "azimuth_deg": photo.azimuth_deg,
    }


def _tiff(content: bytes) -> Told:
    located, told = place_of(content), _picture(content)
    if located is None:
        return told
    whole = {"pages": 1, "dpi": None}  # the other pages are overviews, and no paper was scanned
    return told | whole | {"crs": located.crs, "resolution_m": round(located.resolution_m, 4)}


def _vector(content: bytes) -> Told:
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(content)]
        known = [
            pyogrio.read_info(content, layer=index, force_feature_count=True) for index in range(len(layers))
        ]
    except (DataSourceError, DataLayerError, UnicodeDecodeError):
        return {}
    return {
        "layers": [
            {
                "name": "" if name.startswith("pyogrio_") else name,
                "crs": each["crs"],
                "features": int(each["features"]),
            }
            for name, each in zip(layers, known, strict=True)
        ]
    }


READERS: Mapping[str, Callable[[bytes], Told]] = {
    "pdf": _pdf,
    "jpg": _picture,
    "jpeg": _picture,
    "png": _picture,
    "tif": _tiff,
    "tiff": _tiff,
    "gpkg": _vector,
    "geojson": _vector,
    "zip": _vector,
}
