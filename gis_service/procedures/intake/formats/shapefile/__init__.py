"""Shapefile: several files that are one, in an encoding that is declared, misdeclared or not declared."""

from __future__ import annotations

from pathlib import Path

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats.layers import crs_text, read_layer
from gis_service.procedures.intake.formats.limits import size_refused
from gis_service.procedures.intake.formats.local import refuse_content
from gis_service.procedures.intake.formats.reading import (
    Reading,
    ReadOptions,
    blocked,
    sha256_of,
    unreadable,
)
from gis_service.procedures.intake.formats.shapefile.encoding import find_encoding
from gis_service.procedures.intake.formats.shapefile.texts import BYTEWISE, decoded

NAME = "shapefile"
SUFFIXES = (".shp", ".dbf", ".shx", ".prj")

_NEEDED = {
    ".shp": "缺少几何文件（.shp）",
    ".shx": "缺少索引文件（.shx）",
    ".dbf": "缺少属性文件（.dbf），没有代码和名称",
}
_BEGINS = bytes.fromhex("0000270a")
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def read(path: Path, options: ReadOptions) -> Reading:
    """Read the shapefile that `path`, any of its files, belongs to."""
    parts = parts_of(path)
    refused = _incomplete(path, parts) or [
        finding for part in parts.values() for finding in _unfit(part, options)
    ]
    if refused:
        return unreadable(path, NAME, refused)
    encoding, told = find_encoding(path, parts[".dbf"], parts.get(".cpg"), options.encoding)
    if encoding is None:
        return unreadable(path, NAME, told)
    frame, findings = read_layer(parts[".shp"], None, encoding=BYTEWISE)
    if frame is not None:
        frame, doubts = decoded(frame, encoding.codec, parts[".shp"].name)
        findings += doubts
    if ".prj" not in parts:
        message = "缺少坐标系文件（.prj）"
        told.append(blocked(path, message, "请用 --crs 指明坐标系", severity=Severity.warning))
    return Reading(
        source=parts[".shp"].name,
        format=NAME,
        sha256=sha256_of(parts.values()),
        frame=frame,
        crs=None if frame is None else crs_text(frame),
        layer=parts[".shp"].stem,
        encoding=encoding.codec,
        encoding_basis=encoding.basis,
        findings=(*told, *findings),
    )


def parts_of(path: Path) -> dict[str, Path]:
    """The files of one shapefile by suffix, whatever the case of their letters, in a fixed order."""
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    found = {
        other.suffix.lower(): other
        for other in sorted(beside)
        if other.stem.lower() == path.stem.lower() and other.suffix.lower() in _PARTS
    }
    return {suffix: found[suffix] for suffix in _PARTS if suffix in found}


def _incomplete(path: Path, parts: dict[str, Path]) -> list[Finding]:
    return [
        blocked(path, what, "请把同名的 .shp、.shx、.dbf、.prj 一并提交")
        for suffix, what in _NEEDED.items()
        if suffix not in parts
    ]


def _unfit(part: Path, options: ReadOptions) -> list[Finding]:
    suffix = part.suffix.lower()
    if suffix == ".cpg":
        return []
    return size_refused(part, options) or refuse_content(part, _BEGINS if suffix in {".shp", ".shx"} else b"")
