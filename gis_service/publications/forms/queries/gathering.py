"""Everything that the forms of a line tell, gathered in a few statements; what is above public is noted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.access import highest
from gis_service.foundation.database import holds_on
from gis_service.foundation.readings import note_reading
from gis_service.publications.forms.queries.markers import markers_told, points_told
from gis_service.publications.forms.queries.sections import indicators_on, landmarks_of
from gis_service.publications.forms.schemas import LineEvidence, LineFacts, Unit
from gis_service.registers.boundaries.models import ClaimedLine, LineRecord
from gis_service.registers.boundaries.queries import (
    LineInForce,
    Walked,
    records_on,
    statement_on_edges,
    walked_whole,
)
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instruments_by_id


def gather(session: Session, line: LineInForce, *, on: date) -> LineEvidence:
    """All that is known of a line on a day and told in forms.

    Raises:
        NotPermitted: the reader may see the line only in part: its forms would be told wrong.
        NotFound: no edge lies between its two sides that day.
    """
    walked = walked_whole(session, line, "出具表册", on=on)
    course = walked.course
    objects = indicators_on(session, line.id, on=on)
    record = records_on(session, [line.id], on=on).get(line.id)
    markers, by_markers = markers_told(session, line, course, on=on)
    points, by_points = points_told(session, line.id, course, on=on)
    claims = _claims(session, line.id, on=on)
    papers = _Papers(session, record)
    papers.add(line.begun_by, *by_markers, *by_points, *(each.begun_by for each in objects))
    papers.add(*walked.papers)
    papers.add(*(claim.begun_by for claim in claims))
    units = divisions_by_id(
        session, {line.first_id, line.second_id, *(claim.claimant_id for claim in claims)}, on=on
    )
    acts = papers.found()
    kept = highest(
        *(act.classification for act in acts.values()),
        *(unit.classification for unit in units.values()),
        walked.classification,
    )
    note_reading(session, kept, line.code)
    return LineEvidence(
        id=str(line.id),
        code=line.code,
        name=line.name,
        level=DivisionLevel(line.level).word,
        sides=(unit_of(units[line.first_id]), unit_of(units[line.second_id])),
        on=on,
        facts=_facts(record, acts),
        course=course,
        followings=tuple(walked.followings()),
        landmarks=landmarks_of(course, objects),
        states_m=walked.lengths_m(lambda facts: facts.legal_state),
        claims=tuple((unit_of(units[claim.claimant_id]), claim.section) for claim in claims),
        markers=markers,
        points=points,
        classification=kept,
        statements=_statements(session, walked, acts.values()),
    )


def unit_of(version: DivisionVersion) -> Unit:
    """A division as forms name it."""
    return Unit(version.code, version.name)


@dataclass(slots=True)
class _Papers:
    """The ids of the papers that what is told stands by."""

    session: Session
    record: LineRecord | None
    ids: set[UUID] | None = None

    def add(self, *ids: UUID | None) -> None:
        self.ids = (self.ids or set()) | {each for each in ids if each is not None}

    def found(self) -> dict[UUID, Instrument]:
        if self.record is not None:
            self.add(self.record.begun_by, self.record.agreement_id, self.record.published_by)
        return instruments_by_id(self.session, self.ids or set())


def _facts(record: LineRecord | None, acts: dict[UUID, Instrument]) -> LineFacts:
    if record is None:
        return LineFacts()

    def told(paper: UUID | None) -> str | None:
        return f"{acts[paper].title}（{acts[paper].number}）" if paper in acts else None

    return LineFacts(
        published_km=record.published_length_km,
        published_by=told(record.published_by),
        runs=record.runs,
        begins_at=record.begins_at,
        ends_at=record.ends_at,
        agreement=told(record.agreement_id),
        approver=record.approver,
        approved_on=record.approved_on,
        markers=(record.single_markers, record.double_markers, record.triple_markers),
        note=record.note,
    )


def _claims(session: Session, line: UUID, *, on: date) -> list[ClaimedLine]:
    wanted = select(ClaimedLine).where(ClaimedLine.line_id == line, holds_on(ClaimedLine.valid, on))
    return list(session.scalars(wanted.order_by(ClaimedLine.section, ClaimedLine.id)))


def _statements(session: Session, walked: Walked, acts: Iterable[Any]) -> tuple[str, ...]:
    """What readers must be told by the sources of the edges and of everything else, each once."""
    edges = (statement_on_edges(session, walked.shapes) or "").split("\n")
    others = [act.statement for act in sorted(acts, key=lambda act: act.number) if act.statement]
    return tuple(
        dict.fromkeys(filter(None, [*edges, *(line for each in others for line in each.split("\n"))]))
    )
