"""Units as features: their names are those of the register of divisions, told once and followed here.

What is put right of them here - reading, spelling, facts - stays through whatever follows. What happens to
such a name is told by its row: it begins and ends with versions of the unit, by their acts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import any_, bindparam, cast, delete, func, select, update
from uuid_utils.compat import uuid7

from gis_service.foundation.database import Base, copy_rows, lock_registers, table_of, written_array
from gis_service.foundation.periods import Period
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.events import VersionsWritten
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.placenames.commands.requiring import IDS
from gis_service.registers.placenames.events import FeaturesChanged
from gis_service.registers.placenames.models import (
    Feature,
    FeatureVersion,
    NameEvent,
    NameKind,
    NameProcess,
    PlaceName,
)
from gis_service.registers.placenames.rules.romanization import romanize
from gis_service.registers.placenames.rules.spelling import computed_spelling
from gis_service.registers.placenames.rules.units import (
    Spell,
    UnitVersion,
    class_of_unit,
    class_spells,
    name_spells,
)

_SPELLED = ("specific", "generic", "reading", "reading_source", "roman", "roman_source")
_NAME = ("id", "feature_id", "kind", "text", "process", "status", "valid", "begun_by", "ended_by", *_SPELLED)
_VERSION = ("id", "feature_id", "class_code", "division_ids", "facts", "valid", "begun_by", "ended_by")


def follow_units(tx: Transaction, event: VersionsWritten) -> None:
    """Let the features that units are follow what was written of the units."""
    with full_sight(tx.session):
        _follow(tx, event.division_ids, event.instrument_id)


def follow_divisions(tx: Transaction, division_ids: Iterable[UUID] | None = None) -> int:
    """Let features follow these units, or all; for registers that are older than this. How many changed."""
    lock_registers(tx.session)
    with full_sight(tx.session):
        return _follow(tx, None if division_ids is None else tuple(division_ids), None)


@dataclass(slots=True)
class _Rows:
    """What is to be written, table by table."""

    features: list[tuple[UUID, UUID, UUID]] = field(default_factory=list)
    names: list[tuple[Any, ...]] = field(default_factory=list)
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    revised: list[dict[str, Any]] = field(default_factory=list)
    gone_names: list[UUID] = field(default_factory=list)
    gone_versions: list[UUID] = field(default_factory=list)
    changed: dict[UUID, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """What is on record of the features of units, by feature."""

    features: dict[UUID, UUID]
    names: dict[UUID, list[PlaceName]] = field(default_factory=lambda: defaultdict(list))
    versions: dict[UUID, list[FeatureVersion]] = field(default_factory=lambda: defaultdict(list))


def _follow(tx: Transaction, units: Sequence[UUID] | None, instrument: UUID | None) -> int:
    told = _told(tx, units)
    known = _known(tx, units)
    rows = _Rows()
    for unit in {**told, **known.features}:
        _compare(rows, known, unit, told.get(unit, []))
    _write(tx, rows)
    if rows.changed:
        by = instrument or next(version.begun_by for versions in told.values() for version in versions)
        tx.publish(FeaturesChanged(tuple(rows.changed), by))
    return len(rows.changed)


def _told(tx: Transaction, units: Sequence[UUID] | None) -> dict[UUID, list[UnitVersion]]:
    v = DivisionVersion
    wanted = select(v.division_id, v.name, v.code, v.level, v.type, v.valid, v.begun_by, v.ended_by)
    if units is not None:
        wanted = wanted.where(v.division_id == any_(cast(list(units), IDS)))
    found: dict[UUID, list[UnitVersion]] = defaultdict(list)
    for row in tx.session.execute(wanted.order_by(v.division_id, func.lower(v.valid))):
        found[row.division_id].append(UnitVersion(*row[1:]))
    return found


def _known(tx: Transaction, units: Sequence[UUID] | None) -> _Known:
    wanted = select(Feature.division_id, Feature.id).where(Feature.division_id.is_not(None))
    if units is not None:
        wanted = wanted.where(Feature.division_id == any_(cast(list(units), IDS)))
    known = _Known({unit: feature for unit, feature in tx.session.execute(wanted) if unit is not None})
    if not known.features:
        return known
    ids = any_(cast(list(known.features.values()), IDS))
    own = select(PlaceName).where(PlaceName.feature_id == ids, PlaceName.process == NameProcess.unit.value)
    for name in tx.session.scalars(own.order_by(func.lower(PlaceName.valid))):
        known.names[name.feature_id].append(name)
    held = select(FeatureVersion).where(FeatureVersion.feature_id == ids)
    for version in tx.session.scalars(held.order_by(func.lower(FeatureVersion.valid))):
        known.versions[version.feature_id].append(version)
    return known


def _compare(rows: _Rows, known: _Known, unit: UUID, told: Sequence[UnitVersion]) -> None:
    feature = known.features.get(unit)
    if feature is None:
        feature = uuid7()
        rows.features.append((feature, unit, told[0].begun_by))
        rows.changed[feature] = None
    _compare_names(rows, known.names[feature], feature, told)
    _compare_versions(rows, known.versions[feature], feature, unit, class_spells(told))


def _compare_names(
    rows: _Rows, known: Sequence[PlaceName], feature: UUID, told: Sequence[UnitVersion]
) -> None:
    """A name that stays the same name keeps its row, and with it reading and spelling."""
    left = list(known)
    for spell in name_spells(told):
        row = _same(left, spell)
        if row is None:
            version = next(each for each in told if each.valid.start == spell.valid.start)
            rows.names.append(_name(feature, spell, version))
        else:
            left.remove(row)
            wanted = {"status": spell.status, "valid": spell.valid, "begun_by": spell.begun_by}
            wanted["ended_by"] = spell.ended_by
            if all(getattr(row, column) == value for column, value in wanted.items()):
                continue
            rows.revised.append({"id_": row.id, **wanted})
        rows.changed[feature] = None
    rows.gone_names += [row.id for row in left]
    if left:
        rows.changed[feature] = None


def _same(known: Sequence[PlaceName], spell: Spell) -> PlaceName | None:
    """The row of a name that began then, or else the one that is nearest in time."""
    named = [row for row in known if row.text == spell.value]
    return min(named, key=lambda row: abs((row.valid.start - spell.valid.start).days), default=None)


def _name(feature: UUID, spell: Spell, version: UnitVersion) -> tuple[Any, ...]:
    what = (NameKind.standard.value, spell.value, NameProcess.unit.value, spell.status)
    own = computed_spelling(romanize(spell.value, version.code, class_of_unit(version)))
    spelled = (own.specific, own.generic, own.reading, own.source, own.roman, own.source)
    return uuid7(), feature, *what, spell.valid, spell.begun_by, spell.ended_by, *spelled


def _compare_versions(
    rows: _Rows, known: Sequence[FeatureVersion], feature: UUID, unit: UUID, spells: Sequence[Spell]
) -> None:
    wanted = [piece for spell in spells for piece in _pieces(spell, known)]
    have = [(row.class_code, row.facts, row.valid, row.begun_by, row.ended_by) for row in known]
    if wanted == have and all(row.division_ids == [unit] for row in known):
        return
    rows.gone_versions += [row.id for row in known]
    listed = written_array([unit])
    for class_code, facts, *dated in wanted:
        told = dumps(facts, ensure_ascii=False)
        rows.versions.append((uuid7(), feature, class_code, listed, told, *dated))
    rows.changed[feature] = None


def _pieces(spell: Spell, known: Sequence[FeatureVersion]) -> list[tuple[Any, ...]]:
    """A spell cut where its facts were restated: class, facts, period, by what it began and ended."""
    cuts: list[tuple[Any, Mapping[str, Any], UUID]] = [(spell.valid.start, {}, spell.begun_by)]
    for row in known:
        if not row.valid.overlaps(spell.valid) or row.facts == cuts[-1][1]:
            continue
        if row.valid.start <= spell.valid.start:
            cuts[0] = (spell.valid.start, row.facts, spell.begun_by)
        else:
            cuts.append((row.valid.start, row.facts, row.begun_by))
    ends = [*((start, by) for start, _, by in cuts[1:]), (spell.valid.end, spell.ended_by)]
    return [
        (spell.value, facts, Period(start, end), by, ended_by)
        for (start, facts, by), (end, ended_by) in zip(cuts, ends, strict=True)
    ]


def _write(tx: Transaction, rows: _Rows) -> None:
    """What goes, goes first; names whose period moves step aside, so that no two ever hold at once."""
    if rows.gone_names:
        gone = any_(cast(rows.gone_names, IDS))
        tx.session.execute(update(NameEvent).where(NameEvent.name_id == gone).values(name_id=None))
    _delete(tx, PlaceName, rows.gone_names)
    _delete(tx, FeatureVersion, rows.gone_versions)
    _revise_names(tx, rows.revised)
    new = {feature for feature, *_ in rows.features}
    if old := [feature for feature in rows.changed if feature not in new]:
        again = update(Feature).where(Feature.id == any_(cast(old, IDS)))
        tx.session.execute(again.values(revision=Feature.revision + 1))
    begun = ((feature, unit, by, False) for feature, unit, by in rows.features)
    _copy(tx, Feature, ("id", "division_id", "registered_by", "is_synthetic"), list(begun))
    _copy(tx, FeatureVersion, _VERSION, rows.versions)
    _copy(tx, PlaceName, _NAME, rows.names)
    tx.session.expire_all()


def _delete(tx: Transaction, model: Any, ids: list[UUID]) -> None:
    if ids:
        tx.session.execute(delete(model).where(model.id == any_(cast(ids, IDS))))


def _revise_names(tx: Transaction, revised: list[dict[str, Any]]) -> None:
    if not revised:
        return
    ids = any_(cast([each["id_"] for each in revised], IDS))
    aside = update(PlaceName).where(PlaceName.id == ids).values(kind=NameKind.former.value)
    tx.session.execute(aside)
    table = table_of(PlaceName)
    columns = ("status", "valid", "begun_by", "ended_by")
    back = update(table).where(table.c.id == bindparam("id_")).values(kind=NameKind.standard.value)
    tx.session.connection().execute(
        back.values(**{column: bindparam(f"{column}_") for column in columns}),
        [{"id_": each["id_"], **{f"{c}_": each[c] for c in columns}} for each in revised],
    )


def _copy(tx: Transaction, model: type[Base], columns: tuple[str, ...], rows: Sequence[Any]) -> None:
    if rows:
        copy_rows(tx.session, table_of(model), columns, rows)
