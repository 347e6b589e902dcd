"""Features as flat records of a day: identity, names by kind, class, units, place and facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextClause, any_, bindparam, cast, exists, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.access import Classification
from gis_service.foundation.database import holds_on
from gis_service.foundation.geojson import as_geojson
from gis_service.foundation.periods import Period
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.registers.divisions.queries import divisions_by_id, last_known, subtree
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.placenames.models import (
    Feature,
    FeatureShape,
    FeatureVersion,
    NameEvent,
    NameKind,
    NameProcess,
    NameStatus,
    PlaceName,
    ShapeRole,
)
from gis_service.registers.placenames.queries.positions import Point, unit_points

IDS = ARRAY(PG_UUID(as_uuid=True))
AT_ONCE = 1000  # records read together
FEW = 600  # units, as many as a county has with its villages
_LISTED_AMONG = text(
    "EXISTS (SELECT FROM unnest(feature_version.division_ids) AS own(unit)"
    " WHERE own.unit = ANY (CAST(:units AS uuid[])))"
)
_SHOWN_FIRST = (ShapeRole.area, ShapeRole.line, ShapeRole.point, ShapeRole.extent)  # what tells most


class Validity(StrEnum):
    """Which features are wanted: those that stand on the day, those that ended before it, or both."""

    standing = "现今"
    ended = "历史"
    both = "全部"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: `within` a unit and all below it, of a class or below it, from a key on."""

    within: UUID | None = None
    class_code: str | None = None
    validity: Validity = Validity.standing
    after: UUID | None = None
    limit: int | None = None
    ids: Sequence[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A feature as it stood on a day, or on its last day. Codes are text; `geometry` is GeoJSON text.

    A unit has no shape of its own here: a point inside its area of the day stands for it, without a `role`.
    """

    id: UUID
    revision: int
    code: str | None
    name: str | None
    name_id: UUID | None
    specific: str | None
    generic: str | None
    roman: str | None
    reading: str | None
    class_code: str
    division: str | None
    divisions: list[str]
    former: list[str]
    aliases: list[str]
    short: list[str]
    minority: list[dict[str, str | None]]
    status: str | None
    process: str | None
    lon: float | None
    lat: float | None
    geometry: str | None
    role: str | None
    accuracy_m: float | None
    method: str | None
    surveyed_on: date | None
    facts: Mapping[str, Any]
    synthetic: bool
    valid_from: date
    valid_to: date | None
    division_id: UUID | None = None


@dataclass(slots=True)
class _Known:
    """What is known of the features of a page, by feature."""

    names: dict[UUID, list[PlaceName]] = field(default_factory=lambda: defaultdict(list))
    shapes: dict[UUID, list[Any]] = field(default_factory=lambda: defaultdict(list))
    moved: dict[UUID, str] = field(default_factory=dict)
    codes: dict[UUID, str] = field(default_factory=dict)
    points: dict[str, Point] = field(default_factory=dict)


def records_on(session: Session, wanted: Wanted, *, on: date) -> list[Record]:
    """Records of a day, by id. What is above public leaves a trace."""
    rows = session.execute(_versions(session, wanted, on=on)).all()
    if not rows:
        return []
    known = _Known()
    days = {version.feature_id: _day(version.valid, on) for _, version in rows}
    _find_names(session, known, days, on=on)
    _find_shapes(session, known, list(days), on=on)
    known.codes = codes_on(session, {unit for _, version in rows for unit in version.division_ids}, on=on)
    units = [str(feature.id) for feature, _ in rows if feature.division_id and not known.shapes[feature.id]]
    known.points = unit_points(session, units, on=on)
    _note(session, rows, known)
    return [_record(feature, version, known, days[feature.id]) for feature, version in rows]


def each_record(session: Session, wanted: Wanted, *, on: date) -> Iterator[Record]:
    """All records, read piece by piece, so that a province needs no more memory than a page."""
    after = wanted.after
    while True:
        piece = Wanted(wanted.within, wanted.class_code, wanted.validity, after, AT_ONCE, wanted.ids)
        found = records_on(session, piece, on=on)
        yield from found
        session.expunge_all()
        if len(found) < AT_ONCE:
            return
        after = found[-1].id


def _versions(session: Session, wanted: Wanted, *, on: date) -> Select[Feature, FeatureVersion]:
    asked = (
        select(Feature, FeatureVersion)
        .join(FeatureVersion, FeatureVersion.feature_id == Feature.id)
        .where(_valid(wanted.validity, on))
        .order_by(FeatureVersion.feature_id)
        .limit(wanted.limit)
    )
    if wanted.ids is not None:
        asked = asked.where(FeatureVersion.feature_id == any_(cast(list(wanted.ids), IDS)))
    if wanted.after is not None:
        asked = asked.where(FeatureVersion.feature_id > wanted.after, Feature.id > wanted.after)
    if wanted.class_code is not None:
        asked = asked.where(FeatureVersion.class_code.startswith(wanted.class_code, autoescape=True))
    if wanted.within is not None:
        units = list(session.scalars(select(subtree(wanted.within, on=on))))
        asked = asked.where(_within(units))
    return asked


def _within(units: list[UUID]) -> ColumnElement[bool] | TextClause:
    """Of few units the index tells what lies in them; of many it is sooner to walk along by id."""
    listed = cast(units, IDS)
    if len(units) <= FEW:
        overlaps: ColumnElement[bool] = FeatureVersion.division_ids.op("&&", is_comparison=True)(listed)
        return overlaps
    return _LISTED_AMONG.bindparams(bindparam("units", units, type_=IDS))


def _valid(validity: Validity, on: date) -> Any:
    """The last version that began by the day; it stands on the day, or ended before."""
    stands = holds_on(FeatureVersion.valid, on)
    later = aliased(FeatureVersion)
    last = ~exists().where(
        later.feature_id == FeatureVersion.feature_id,
        func.lower(later.valid) <= on,
        func.lower(later.valid) > func.lower(FeatureVersion.valid),
    )
    ended = (func.upper(FeatureVersion.valid) <= on) & last
    return {Validity.standing: stands, Validity.ended: ended, Validity.both: stands | ended}[validity]


def _day(valid: Period, on: date) -> date:
    """As of which day a record is told: the day asked for, or the last one of what ended before."""
    return on if valid.end is None or on < valid.end else valid.end - timedelta(days=1)


def _find_names(session: Session, known: _Known, days: Mapping[UUID, date], *, on: date) -> None:
    of_these = PlaceName.feature_id == any_(cast(list(days), IDS))
    begun = func.lower(PlaceName.valid) <= on
    for name in session.scalars(select(PlaceName).where(of_these, begun).order_by(PlaceName.id)):
        known.names[name.feature_id].append(name)
    later = (
        select(NameEvent)
        .where(NameEvent.feature_id == any_(cast(list(days), IDS)), NameEvent.on_date > min(days.values()))
        .order_by(NameEvent.on_date.desc(), NameEvent.id.desc())
    )
    for event in session.scalars(later):
        if event.on_date > days[event.feature_id] and event.name_id and event.from_status:
            known.moved[event.name_id] = event.from_status


def _find_shapes(session: Session, known: _Known, features: list[UUID], *, on: date) -> None:
    on_surface = func.ST_PointOnSurface(FeatureShape.geom)
    wanted = (
        select(
            *(FeatureShape.feature_id, FeatureShape.role, FeatureShape.valid, FeatureShape.begun_by),
            *(FeatureShape.accuracy_m, FeatureShape.method, FeatureShape.surveyed_on),
            as_geojson(FeatureShape.geom).label("geojson"),
            func.ST_X(on_surface).label("lon"),
            func.ST_Y(on_surface).label("lat"),
        )
        .where(FeatureShape.feature_id == any_(cast(features, IDS)), func.lower(FeatureShape.valid) <= on)
        .order_by(FeatureShape.feature_id, FeatureShape.role)
    )
    for row in session.execute(wanted):
        known.shapes[row.feature_id].append(row)


def codes_on(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, str]:
    """The codes of units on a day or, where they do not stand then, as they were last known."""
    wanted = set(units)
    found = divisions_by_id(session, wanted, on=on)
    found |= last_known(session, wanted - found.keys())
    note_readings(session, ((version.classification, version.code) for version in found.values()))
    return {id_: version.code for id_, version in found.items()}


def _note(session: Session, rows: Sequence[Any], known: _Known) -> None:
    """What stands by an instrument above public leaves a trace under the name of the feature."""
    by: dict[UUID, str] = {}
    for feature, version in rows:
        told = feature.code or str(feature.id)
        dated = (version, *known.names[feature.id], *known.shapes[feature.id])
        by |= dict.fromkeys((feature.registered_by, *(each.begun_by for each in dated)), told)
    above = select(Instrument.id, Instrument.classification).where(
        Instrument.id == any_(cast(list(by), IDS)), Instrument.classification != Classification.public.value
    )
    for paper, classification in session.execute(above):
        note_reading(session, classification, by[paper], paper)


def _record(feature: Feature, version: FeatureVersion, known: _Known, day: date) -> Record:
    names, shapes = known.names[feature.id], [s for s in known.shapes[feature.id] if day in s.valid]
    standard = next((n for n in names if n.kind == NameKind.standard and day in n.valid), None)
    shown = min(shapes, key=lambda shape: _SHOWN_FIRST.index(ShapeRole(shape.role)), default=None)
    point = next((shape for shape in shapes if shape.role == ShapeRole.point), shown)
    lon, lat = known.points.get(str(feature.id), (None, None)) if point is None else (point.lon, point.lat)
    codes = [known.codes[unit] for unit in version.division_ids if unit in known.codes]
    return Record(
        id=feature.id,
        revision=feature.revision,
        code=feature.code,
        name=None if standard is None else standard.text,
        name_id=None if standard is None else standard.id,
        specific=None if standard is None else standard.specific,
        generic=None if standard is None else standard.generic,
        roman=None if standard is None else standard.roman,
        reading=None if standard is None else standard.reading,
        class_code=version.class_code,
        division=codes[0] if codes else None,
        divisions=codes,
        former=_former(names, standard, day),
        aliases=_texts(names, NameKind.alias, day),
        short=_texts(names, NameKind.short, day),
        minority=[
            {"language": name.language, "text": name.text, "roman": name.roman}
            for name in names
            if name.kind == NameKind.minority and day in name.valid
        ],
        status=None if standard is None else _status(standard, known),
        process=None if standard is None else standard.process,
        lon=lon,
        lat=lat,
        geometry=_geojson(lon, lat) if shown is None else shown.geojson,
        role=None if shown is None else shown.role,
        accuracy_m=None if shown is None else shown.accuracy_m,
        method=None if shown is None else shown.method,
        surveyed_on=None if shown is None else shown.surveyed_on,
        facts=version.facts,
        synthetic=feature.is_synthetic,
        valid_from=version.valid.start,
        valid_to=version.valid.end,
        division_id=feature.division_id,
    )


def _geojson(lon: float | None, lat: float | None) -> str | None:
    return None if lon is None else f'{{"type": "Point", "coordinates": [{lon}, {lat}]}}'


def _status(name: PlaceName, known: _Known) -> str:
    """The status on the day: that of before the first move since. Of a unit it is in force while it lasts."""
    if name.process == NameProcess.unit:
        return NameStatus.in_force.value
    return known.moved.get(name.id, name.status)


def _texts(names: Sequence[PlaceName], kind: NameKind, day: date) -> list[str]:
    return [name.text for name in names if name.kind == kind and day in name.valid]


def _former(names: Sequence[PlaceName], standard: PlaceName | None, day: date) -> list[str]:
    """Standard names that had ended by the day, oldest first, and what else is on record as a 曾用名."""
    ended = [n for n in names if n.kind == NameKind.standard and n.valid.end and n.valid.end <= day]
    ended.sort(key=lambda name: name.valid.start)
    texts = dict.fromkeys([*(n.text for n in ended), *_texts(names, NameKind.former, day)])
    return [text for text in texts if standard is None or text != standard.text]
