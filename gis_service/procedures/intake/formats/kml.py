"""KML and KMZ: places in WGS 84 lon/lat with a name and their extended data; altitudes are kept as given."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pyogrio

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.formats.layers import choose_layer, crs_text, layers_of, read_layer
from gis_service.procedures.intake.formats.limits import MEGABYTE, limit, size_refused
from gis_service.procedures.intake.formats.local import refuse_content
from gis_service.procedures.intake.formats.reading import (
    Reading,
    ReadOptions,
    blocked,
    sha256_of,
    unreadable,
)

NAME = "kml"
SUFFIXES = (".kml", ".kmz")

_OWN = {  # columns every KML has, whether anybody filled them or not
    *("id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility"),
    *("drawOrder", "icon", "snippet"),
}


def read(path: Path, options: ReadOptions) -> Reading:
    """One folder of a KML; all of them where they are not told apart by `options.layer`."""
    refused = size_refused(path, options)
    if refused:
        return unreadable(path, NAME, refused)
    if path.suffix.lower() == ".kml":
        return _read(path, path, options)
    with tempfile.TemporaryDirectory() as folder:
        inner, refused = _unpacked(path, Path(folder))
        return unreadable(path, NAME, refused) if inner is None else _read(path, inner, options)


def _unpacked(path: Path, folder: Path) -> tuple[Path | None, list[Finding]]:
    """The KML in a KMZ, no larger than a file may be."""
    most = int(limit("file", "max_file_mb") * MEGABYTE)
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
            if not names:
                return None, [blocked(path, "没有 KML", "请重新导出")]
            with archive.open(names[0]) as stream:
                content = stream.read(most + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        return None, [blocked(path, "打不开：压缩包损坏", "请重新导出或重新传送")]
    if len(content) > most:
        return None, [blocked(path, "解压后超过上限", "请按区域拆分")]
    inner = folder / "doc.kml"
    inner.write_bytes(content)
    return inner, []


def _read(path: Path, inner: Path, options: ReadOptions) -> Reading:
    refused = refuse_content(inner)
    names, told = ([], refused) if refused else layers_of(inner)
    if told:
        return unreadable(path, NAME, told)
    layer, told = (names[0], []) if len(names) == 1 else choose_layer(path, names, options)
    if layer is None:
        return unreadable(path, NAME, told)
    frame, findings = read_layer(inner, layer)
    if frame is None:
        return unreadable(path, NAME, findings)
    unused = [name for name in frame.columns if name in _OWN or _is_blank(frame[name])]
    return Reading(
        source=path.name,
        format=NAME,
        sha256=sha256_of([path]),
        frame=frame.drop(columns=[name for name in unused if name != frame.geometry.name]),
        crs=crs_text(frame),
        layer=layer,
        encoding="UTF-8",
        encoding_basis=f"GDAL {pyogrio.__gdal_version_string__}",
        findings=tuple(findings),
    )


def _is_blank(column: pd.Series[str]) -> bool:
    return bool(column.isna().all() or (column.astype(str).str.strip() == "").all())
