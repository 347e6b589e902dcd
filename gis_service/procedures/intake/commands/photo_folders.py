"""Photos that come beside a table: in a folder or a zip, found by the name a row gives."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.intake.formats.zipped import name_of

MOST_BYTES = 100 * 1024 * 1024  # of one photo, unpacked

Read = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class PhotoFolder:
    """Photos by their path below the folder, in the writing of the files."""

    files: Mapping[str, Read]

    def named(self, name: str) -> list[str]:
        """The paths a name may mean: the very path, else all files of that name in whichever folder."""
        wanted = name.strip().replace("\\", "/").lower()
        exact = [path for path in self.files if path.lower() == wanted]
        return exact or [path for path in self.files if PurePosixPath(path).name.lower() == wanted]


def open_photos(path: Path) -> PhotoFolder:
    """The photos of a folder or a zip, none of them read yet.

    Raises:
        InvalidInput: it is neither.
    """
    if path.is_dir():
        found = sorted(each for each in path.rglob("*") if each.is_file())
        return PhotoFolder({each.relative_to(path).as_posix(): each.read_bytes for each in found})
    if path.is_file() and zipfile.is_zipfile(path):
        return PhotoFolder(dict(_members(path)))
    raise InvalidInput(f"{path} 不是文件夹，也不是 zip", way_out="--photos 请写照片所在的文件夹或 zip 文件")


def _members(path: Path) -> Iterator[tuple[str, Read]]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield name_of(info), partial(_unpacked, path, info)


def _unpacked(path: Path, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > MOST_BYTES:
        raise InvalidInput(f"{info.filename} 解开后过大", way_out="照片请不超过 100 MB")
    try:
        with zipfile.ZipFile(path) as archive, archive.open(info) as file:
            return file.read(MOST_BYTES)
    except (RuntimeError, zipfile.BadZipFile) as error:
        raise InvalidInput(f"{info.filename} 解不开（已加密或已损坏）", way_out="请重新压缩后提交") from error
