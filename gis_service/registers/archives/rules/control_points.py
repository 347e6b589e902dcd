"""Control points as people write them: a table of pixels and places, in any system a survey may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis_service.foundation.coordinates import System, Transform, Zone, place, read_angle, read_pair
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.archives.rules.figures import residuals_allowed, table
from gis_service.registers.archives.rules.fitting import LEAST, ControlPoint, Fit, without_each

R_ARC_04 = Rule(
    "R-ARC-04",
    "扫描图依不少于 4 个控制点校正，残差依原图比例尺，在图上 0.5 毫米以内",
    "本服务约定",
    version="2026-2",
    status="M",
)

HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("点号", "name", "点名"),
    "column": ("列", "column", "col", "像素列"),
    "row": ("行", "row", "像素行"),
    "lon": ("经度", "lon"),
    "lat": ("纬度", "lat"),
    "x": ("X", "x", "X坐标"),
    "y": ("Y", "y", "Y坐标"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """In what system places are given, and what carries them to CGCS2000 if it is an older one."""

    system: System = System.cgcs2000
    zone: Zone | None = None
    way: Transform | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        zone = self.zone and {"width": self.zone.width, "number": self.zone.number}
        return {"system": self.system.value, "zone": zone, "transform": self.way and self.way.as_json()}


def read_control(rows: Sequence[Mapping[str, Any]], given: Given) -> list[ControlPoint]:
    """The control points of a table.

    Raises:
        InvalidInput: names the row and what is wrong with it.
    """
    return [_read(row, number, given) for number, row in enumerate(rows, start=1)]


def _read(row: Mapping[str, Any], number: int, given: Given) -> ControlPoint:
    cells = {name: _cell(row, heads) for name, heads in HEADS.items()}
    name = cells["name"] or str(number)
    try:
        column, line = float(cells["column"]), float(cells["row"])
        lon, lat = _placed(cells, given)
    except InvalidInput as error:
        raise InvalidInput(f"控制点 {name}：{error.message}", way_out=error.way_out) from error
    except ValueError as error:
        raise InvalidInput(
            f"控制点 {name} 的列、行或坐标不是数", way_out="各列：点号、列、行、经度、纬度，或 X、Y"
        ) from error
    return ControlPoint(name, column, line, lon, lat)


def _cell(row: Mapping[str, Any], heads: Sequence[str]) -> str:
    return next((str(row[head]).strip() for head in heads if row.get(head) not in (None, "")), "")


def _placed(cells: Mapping[str, str], given: Given) -> tuple[float, float]:
    if cells["lon"] or cells["lat"]:
        point = read_angle(cells["lon"]).degrees, read_angle(cells["lat"]).degrees
        found = place(None, point, None, given.system, given.way)
    else:
        pair = read_pair(float(cells["x"]), float(cells["y"]), given.zone)
        found = place((pair.x, pair.y), None, pair.zone, given.system, given.way)
    if found is None:
        raise InvalidInput(
            f"{given.system.value}的坐标须有转换参数才能采用", way_out="请在控制点文件中写明 transform"
        )
    if not (73.0 <= found[0] <= 136.0 and 3.0 <= found[1] <= 54.0):
        raise InvalidInput("坐标不在我国范围内", way_out="请核对经度、纬度是否颠倒，或带号是否有误")
    return found


def residual_allowed(denominator: int | None) -> float:
    """How many metres a control point may be off on a scan of a map of this scale, or of an unknown one.

    Raises:
        InvalidInput: no scale that maps are drawn at.
    """
    allowed = residuals_allowed()
    scale = table()["control"]["default_scale"] if denominator is None else denominator
    if scale not in allowed:
        known = "、".join(f"1:{each}" for each in allowed)
        raise InvalidInput(f"没有 1:{scale} 这一比例尺", way_out=f"请写原图的比例尺分母：{known}")
    return allowed[scale]


def judge_fit(
    subject: str, points: Sequence[ControlPoint], fit: Fit, denominator: int | None = None
) -> list[Finding]:
    """Too few points, and residuals beyond what a map of its scale can be out by; nothing else is refused."""
    control, found = table()["control"], []
    if len(points) < control["least"]:
        found.append(
            R_ARC_04.finding(
                Severity.blocking,
                subject,
                f"只有 {len(points)} 个控制点，无从检核",
                suggestion=f"请给出不少于 {control['least']} 个控制点",
            )
        )
    if len(points) == _exact(fit.method):
        message = f"{fit.method}恰由 {len(points)} 个控制点确定，残差为零不表示准确"
        found.append(R_ARC_04.finding(Severity.info, subject, message, suggestion="请增加控制点"))
    worst = fit.worst
    allowed_m = residual_allowed(denominator)
    if fit.residuals_m[worst] > allowed_m:
        found.append(_beyond(subject, points, fit, allowed_m))
    return found


def _beyond(subject: str, points: Sequence[ControlPoint], fit: Fit, allowed_m: float) -> Finding:
    worst = fit.worst
    others = without_each(points, fit.method)
    suspect = min(others, key=lambda index: others[index]) if others else worst
    hint = f"；去掉控制点 {points[suspect].name}，中误差为 {others[suspect]:.1f} 米" if others else ""
    return R_ARC_04.finding(
        Severity.warning,
        subject,
        f"控制点 {points[worst].name} 的残差最大，为 {fit.residuals_m[worst]:.1f} 米，超过 {allowed_m:g} 米"
        f"（中误差 {fit.rms_m:.1f} 米）{hint}",
        place={"type": "Point", "coordinates": [points[suspect].lon, points[suspect].lat]},
        suggestion=f"请核对控制点 {points[suspect].name} 的像素和坐标",
    )


def _exact(method: str) -> int:
    return LEAST[method]
