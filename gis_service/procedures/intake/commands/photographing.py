"""Photos that rows of markers name, kept with the markers just entered; what is not found is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from uuid import UUID

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import Finding, Severity
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.uploads import require_fit
from gis_service.procedures.intake.commands.photo_folders import PhotoFolder
from gis_service.procedures.intake.rules.surveys import GivenMarker, Notes
from gis_service.procedures.intake.rules.surveys.photos import R_SUR_12
from gis_service.registers.markers.commands import Attachment, attach_files
from gis_service.registers.markers.models import MarkerFileKind

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Photos:
    """Where the photos of a delivery are, and where they are kept."""

    folder: PhotoFolder
    store: FileStore


@dataclass(slots=True)
class _Found:
    files: list[Attachment] = field(default_factory=list)
    used: set[str] = field(default_factory=set)


def keep_photos(
    tx: Transaction,
    given: Sequence[GivenMarker],
    ids: Mapping[int, UUID],
    photos: Photos | None,
    *,
    source: str,
    on: date,
    instrument_id: UUID,
) -> list[Finding]:
    """Keep the photos of markers, `ids` by row; returns what photos lack, and which were not found.

    Raises:
        NotPermitted: the actor may enter markers but not keep files with them.
    """
    notes, found = Notes(source), _Found()
    for marker in given:
        if marker.row in ids:
            for name in marker.photos:
                _find(marker, name, ids[marker.row], photos, found, notes)
    findings = notes.findings
    if photos is not None:
        if found.files:
            findings += attach_files(tx, found.files, on=on, instrument_id=instrument_id, store=photos.store)
        findings += _unused(photos.folder, found.used, source)
    return findings


def _find(
    marker: GivenMarker, name: str, marker_id: UUID, photos: Photos | None, found: _Found, notes: Notes
) -> None:
    def tell(message: str, way_out: str) -> None:
        later = "界桩已登记的，可用 markers attach 补收"
        notes.warn(R_SUR_12, marker.row, marker.number, message, f"{way_out}；{later}")

    if photos is None:
        tell(f"照片“{name}”没有收入", "装入时请加 --photos 写明照片所在的文件夹或 zip")
        return
    paths = photos.folder.named(name)
    if len(paths) != 1:
        what = "没有找到" if not paths else f"有 {len(paths)} 个同名文件（{'、'.join(paths[:_SHOWN])}）"
        tell(f"照片“{name}”{what}，没有收入", "请核对文件名，同名的请写明所在文件夹")
        return
    found.used.add(paths[0])
    try:
        plain = PurePosixPath(paths[0]).name
        content = photos.folder.files[paths[0]]()
        require_fit(plain, content)
    except (InvalidInput, OSError) as error:
        tell(f"照片“{name}”没有收入：{error}", getattr(error, "way_out", "请核对文件"))
        return
    found.files.append(Attachment(marker_id, MarkerFileKind.photo, plain, content))


def _unused(folder: PhotoFolder, used: set[str], source: str) -> list[Finding]:
    left = sorted(folder.files.keys() - used)
    if not left:
        return []
    named = "、".join(left[:_SHOWN]) + ("……" if len(left) > _SHOWN else "")
    message = f"{source}：有 {len(left)} 个文件没有任何一行提到，没有收入：{named}"
    return [R_SUR_12.finding(Severity.info, "照片", message, suggestion="请在“照片”列写明文件名")]
