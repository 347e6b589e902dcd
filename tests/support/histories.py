"""Small histories of codes written to disk, and where the large one lies on machines that have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from textwrap import dedent

from gis_service.procedures.intake.kinds import yearly
from gis_service.procedures.intake.kinds.listed import Listed, ListOptions

ROOT = Path(__file__).parents[2]
DAY = date(2026, 1, 1)


def large_history() -> Path | None:
    """The directory of the tables 1981-2010, beside the project or beside what it lies in."""
    places = (above / "shared" / "data" / "areacodes" for above in (ROOT, *ROOT.parents))
    return next((place for place in places if (place / "data").is_dir()), None)


def years_of(path: Path | None) -> list[int]:
    """The years a directory holds tables of."""
    return [] if path is None else sorted(int(file.stem) for file in (path / "data").glob("????.txt"))


def table_of(path: Path, year: int) -> dict[str, str]:
    """Code → name, read without the service."""
    lines = (path / "data" / f"{year}.txt").read_text(encoding="utf-8").splitlines()
    return {line[:6]: line[6:].strip() for line in lines if line.strip()}


def written(path: Path, tables: Mapping[int, str], diffs: Mapping[int, str] | None = None) -> Path:
    """A directory of tables `code name`, and of diffs by the year in which they took effect."""
    for folder in ("data", "diff"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    for year, text in tables.items():
        (path / "data" / f"{year}.txt").write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    for year, text in (diffs or {}).items():
        name = f"{year - 1}-{year}.diff"
        (path / "diff" / name).write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return path


def opened(path: Path, *, infer: bool = False) -> Listed:
    """The history in a directory, as it is read."""
    return yearly.read(path, ListOptions(DAY, infer=infer))
