"""Scans, images and documents made for tests."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image
from rasterio.io import MemoryFile
from rasterio.transform import Affine

CONTROL = [(10, 10), (600, 15), (590, 380), (12, 390), (300, 200)]


def ground(column: float, row: float) -> tuple[float, float]:
    """Where a pixel of the test's scan lies: about a metre each, slightly turned."""
    return 119.015 + (column + row * 0.05) / 94_000, 32 - (row - column * 0.03) / 111_320


def a_scan(kind: str = "PNG") -> bytes:
    """A scan of 640 by 400 pixels with a red square in its middle, at 300 dpi."""
    pixels = np.full((400, 640, 3), 100, dtype=np.uint8)
    pixels[190:210, 310:330] = (255, 0, 0)
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, kind, dpi=(300, 300))
    return stream.getvalue()


def a_geotiff(
    west: float, north: float, *, degrees: float = 0.01, value: int = 90, crs: str | None = "EPSG:4490"
) -> bytes:
    """An image of 100 by 100 pixels, grey, some degrees from side to side."""
    step = degrees / 100
    with MemoryFile() as file:
        with file.open(
            driver="GTiff",
            width=100,
            height=100,
            count=3,
            dtype="uint8",
            crs=crs,
            transform=Affine(step, 0, west, 0, -step, north),
        ) as image:
            image.write(np.full((3, 100, 100), value, dtype=np.uint8))
        return bytes(file.read())


def control_table() -> str:
    """The control points of the scan as CSV."""
    rows = [f"{n},{c},{r},{ground(c, r)[0]:.9f},{ground(c, r)[1]:.9f}" for n, (c, r) in enumerate(CONTROL, 1)]
    return "\n".join(["点号,列,行,经度,纬度", *rows])
