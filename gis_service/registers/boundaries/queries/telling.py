"""Lines as they are told, over HTTP and at the keyboard alike; what is above public leaves its trace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from gis_service.foundation.access import highest
from gis_service.foundation.agenda import Pending, Span, calendar_on
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.registers.boundaries.models import Runs
from gis_service.registers.boundaries.queries.along import Along, Stretch, stretches_of
from gis_service.registers.boundaries.queries.beside import Beside
from gis_service.registers.boundaries.queries.line_files import LineFile, RecordOnDay, record_facts
from gis_service.registers.boundaries.queries.lines import classification_of
from gis_service.registers.boundaries.queries.standing import LineInForce
from gis_service.registers.boundaries.queries.walking import Walked
from gis_service.registers.boundaries.rules import Course, Section
from gis_service.registers.boundaries.schemas import (
    ClaimOut,
    EnclaveOut,
    IndicatorOut,
    LengthsOut,
    LineFileOut,
    LineMatterOut,
    LineOut,
    LineRecordOut,
    SectionOut,
    StretchOut,
    UseOut,
)
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.divisions.queries.standing import divisions_by_id
from gis_service.registers.divisions.schemas import UnitOut
from gis_service.registers.instruments.queries import instruments_by_id


def lines_told(session: Session, lines: Sequence[LineInForce], along: Along, *, on: date) -> list[LineOut]:
    """Lines with their sides, lengths and records on a day, in the given order."""
    sides = {side for line in lines for side in (line.first_id, line.second_id)}
    units = divisions_by_id(session, sides, on=on)
    records = record_facts(session, (line.id for line in lines), on=on)
    told = []
    for line in lines:
        edges, stretches = along.of(line.id), stretches_of(along.of(line.id))
        own = [units[side] for side in (line.first_id, line.second_id)]
        record = records.get(line.id)
        kept = [*(side.classification for side in own), *([record.classification] if record else [])]
        told.append(
            LineOut(
                id=line.id,
                code=line.code,
                name=line.name,
                level=line.level,
                sides=[UnitOut.model_validate(side) for side in own],
                length_km=None if line.id in along.withheld else total_km(stretches),
                stretches=[StretchOut.model_validate(stretch) for stretch in stretches],
                record=record_told(record),
                classification=highest(classification_of(line, edges), *kept),
                valid_from=line.valid.start,
                valid_to=line.valid.end,
            )
        )
    note_readings(session, ((line.classification, line.code) for line in told))
    return told


def total_km(stretches: Iterable[Stretch]) -> float:
    """The length of all of them."""
    return sum(stretch.length_km for stretch in stretches)


def record_told(known: RecordOnDay | None) -> LineRecordOut | None:
    """What is on record of a line."""
    if known is None:
        return None
    record = known.record
    told = {
        name: getattr(known if name in ("agreement", "published_by", "instrument") else record, name)
        for name in LineRecordOut.model_fields
        if not name.startswith("valid_")
    }
    return LineRecordOut(**told, valid_from=record.valid.start, valid_to=record.valid.end)


def file_told(session: Session, told: LineOut, file: LineFile) -> LineFileOut:
    """A line with all that is told of it as a whole."""
    walked, classification = file.walked, highest(told.classification, file.classification)
    note_reading(session, classification, told.code)
    codes = {side.id: side.code for side in told.sides}
    enclaves = [
        EnclaveOut(
            unit=codes[each.user_id],
            within=codes[each.host_id],
            area_km2=each.area_km2,
            place=_position(each.shape.representative_point()),
        )
        for each in file.enclaves
    ]
    rest: dict[str, Any] = _ends(walked.course, file) if walked else {}
    return LineFileOut(
        **({name: getattr(told, name) for name in LineOut.model_fields} | {"classification": classification}),
        **(dict.fromkeys(("runs", "begins", "ends", "parts")) | rest),
        lengths=None if file.lengths is None else LengthsOut.model_validate(file.lengths),
        by_state=walked.lengths_km(lambda facts: facts.legal_state) if walked else {},
        by_follows=walked.lengths_km(lambda facts: facts.follows) if walked else {},
        enclaves=enclaves,
    )


def matters_told(session: Session, pending: Iterable[Pending], *, on: date) -> list[LineMatterOut]:
    """What procedures leave to do about a line, the most urgent first."""
    entries = calendar_on(pending, on=on, span=Span())
    note_readings(session, ((entry.pending.kept, entry.pending.case) for entry in entries))
    return [
        LineMatterOut(
            number=entry.pending.case,
            title=entry.pending.title,
            due_on=entry.pending.due_on,
            state=entry.state,
            legal_basis=entry.pending.legal_basis,
            address=entry.pending.address,
        )
        for entry in entries
    ]


def _ends(course: Course, file: LineFile) -> dict[str, Any]:
    begins, ends = course.point_at(0.0), course.point_at(course.length_m)
    on_record = file.record.record.runs if file.record else None
    by_itself = Runs.eastward if course.is_eastward else Runs.southward
    return {
        "runs": on_record or by_itself.value,
        "begins": _position(begins),
        "ends": _position(ends),
        "parts": len(course.parts),
    }


def _position(point: Any) -> list[float]:
    return [round(float(point.x), 7), round(float(point.y), 7)]


def sections_told(session: Session, line: LineInForce, walked: Walked | None, *, by: str) -> list[SectionOut]:
    """The sections of a line, in order; none where it has no edges or is withheld in part."""
    if walked is None:
        return []
    note_reading(session, highest(line.classification, walked.classification), line.code)
    return [_section(each) for each in walked.sections(by)]


def _section(section: Section) -> SectionOut:
    return SectionOut(
        number=section.number,
        from_m=section.from_m,
        to_m=section.to_m,
        length_km=section.length_km,
        sides=list(section.sides),
        edges=list(section.edges),
        classification=section.classification,
        **section.common,
    )


def claims_told(session: Session, line: LineInForce, claims: Sequence[Beside]) -> list[ClaimOut]:
    """What either side claims."""
    codes = _codes(session, (each.row.claimant_id for each in claims))
    return [
        ClaimOut(
            section=each.row.section,
            claimant=codes[each.row.claimant_id],
            geometry=_geometry(each),
            **_stands_by(session, line, each),
        )
        for each in claims
    ]


def indicators_told(session: Session, line: LineInForce, found: Sequence[Beside]) -> list[IndicatorOut]:
    """The indicators of a line."""
    numbers = _numbers(session, (key for each in found for key in (each.row.resurvey_id, each.row.filing_id)))
    return [
        IndicatorOut(
            id=each.row.object_id,
            kind=each.row.kind,
            name=each.row.name,
            state=each.row.state,
            geometry=_geometry(each),
            resurvey=numbers.get(each.row.resurvey_id),
            filing=numbers.get(each.row.filing_id),
            **_stands_by(session, line, each),
        )
        for each in found
    ]


def uses_told(session: Session, line: LineInForce, uses: Sequence[Beside]) -> list[UseOut]:
    """The enclaves and uses of land beyond a line."""
    codes = _codes(session, (unit for each in uses for unit in (each.row.user_id, each.row.host_id)))
    acts = (key for each in uses for key in (*each.row.consents, each.row.decision_id, each.row.filing_id))
    numbers = _numbers(session, acts)
    return [
        UseOut(
            id=each.row.use_id,
            kind=each.row.kind,
            user=codes[each.row.user_id],
            host=codes[each.row.host_id],
            place=each.row.place,
            purpose=each.row.purpose,
            geometry=_geometry(each) if each.geometry else None,
            consents=[numbers[key] for key in each.row.consents if key in numbers],
            decision=numbers.get(each.row.decision_id),
            filing=numbers.get(each.row.filing_id),
            **_stands_by(session, line, each),
        )
        for each in uses
    ]


def _codes(session: Session, units: Iterable[UUID]) -> dict[UUID, str]:
    return {unit: known.code for unit, known in last_known(session, set(units)).items()}


def _numbers(session: Session, acts: Iterable[UUID | None]) -> dict[UUID | None, str]:
    known = instruments_by_id(session, {act for act in acts if act is not None})
    note_readings(session, ((act.classification, act.number) for act in known.values()))
    return {key: act.number for key, act in known.items()}


def _geometry(each: Beside) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(each.geometry or "null")
    return told


def _stands_by(session: Session, line: LineInForce, each: Beside) -> dict[str, Any]:
    classification = highest(line.classification, each.classification)
    note_reading(session, classification, line.code)
    return {
        "instrument": each.instrument,
        "classification": classification,
        "valid_from": each.row.valid.start,
        "valid_to": each.row.valid.end,
    }
