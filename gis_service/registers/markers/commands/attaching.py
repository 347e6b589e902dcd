"""Sketches, photos and forms of markers, kept under the hash of their content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from mimetypes import guess_type
from typing import Any
from uuid import UUID

from sqlalchemy import event

from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.uploads import require_fit
from gis_service.registers.markers.commands.in_hand import take_in_hand
from gis_service.registers.markers.commands.observing import point_element
from gis_service.registers.markers.models import MarkerFile, MarkerFileKind
from gis_service.registers.markers.queries import MarkerOnDay
from gis_service.registers.markers.rules import PhotoFacts, judge_photo, read_photo


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to keep with a marker; a photo tells by itself where and when it was taken."""

    marker_id: UUID
    kind: MarkerFileKind
    name: str
    content: bytes


def attach_files(
    tx: Transaction, files: Sequence[Attachment], *, on: date, instrument_id: UUID, store: FileStore
) -> list[Finding]:
    """Keep files with markers that stand on a day; what is kept with one already is not kept twice.

    The content is stored when the transaction commits, so that a dry run leaves none. Returns what photos do
    not tell, or tell otherwise: they are kept all the same.

    Raises:
        InvalidInput: a file that must not be filed.
        NotFound, NotPermitted: see `take_in_hand`.
    """
    for each in files:
        require_fit(each.name, each.content)
    hand = take_in_hand(tx, {each.marker_id for each in files}, on=on, where_they_stand=True)
    findings: list[Finding] = []
    for each in files:
        marker = hand.markers[each.marker_id]
        is_photo = each.kind is MarkerFileKind.photo
        photo = read_photo(each.content) if is_photo else PhotoFacts()
        findings += judge_photo(marker.number, each.name, photo, marker.point) if is_photo else ()
        _keep(tx, marker, each, photo, instrument_id=instrument_id, store=store)
    return findings


def _keep(
    tx: Transaction,
    marker: MarkerOnDay,
    file: Attachment,
    photo: PhotoFacts,
    *,
    instrument_id: UUID,
    store: FileStore,
) -> None:
    digest = sha256(file.content).hexdigest()
    if tx.session.get(MarkerFile, (file.marker_id, digest)) is not None:
        return
    point = None if photo.point is None else (photo.point.x, photo.point.y)
    told: dict[str, Any] = {"kind": file.kind.value, "name": file.name}
    tx.session.add(
        MarkerFile(
            marker_id=file.marker_id,
            sha256=digest,
            media_type=guess_type(file.name)[0] or "application/octet-stream",
            size_bytes=len(file.content),
            taken_at=photo.taken_at,
            geom=None if point is None else point_element(point),
            azimuth_deg=photo.azimuth_deg,
            instrument_id=instrument_id,
            **told,
        )
    )
    event.listen(tx.session, "before_commit", partial(_store, store, file.content), once=True)
    tx.session.flush()
    after = told | {"sha256": digest, "taken_at": photo.taken_at, "taken_from": point}
    tx.journal(
        "markers.attach", marker.number, instrument_id=instrument_id, after=after, marker=file.marker_id
    )


def _store(store: FileStore, content: bytes, _session: Any) -> None:
    store.keep(content)
