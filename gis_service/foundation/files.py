"""Files kept under the hash of their content: never overwritten, found again by what they say."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from gis_service.foundation.errors import FilesUnavailable, NotFound
from gis_service.foundation.system_words import SYSTEM_WORDS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files named by SHA-256; user-given names never become paths."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """Store content and return its SHA-256; storing it again changes nothing.

        Raises:
            FilesUnavailable: the folder cannot be written, or is full; nothing is kept.
        """
        digest = sha256(content).hexdigest()
        place = self._place(digest)
        with _told_if_unavailable("文件存不进去"):
            if not place.exists():
                write_whole(place, content)
        return digest

    def read(self, digest: str) -> bytes:
        """The content with this SHA-256.

        Raises:
            NotFound: nothing kept under it.
            FilesUnavailable: the folder cannot be read.
        """
        place = self._place(digest)
        with _told_if_unavailable("文件读不出来"):
            try:
                return place.read_bytes()
            except FileNotFoundError as error:
                raise _missing(digest) from error

    def kept_at(self, digest: str) -> Path:
        """Where the content with this SHA-256 lies, for what reads a piece of it.

        Raises:
            NotFound, FilesUnavailable: see `read`.
        """
        place = self._place(digest)
        with _told_if_unavailable("文件读不出来"):
            try:
                place.stat()
            except FileNotFoundError as error:
                raise _missing(digest) from error
        return place

    def path_of(self, digest: str) -> Path:
        """Where the content lies, for serving it without reading it whole."""
        return self._place(digest)

    def _place(self, digest: str) -> Path:
        if len(digest) != 64 or not all(letter in "0123456789abcdef" for letter in digest):
            raise NotFound(f"“{digest}”不是内容摘要")
        return self.folder / digest[:2] / digest


def _missing(digest: str) -> NotFound:
    return NotFound(f"没有内容摘要为 {digest} 的文件", way_out="请核对文件目录是否完整")


@contextmanager
def _told_if_unavailable(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        number = error.errno or 0
        log.error("the folder of files is unavailable", extra={"errno": errno.errorcode.get(number)})
        reason = SYSTEM_WORDS.get(number, "系统错误")
        raise FilesUnavailable(
            f"{what}：{reason}；没有写入任何内容",
            way_out="请管理员检查文件目录的权限和磁盘空间，处理后重试",
        ) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there as a whole or not at all, and for good: on the disk before this returns."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        sync_folder(path.parent.parent)
    with beside(path) as fresh:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    sync_folder(path.parent)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A name beside `path` to write under until the file is whole; nothing stays there, come what may."""
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
