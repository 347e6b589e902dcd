"""Files kept under the hash of their content: never overwritten, found again by what they say."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from gis_service.foundation.errors import NotFound


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files named by SHA-256; user-given names never become paths."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """Store content and return its SHA-256; storing it again changes nothing."""
        digest = sha256(content).hexdigest()
        place = self._place(digest)
        if not place.exists():
            write_whole(place, content)
        return digest

    def read(self, digest: str) -> bytes:
        """The content with this SHA-256.

        Raises:
            NotFound: nothing kept under it.
        """
        place = self._place(digest)
        if not place.is_file():
            raise NotFound(f"没有内容摘要为 {digest} 的文件", way_out="请核对文件目录是否完整")
        return place.read_bytes()

    def path_of(self, digest: str) -> Path:
        """Where the content lies, for serving it without reading it whole."""
        return self._place(digest)

    def _place(self, digest: str) -> Path:
        if len(digest) != 64 or not all(letter in "0123456789abcdef" for letter in digest):
            raise NotFound(f"“{digest}”不是内容摘要")
        return self.folder / digest[:2] / digest


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there as a whole or not at all, and for good: on the disk before this returns."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        sync_folder(path.parent.parent)
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
