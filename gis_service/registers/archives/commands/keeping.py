"""Keeping the files of an item: once, under the hash of their content, with what they say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from mimetypes import guess_type
from typing import Any
from uuid import UUID

from geoalchemy2 import WKTElement
from shapely.geometry.base import BaseGeometry
from sqlalchemy import event

from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.uploads import require_fit
from gis_service.registers.archives.models import ArchiveFile, ArchiveImage, ArchiveItem, ArchiveKind
from gis_service.registers.archives.queries.kept import places_of
from gis_service.registers.archives.rules import ImagePlace, judge_kept, place_of, read_contents


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep; `made_from` is the scan it was made of, if the service made it."""

    name: str
    content: bytes
    made_from: str | None = None

    @property
    def sha256(self) -> str:
        """The hash it is kept under."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Keeping:
    """By which act, where, and of which day what a picture shows is."""

    instrument_id: UUID
    store: FileStore
    captured_on: date | None = None


def judge_file(tx: Transaction, item: ArchiveItem, file: NewFile) -> list[Finding]:
    """Refuse what must not be filed, and tell where else a file is kept.

    Raises:
        InvalidInput: see `require_fit`.
    """
    require_fit(file.name, file.content)
    places = places_of(tx.session, file.sha256)
    return list(judge_kept(file.name, [place for place in places if place.item != item.id]))


def keep_file(tx: Transaction, item: ArchiveItem, file: NewFile, how: Keeping) -> ArchiveFile | None:
    """Keep a file with an item; None where it is kept with it already.

    Raises:
        InvalidInput: an image that does not say where it lies.
    """
    if tx.session.get(ArchiveFile, (item.id, file.sha256)) is not None:
        return None
    place = _place(item, file)
    row = ArchiveFile(
        item_id=item.id,
        sha256=file.sha256,
        name=file.name,
        media_type=guess_type(file.name)[0] or "application/octet-stream",
        size_bytes=len(file.content),
        told=read_contents(file.name, file.content),
        made_from=file.made_from,
        instrument_id=how.instrument_id,
        recorded_at=tx.at,
    )
    tx.session.add(row)
    tx.session.flush()
    if place is not None:
        _image(tx, item, file, place, how)
    event.listen(tx.session, "before_commit", partial(_store, how.store, file.content), once=True)
    after = {"name": file.name, "sha256": file.sha256, "told": row.told, "made_from": file.made_from}
    tx.journal("archives.keep", item.number, instrument_id=how.instrument_id, after=after, item=item.id)
    return row


def _place(item: ArchiveItem, file: NewFile) -> ImagePlace | None:
    place = place_of(file.content) if file.name.lower().endswith((".tif", ".tiff")) else None
    if place is None and item.kind == ArchiveKind.image:
        raise InvalidInput(
            f"影像“{file.name}”没有写明坐标系或位置",
            way_out="请提供 GeoTIFF；扫描图请按附图、照片等种类归档，再用 archives georeference 校正",
        )
    return place


def _image(tx: Transaction, item: ArchiveItem, file: NewFile, place: ImagePlace, how: Keeping) -> None:
    tx.session.add(
        ArchiveImage(
            item_id=item.id,
            sha256=file.sha256,
            captured_on=how.captured_on or item.dated_on,
            resolution_m=place.resolution_m,
            crs=place.crs,
            geom=as_element(place.footprint),
            instrument_id=how.instrument_id,
        )
    )
    tx.session.flush()


def as_element(shape: BaseGeometry) -> WKTElement:
    """A shape in the storage system, as it is written."""
    return WKTElement(shape.wkt, srid=STORAGE_SRID)


def _store(store: FileStore, content: bytes, _session: Any) -> None:
    store.keep(content)
