"""Converting coordinates, angles and sheet numbers; no database is needed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.foundation.coordinates import (
    Axis,
    System,
    Transform,
    Zone,
    convergence_deg,
    format_dms,
    place,
    point_scale,
    project,
    read_angle,
    read_pair,
    read_system,
    read_transform,
    sheet_at,
    sheet_numbered,
    sheet_scales,
    zones_holding,
)
from gis_service.foundation.errors import InvalidInput

app = typer.Typer(help="坐标：度分秒、分带与带号、旧坐标系、图幅编号。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
_ZONE = re.compile(r"([36])\s*[:：/]\s*(\d{1,2})")
_PLANE = re.compile(r"-?\d{5,}(\.\d*)?")


@app.command("dms")
def dms_command(
    angles: Annotated[list[str], typer.Argument(help="角度，如 118°46′30.5″E、118-46-30.5、118.775139")],
    packed: Annotated[bool, typer.Option("--packed", help="118.463050 指 118°46′30.50″")] = False,
    decimals: Annotated[int, typer.Option(help="秒的小数位数", min=0, max=6)] = 2,
    as_json: AsJson = False,
) -> None:
    """度分秒与十进制度互换；60 秒、61 分之类的写法会被指出。"""
    with refusals(as_json=as_json):
        read = [read_angle(text, packed_decimal=packed) for text in angles]
        rows = [
            {
                "given": text,
                "degrees": each.degrees,
                "dms": format_dms(each.degrees, each.axis, decimals=decimals),
            }
            for text, each in zip(angles, read, strict=True)
        ]
        if as_json:
            print_json(rows)
        else:
            told = [(row["given"], f"{row['degrees']:.9f}", row["dms"]) for row in rows]
            print_table("", ("原写法", "十进制度", "度分秒"), told)


@app.command("convert")
def convert_command(
    first: Annotated[str, typer.Argument(help="X（北）坐标，或经度")],
    second: Annotated[str, typer.Argument(help="Y（东）坐标，或纬度")],
    zone: Annotated[
        str | None, typer.Option("--zone", help="所给坐标的分带，如 3:40；带号写在 Y 前时可略")
    ] = None,
    system: Annotated[
        str, typer.Option("--system", help="坐标系：CGCS2000、1980西安坐标系、1954北京坐标系")
    ] = "CGCS2000",
    parameters: Annotated[
        Path | None, typer.Option("--transform", help="当地转换参数 .toml（四参数或七参数）")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="换算到的分带，如 3:40、6:20；不写则为所在的 3° 带")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """经纬度与平面坐标互换，并给出子午线收敛角、长度比和各比例尺图幅编号。"""
    with refusals(as_json=as_json):
        point = _placed(first, second, read_zone(zone), read_system(system), read_transform_file(parameters))
        told = _told(point, _target(point, read_zone(to)))
        if as_json:
            print_json(told)
            return
        for word, value in _lines(told):
            out.print(f"{word}  {value}")


def read_zone(text: str | None) -> Zone | None:
    """A zone as typed: its width and number."""
    if text is None:
        return None
    found = _ZONE.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(f"“{text}”不是分带", way_out="请写 带宽:带号，如 3:40、6:20")
    return Zone(int(found[1]), int(found[2]))


def read_transform_file(path: Path | None) -> Transform | None:
    """Local parameters of a file."""
    if path is None:
        return None
    try:
        return read_transform(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"读不出转换参数 {path.name}", way_out="请给出 UTF-8 编码的 TOML 文件") from error


def _placed(
    first: str, second: str, zone: Zone | None, system: System, way: Transform | None
) -> tuple[float, float]:
    if _PLANE.fullmatch(first.strip()) and _PLANE.fullmatch(second.strip()):
        pair = read_pair(float(first), float(second), zone)
        point = place((pair.x, pair.y), None, pair.zone, system, way)
    else:
        lon = read_angle(first, axis=Axis.longitude).degrees
        lat = read_angle(second, axis=Axis.latitude).degrees
        point = place(None, (lon, lat), zone, system, way)
    if point is None:
        raise InvalidInput(
            f"{system}的坐标没有当地转换参数不能换算，直接当作 CGCS2000 会差数十米以上",
            way_out="请用 --transform 给出四参数或七参数；经纬度须用七参数",
        )
    return point


def _target(point: tuple[float, float], zone: Zone | None) -> Zone:
    if zone is not None:
        return zone
    holding = zones_holding(3, point[0])
    if not holding:
        raise InvalidInput(f"经度 {point[0]:.6f} 不在我国的分带内", way_out="请核对坐标")
    return holding[0]


def _told(point: tuple[float, float], zone: Zone) -> dict[str, Any]:
    x, y = project(point, zone)
    return {
        "lon": point[0],
        "lat": point[1],
        "lon_dms": format_dms(point[0], Axis.longitude, decimals=4),
        "lat_dms": format_dms(point[1], Axis.latitude, decimals=4),
        "zone": {"width": zone.width, "number": zone.number, "central_meridian": zone.central_meridian},
        "x": x,
        "y": y,
        "y_prefixed": zone.easting(y),
        "epsg": {"prefixed": zone.epsg(), "bare": zone.epsg(prefixed=False)},
        "convergence_deg": convergence_deg(point, zone),
        "scale": point_scale(point, zone),
        "also_in": [each.number for each in zones_holding(zone.width, point[0]) if each != zone],
        "sheets": {f"1:{scale.scale}": sheet_at(*point, scale.scale).number for scale in sheet_scales()},
    }


def _lines(told: dict[str, Any]) -> list[tuple[str, str]]:
    zone = Zone(told["zone"]["width"], told["zone"]["number"])
    return [
        ("经纬度", f"{told['lon']:.9f}, {told['lat']:.9f}（{told['lon_dms']}，{told['lat_dms']}）"),
        ("分带", f"{zone.word}，EPSG:{zone.epsg()}（带号）／{zone.epsg(prefixed=False)}（无带号）"),
        ("平面", f"X={told['x']:.4f}  Y={told['y_prefixed']:.4f}（无带号 {told['y']:.4f}）"),
        ("收敛角", f"{format_dms(told['convergence_deg'])}  长度比 {told['scale']:.9f}"),
        ("图幅", "  ".join(told["sheets"].values())),
    ]


@app.command("sheet")
def sheet_command(
    what: Annotated[str, typer.Argument(metavar="编号|经度,纬度", help="图幅编号，或一个点")],
    scale: Annotated[int | None, typer.Option("--scale", help="比例尺分母，如 50000；不写则列出全部")] = None,
    as_json: AsJson = False,
) -> None:
    """图幅编号与经纬度范围互查，并列出相邻图幅。"""
    with refusals(as_json=as_json):
        frames = [sheet_numbered(what)] if "," not in what else _frames(what, scale)
        rows = [
            {
                "number": frame.number,
                "scale": frame.scale.scale,
                "bounds": frame.bounds,
                "neighbours": dict(frame.neighbours),
            }
            for frame in frames
        ]
        if as_json:
            print_json(rows)
            return
        for frame in frames:
            west, south, east, north = map(format_dms, frame.bounds)
            out.print(f"[bold]{frame.number}[/]  1:{frame.scale.scale}  {west}～{east}，{south}～{north}")
            out.print("  " + "  ".join(f"{word} {number}" for word, number in frame.neighbours.items()))


def _frames(what: str, scale: int | None) -> list[Any]:
    lon_text, _, lat_text = what.partition(",")
    lon = read_angle(lon_text, axis=Axis.longitude).degrees
    lat = read_angle(lat_text, axis=Axis.latitude).degrees
    scales = [scale] if scale is not None else [each.scale for each in sheet_scales()]
    return [sheet_at(lon, lat, each) for each in scales]
