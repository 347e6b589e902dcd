"""What a format hands over, and what it may be told: no judgement of units here, only of the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from gis_service.foundation.findings import Finding, Rule, Severity

R_INT_01 = Rule("R-INT-01", "来件可读、完整、大小适当", "技术约定", status="M")
R_INT_02 = Rule("R-INT-02", "属性文字编码可证", "GB 18030-2022", status="D")
R_INT_03 = Rule("R-INT-03", "压缩包安全，内容唯一", "技术约定", status="M")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """`layer` chooses among several; `encoding` overrides what a shapefile says; `max_file_mb` the limit."""

    layer: str | None = None
    encoding: str | None = None
    max_file_mb: float | None = None


@dataclass(frozen=True)
class Reading:
    """One layer as read. `frame` is None when a blocking finding says why nothing could be read.

    The frame keeps the source CRS and every row in file order; its row `i` is row `i + 1` in messages.
    `crs` is the declared system as text, None when none is declared. `encoding_basis` says in Chinese how the
    encoding was found. `first_row` is what row 0 is called in messages: 2 in tables, below their head.
    """

    source: str
    format: str
    sha256: str = ""
    frame: gpd.GeoDataFrame | None = None
    crs: str | None = None
    layer: str | None = None
    encoding: str | None = None
    encoding_basis: str = ""
    findings: tuple[Finding, ...] = ()
    first_row: int = 1


def unreadable(path: Path, format_: str, findings: Iterable[Finding]) -> Reading:
    """A reading of nothing, with the reasons."""
    return Reading(source=path.name, format=format_, findings=tuple(findings))


def blocked(
    path: Path, message: str, way_out: str, *, rule: Rule = R_INT_01, severity: Severity = Severity.blocking
) -> Finding:
    """A finding about the file as a whole."""
    return rule.finding(severity, path.name, f"{path.name}：{message}", suggestion=way_out)


def sha256_of(paths: Iterable[Path]) -> str:
    """One digest over the bytes of several files, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
