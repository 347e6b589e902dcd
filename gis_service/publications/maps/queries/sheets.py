"""Finding sheets, their editions and files."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.publications.maps.models import Edition, EditionFile, Sheet


def sheet_of(session: Session, type_: str, subject: UUID) -> Sheet | None:
    """The sheet of this type that shows this subject."""
    return session.scalar(select(Sheet).where(Sheet.type == type_, Sheet.subject == subject))


def sheets_listed(session: Session, *, stale: bool = False) -> list[Sheet]:
    """All sheets, or those to be drawn anew, by type and title."""
    wanted = select(Sheet).order_by(Sheet.type, Sheet.title)
    return list(session.scalars(wanted.where(Sheet.stale_on.is_not(None)) if stale else wanted))


def editions_of(session: Session, sheet_id: UUID) -> list[Edition]:
    """The editions of a sheet, oldest first."""
    wanted = select(Edition).where(Edition.sheet_id == sheet_id).order_by(Edition.number)
    return list(session.scalars(wanted))


def newest_edition(session: Session, sheet_id: UUID) -> Edition | None:
    """The last edition drawn of a sheet."""
    wanted = select(Edition).where(Edition.sheet_id == sheet_id)
    return session.scalar(wanted.order_by(Edition.number.desc()).limit(1))


def edition_files(session: Session, edition_id: UUID) -> list[EditionFile]:
    """The files of an edition, by format."""
    wanted = select(EditionFile).where(EditionFile.edition_id == edition_id)
    return list(session.scalars(wanted.order_by(EditionFile.format)))
