"""Copying kept files into a backup: what the backup before holds already is linked, not copied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gis_service.foundation.backup.manifest import KeptFile, Manifest, read_manifest, sha256_of
from gis_service.foundation.files import sync_folder


@dataclass(frozen=True, slots=True)
class Former:
    """The backup before this one, if there is any: its files by path."""

    folder: Path | None = None
    files: Mapping[str, KeptFile] = field(default_factory=dict)


def former(backups: list[Path]) -> Former:
    """The newest of these backups."""
    if not backups:
        return Former()
    manifest: Manifest = read_manifest(backups[-1])
    return Former(backups[-1], {file.path: file for file in manifest.files})


def copied(source: Path, backup: Path, name: str, before: Former) -> Iterator[KeptFile]:
    """Copy a file, or all below a folder, into a backup under `name`; files half written are left out."""
    for file in _files(source):
        path = f"{name}/{file.relative_to(source).as_posix()}" if source.is_dir() else name
        yield _kept(file, backup / path, path, before)


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    return sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))


def _kept(file: Path, place: Path, path: str, before: Former) -> KeptFile:
    place.parent.mkdir(parents=True, exist_ok=True)
    known = before.files.get(path)
    if known is not None and sha256_of(file) == known.sha256 and _linked(before, path, place):
        return known
    shutil.copy(file, place)
    return finished(place, path)


def finished(place: Path, path: str) -> KeptFile:
    """A file of the backup that is written: on the disk, and read back for its checksum."""
    with place.open("rb") as file:
        os.fsync(file.fileno())
    sync_folder(place.parent)
    return KeptFile(path=path, size=place.stat().st_size, sha256=sha256_of(place))


def _linked(before: Former, path: str, place: Path) -> bool:
    """Whether the file could be linked; some file systems have no hard links."""
    assert before.folder is not None
    try:
        place.hardlink_to(before.folder / path)
    except OSError:
        return False
    return True
