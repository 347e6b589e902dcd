"""The figures as a table for the terminal and as a page for the documentation."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

import shapely
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from benchmarks.figures import Figure

COLUMNS = ("what", "size", "ours", "baseline", "ratio", "target", "peak", "runs")


def seconds(value: float) -> str:
    """Seconds, or milliseconds below a tenth."""
    return f"{value:.2f} s" if value >= 0.1 else f"{value * 1000:.1f} ms"


def cells(figure: Figure) -> tuple[str, ...]:
    """One figure as text, in the order of `COLUMNS`."""
    limits = []
    if figure.target_s is not None:
        limits.append(f"< {figure.target_s:g} s" if figure.target_s >= 1 else seconds(figure.target_s))
    if figure.target_mb is not None:
        limits.append(f"< {figure.target_mb / 1000:g} GB")
    verdict = f"{', '.join(limits)}: {'kept' if figure.holds else 'MISSED'}" if limits else ""
    return (
        figure.what + (f" ({figure.note})" if figure.note else ""),
        figure.size,
        seconds(figure.ours_s),
        f"{seconds(figure.baseline_s)} — {figure.baseline}",
        f"{figure.ratio:.2f}",
        verdict,
        f"{figure.peak_mb:,.0f} MB" if figure.peak_mb else "",
        str(figure.runs),
    )


def show(figures: Sequence[Figure], console: Console) -> None:
    """The table on the terminal."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in COLUMNS:
        right = column in {"ours", "ratio", "peak", "runs"}
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    for figure in figures:
        table.add_row(*cells(figure))
    console.print(table)


def markdown(figures: Sequence[Figure]) -> str:
    """The table in Markdown."""
    rows = [COLUMNS, tuple("---" for _ in COLUMNS), *map(cells, figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def machine(engine: Engine) -> str:
    """What it was measured on, as a Markdown list."""
    with engine.connect() as connection:
        server = connection.scalar(text("SHOW server_version"))
        postgis = connection.scalar(text("SELECT PostGIS_Lib_Version()"))
        geos = connection.scalar(text("SELECT PostGIS_GEOS_Version()"))
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    facts = (
        f"{_processor()}, {os.cpu_count()} cores, {memory_gb:.0f} GB of memory",
        f"{platform.system()}, Python {platform.python_version()}",
        f"PostgreSQL {server}, PostGIS {postgis} (GEOS {geos}); shapely {shapely.__version__} "
        f"(GEOS {shapely.geos_version_string})",
    )
    return "\n".join(f"- {fact}" for fact in facts)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
