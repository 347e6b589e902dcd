"""Which PostgreSQL on this machine can carry the registers: 15 or newer, with PostGIS beside it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gis_service.foundation.cluster.machine import Machine
from gis_service.foundation.errors import DatabaseUnavailable

OLDEST_MAJOR = 15
PROGRAMS = ("initdb", "pg_ctl", "postgres")
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")
INSTALL = "sudo apt-get install -y --no-install-recommends"


@dataclass(frozen=True, slots=True, order=True)
class Binaries:
    """One installed PostgreSQL; `missing` names the extensions it lacks."""

    major: int
    folder: Path
    missing: tuple[str, ...] = ()

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


def installed(machine: Machine) -> list[Binaries]:
    """Every PostgreSQL server found, newest first."""
    found = {folder.resolve() for folder in _candidates(machine.binaries)}
    return sorted((_describe(folder) for folder in found), reverse=True)


def choose(machine: Machine, *, major: int | None = None) -> Binaries:
    """The newest fit server, or the one of `major` that existing data ask for.

    Raises:
        DatabaseUnavailable: nothing fit is installed; names the packages to install.
    """
    found = installed(machine)
    if major is not None:
        return _of_major(found, major)
    recent = [binaries for binaries in found if binaries.major >= OLDEST_MAJOR]
    for binaries in recent:
        if not binaries.missing:
            return binaries
    if recent:
        raise _without_extensions(recent[0])
    have = f"，只找到 PostgreSQL {found[0].major}" if found else ""
    raise DatabaseUnavailable(
        f"本机没有可用的 PostgreSQL（要求 {OLDEST_MAJOR} 或以上）{have}",
        way_out=f"请运行 make setup，或执行：{INSTALL} postgresql-postgis",
    )


def _of_major(found: Iterable[Binaries], major: int) -> Binaries:
    for binaries in found:
        if binaries.major == major:
            if binaries.missing:
                raise _without_extensions(binaries)
            return binaries
    have = "、".join(str(binaries.major) for binaries in found) or "无"
    raise DatabaseUnavailable(
        f"数据目录由 PostgreSQL {major} 建立，本机没有这一版本（现有：{have}），未作任何改动",
        way_out=f"请执行：{INSTALL} postgresql-{major}-postgis-3；"
        "如要换用新版本，请装好两个版本后用 pg_upgrade 升级数据目录",
    )


def _without_extensions(binaries: Binaries) -> DatabaseUnavailable:
    packages = f"postgresql-{binaries.major}"
    if "postgis" in binaries.missing:
        packages += f"-postgis-3 {packages}"
    return DatabaseUnavailable(
        f"PostgreSQL {binaries.major} 缺少扩展：{'、'.join(binaries.missing)}",
        way_out=f"请运行 make setup，或执行：{INSTALL} {packages}",
    )


def _describe(folder: Path) -> Binaries:
    major = _major_of(folder)
    controls = _extension_folders(folder, major)
    missing = tuple(
        name for name in EXTENSIONS if not any((where / f"{name}.control").is_file() for where in controls)
    )
    return Binaries(major, folder, missing)


def _major_of(folder: Path) -> int:
    answer = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    number = re.search(r"\b(\d+)(?:\.|\b)", answer.stdout)
    return int(number[1]) if number else 0


def _extension_folders(folder: Path, major: int) -> tuple[Path, ...]:
    prefix = folder.parent
    return (
        Path(f"/usr/share/postgresql/{major}/extension"),
        prefix / "share" / "postgresql" / "extension",
        prefix / "share" / "extension",
    )


def _candidates(patterns: Iterable[str]) -> Iterable[Path]:
    for pattern in patterns:
        yield from (folder for folder in Path("/").glob(pattern.lstrip("/")) if _is_server(folder))


def _is_server(folder: Path) -> bool:
    return all((folder / program).is_file() for program in PROGRAMS)
