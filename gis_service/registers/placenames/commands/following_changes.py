"""Features follow changes of the units they lie in: from the day on, by the act that changed the units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import Row, any_, cast, delete, exists, func, select, update
from sqlalchemy.orm import aliased
from uuid_utils.compat import uuid7

from gis_service.foundation.database import copy_rows, holds_on, table_of, written_array
from gis_service.foundation.periods import Period
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.divisions.events import ChangeTakenBack, DivisionsChanged
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.divisions.queries import versions_above
from gis_service.registers.placenames.commands.requiring import IDS
from gis_service.registers.placenames.events import FeaturesChanged
from gis_service.registers.placenames.models import Feature, FeatureShape, FeatureVersion, ShapeRole
from gis_service.registers.placenames.rules.listing import Chain, Change, Lying, listed_after

DOUBT = "存疑"  # the field of the record that says what a human has to find out
_COLUMNS = ("id", "feature_id", "class_code", "division_ids", "facts", "valid", "begun_by", "ended_by")
_UNSEEN = {"synchronize_session": False}  # rows that the session holds are read anew after
_Held = Sequence[Row[Any]]


def move_features(tx: Transaction, event: DivisionsChanged) -> None:
    """List features under the units that hold them now.

    Of a unit that ended: the one in which a feature lies, else the only successor; where neither is known it
    stays, and its record says so (存疑). Of a unit that gave area: the one in which the feature lies now.
    """
    concerned = {*event.ended, *(event.touched if event.on_the_ground else ())}
    with full_sight(tx.session):
        held = _held(tx, concerned, on=event.on)
        moved = _moved(tx, event, concerned, held) if held else []
        _write(tx, event, moved)


def _held(tx: Transaction, units: Iterable[UUID], *, on: date) -> _Held:
    """What is listed under units on a day, other units aside."""
    overlaps = FeatureVersion.division_ids.op("&&", is_comparison=True)(cast(list(units), IDS))
    wanted = (
        select(*FeatureVersion.__table__.columns)
        .join(Feature, Feature.id == FeatureVersion.feature_id)
        .where(overlaps, holds_on(FeatureVersion.valid, on), Feature.division_id.is_(None))
        .order_by(FeatureVersion.feature_id)
    )
    return tx.session.execute(wanted).all()


def _moved(
    tx: Transaction, event: DivisionsChanged, concerned: set[UUID], held: _Held
) -> list[tuple[Row[Any], list[UUID], dict[str, Any]]]:
    change = _change(tx, event, concerned)
    lying = _lying(tx, event.on, [row.feature_id for row in held])
    moved = []
    for row in held:
        units, doubtful = listed_after(row.division_ids, change, lying.get(row.feature_id, Lying()))
        facts = dict(row.facts)
        if doubtful:
            facts[DOUBT] = f"所列单位于 {event.on} 撤销，由何单位承继不明"
        if (units, facts) != (row.division_ids, row.facts):
            moved.append((row, units, facts))
    return moved


def _change(tx: Transaction, event: DivisionsChanged, concerned: set[UUID]) -> Change:
    eve = event.on - timedelta(days=1)
    levels = select(DivisionVersion.division_id, DivisionVersion.level).where(
        DivisionVersion.division_id == any_(cast(list(concerned), IDS)), holds_on(DivisionVersion.valid, eve)
    )
    links = select(Lineage.predecessor_id, Lineage.successor_id).where(
        Lineage.predecessor_id == any_(cast(list(event.ended), IDS)), Lineage.on_date == event.on
    )
    successors: dict[UUID, set[UUID]] = defaultdict(set)
    for predecessor, successor in tx.session.execute(links):
        successors[predecessor].add(successor)
    known = {row.division_id: row.level for row in tx.session.execute(levels)}
    return Change(frozenset(event.ended), known, {unit: frozenset(of) for unit, of in successors.items()})


def _lying(tx: Transaction, on: date, features: list[UUID]) -> dict[UUID, Lying]:
    """Where features lie that have a place, by their point or else by a point of their shape."""
    surface = func.ST_PointOnSurface(FeatureShape.geom)
    wanted = (
        select(FeatureShape.feature_id, func.ST_X(surface), func.ST_Y(surface))
        .where(FeatureShape.feature_id == any_(cast(features, IDS)), holds_on(FeatureShape.valid, on))
        .order_by(FeatureShape.feature_id, FeatureShape.role == ShapeRole.point.value)
    )
    places = {feature: (lon, lat) for feature, lon, lat in tx.session.execute(wanted)}  # the point comes last
    before = _chains(tx, list(places.values()), on - timedelta(days=1))
    after = _chains(tx, list(places.values()), on)
    return {feature: Lying(*both) for feature, *both in zip(places, before, after, strict=True)}


def _chains(tx: Transaction, places: list[tuple[float, float]], on: date) -> list[list[Chain]]:
    """For each place the units that hold it, from the lowest up, by level."""
    located = locate(tx.session, places, on=on)
    lowest = {unit for several in located for unit in several}
    own = select(DivisionVersion).where(
        DivisionVersion.division_id == any_(cast(list(lowest), IDS)), holds_on(DivisionVersion.valid, on)
    )
    versions = [*tx.session.scalars(own), *versions_above(tx.session, lowest, on=on)]
    by_id = {version.division_id: version for version in versions}

    def chain(unit: UUID | None) -> Chain:
        found: dict[str, UUID] = {}
        while unit is not None and unit in by_id:
            found[by_id[unit].level] = unit
            unit = by_id[unit].superior_id
        return found

    known = {unit: chain(unit) for unit in lowest}
    return [[known[unit] for unit in several] for several in located]


def _write(
    tx: Transaction, event: DivisionsChanged, moved: list[tuple[Row[Any], list[UUID], dict[str, Any]]]
) -> None:
    if not moved:
        return
    by, on = event.instrument_id, event.on
    lasted = [row.id for row, _, _ in moved if row.valid.start < on]
    begun = [row.id for row, _, _ in moved if row.valid.start >= on]
    tx.session.execute(delete(FeatureVersion).where(FeatureVersion.id == any_(cast(begun, IDS))))
    ended = func.daterange(func.lower(FeatureVersion.valid), on)
    which = update(FeatureVersion).where(FeatureVersion.id == any_(cast(lasted, IDS)))
    tx.session.execute(which.values(valid=ended, ended_by=by), execution_options=_UNSEEN)
    rows = (
        (
            *(uuid7(), row.feature_id, row.class_code, written_array(units)),
            *(dumps(facts, ensure_ascii=False), Period(on, row.valid.end), by, row.ended_by),
        )
        for row, units, facts in moved
    )
    copy_rows(tx.session, table_of(FeatureVersion), _COLUMNS, rows)
    doubtful = sum(DOUBT in facts and DOUBT not in row.facts for row, _, facts in moved)
    features = [row.feature_id for row, _, _ in moved]
    _tell(tx, features, by, "placenames.move", {"features": len(features), "doubtful": doubtful}, on)


def _tell(
    tx: Transaction, features: list[UUID], by: UUID, command: str, after: dict[str, int], on: date
) -> None:
    again = update(Feature).where(Feature.id == any_(cast(features, IDS)))
    tx.session.execute(again.values(revision=Feature.revision + 1), execution_options=_UNSEEN)
    tx.session.expire_all()
    tx.journal(command, str(by), instrument_id=by, after=after, on=on)
    tx.publish(FeaturesChanged(tuple(features), by))


def give_features_back(tx: Transaction, event: ChangeTakenBack) -> None:
    """Undo what followed from a change that is taken back: features are listed as they were."""
    new, old = aliased(FeatureVersion), aliased(FeatureVersion)
    with full_sight(tx.session):
        followed = (
            select(
                new.id, new.feature_id, new.valid, new.ended_by, old.id.label("old"), old.valid.label("was")
            )
            .join(old, (old.feature_id == new.feature_id) & (func.upper(old.valid) == event.on))
            .where(
                old.ended_by == event.instrument_id,
                new.begun_by == event.instrument_id,
                func.lower(new.valid) == event.on,
                ~exists().where(Feature.id == new.feature_id, Feature.division_id.is_not(None)),
            )
        )
        rows = tx.session.execute(followed).all()
        if not rows:
            return
        gone = any_(cast([row.id for row in rows], IDS))
        tx.session.execute(delete(FeatureVersion).where(FeatureVersion.id == gone))
        for row in rows:
            again = update(FeatureVersion).where(FeatureVersion.id == row.old)
            period = Period(row.was.start, row.valid.end)
            tx.session.execute(again.values(valid=period, ended_by=row.ended_by))
        features = [row.feature_id for row in rows]
        _tell(
            tx, features, event.instrument_id, "placenames.give_back", {"features": len(features)}, event.on
        )
