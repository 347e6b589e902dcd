"""Finding items: by number or id, and by what they are and are about.

Whoever may see nothing of what an item is about is not told of the item.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.registers.archives.models import (
    ArchiveFile,
    ArchiveGroup,
    ArchiveItem,
    ArchiveKind,
    ArchiveSubject,
)

_ABOUT_SHOWN = select(ArchiveSubject.id).where(ArchiveSubject.item_id == ArchiveItem.id).exists()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items; what is None does not matter."""

    items: Collection[UUID] | None = None
    lines: Collection[UUID] | None = None
    marker: UUID | None = None
    kind: ArchiveKind | None = None
    group: ArchiveGroup | None = None
    text: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL."""
        found: list[ColumnElement[bool]] = []
        if self.items is not None:
            found.append(ArchiveItem.id.in_(self.items))
        if self.lines is not None:
            found.append(_about(ArchiveSubject.line_id.in_(self.lines)))
        if self.marker is not None:
            found.append(_about(ArchiveSubject.marker_id == self.marker))
        if self.kind is not None:
            found.append(ArchiveItem.kind == self.kind.value)
        if self.group is not None:
            found.append(ArchiveItem.fonds == self.group.value)
        if self.text is not None:
            words = (ArchiveItem.number, ArchiveItem.title, ArchiveItem.issuer)
            found.append(or_(*(word.icontains(self.text, autoescape=True) for word in words)))
        return found


def _about(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    about = select(ArchiveSubject.id).where(ArchiveSubject.item_id == ArchiveItem.id, condition)
    return about.exists()


def items_page(
    session: Session, wanted: Wanted, *, after: str | None = None, limit: int | None = None
) -> list[ArchiveItem]:
    """Items in the order of their numbers, beginning after the number `after`."""
    query = _shown().where(*wanted.conditions()).order_by(ArchiveItem.number).limit(limit)
    if after is not None:
        query = query.where(ArchiveItem.number > after)
    return list(session.scalars(query))


def item_named(session: Session, reference: str | UUID) -> ArchiveItem:
    """The item with this id or number.

    Raises:
        NotFound: none, or none that is shown to the reader.
    """
    found = session.scalar(_shown().where(_is(reference)))
    if found is None:
        raise NotFound(
            f"没有档号或标识为“{str(reference)[:80]}”的档案", way_out="请核对档号，或在 /archives 中查找"
        )
    return found


def _shown() -> Select[ArchiveItem]:
    return select(ArchiveItem).where(_ABOUT_SHOWN)


def _is(reference: str | UUID) -> ColumnElement[bool]:
    try:
        key = reference if isinstance(reference, UUID) else UUID(reference)
    except ValueError:
        return ArchiveItem.number == str(reference)
    return ArchiveItem.id == key


def file_of(session: Session, item: ArchiveItem, digest: str) -> ArchiveFile:
    """A file of an item by its hash, or by the beginning of it, or by its name.

    Raises:
        NotFound: none such, or several.
    """
    rows = session.scalars(select(ArchiveFile).where(ArchiveFile.item_id == item.id)).all()
    found = [
        row for row in rows if row.name == digest or (len(digest) >= 8 and row.sha256.startswith(digest))
    ]
    if len(found) != 1:
        raise NotFound(
            f"档案 {item.number} 中没有“{digest[:64]}”这份文件，或不止一份",
            way_out="请写文件的内容摘要，见 archives show",
        )
    return found[0]
