"""Coordinate systems: the one storage CRS, the declared grid, and the offset systems refused by name.

Storage is EPSG:4490 (CGCS2000) in lon/lat order, as GeoJSON wants it. CGCS2000 and WGS 84 are treated as
equal: PROJ maps 4490 → 4326 as a null shift, the true difference is below a metre.
"""

from __future__ import annotations

from pyproj import CRS
from pyproj.exceptions import CRSError

from gis_service.foundation.errors import InvalidInput

STORAGE_SRID = 4490
STORAGE_CRS = "EPSG:4490"
ELLIPSOID = "GRS80"  # CGCS2000 differs from GRS80 by 1.6e-11 in 1/f: below 0.1 mm on the Earth
GRID_DEGREES = 1e-7  # about 11 mm: coordinates are snapped to it on the way in, once
GEOJSON_DECIMALS = 7

OFFSET_SYSTEMS = ("GCJ02", "GCJ-02", "BD09", "BD-09", "火星坐标", "百度坐标")


def read_crs(text: str) -> CRS:
    """Parse a declared CRS; refuse the offset grids of web maps by name.

    Raises:
        InvalidInput: unknown text, or GCJ-02/BD-09, which are encryptions and no reference systems.
    """
    wanted = text.strip().upper().replace(" ", "")
    if any(name.upper() in wanted for name in OFFSET_SYSTEMS):
        raise InvalidInput(
            f"坐标系“{text}”是加偏坐标，不是测绘基准，不能入库",
            way_out="请向数据提供方索取 CGCS2000（EPSG:4490）成果",
        )
    try:
        return CRS.from_user_input(text.strip())
    except CRSError as error:
        raise InvalidInput(
            f"无法识别坐标系“{text}”", way_out="请写 EPSG 代码，如 EPSG:4490 或 EPSG:4528"
        ) from error


def is_storage_equivalent(crs: CRS) -> bool:
    """Whether coordinates in `crs` may be stored unchanged (CGCS2000 or WGS 84, geographic)."""
    return any(crs.equals(CRS.from_epsg(code), ignore_axis_order=True) for code in (4490, 4326)) or (
        crs.to_epsg() in {4490, 4326, 4979, 4480}
    )
