"""What was known of a marker over time, and by which papers it is all known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.errors import NotFound
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.instruments.models import Instrument, InstrumentFile
from gis_service.registers.markers.models import (
    Marker,
    MarkerFile,
    MarkerObservation,
    MarkerPaper,
    MarkerPosition,
    MarkerVersion,
    PaperRole,
)
from gis_service.registers.markers.queries.standing import MarkerOnDay

_IDS = ARRAY(PG_UUID(as_uuid=True))
_ROLES = [role.value for role in PaperRole]


@dataclass(frozen=True, slots=True)
class MarkerHistory:
    """Versions, positions and observations of a marker from the first to the last, its papers and its files.

    `moved_by` are the papers by which it was moved or added, in the order of days and of the procedure, with
    the sides that signed them and the digests of their files.
    """

    versions: tuple[MarkerVersion, ...]
    positions: tuple[MarkerPosition, ...]
    observations: tuple[MarkerObservation, ...]
    files: tuple[MarkerFile, ...]
    moved_by: tuple[MarkerPaper, ...] = ()
    signers: Mapping[UUID, DivisionVersion] = field(default_factory=dict)
    digests: Mapping[UUID, list[str]] = field(default_factory=dict)

    def kept(self, papers: Mapping[UUID, Instrument]) -> Classification:
        """How closely all of it is kept."""
        return highest(
            kept_as(papers, self.papers()), *(unit.classification for unit in self.signers.values())
        )

    def papers(self) -> set[UUID]:
        """The instruments all of it stands by."""
        dated = {each.begun_by for each in self.versions} | {each.begun_by for each in self.positions}
        seen = {each.instrument_id for each in self.observations}
        seen |= {each.instrument_id for each in self.moved_by}
        return dated | seen | {each.instrument_id for each in self.files}


def history_of(session: Session, marker: UUID) -> MarkerHistory:
    """Everything that was ever registered of a marker and is shown to the reader."""

    def rows(model: Any, *order: Any) -> tuple[Any, ...]:
        return tuple(session.scalars(select(model).where(model.marker_id == marker).order_by(*order)))

    moved_by = papers_by_marker(session, [marker]).get(marker, [])
    return MarkerHistory(
        versions=rows(MarkerVersion, func.lower(MarkerVersion.valid)),
        positions=rows(MarkerPosition, func.lower(MarkerPosition.valid)),
        observations=rows(MarkerObservation, MarkerObservation.seen_on, MarkerObservation.ordinal),
        files=rows(MarkerFile, MarkerFile.kind, MarkerFile.name),
        moved_by=tuple(moved_by),
        signers=signers_of(session, moved_by),
        digests=_digests(session, {each.instrument_id for each in moved_by}),
    )


def papers_by_marker(session: Session, markers: Iterable[UUID]) -> dict[UUID, list[MarkerPaper]]:
    """The papers by which each marker was moved or added: by day, and in the order of the procedure."""
    wanted = select(MarkerPaper).where(MarkerPaper.marker_id == any_(cast(list(markers), _IDS)))
    found: dict[UUID, list[MarkerPaper]] = defaultdict(list)
    for each in sorted(session.scalars(wanted), key=_in_order):
        found[each.marker_id].append(each)
    return found


def signers_of(session: Session, papers: Iterable[MarkerPaper]) -> dict[UUID, DivisionVersion]:
    """The sides that signed papers, as they were last known; those hidden from the reader are left out."""
    signed = {side for paper in papers for side in paper.signed_by}
    return last_known(session, signed) if signed else {}


def _digests(session: Session, papers: set[UUID]) -> dict[UUID, list[str]]:
    if not papers:
        return {}
    wanted = select(InstrumentFile.instrument_id, InstrumentFile.sha256)
    found: dict[UUID, list[str]] = defaultdict(list)
    for paper, digest in session.execute(wanted.where(InstrumentFile.instrument_id.in_(papers))):
        found[paper].append(digest)
    return found


def _in_order(each: MarkerPaper) -> tuple[date, str, int]:
    return each.done_on, each.action, _ROLES.index(each.role)


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
