"""What was known of a marker over time, and by which papers it is all known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.errors import NotFound
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.markers.models import (
    Marker,
    MarkerFile,
    MarkerObservation,
    MarkerPosition,
    MarkerVersion,
)
from gis_service.registers.markers.queries.standing import MarkerOnDay

_IDS = ARRAY(PG_UUID(as_uuid=True))


@dataclass(frozen=True, slots=True)
class MarkerHistory:
    """Versions, positions and observations of a marker from the first to the last, and its files."""

    versions: tuple[MarkerVersion, ...]
    positions: tuple[MarkerPosition, ...]
    observations: tuple[MarkerObservation, ...]
    files: tuple[MarkerFile, ...]

    def papers(self) -> set[UUID]:
        """The instruments all of it stands by."""
        dated = {each.begun_by for each in self.versions} | {each.begun_by for each in self.positions}
        seen = {each.instrument_id for each in self.observations}
        return dated | seen | {each.instrument_id for each in self.files}


def history_of(session: Session, marker: UUID) -> MarkerHistory:
    """Everything that was ever registered of a marker and is shown to the reader."""

    def rows(model: Any, *order: Any) -> tuple[Any, ...]:
        return tuple(session.scalars(select(model).where(model.marker_id == marker).order_by(*order)))

    return MarkerHistory(
        versions=rows(MarkerVersion, func.lower(MarkerVersion.valid)),
        positions=rows(MarkerPosition, func.lower(MarkerPosition.valid)),
        observations=rows(MarkerObservation, MarkerObservation.seen_on, MarkerObservation.ordinal),
        files=rows(MarkerFile, MarkerFile.kind, MarkerFile.name),
    )


def marker_by_id(session: Session, marker: UUID) -> Marker:
    """A marker, standing or not.

    Raises:
        NotFound: none, or none that is shown to the reader.
    """
    found = session.get(Marker, marker)
    if found is None:
        raise NotFound(f"没有标识为 {marker} 的界桩", way_out="界桩的标识可在 /markers 中查得")
    return found


def marker_file(session: Session, marker: UUID, sha256: str) -> MarkerFile:
    """A file of a marker by the hash of its content.

    Raises:
        NotFound: the marker has no such file.
    """
    found = session.get(MarkerFile, (marker, sha256))
    if found is None:
        raise NotFound("此界桩没有这一附件", way_out="附件的内容摘要见界桩的 files")
    return found


def papers_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, Instrument]:
    """Instruments by id; those hidden from the reader are left out."""
    wanted = select(Instrument).where(Instrument.id == any_(cast(list(set(ids)), _IDS)))
    return {paper.id: paper for paper in session.scalars(wanted)}


def papers_named_by(each: MarkerOnDay) -> set[UUID]:
    """The instruments that what is told of a marker on a day stands by."""
    facts: list[Any] = [each.version, *each.bearings, *([each.position] if each.position else [])]
    told = {fact.begun_by for fact in facts} | {each.marker.registered_by}
    return told | ({each.seen.instrument_id} if each.seen else set()) | each.papers


def kept_as(papers: Mapping[UUID, Instrument], ids: Iterable[UUID]) -> Classification:
    """What stands by these papers is classified as the most closely kept of them."""
    return highest(*(papers[paper].classification for paper in ids if paper in papers))
