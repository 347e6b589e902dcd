"""Files kept under the hash of their content: never overwritten, found again by what they say."""

from __future__ import annotations

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
            place.parent.mkdir(parents=True, exist_ok=True)
            beside = place.with_name(f".{digest}.{uuid4().hex}")
            beside.write_bytes(content)
            beside.replace(place)  # so that a reader never sees half a file
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
