"""The folder in which backups stand side by side, each under the moment it was begun."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gis_service.foundation.cluster.lock import only_one
from gis_service.foundation.cluster.machine import Say
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.files import sync_folder

NAME = "%Y%m%dT%H%M%SZ"
_COMPLETE = re.compile(r"\d{8}T\d{6}Z")
UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Shelf:
    """`folder` holds backups and nothing else of this program's but a lock."""

    folder: Path

    @property
    def backups(self) -> list[Path]:
        """Finished backups, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if _COMPLETE.fullmatch(path.name))

    @contextmanager
    def place_for(self, begun: datetime, say: Say) -> Iterator[Path]:
        """A folder to build a backup in, which takes its name when all went well, and goes when it did not.

        One backup is made at a time; what a killed one left is swept away.
        """
        name = begun.strftime(NAME)
        self._make()
        with only_one(self.folder / ".lock", say):
            self._sweep()
            if (self.folder / name).exists():
                raise Conflict(f"备份 {self.folder / name} 已存在", way_out="请稍候一秒再试")
            unfinished = self.folder / f"{UNFINISHED}{name}"
            unfinished.mkdir(mode=0o700)
            try:
                yield unfinished
                unfinished.rename(self.folder / name)
                sync_folder(self.folder)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)

    def keep_newest(self, count: int) -> list[Path]:
        """Drop all but the newest `count` backups; returns those dropped."""
        dropped = self.backups[:-count]
        for backup in dropped:
            doomed = backup.rename(backup.with_name(f"{UNFINISHED}{backup.name}"))
            shutil.rmtree(doomed)
        return dropped

    def _make(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidInput(
                f"无法建立备份目录 {self.folder}：{error.strerror}", way_out="请用 --to 写另一个目录"
            ) from error

    def _sweep(self) -> None:
        for leftover in self.folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(leftover)
