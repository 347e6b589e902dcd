"""Where a file is kept already, and whether all files are still what was filed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import FilesUnavailable, NotFound
from gis_service.foundation.files import FileStore
from gis_service.registers.archives.models import ArchiveFile, ArchiveItem
from gis_service.registers.archives.rules import WHOLE, KeptElsewhere, StoredFile
from gis_service.registers.instruments.models import Instrument, InstrumentFile
from gis_service.registers.markers.models import Marker, MarkerFile


@dataclass(frozen=True, slots=True)
class KeptIn(KeptElsewhere):
    """The same, with the item it is on file in, if it is in one."""

    item: UUID | None = None


def places_of(session: Session, digest: str) -> list[KeptIn]:
    """Everything the reader may know of that keeps a file with this hash."""
    items = session.execute(
        select(ArchiveItem.id, ArchiveItem.number, ArchiveItem.title)
        .join(ArchiveFile, ArchiveFile.item_id == ArchiveItem.id)
        .where(ArchiveFile.sha256 == digest)
    )
    found = [KeptIn(f"档案 {number}《{title}》", True, key) for key, number, title in items]
    acts = session.scalars(
        select(Instrument.number)
        .join(InstrumentFile, InstrumentFile.instrument_id == Instrument.id)
        .where(InstrumentFile.sha256 == digest)
    )
    found += [KeptIn(f"文件 {number} 的附件", False) for number in acts]
    markers = session.scalars(
        select(Marker.number)
        .join(MarkerFile, MarkerFile.marker_id == Marker.id)
        .where(MarkerFile.sha256 == digest)
    )
    return found + [KeptIn(f"界桩 {number} 的附件", False) for number in markers]


def stored_files(session: Session, store: FileStore) -> Iterator[StoredFile]:
    """Every file on file, read from the disk and compared with its hash."""
    rows = session.execute(
        select(ArchiveItem.number, ArchiveFile.name, ArchiveFile.sha256)
        .join(ArchiveFile, ArchiveFile.item_id == ArchiveItem.id)
        .order_by(ArchiveItem.number, ArchiveFile.ordinal)
    )
    for number, name, digest in rows.all():
        yield StoredFile(number, name, digest, _state(store, digest))


def _state(store: FileStore, digest: str) -> str:
    try:
        return WHOLE if sha256(store.read(digest)).hexdigest() == digest else "已改动"
    except NotFound:
        return "缺失"
    except FilesUnavailable:
        return "无法读取"
