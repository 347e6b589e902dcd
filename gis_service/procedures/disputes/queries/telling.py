"""Cases as people and programs read them: a few statements whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.findings import Finding
from gis_service.foundation.readings import note_reading
from gis_service.foundation.wkb import read_wkb
from gis_service.procedures.disputes.models import STATE_WORDS, DisputeCase, DisputeState, DisputeStep
from gis_service.procedures.disputes.queries.cases import is_overdue, recurrences, steps_of
from gis_service.procedures.disputes.schemas import (
    ChangedOut,
    DecisionEffectOut,
    DisputeOut,
    DisputePartyOut,
    DisputeStepOut,
)
from gis_service.registers.boundaries.queries import LineInForce, lines_by_id
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instruments_by_id
from gis_service.registers.markers.models import Marker

_MARKERS = ("marker", "from_marker", "to_marker")


@dataclass(frozen=True, slots=True)
class _Known:
    """What cases refer to, as far as the reader may know of it."""

    on: date
    lines: Mapping[UUID, LineInForce]
    units: Mapping[UUID, DivisionVersion]
    places: Mapping[UUID, Point]
    markers: Mapping[UUID, str]
    steps: Mapping[UUID, list[DisputeStep]]
    acts: Mapping[UUID, Instrument]


def told(
    session: Session,
    found: Sequence[DisputeCase],
    *,
    on: date,
    findings: Sequence[Finding] = (),
    effect: DecisionEffectOut | None = None,
) -> list[DisputeOut]:
    """Cases as they are told on a day; what is above public leaves its trace."""
    known = _known(session, found, on=on)
    for case in found:
        note_reading(session, case.classification, case.number)
    said = {"findings": [finding.as_json() for finding in findings], "effect": effect}
    return [DisputeOut(**_facts(case, known), **said) for case in found]


def _known(session: Session, found: Sequence[DisputeCase], *, on: date) -> _Known:
    steps: dict[UUID, list[DisputeStep]] = defaultdict(list)
    for step in steps_of(session, *(case.id for case in found)):
        steps[step.case_id].append(step)
    acts = {step.instrument_id for each in steps.values() for step in each if step.instrument_id}
    return _Known(
        on,
        {line.id: line for line in lines_by_id(session, {case.line_id for case in found}, on=on)},
        last_known(session, {case.responsible_id for case in found}),
        places_of(session, found),
        numbers_of_markers(session, found),
        steps,
        instruments_by_id(session, acts),
    )


def _facts(case: DisputeCase, known: _Known) -> dict[str, Any]:
    line, unit = known.lines.get(case.line_id), known.units.get(case.responsible_id)
    place, steps = known.places.get(case.id), known.steps[case.id]
    called = {
        "line": case.line_id,
        "line_code": line.code if line else "",
        "line_name": line.name if line else "",
        "responsible": unit.code if unit else "",
        "state": STATE_WORDS[DisputeState(case.state)],
        "overdue": is_overdue(case, on=known.on),
        "recurrences": recurrences(steps),
        "steps": [_step(step, known.acts) for step in steps],
        "parties": [DisputePartyOut(**party) for party in case.parties],
        "lon": place.x if place else None,
        "lat": place.y if place else None,
    }
    called |= {name: known.markers.get(getattr(case, f"{name}_id")) for name in _MARKERS}
    later = {"findings", "effect"}
    plain = [name for name in DisputeOut.model_fields if name not in called and name not in later]
    return called | {name: getattr(case, name) for name in plain}


def _step(step: DisputeStep, acts: Mapping[UUID, Instrument]) -> DisputeStepOut:
    act = acts.get(step.instrument_id) if step.instrument_id else None
    called = {
        "state": STATE_WORDS[DisputeState(step.state)],
        "instrument": act.number if act else None,
        "changes": [ChangedOut(**each) for each in step.changes or ()],
    }
    plain = {name: getattr(step, name) for name in DisputeStepOut.model_fields if name not in called}
    return DisputeStepOut(**plain, **called)


def places_of(session: Session, found: Iterable[DisputeCase]) -> dict[UUID, Point]:
    """Where cases lie that have a place, lon/lat."""
    ids = [case.id for case in found if case.geom is not None]
    wanted = select(DisputeCase.id, DisputeCase.geom.ST_AsBinary()).where(DisputeCase.id.in_(ids))
    rows = session.execute(wanted).all()
    shapes = read_wkb(row[1] for row in rows)
    return {row[0]: shape.representative_point() for row, shape in zip(rows, shapes, strict=True)}


def numbers_of_markers(session: Session, found: Iterable[DisputeCase]) -> dict[UUID, str]:
    """The numbers of the markers that cases name, by id; those the reader may not know of are left out."""
    named: set[UUID] = {getattr(case, f"{name}_id") for case in found for name in _MARKERS} - {None}
    rows = session.execute(select(Marker.id, Marker.number).where(Marker.id.in_(named)))
    return {row.id: row.number for row in rows}
