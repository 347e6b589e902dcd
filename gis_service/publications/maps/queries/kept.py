"""Sheets with all their editions and files, for readers: three statements however long the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from gis_service.foundation.access import highest
from gis_service.foundation.errors import NotFound
from gis_service.foundation.readings import note_reading
from gis_service.publications.maps.models import Edition, EditionFile, Sheet


@dataclass(frozen=True, slots=True)
class FileKept:
    """A file of an edition; `path` is relative to the folder of editions."""

    format: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EditionKept:
    """An edition with its files by format."""

    number: int
    valid_on: date
    since: date | None
    denominator: int
    fingerprint: str
    drawn_at: datetime
    classification: str
    files: tuple[FileKept, ...]


@dataclass(frozen=True, slots=True)
class SheetKept:
    """A sheet with its editions, newest first."""

    id: UUID
    type: str
    subject: UUID
    title: str
    stale_on: date | None
    classification: str
    editions: tuple[EditionKept, ...]


def sheets_kept(
    session: Session,
    *,
    type_: str | None = None,
    subject: UUID | None = None,
    stale: bool | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[SheetKept]:
    """Sheets by title; `after` is the id of the sheet before the first one wanted."""
    wanted = select(Sheet).order_by(Sheet.title, Sheet.id).limit(limit)
    if type_ is not None:
        wanted = wanted.where(Sheet.type == type_)
    if subject is not None:
        wanted = wanted.where(Sheet.subject == subject)
    if stale is not None:
        wanted = wanted.where(Sheet.stale_on.is_not(None) if stale else Sheet.stale_on.is_(None))
    if after is not None:
        before = select(Sheet.title, Sheet.id).where(Sheet.id == after).scalar_subquery()
        wanted = wanted.where(tuple_(Sheet.title, Sheet.id) > before)
    return _with_editions(session, list(session.scalars(wanted)))


def newest_sheets(session: Session, limit: int) -> list[SheetKept]:
    """The sheets drawn last, the newest first."""
    drawn = (
        select(Edition.sheet_id, func.max(Edition.drawn_at).label("at")).group_by(Edition.sheet_id).subquery()
    )
    wanted = select(Sheet).join(drawn, drawn.c.sheet_id == Sheet.id)
    return _with_editions(
        session,
        list(session.scalars(wanted.order_by(drawn.c.at.desc(), Sheet.type, Sheet.title).limit(limit))),
    )


def sheet_kept(session: Session, sheet_id: UUID) -> SheetKept:
    """One sheet.

    Raises:
        NotFound: no such sheet.
    """
    sheet = session.get(Sheet, sheet_id)
    if sheet is None:
        raise NotFound(f"没有标识为 {sheet_id} 的图幅", way_out="请在图幅列表中查找")
    return _with_editions(session, [sheet])[0]


def edition_in(session: Session, sheet: SheetKept, number: int, format_: str) -> tuple[EditionKept, FileKept]:
    """An edition and its file in one format.

    Raises:
        NotFound: no such edition or format; says what there is.
    """
    for edition in sheet.editions:
        for file in edition.files:
            if (edition.number, file.format) == (number, format_):
                return edition, file
    note_sheet(session, sheet)
    numbers = "、".join(str(edition.number) for edition in reversed(sheet.editions)) or "尚未绘制"
    raise NotFound(f"“{sheet.title}”没有第 {number} 版的 {format_} 文件", way_out=f"已有的版次：{numbers}")


def note_sheet(session: Session, sheet: SheetKept) -> None:
    """Note that an answer tells of a sheet with its editions."""
    kept = highest(sheet.classification, *(edition.classification for edition in sheet.editions))
    note_reading(session, kept, sheet.id)


def content_of(folder: Path, file: FileKept) -> bytes:
    """The bytes of a file of an edition, as they were when it was drawn.

    Raises:
        NotFound: the file is not in the folder of editions, or no longer what was drawn.
    """
    place = (folder / file.path).resolve()
    if not place.is_relative_to(folder.resolve()) or not place.is_file():
        raise NotFound("此版的文件不在图幅目录中", way_out="请从备份恢复图幅目录；已出的版不再重绘")
    content = place.read_bytes()
    if sha256(content).hexdigest() != file.sha256:
        raise NotFound("此版的文件与登记的内容摘要不符，不予提供", way_out="请从备份恢复图幅目录")
    return content


def _with_editions(session: Session, sheets: Sequence[Sheet]) -> list[SheetKept]:
    editions = _editions(session, [sheet.id for sheet in sheets])
    return [
        SheetKept(
            sheet.id,
            sheet.type,
            sheet.subject,
            sheet.title,
            sheet.stale_on,
            sheet.classification,
            tuple(editions.get(sheet.id, ())),
        )
        for sheet in sheets
    ]


def _editions(session: Session, sheet_ids: Iterable[UUID]) -> dict[UUID, list[EditionKept]]:
    wanted = select(Edition).where(Edition.sheet_id.in_(list(sheet_ids)))
    editions = list(session.scalars(wanted.order_by(Edition.sheet_id, Edition.number.desc())))
    files = _files(session, [edition.id for edition in editions])
    found: dict[UUID, list[EditionKept]] = defaultdict(list)
    for edition in editions:
        found[edition.sheet_id].append(
            EditionKept(
                edition.number,
                edition.valid_on,
                edition.since,
                edition.denominator,
                edition.fingerprint,
                edition.drawn_at,
                edition.classification,
                tuple(files.get(edition.id, ())),
            )
        )
    return found


def _files(session: Session, edition_ids: Iterable[UUID]) -> dict[UUID, list[FileKept]]:
    wanted = select(EditionFile).where(EditionFile.edition_id.in_(list(edition_ids)))
    found: dict[UUID, list[FileKept]] = defaultdict(list)
    for file in session.scalars(wanted.order_by(EditionFile.edition_id, EditionFile.format)):
        found[file.edition_id].append(FileKept(file.format, file.path, file.sha256))
    return found
