"""Images that lie on the ground: their place and resolution, a window of one, and one made of a scan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import rasterio
from PIL import Image, UnidentifiedImageError
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_geom
from shapely.geometry import Polygon, shape

from gis_service.foundation.crs import STORAGE_CRS
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.measure import area_km2
from gis_service.foundation.plane import METRES_PER_DEGREE
from gis_service.registers.archives.rules.figures import table
from gis_service.registers.archives.rules.fitting import Fit, Floats

Pixels = npt.NDArray[np.uint8]
DRIVER = "GTiff"  # what else GDAL reads may name other files
_STEP = 16  # pixels between the places that are carried back one by one; those between are interpolated
_BLOCK = 512  # rows made at a time
_POINTS_PER_INCH = 72  # in which a PDF measures its pages


@dataclass(frozen=True, slots=True)
class ImagePlace:
    """Where an image lies (lon/lat), in what system it is written, and metres for a pixel."""

    footprint: Polygon
    crs: str
    resolution_m: float


def place_of(content: bytes) -> ImagePlace | None:
    """Where a TIFF says it lies; None where it does not."""
    try:
        with MemoryFile(content) as file, file.open(driver=DRIVER) as image:
            return _place(image)
    except RasterioError:
        return None


def _place(image: Any) -> ImagePlace | None:
    if image.crs is None or image.transform.is_identity:
        return None
    right, bottom = image.width, image.height
    corners = [_at(image.transform, *xy) for xy in ((0, 0), (right, 0), (right, bottom), (0, bottom))]
    ring = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    footprint = shape(transform_geom(image.crs, STORAGE_CRS, ring))
    if (
        not isinstance(footprint, Polygon)
        or not footprint.is_valid
        or footprint.is_empty
        or not math.isfinite(footprint.area)
    ):
        return None
    resolution = math.sqrt(area_km2(footprint) * 1e6 / (image.width * image.height))
    authority = image.crs.to_authority()
    return ImagePlace(footprint, ":".join(authority) if authority else image.crs.to_wkt(), resolution)


def _at(way: Any, column: float, row: float) -> tuple[float, float]:
    return way.a * column + way.b * row + way.c, way.d * column + way.e * row + way.f


def read_scan(content: bytes, page: int = 1) -> Pixels:
    """A scan as rows, columns and one or three bands; of a PDF, a page of it as paper is scanned.

    Raises:
        InvalidInput: no picture, one too large, or no such page.
    """
    if content.startswith(b"%PDF"):
        return _page_drawn(content, page)
    try:
        with Image.open(BytesIO(content)) as picture:
            _require_size(picture.width * picture.height)
            return np.atleast_3d(np.asarray(picture.convert("L" if picture.mode in ("1", "L") else "RGB")))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidInput(
            "这份文件不是可校正的图像", way_out="请提供 TIFF、JPEG、PNG 或 PDF 扫描图"
        ) from error


def _page_drawn(content: bytes, page: int) -> Pixels:
    try:
        with pypdfium2.PdfDocument(content) as document:
            if not 1 <= page <= len(document):
                raise InvalidInput(f"此 PDF 没有第 {page} 页，共 {len(document)} 页", way_out="请核对页码")
            sheet, scale = document[page - 1], table()["scan"]["dots_per_inch"] / _POINTS_PER_INCH
            width, height = sheet.get_size()
            _require_size(width * scale * height * scale)
            return np.asarray(sheet.render(scale=scale).to_pil().convert("RGB"))
    except pypdfium2.PdfiumError as error:
        raise InvalidInput("此 PDF 已损坏或设有口令，不能读取", way_out="请提供完好的扫描件") from error


def _require_size(pixels: float) -> None:
    most = table()["image"]["most_pixels"]
    if pixels > most:
        raise InvalidInput(
            f"图像有 {pixels / 1e6:.0f} 百万像素，超过 {most / 1e6:.0f} 百万",
            way_out="请分幅或降低分辨率后再校正",
        )


def rectified(scan: Pixels, fit: Fit) -> bytes:
    """A scan laid on the ground: a cloud-optimised GeoTIFF in the storage system, transparent around it.

    Every pixel shows the nearest one of the scan.

    Raises:
        InvalidInput: the result would be too large, or the fit folds within the scan.
    """
    height, width, bands = scan.shape
    columns, rows = np.meshgrid(np.linspace(0, width, 33), np.linspace(0, height, 33))
    pixels = np.column_stack([columns.ravel(), rows.ravel()])
    slopes = fit.slope(pixels)
    if np.any(slopes >= 0) or not np.all(np.isfinite(slopes)):
        raise InvalidInput("校正关系在图幅内自相折叠", way_out="请增加控制点，或改用仿射")
    grid = _Grid.around(fit.ground(pixels), math.sqrt(float(-np.median(slopes))))
    made = np.zeros((grid.height, grid.width, bands + 1), dtype=np.uint8)
    for top in range(0, grid.height, _BLOCK):
        bottom = min(top + _BLOCK, grid.height)
        column, row = _sources(fit, grid, top, bottom, pixels)
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        block = made[top:bottom]
        block[inside, :bands] = scan[row[inside], column[inside]]
        block[inside, bands] = 255
    return _written(made, grid.transform)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The pixels of an image in the storage system, from its north-western corner."""

    west: float
    north: float
    across: float
    down: float
    width: int
    height: int

    @classmethod
    def around(cls, ground: Floats, resolution_m: float) -> _Grid:
        (west, south), (east, north) = ground.min(axis=0), ground.max(axis=0)
        down = resolution_m / METRES_PER_DEGREE
        across = down / math.cos(math.radians((south + north) / 2))
        width, height = math.ceil((east - west) / across), math.ceil((north - south) / down)
        _require_size(width * height)
        return cls(float(west), float(north), float(across), float(down), width, height)

    @property
    def transform(self) -> Affine:
        return Affine(self.across, 0.0, self.west, 0.0, -self.down, self.north)


def _sources(fit: Fit, grid: _Grid, top: int, bottom: int, known: Floats) -> tuple[Any, Any]:
    """Column and row of the scan for each pixel of a block: exact on a mesh, bilinear between."""
    xs = np.append(np.arange(0, grid.width, _STEP), grid.width).astype(float)
    ys = np.append(np.arange(top, bottom, _STEP), bottom).astype(float)
    mesh = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    ground = np.column_stack([grid.west + mesh[:, 0] * grid.across, grid.north - mesh[:, 1] * grid.down])
    affine, *_ = np.linalg.lstsq(_with_one(fit.ground(known) - fit.origin), known, rcond=None)
    back = fit.pixels(ground, _with_one(ground - fit.origin) @ affine).reshape(len(ys), len(xs), 2)
    at_y, at_x = np.arange(top, bottom).astype(float) + 0.5, np.arange(grid.width).astype(float) + 0.5
    column, row = (
        np.floor(_between(_between(back[:, :, axis], ys, at_y).T, xs, at_x).T).astype(np.int64)
        for axis in (0, 1)
    )
    return column, row


def _with_one(xy: Floats) -> Floats:
    return np.column_stack([xy, np.ones(len(xy))])


def _between(values: Floats, stops: Floats, at: Floats) -> Floats:
    """Values known at stops along the first axis, linearly at other places between them."""
    index = np.clip(np.searchsorted(stops, at, side="right") - 1, 0, len(stops) - 2)
    share = ((at - stops[index]) / (stops[index + 1] - stops[index]))[:, None]
    return np.asarray(values[index] * (1 - share) + values[index + 1] * share)


def _written(made: Pixels, transform: Affine) -> bytes:
    profile = {
        "driver": "COG",
        "height": made.shape[0],
        "width": made.shape[1],
        "count": made.shape[2],
        "dtype": "uint8",
        "crs": STORAGE_CRS,
        "transform": transform,
        "compress": "DEFLATE",
    }
    with MemoryFile() as file:
        with file.open(**profile) as image:
            image.write(np.moveaxis(made, 2, 0))
            colours = ["gray"] if made.shape[2] == 2 else ["red", "green", "blue"]
            image.colorinterp = [*(rasterio.enums.ColorInterp[name] for name in colours), _ALPHA]
        return bytes(file.read())


_ALPHA = rasterio.enums.ColorInterp.alpha


def window(path: Path, bounds: tuple[float, float, float, float], size: tuple[int, int]) -> Image.Image:
    """A piece of an image: west, south, east, north in degrees, as a picture of some width and height.

    Raises:
        InvalidInput: the file is no image that lies on the ground.
    """
    west, south, east, north = bounds
    width, height = size
    frame = rasterio.transform.from_bounds(west, south, east, north, width, height)
    frame_of = {"crs": STORAGE_CRS, "transform": frame, "width": width, "height": height}
    try:
        with (
            rasterio.open(path, driver=DRIVER) as image,
            WarpedVRT(image, add_alpha=_ALPHA not in image.colorinterp, **frame_of) as seen,
        ):
            return _as_picture(seen, _colours_of(image))
    except (RasterioError, ValueError) as error:
        raise InvalidInput(
            "这份文件不是带坐标的影像", way_out="请选择 GeoTIFF 影像，或先校正扫描图"
        ) from error


def _colours_of(image: Any) -> Pixels | None:
    """What the numbers of an image with a palette mean."""
    if image.colorinterp[0] is not rasterio.enums.ColorInterp.palette:
        return None
    named = image.colormap(1)
    return np.array([named.get(index, (0, 0, 0, 255))[:3] for index in range(256)], dtype=np.uint8)


def _as_picture(seen: Any, palette: Pixels | None) -> Image.Image:
    alpha = seen.read(seen.count)
    if palette is not None:
        colours = list(np.moveaxis(palette[seen.read(1)], 2, 0))
        return Image.fromarray(np.dstack([*colours, _opaque(alpha)]))
    bands = seen.count - 1
    chosen = (1, 2, 3) if bands >= 3 else (1, 1, 1)
    colours = [_eight_bit(seen.read(band), alpha) for band in chosen]
    return Image.fromarray(np.dstack([*colours, _opaque(alpha)]))


def _opaque(alpha: Any) -> Pixels:
    return np.where(alpha > 0, 255, 0).astype(np.uint8)


def _eight_bit(band: Any, alpha: Any) -> Pixels:
    """A band of 16 bits or of numbers, stretched over what is seen of it."""
    if band.dtype == np.uint8:
        return np.asarray(band)
    seen = band[alpha > 0]
    low, high = np.percentile(seen, (2, 98)) if seen.size else (0.0, 1.0)
    stretched = (band.astype(float) - low) / max(float(high - low), 1e-9)
    return np.asarray((np.clip(stretched, 0, 1) * 255).astype(np.uint8))
