"""Items as readers are told of them: what they are about and how closely all is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.readings import note_readings
from gis_service.foundation.wkb import read_one
from gis_service.registers.archives.models import (
    ArchiveAppraisal,
    ArchiveCorrection,
    ArchiveFile,
    ArchiveImage,
    ArchiveItem,
    ArchiveSubject,
    Georeference,
    TracedVector,
)
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.markers.models import Marker, TriPoint
from gis_service.registers.markers.queries.histories import kept_as, papers_of


@dataclass(frozen=True, slots=True)
class ToldItem:
    """An item, its files in their order, and the lines, markers and tri-points it is about."""

    item: ArchiveItem
    files: tuple[ArchiveFile, ...]
    lines: tuple[BoundaryLine, ...]
    markers: tuple[Marker, ...]
    tri_points: tuple[TriPoint, ...]
    instrument: str | None
    classification: Classification


@dataclass(frozen=True, slots=True)
class Details:
    """What else is on record of an item; shapes are lon/lat."""

    images: list[tuple[ArchiveImage, Any]] = field(default_factory=list)
    georeferences: list[Georeference] = field(default_factory=list)
    vectors: list[tuple[TracedVector, Any]] = field(default_factory=list)
    appraisals: list[ArchiveAppraisal] = field(default_factory=list)
    corrections: list[ArchiveCorrection] = field(default_factory=list)


def told_of(session: Session, items: Sequence[ArchiveItem]) -> list[ToldItem]:
    """Items in the given order; that they were read is noted."""
    ids = {item.id for item in items}
    files = _by_item(session.scalars(_rows(ArchiveFile, ids).order_by(ArchiveFile.ordinal)))
    about = _by_item(session.scalars(_rows(ArchiveSubject, ids)))
    named = [row for rows in about.values() for row in rows]
    lines = _found(session, BoundaryLine, {row.line_id for row in named})
    markers = _found(session, Marker, {row.marker_id for row in named})
    tri_points = _found(session, TriPoint, {row.tri_point_id for row in named})
    own = [file for rows in files.values() for file in rows]
    behind_all = {row.instrument_id for row in (*items, *own, *named)} | _behind(lines, markers, tri_points)
    papers = papers_of(session, behind_all)
    told = []
    for item in items:
        rows = about[item.id]
        of_lines = _named(lines, (row.line_id for row in rows), "code")
        of_markers = _named(markers, (row.marker_id for row in rows), "number")
        met = _named(tri_points, (row.tri_point_id for row in rows), "name")
        behind = {row.instrument_id for row in (item, *files[item.id], *rows)}
        behind |= {row.registered_by for row in of_markers} | {row.begun_by for row in (*of_lines, *met)}
        kept = kept_as(papers, behind)
        number = papers[item.instrument_id].number if item.instrument_id in papers else None
        told.append(ToldItem(item, tuple(files[item.id]), of_lines, of_markers, met, number, kept))
    note_readings(session, ((each.classification, each.item.number) for each in told))
    return told


def details_of(session: Session, item: ArchiveItem) -> Details:
    """Everything else of one item, in the order of its recording."""
    ids = {item.id}
    images = session.execute(_with_shape(ArchiveImage, ids)).all()
    vectors = session.execute(_with_shape(TracedVector, ids).order_by(TracedVector.ordinal)).all()
    return Details(
        images=[(row, read_one(shape)) for row, shape in images],
        georeferences=list(session.scalars(_rows(Georeference, ids).order_by(Georeference.ordinal))),
        vectors=[(row, read_one(shape)) for row, shape in vectors],
        appraisals=list(session.scalars(_rows(ArchiveAppraisal, ids).order_by(ArchiveAppraisal.ordinal))),
        corrections=list(session.scalars(_rows(ArchiveCorrection, ids).order_by(ArchiveCorrection.ordinal))),
    )


def classification_with(session: Session, told: ToldItem, details: Details) -> Classification:
    """How closely an item is kept with all that is on record of it."""
    rows: list[Any] = [row for row, _ in details.images] + [row for row, _ in details.vectors]
    rows += [*details.georeferences, *details.appraisals, *details.corrections]
    papers: Mapping[UUID, Instrument] = papers_of(session, {row.instrument_id for row in rows})
    return highest(told.classification, kept_as(papers, papers))


def _rows(model: Any, ids: Iterable[UUID]) -> Any:
    return select(model).where(model.item_id.in_(ids))


def _with_shape(model: Any, ids: Iterable[UUID]) -> Any:
    return select(model, model.geom.ST_AsBinary()).where(model.item_id.in_(ids))


def _by_item(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found


def _found(session: Session, model: Any, ids: set[UUID | None]) -> dict[UUID, Any]:
    return {row.id: row for row in session.scalars(select(model).where(model.id.in_(ids - {None})))}


def _behind(lines: Any, markers: Any, tri_points: Any) -> set[UUID]:
    dated = {row.begun_by for row in (*lines.values(), *tri_points.values())}
    return dated | {row.registered_by for row in markers.values()}


def _named(known: Mapping[UUID, Any], ids: Iterable[UUID | None], by: str) -> tuple[Any, ...]:
    found = [known[each] for each in ids if each is not None and each in known]
    return tuple(sorted(found, key=lambda row: (str(getattr(row, by)), row.id)))
