"""R-INT-05 and R-MAP-02: the declared system can be stored, and the coordinates are such as it gives.

Asked on the raw coordinates, before they are brought to the storage system.
"""

from __future__ import annotations

from pyproj import CRS

from gis_service.foundation.crs import read_crs
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.extent import Box, china

R_INT_05 = Rule(
    "R-INT-05",
    "来件声明坐标系，且为 CGCS2000 或 WGS 84",
    "测绘法第九条；国务院2008年启用 CGCS2000",
    status="D",
)
R_MAP_02 = Rule("R-MAP-02", "坐标与所声明的坐标系相符", "EPSG 登记表；GeoJSON RFC 7946")

_STORABLE_DATUMS = (
    "China 2000",
    "China_2000",
    "CGCS2000",
    "CGCS_2000",
    "World Geodetic System 1984",
    "WGS_1984",
    "WGS 84",
)
_NAME_EPSG = "请用 --crs 指明，如 --crs EPSG:4490（经纬度）或 --crs EPSG:4528（3度带第40带）"


def declared_system(declared: str | None, override: str | None) -> tuple[CRS | None, list[Finding]]:
    """The system to read coordinates in; the override, when given, wins and is reported."""
    text = override or declared
    if not text:
        message = "来件没有声明坐标系"
        return None, [R_INT_05.finding(Severity.blocking, "坐标系", message, suggestion=_NAME_EPSG)]
    try:
        crs = read_crs(text)
    except InvalidInput as error:
        return None, [R_INT_05.finding(Severity.blocking, "坐标系", error.message, suggestion=error.way_out)]
    refusal = _refused(crs)
    if refusal:
        return None, [refusal]
    return crs, _override_told(crs, declared, override)


def _refused(crs: CRS) -> Finding | None:
    if not (crs.is_geographic or crs.is_projected):
        message = f"坐标系“{crs.name}”不是经纬度或平面坐标系"
        return R_INT_05.finding(Severity.blocking, "坐标系", message, suggestion=_NAME_EPSG)
    geodetic = crs.geodetic_crs
    datum = geodetic.datum.name if geodetic is not None and geodetic.datum is not None else ""
    if any(name in datum for name in _STORABLE_DATUMS):
        return None
    message = f"坐标系“{crs.name}”的基准“{datum}”不是 CGCS2000，与其相差可达数十米以上"
    way_out = "请用当地转换参数转换为 CGCS2000 后提交，系统不作近似转换"
    return R_INT_05.finding(Severity.blocking, "坐标系", message, suggestion=way_out)


def cannot_transform(crs: CRS) -> Finding:
    """What to say of a system PROJ reads but cannot compute with, as a damaged definition gives."""
    message = f"坐标系“{crs.name}”的定义不完整，无法换算到 CGCS2000"
    return R_INT_05.finding(Severity.blocking, "坐标系", message, suggestion=_NAME_EPSG)


def _override_told(crs: CRS, declared: str | None, override: str | None) -> list[Finding]:
    if not override:
        return []
    try:
        same = declared is not None and CRS.from_user_input(declared).equals(crs, ignore_axis_order=True)
    except ValueError:
        same = False
    if same:
        return []
    message = f"按指定的“{override}”读取，来件声明为“{declared or '无'}”"
    severity = Severity.warning if declared else Severity.info
    return [R_INT_05.finding(severity, "坐标系", message, suggestion="请确认指定无误")]


def coordinates_fit_the_system(bounds: Box, crs: CRS) -> list[Finding]:
    """R-MAP-02 on the raw extent `(min x, min y, max x, max y)` of the file, lon/lat or east/north order."""
    why, way_out = _misfit_of_degrees(bounds) if crs.is_geographic else _misfit_of_metres(bounds, crs)
    if not why:
        return []
    return [R_MAP_02.finding(Severity.blocking, "坐标系", why, suggestion=way_out)]


def _misfit_of_degrees(bounds: Box) -> tuple[str, str]:
    west, south, east, north = bounds
    if max(abs(west), abs(east)) > 360.0 or max(abs(south), abs(north)) > 360.0:
        guess = _guess_epsg(bounds)
        return (
            f"声明为经纬度，坐标却像平面坐标（东 {west:.0f}～{east:.0f}，北 {south:.0f}～{north:.0f}）",
            f"请核对坐标系，{guess}",
        )
    if not _inside(bounds, china()) and _inside((south, west, north, east), china()):
        return (
            f"经纬度次序疑似颠倒（第一坐标 {west:.4f}～{east:.4f}，第二坐标 {south:.4f}～{north:.4f}）",
            "请按先经度后纬度的次序重新导出",
        )
    return "", ""


def _inside(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def _guess_epsg(bounds: Box) -> str:
    east = bounds[0] if bounds[0] > bounds[1] or bounds[0] < 1e6 else bounds[1]
    zone = int(east // 1e6)
    if 25 <= zone <= 45:
        return f"带号 {zone} 应为 EPSG:{4488 + zone}（3度带）"
    if 13 <= zone <= 23:
        return f"带号 {zone} 应为 EPSG:{4478 + zone}（6度带）"
    return "无带号的平面坐标请按中央经线选用 EPSG:4534～4554"


def _misfit_of_metres(bounds: Box, crs: CRS) -> tuple[str, str]:
    west, south, east, north = bounds
    if max(abs(value) for value in bounds) <= 360.0:
        return (
            f"声明为平面坐标系“{crs.name}”，坐标却像经纬度（{west:.4f}～{east:.4f}，{south:.4f}～{north:.4f}）",
            "请核对坐标系，经纬度成果用 --crs EPSG:4490",
        )
    zone = _zone_of(crs)
    if zone is None:
        return "", ""
    if _easting_fits(west, east, zone):
        return "", ""
    if _easting_fits(south, north, zone):
        return "东坐标与北坐标疑似颠倒", "请按先东（Y）后北（X）的次序重新导出"
    wanted = f"带号 {zone}" if zone else "不带带号的 100000～900000"
    return (
        f"东坐标 {west:.0f}～{east:.0f} 与“{crs.name}”不符，应为{wanted}",
        f"请核对坐标系，{_guess_epsg(bounds)}",
    )


def _zone_of(crs: CRS) -> int | None:
    """Zone whose number stands before the easting; 0 for systems without it; None for other systems."""
    code = crs.to_epsg()
    if code is None:
        return None
    if 4491 <= code <= 4501:
        return code - 4478
    if 4513 <= code <= 4533:
        return code - 4488
    return 0 if 4502 <= code <= 4512 or 4534 <= code <= 4554 else None


def _easting_fits(low: float, high: float, zone: int) -> bool:
    return zone * 1e6 + 1e5 <= low and high <= zone * 1e6 + 9e5
