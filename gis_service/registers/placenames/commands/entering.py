"""Entering features with all that is known of them; in bulk, since a province hands in a million."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from json import dumps
from operator import attrgetter
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from gis_service.foundation.database import Base, copy_rows, lock_registers, table_of, written_array
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
from gis_service.registers.placenames.commands.given import NewFeature, NewName, NewShape
from gis_service.registers.placenames.commands.requiring import (
    entry_of,
    require_classes,
    require_codes_free,
    require_one_standard,
    require_shapes,
    require_units,
)
from gis_service.registers.placenames.events import FeaturesChanged
from gis_service.registers.placenames.models import (
    Feature,
    FeatureShape,
    FeatureVersion,
    NameEvent,
    NameEventKind,
    PlaceName,
)
from gis_service.registers.placenames.rules.statuses import Move

_IDENTITY = ("id", "code", "is_synthetic", "registered_by")
_VERSION = ("id", "feature_id", "class_code", "division_ids", "facts", "valid", "begun_by")
_SHAPE = ("role", "geom", "system", "given", "method", "accuracy_m", "surveyed_on")
_NAME = (
    *("kind", "text", "specific", "generic", "language"),
    *("reading", "reading_source", "roman", "roman_source", "process", "used", "note"),
)
_EVENT = ("id", "feature_id", "name_id", "kind", "on_date", "to_status", "instrument_id")
_Named = list[tuple[str, NewName, Move]]
_Dated = tuple[str, str]
_words_of = attrgetter(*_NAME)


def enter_features(
    tx: Transaction, features: Sequence[NewFeature], *, on: date, instrument_id: UUID
) -> list[UUID]:
    """Enter features from a day on, by the act or the dataset that tells of them. One entry in the journal.

    Whoever calls has judged them and asked for permission; here is refused what can never stand.

    Raises:
        Conflict: two standard names at once, or a code in use (R-COD-12).
        IllegalMove: a status that the process of a name does not know.
        InvalidInput: no name, a class of no main class, a unit or a geometry that cannot be.
    """
    if not features:
        return []
    lock_registers(tx.session)
    named = _require(tx, features, on=on)
    dated = (f"[{on},)", str(instrument_id))  # written once, not a million times
    written: tuple[tuple[type[Base], tuple[str, ...], Iterable[Sequence[Any]]], ...] = (
        (Feature, _IDENTITY, ((f.id, f.code, f.is_synthetic, instrument_id) for f in features)),
        (FeatureVersion, _VERSION, (_version(f, dated) for f in features)),
        (PlaceName, ("id", "feature_id", *_NAME, "status", "valid", "begun_by"), _names(named, dated)),
        (FeatureShape, ("id", "feature_id", *_SHAPE, "valid", "begun_by"), _shapes(features, dated)),
        (NameEvent, _EVENT, _events(named, str(on), str(instrument_id))),
    )
    for model, columns, rows in written:
        copy_rows(tx.session, table_of(model), columns, rows)
    _tell(tx, features, on=on, instrument_id=instrument_id)
    ids = [feature.id for feature in features]
    tx.publish(FeaturesChanged(tuple(ids), instrument_id))
    return ids


def _require(tx: Transaction, features: Sequence[NewFeature], *, on: date) -> _Named:
    require_one_standard(features)
    require_classes(feature.class_code for feature in features)
    require_shapes([shape for feature in features for shape in feature.shapes])
    require_codes_free(tx, [feature.code for feature in features if feature.code is not None])
    require_units(tx, {unit for feature in features for unit in feature.division_ids}, on=on)
    return [(str(feature.id), name, entry_of(name)) for feature in features for name in feature.names]


def _version(feature: NewFeature, dated: _Dated) -> tuple[Any, ...]:
    units = written_array(feature.division_ids)
    facts = dumps(dict(feature.facts), ensure_ascii=False) if feature.facts else "{}"
    return uuid7(), feature.id, feature.class_code, units, facts, *dated


def _names(named: _Named, dated: _Dated) -> Iterator[tuple[Any, ...]]:
    for feature, name, move in named:
        yield name.id, feature, *_words_of(name), move.after, *dated


def _shapes(features: Sequence[NewFeature], dated: _Dated) -> Iterator[tuple[Any, ...]]:
    placed: list[tuple[UUID, NewShape]] = [(f.id, shape) for f in features for shape in f.shapes]
    written = write_ewkb([shape.geom for _, shape in placed])
    for (feature, shape), geom in zip(placed, written, strict=True):
        how = (shape.system, shape.given, shape.method, shape.accuracy_m, shape.surveyed_on)
        yield uuid7(), feature, shape.role, geom, *how, *dated


def _events(named: _Named, on: str, instrument: str) -> Iterator[tuple[Any, ...]]:
    """What happened: plain entering (登记) is told by the row of the name itself, with day and instrument."""
    for feature, name, move in named:
        if move.event != NameEventKind.registered:
            yield uuid7(), feature, name.id, move.event, on, move.after, instrument


def _tell(tx: Transaction, features: Sequence[NewFeature], *, on: date, instrument_id: UUID) -> None:
    """One entry: how many of what, and a digest by which the whole can be told from any other."""
    digest = sha256()
    for feature in features:
        names = "\t".join(f"{name.kind}:{name.text}" for name in feature.names)
        digest.update(f"{feature.id}\t{feature.code or ''}\t{feature.class_code}\t{names}\n".encode())
    after = {
        "features": len(features),
        "names": sum(len(feature.names) for feature in features),
        "shapes": sum(len(feature.shapes) for feature in features),
        "digest": digest.hexdigest(),
    }
    tx.journal("placenames.enter", str(instrument_id), instrument_id=instrument_id, after=after, on=on)
