"""Features, names and what happened to them, as they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from gis_service.foundation.plain import values_of
from gis_service.foundation.web import Feature
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.placenames.models import (
    FeatureRelation,
    NameEvent,
    NameEventKind,
    NameProcess,
    NameStatus,
    PlaceName,
)
from gis_service.registers.placenames.queries import FeatureHistory, Record
from gis_service.registers.placenames.schemas import (
    NameEventOut,
    NameOut,
    PlaceNameDetailOut,
    PlaceNameHistoryOut,
    PlaceNameOut,
    RelationOut,
    ShapeOut,
    StatementOut,
)

_NAME = (
    *("id", "kind", "text", "specific", "generic", "language", "reading", "reading_source"),
    *("roman", "roman_source", "process", "status", "used", "note"),
)
_HOW = ("role", "system", "given", "method", "accuracy_m", "surveyed_on")


def told(record: Record) -> dict[str, Any]:
    """The values of a record, its geometry parsed."""
    place = None if record.geometry is None else orjson.loads(record.geometry)
    return values_of(record) | {"geometry": place}


def record_out(record: Record) -> PlaceNameOut:
    """A flat record."""
    return PlaceNameOut(**told(record))


def feature_of(record: Record) -> Feature:
    """A record as GeoJSON; its geometry stands beside the properties and is not told twice."""
    return Feature(record.id, record.geometry, PlaceNameOut(**told(record) | {"geometry": None}))


def detail_out(record: Record, history: FeatureHistory, *, on: date) -> PlaceNameDetailOut:
    """A feature on a day with its names and relations of the day."""
    return PlaceNameDetailOut(
        **told(record),
        names=[name_out(name, history.papers) for name in history.names if on in name.valid],
        relations=[relation_out(each, history) for each in history.relations if on in each.valid],
    )


def history_out(history: FeatureHistory) -> PlaceNameHistoryOut:
    """All of it, in the order of time."""
    papers, feature = history.papers, history.feature
    texts = {name.id: name.text for name in history.names}
    return PlaceNameHistoryOut(
        id=feature.id,
        code=feature.code,
        revision=feature.revision,
        division=feature.division_id,
        registered_by=_number(papers, feature.registered_by),
        names=[name_out(name, papers) for name in history.names],
        versions=[_statement(row, history) for row in history.versions],
        shapes=[_shape(row, papers) for row in history.shapes],
        events=[_event(each, texts, papers) for each in _all_events(history)],
        relations=[relation_out(each, history) for each in history.relations],
        classification=history.kept,
    )


def _all_events(history: FeatureHistory) -> Sequence[NameEvent]:
    """What happened to names; plain entering (登记), and what happened to units, their own rows tell."""
    begun = {each.name_id for each in history.events if each.from_status is None}
    first: dict[UUID | None, str | None] = {}
    for each in history.events:
        first.setdefault(each.name_id, each.from_status)
    of_units = [name for name in history.names if name.process == NameProcess.unit]
    entered = [
        _happened(name, NameEventKind.registered, None, first.get(name.id) or name.status)
        for name in history.names
        if name.id not in begun and name not in of_units and not _restored(name, history)
    ]
    told = (*entered, *(event for name in of_units for event in _of_unit(name, of_units)), *history.events)
    return sorted(told, key=lambda each: each.on_date)


def _of_unit(name: PlaceName, names: Sequence[PlaceName]) -> Iterator[NameEvent]:
    """What the register of divisions tells: a name was given, gave way to another, or went with its unit."""
    followed = any(other.valid.end == name.valid.start for other in names)
    begun = NameEventKind.renamed if followed else NameEventKind.named
    yield _happened(name, begun, None, NameStatus.in_force)
    if name.valid.end is not None:
        gives_way = name.status == NameStatus.disused
        ended = NameEventKind.renamed if gives_way else NameEventKind.abolished
        yield _happened(name, ended, NameStatus.in_force, name.status, on=name.valid.end)


def _happened(
    name: PlaceName, kind: NameEventKind, before: str | None, after: str, on: date | None = None
) -> NameEvent:
    return NameEvent(
        kind=kind.value,
        on_date=on or name.valid.start,
        name_id=name.id,
        from_status=before,
        to_status=after,
        instrument_id=name.begun_by if on is None else name.ended_by,
        detail={},
    )


def _restored(name: PlaceName, history: FeatureHistory) -> bool:
    return any(each.name_id == name.id and "restored" in each.detail for each in history.events)


def name_out(name: PlaceName, papers: dict[UUID, Instrument]) -> NameOut:
    """A name with its period."""
    return NameOut(**{column: getattr(name, column) for column in _NAME}, **_dated(name, papers))


def relation_out(each: FeatureRelation, history: FeatureHistory) -> RelationOut:
    """A relation, told by the latest names of both."""
    return RelationOut(
        kind=each.kind,
        id=each.feature_id,
        name=history.others.get(each.feature_id),
        of_id=each.other_id,
        of_name=history.others.get(each.other_id),
        **_dated(each, history.papers),
    )


def _statement(row: Any, history: FeatureHistory) -> StatementOut:
    codes = [history.codes[unit] for unit in row.division_ids if unit in history.codes]
    return StatementOut(
        class_=row.class_code, divisions=codes, facts=row.facts, **_dated(row, history.papers)
    )


def _shape(row: Any, papers: dict[UUID, Instrument]) -> ShapeOut:
    how = {column: getattr(row, column) for column in _HOW}
    return ShapeOut(geometry=orjson.loads(row.geojson), **how, **_dated(row, papers))


def _event(each: NameEvent, texts: dict[UUID, str], papers: dict[UUID, Instrument]) -> NameEventOut:
    return NameEventOut(
        kind=each.kind,
        on=each.on_date,
        name_id=each.name_id,
        name=texts.get(each.name_id) if each.name_id else None,
        from_status=each.from_status,
        to_status=each.to_status,
        instrument=_number(papers, each.instrument_id),
        reason=each.reason,
        detail=each.detail,
    )


def _dated(row: Any, papers: dict[UUID, Instrument]) -> dict[str, Any]:
    return {
        "valid_from": row.valid.start,
        "valid_to": row.valid.end,
        "begun_by": _number(papers, row.begun_by),
        "ended_by": _number(papers, row.ended_by),
    }


def _number(papers: dict[UUID, Instrument], paper: UUID | None) -> str | None:
    """The number of an instrument, where there is one that is shown."""
    return papers[paper].number if paper in papers else None
