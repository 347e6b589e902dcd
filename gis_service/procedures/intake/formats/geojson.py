"""GeoJSON: checked as JSON first, for GDAL forgives what an official must hear about.

Files up to a limit are parsed once more for exact messages; of larger ones only the two ends are looked at.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import orjson

from gis_service.foundation.crs import read_crs
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats.form_json import read_form
from gis_service.procedures.intake.formats.layers import crs_text, read_layer
from gis_service.procedures.intake.formats.limits import MEGABYTE, limit, size_refused
from gis_service.procedures.intake.formats.local import refuse_content
from gis_service.procedures.intake.formats.reading import (
    Reading,
    ReadOptions,
    blocked,
    sha256_of,
    unreadable,
)

NAME = "geojson"
SUFFIXES = (".geojson", ".json")

_END_BYTES = 65536
_GEOMETRIES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
_EXPORT = "请重新导出为 GeoJSON（FeatureCollection）"
_NOT_A_NUMBER = re.compile(rb"[\[,:\s](-?Infinity|NaN)\b")


def read(path: Path, options: ReadOptions) -> Reading:
    """Read a FeatureCollection, or a form; the `crs` member of old GeoJSON is honoured and reported."""
    refused = size_refused(path, options) or refuse_content(path)
    if refused:
        return unreadable(path, NAME, refused)
    form = read_form(path, options)
    if form is not None:
        return form
    large = path.stat().st_size > limit("file", "exact_check_mb") * MEGABYTE
    crs, told = _check_ends(path) if large else _check_exactly(path)
    if any(finding.blocking for finding in told):
        return unreadable(path, NAME, told)
    frame, findings = read_layer(path, None)
    declared = None if frame is None else (crs or crs_text(frame))
    return Reading(
        source=path.name,
        format=NAME,
        sha256=sha256_of([path]),
        frame=frame,
        crs=declared,
        encoding="UTF-8",
        encoding_basis="RFC 8259 规定",
        findings=(*told, *findings),
    )


def _check_exactly(path: Path) -> tuple[str | None, list[Finding]]:
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return None, [_not_json(path, content, error)]
    wrong = _wrong_kind(document)
    if wrong:
        return None, [blocked(path, wrong, _EXPORT)]
    return _declared(path, document.get("crs"))


def _not_json(path: Path, content: bytes, error: orjson.JSONDecodeError) -> Finding:
    special = _NOT_A_NUMBER.search(content)
    if special:
        where = _rows_with_special_numbers(content)
        return blocked(path, f"坐标含 {special[1].decode()}，不是有效数值{where}", "请改正这些坐标后重新导出")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return blocked(path, "不是 UTF-8 编码的文本", "请以 UTF-8 编码重新导出")
    where = f"第 {error.lineno} 行第 {error.colno} 列"
    return blocked(path, f"不是完整的 JSON（{where}起不能解析），可能传送中断", "请重新导出或重新传送")


def _rows_with_special_numbers(content: bytes) -> str:
    """Which features hold NaN or Infinity; empty when that cannot be told either."""
    try:
        document = json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return ""
    features = document.get("features") if isinstance(document, dict) else None
    rows = [
        f"第{row}行"
        for row, feature in enumerate(features or [], start=1)
        if any(word in json.dumps(feature) for word in ("NaN", "Infinity"))
    ]
    return f"（{'、'.join(rows[:10])}{'等' if len(rows) > 10 else ''}）" if rows else ""


def _wrong_kind(document: Any) -> str:
    """Why a JSON document is no FeatureCollection; empty when it is one."""
    if not isinstance(document, dict):
        return "不是 GeoJSON：最外层不是对象"
    kind = document.get("type")
    if kind == "Topology":
        return "是 TopoJSON（坐标经过量化），不是 GeoJSON"
    if kind in _GEOMETRIES or kind == "Feature":
        return f"只有单个 {kind}，没有带代码和名称的要素集合"
    if kind != "FeatureCollection" or not isinstance(document.get("features"), list):
        return "不是 GeoJSON 要素集合（FeatureCollection）"
    if not document["features"]:
        return "要素集合是空的"
    return ""


def _declared(path: Path, member: Any) -> tuple[str | None, list[Finding]]:
    """CRS by the obsolete `crs` member; None where it is WGS 84 as by RFC 7946, which GDAL knows."""
    if not member:
        message = "没有声明坐标系，按 RFC 7946 视为 WGS 84 经纬度"
        return None, [blocked(path, message, "请确认不是加偏坐标", severity=Severity.info)]
    properties = member.get("properties") if isinstance(member, dict) else None
    name = str((properties or {}).get("name", member))
    is_by_standard = "CRS84" in name.upper()
    try:
        if not is_by_standard:
            read_crs(name)
    except InvalidInput as error:
        return None, [blocked(path, error.message, error.way_out)]
    message = f"用了已废止的 crs 成员声明坐标系“{name}”，予以采用"
    way_out = "RFC 7946 已取消该成员，建议改用 GeoPackage"
    return (None if is_by_standard else name), [blocked(path, message, way_out, severity=Severity.info)]


def _check_ends(path: Path) -> tuple[str | None, list[Finding]]:
    """The same for a file too large to parse twice: its first and last bytes must look right."""
    with path.open("rb") as stream:
        head = stream.read(_END_BYTES)
        stream.seek(-_END_BYTES, 2)
        tail = stream.read(_END_BYTES)
    if not tail.rstrip().endswith(b"}"):
        return None, [blocked(path, "结尾不完整，可能传送中断", "请重新传送")]
    kind = re.search(rb'"type"\s*:\s*"(\w+)"', head) or re.search(rb'"type"\s*:\s*"(\w+)"', tail)
    known = kind[1].decode() if kind else ""
    if known not in {"FeatureCollection", "Feature"}:
        return None, [blocked(path, _wrong_kind({"type": known}), _EXPORT)]
    member = re.search(rb'"crs"\s*:\s*(\{[^{}]*\{[^{}]*\}[^{}]*\})', head + tail)
    return _declared(path, orjson.loads(member[1]) if member else None)
