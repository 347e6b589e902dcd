"""A history of codes into the registers, beside a bare COPY of the same versions into one table."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, agree, forget_peak, peak_mb, timed
from benchmarks.scene import ON, SMALL, Scene
from benchmarks.traces import measure_traces
from gis_service.procedures.intake.commands import load_listed, open_listed
from gis_service.procedures.intake.kinds.listed import ListOptions

ACT = "## 国务院关于某事的批复\n# 文号：国函〔{year}〕{number}号\n# 日期：{year}年6月1日\n#\n# 某事。\n"
BARE = """
CREATE TABLE bare_version (
    division_id uuid, code text, name text, valid daterange, EXCLUDE USING gist (code WITH =, valid WITH &&)
)
"""
_VERSIONS = "SELECT division_id, code, name, valid::text FROM division_version WHERE length(code) = 6"


def measure(scene: Scene) -> Iterator[Figure]:
    """From the files to the committed registers, and what became of units of every level since."""
    with scene.apart() as lone:
        yield from _measured(lone)


def _measured(scene: Scene) -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        path, title = _history(scene, Path(folder))
        forget_peak()
        ours_s, told = timed(lambda: _load(scene, path))
        memory_mb = peak_mb()
    agree("装入" in told, "the history was entered")
    rows = scene.answer(_VERSIONS)
    baseline_s, copied = timed(lambda: _fill_bare(scene, rows))
    agree(copied == len(rows), "the versions")
    yield Figure(
        what="history of codes: read, replay, enter",
        size=f"{title}; {len(rows):,} versions",
        ours_s=ours_s,
        baseline="bare COPY of the versions, already in memory, into one table without overlaps",
        baseline_s=baseline_s,
        runs=1,
        target_s=120.0,
        peak_mb=memory_mb,
        target_mb=4000.0,
    )
    scene.refresh_statistics()
    yield from measure_traces(scene)


def _load(scene: Scene, path: Path) -> str:
    listed = open_listed(path, ListOptions(ON))
    assert listed is not None
    with scene.writing() as tx:
        return load_listed(tx, listed).told


def _fill_bare(scene: Scene, rows: list[tuple[object, ...]]) -> int:
    text = StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))
    with scene.bare() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_version")
        cursor.execute(BARE)
        cursor.copy_expert("COPY bare_version FROM STDIN", text)
        return int(cursor.rowcount)


def _history(scene: Scene, folder: Path) -> tuple[Path, str]:
    """The tables 1981-2010 where they lie beside the project; else a history of their size, made up."""
    places = (above / "shared" / "data" / "areacodes" for above in Path(__file__).parents)
    real = next((place for place in places if (place / "data").is_dir()), None)
    if real is not None and scene.data is not SMALL:
        return real, "real history of 1981-2010"
    years, counties = (3, 20) if scene.data is SMALL else (30, 90)
    _make(folder, years, counties)
    return folder, f"made-up history of {years} years"


def _make(folder: Path, years: int, counties: int) -> None:
    """Provinces of cities of counties, of which some become districts every year."""
    units = {f"{province}0000": f"{province}号省" for province in range(13, 16)}
    for province in range(13, 16):
        for city in range(1, 13):
            units[f"{province}{city:02}00"] = f"{province}{city}市"
            for county in range(21, 21 + min(counties, 79)):
                units[f"{province}{city:02}{county}"] = f"{province}{city}{county}县"
    _write(folder, 1981, units)
    for year in range(1982, 1981 + years):
        counties_left = [code for code, name in units.items() if name.endswith("县")]
        converted = counties_left[year % 7 :: 31]
        _write(folder, year, units, "".join(_convert(units, code, year) for code in converted))


def _convert(units: dict[str, str], code: str, year: int) -> str:
    """Let a county become a district, unless the code is taken; the lines that say so."""
    new = f"{code[:4]}{int(code[4:]) - 20:02}"
    if new in units:
        return ""
    name = units.pop(code)
    units[new] = f"{name[:-1]}区"
    lines = f"-{code} {name}>{units[new]}\n+{new} {units[new]}<{name}\n"
    return ACT.format(year=year, number=code) + lines


def _write(folder: Path, year: int, units: dict[str, str], diff: str = "") -> None:
    table = "".join(f"{code} {name}\n" for code, name in sorted(units.items()))
    (folder / f"{year}.txt").write_text(table, encoding="utf-8")
    if diff:
        (folder / f"{year - 1}-{year}.diff").write_text(diff, encoding="utf-8")
