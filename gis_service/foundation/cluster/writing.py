"""Writing small private files so that a reader never sees half of one."""

from __future__ import annotations

import os
from pathlib import Path


def write_private(path: Path, text: str, *, like: Path) -> None:
    """Replace `path` by a file only its owner may read; it belongs to the owner of `like`."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    owner = like.stat()
    if owner.st_uid != os.geteuid():
        os.chown(fresh, owner.st_uid, owner.st_gid)
    fresh.replace(path)
