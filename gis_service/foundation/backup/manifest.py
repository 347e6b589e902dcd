"""What a backup says of itself: what it was made of, when, up to where, and the checksum of every file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from gis_service.foundation.errors import InvalidInput

MANIFEST = "manifest.json"


class Form(StrEnum):
    """How the database was copied: its files and write-ahead log, or its content as statements."""

    physical = "physical"
    logical = "logical"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class JournalEnd(_Frozen):
    """The last entry of the journal: a backup holds at least the journal up to here."""

    journal_id: UUID
    position: int
    hash: str


class Facts(_Frozen):
    """What the database was when the backup was begun."""

    schema_revision: str
    postgresql: str
    postgis: str
    journal: JournalEnd
    rows: dict[str, int]

    @property
    def postgresql_major(self) -> int:
        """The major version whose programs can read a physical copy."""
        return int(self.postgresql.partition(".")[0])


class KeptFile(_Frozen):
    """A file of the backup; `path` is relative to it."""

    path: str
    size: int
    sha256: str


class Manifest(_Frozen):
    """`first_segment` is the oldest piece of log a physical copy needs, `archive` where later ones went."""

    format: Literal["gis-service backup 1"] = "gis-service backup 1"
    service: str
    begun_at: AwareDatetime
    finished_at: AwareDatetime
    form: Form
    facts: Facts
    first_segment: str | None = None
    archive: Path | None = None
    with_keys: bool
    files: tuple[KeptFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def as_text(self) -> str:
        """The content of its file."""
        return self.model_dump_json(indent=2) + "\n"


def read_manifest(backup: Path) -> Manifest:
    """The manifest of a backup.

    Raises:
        InvalidInput: the folder is no backup of this service, or its manifest is damaged.
    """
    try:
        return Manifest.model_validate_json((backup / MANIFEST).read_bytes())
    except OSError as error:
        raise InvalidInput(f"{backup} 不是备份：没有 {MANIFEST}", way_out="请写备份所在的文件夹") from error
    except ValidationError as error:
        raise InvalidInput(
            f"{backup / MANIFEST} 读不出，或由更新版本的程序写成", way_out="请换一份备份，或改用较新的程序"
        ) from error


def sha256_of(path: Path) -> str:
    """The checksum of a file, read piece by piece."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def check(backup: Path, seen: Callable[[int], None] = lambda _: None) -> list[str]:
    """What is wrong with the files of a backup, in words; `seen` hears of every byte read."""
    manifest = read_manifest(backup)
    return [problem for file in manifest.files for problem in _check_file(backup, file, seen)]


def _check_file(backup: Path, file: KeptFile, seen: Callable[[int], None]) -> Iterator[str]:
    path = backup / file.path
    if not path.is_file():
        yield f"{file.path}：文件缺失"
    elif path.stat().st_size != file.size:
        yield f"{file.path}：应为 {file.size} 字节，现为 {path.stat().st_size} 字节"
    elif sha256_of(path) != file.sha256:
        yield f"{file.path}：内容已改变"
    seen(file.size)
