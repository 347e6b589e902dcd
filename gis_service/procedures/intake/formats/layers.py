"""Reading one layer of a vector file through GDAL, with its complaints turned into findings."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats.limits import limit
from gis_service.procedures.intake.formats.local import go_offline
from gis_service.procedures.intake.formats.reading import R_INT_02, ReadOptions, blocked

go_offline()

_GDAL_ERRORS = (DataSourceError, DataLayerError, FieldError, GeometryError, ShapelyError, CRSError)


def layers_of(path: Path) -> tuple[list[str], list[Finding]]:
    """Names of the layers with geometry; a finding when the file cannot be opened."""
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        try:
            rows = pyogrio.list_layers(path)
        except _GDAL_ERRORS as error:
            return [], [blocked(path, f"打不开：{_short(error)}", "请核对文件是否完整、格式是否与后缀相符")]
    return [str(name) for name, geometry in rows if geometry is not None], []


def choose_layer(path: Path, names: Sequence[str], options: ReadOptions) -> tuple[str | None, list[Finding]]:
    """The layer asked for, or the only one; otherwise a finding that lists them."""
    listed = "、".join(names)
    if options.layer is not None:
        if options.layer in names:
            return options.layer, []
        return None, [blocked(path, f"没有名为“{options.layer}”的图层", f"现有图层：{listed or '无'}")]
    if len(names) == 1:
        return names[0], []
    if not names:
        return None, [blocked(path, "没有带几何的图层", "请核对来件内容")]
    return None, [blocked(path, f"有 {len(names)} 个图层：{listed}", "请用 --layer 指明一个")]


def read_layer(
    path: Path, layer: str | None, *, encoding: str | None = None
) -> tuple[gpd.GeoDataFrame | None, list[Finding]]:
    """All rows of a layer in file order; geometries that cannot be built come as None, not as nothing."""
    most = int(limit("file", "max_features"))
    with warnings.catch_warnings(record=True) as complaints, np.errstate(invalid="ignore"):
        warnings.simplefilter("always")
        try:
            frame = pyogrio.read_dataframe(
                path, layer=layer, encoding=encoding, max_features=most + 1, on_invalid="ignore"
            )
        except UnicodeDecodeError as error:
            return None, [_undecodable(path, encoding, error)]
        except UnboundLocalError:  # how pyogrio answers a system it cannot spell out
            message, way_out = "坐标系定义无法识别", "请重新导出，或删去坐标系定义后用 --crs 指明"
            return None, [blocked(path, message, way_out)]
        except _GDAL_ERRORS as error:
            return None, [blocked(path, f"读取失败：{_short(error)}", "请核对文件是否完整")]
    found = [_complaint(path, str(complaint.message)) for complaint in complaints]
    if not isinstance(frame, gpd.GeoDataFrame):
        return None, [*found, blocked(path, "没有几何", "请核对来件内容")]
    if len(frame) > most:
        return None, [blocked(path, f"超过 {most} 行的上限", "请核对图层，或按省拆分")]
    return frame, found


def _undecodable(path: Path, encoding: str | None, error: UnicodeDecodeError) -> Finding:
    return blocked(
        path,
        f"属性文字不能按 {encoding or error.encoding} 解码，或字段太短、汉字被截断",
        "请用 --encoding 指明编码，或加宽字段后重新导出",
        rule=R_INT_02,
    )


def _complaint(path: Path, message: str) -> Finding:
    return blocked(path, f"读取时有提示：{message[:200]}", "请核对来件", severity=Severity.warning)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def crs_text(frame: gpd.GeoDataFrame) -> str | None:
    """The declared system as an EPSG code where it has one, else as WKT; None when none is declared."""
    if frame.crs is None:
        return None
    crs = CRS.from_user_input(frame.crs)
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())
