"""The limits on what is opened, read once from the data file beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.formats.reading import ReadOptions, blocked

MEGABYTE = 1_000_000


@cache
def _tables() -> Mapping[str, Mapping[str, float]]:
    text = files(__package__).joinpath("limits.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def limit(group: str, name: str) -> float:
    """One limit, in the unit its name ends with."""
    return float(_tables()[group][name])


def size_refused(path: Path, options: ReadOptions) -> list[Finding]:
    """Why a file is not opened at all: it is empty, or larger than the limit."""
    size_mb = path.stat().st_size / MEGABYTE
    most_mb = options.max_file_mb or limit("file", "max_file_mb")
    if size_mb == 0:
        return [blocked(path, "是空文件", "请重新导出或重新传送")]
    if size_mb > most_mb:
        return [
            blocked(
                path,
                f"大小 {size_mb:.0f} MB，超过上限 {most_mb:.0f} MB",
                "请按省拆分或改用 GeoPackage，确需读取时加 --max-file-mb 提高上限",
            )
        ]
    return []
