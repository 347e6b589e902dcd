"""Finding sheets, their editions and files."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from gis_service.publications.maps.models import Edition, EditionFile, Sheet
from gis_service.publications.maps.queries.gathering import AROUND
from gis_service.registers.boundaries.models import Extent


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


def sheets_around(units: Iterable[UUID]) -> Select[UUID]:
    """The ids of sheets in whose frame one of these units may show, or an area it is part of, on any day."""
    subject, shown = aliased(Extent), aliased(Extent)
    wide = func.ST_XMax(subject.geom) - func.ST_XMin(subject.geom)
    high = func.ST_YMax(subject.geom) - func.ST_YMin(subject.geom)
    frame = func.ST_Expand(subject.geom, wide * AROUND, high * AROUND)
    return (
        select(Sheet.id)
        .join(subject, subject.division_id == Sheet.subject)
        .join(shown, shown.geom.op("&&")(frame))
        .where(shown.division_id.in_(list(units)))
    )
