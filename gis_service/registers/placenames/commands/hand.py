"""Features taken in hand to be edited: all rows of theirs, and what is to be written in the end.

Rows end first and new ones begin after, so that no two ever hold at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import any_, cast, func, or_, select, update
from sqlalchemy.orm import defer
from sqlalchemy.orm.attributes import set_committed_value

from gis_service.foundation.database import copy_new, lock_registers
from gis_service.foundation.errors import Conflict, NotFound
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.placenames.commands.edits import Seen, Stale, StaleRevision
from gis_service.registers.placenames.commands.requiring import IDS, shown
from gis_service.registers.placenames.models import (
    Feature,
    FeatureRelation,
    FeatureShape,
    FeatureVersion,
    NameEvent,
    NameKind,
    PlaceName,
)

_Ending = tuple[Any, tuple[tuple[str, str], ...]]  # a model, and what else its rows get as they end


@dataclass
class InHand:
    """A feature with every row of it, past and to come, and whether an edit changed anything."""

    feature: Feature
    versions: list[FeatureVersion] = field(default_factory=list)
    names: list[PlaceName] = field(default_factory=list)
    shapes: list[FeatureShape] = field(default_factory=list)
    relations: list[FeatureRelation] = field(default_factory=list)
    changed: bool = False

    def version(self, on: date) -> FeatureVersion:
        """What it is on a day.

        Raises:
            Conflict: it has ended, or does not begin before.
        """
        for row in self.versions:
            if on in row.valid:
                return row
        first = min(row.valid.start for row in self.versions)
        if on < first:
            raise Conflict(f"{self.told} 自 {first} 起登记，{on} 尚未在册", way_out="请改为其后的日期")
        raise Conflict(f"{self.told} 在 {on} 已注销，不能再改动", way_out="请核对地理实体和日期")

    def standard(self, on: date) -> PlaceName | None:
        """Its standard name on a day."""
        return next((n for n in self.names if n.kind == NameKind.standard and on in n.valid), None)

    def name(self, name_id: UUID) -> PlaceName:
        """One of its names.

        Raises:
            NotFound: it has no such name.
        """
        for row in self.names:
            if row.id == name_id:
                return row
        raise NotFound(f"{self.told} 没有标识为 {name_id} 的名称", way_out="请取最新内容后重试")

    @property
    def told(self) -> str:
        """How people know it: by its latest standard name."""
        standard = [n for n in self.names if n.kind == NameKind.standard]
        latest = max(standard, key=lambda n: n.valid.start, default=None)
        return f"“{latest.text}”" if latest else f"地理实体 {self.feature.code or self.feature.id}"


@dataclass
class Hand:
    """All that are edited together, from a day on by an instrument."""

    tx: Transaction
    on: date
    instrument_id: UUID
    features: dict[UUID, InHand]
    begun: dict[UUID, Any] = field(default_factory=dict)
    ended: dict[_Ending, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    events: list[NameEvent] = field(default_factory=list)

    def begin(self, row: Any, *, until: date | None = None) -> None:
        """Have a row hold from the day on."""
        row.valid, row.begun_by = Period(self.on, until), self.instrument_id
        self.begun[row.id] = row

    def end(self, row: Any, rows: list[Any], **also: str) -> date | None:
        """Let a row end; one that began the same day has not lasted a day and goes. Its end until then.

        `also` are other columns that get a new value by it. All that end are written at once.
        """
        until: date | None = row.valid.end
        if row.valid.start < self.on:
            valid = row.valid.ended(self.on)
            for column, value in {"valid": valid, "ended_by": self.instrument_id, **also}.items():
                set_committed_value(row, column, value)
            self.ended[type(row), tuple(also.items())].append(row.id)
            return until
        rows.remove(row)
        if self.begun.pop(row.id, None) is None:
            self.tx.session.delete(row)
        return until

    def write(self) -> None:
        """Write all: what ends, what begins, what happened, and that the features changed."""
        for (model, also), ids in self.ended.items():
            values = {"valid": func.daterange(func.lower(model.valid), self.on), **dict(also)}
            self._update(model, ids, ended_by=self.instrument_id, **values)
        self.tx.session.flush()
        copy_new(self.tx.session, [*self.begun.values(), *self.events])
        changed = [each.feature for each in self.features.values() if each.changed]
        self._update(Feature, [row.id for row in changed], revision=Feature.revision + 1)
        for row in changed:
            set_committed_value(row, "revision", row.revision + 1)

    def _update(self, model: Any, ids: list[UUID], **values: Any) -> None:
        which = update(model).where(model.id == any_(cast(ids, IDS))).values(**values)
        self.tx.session.execute(which, execution_options={"synchronize_session": False})


def take_in_hand(tx: Transaction, seen: Sequence[Seen], *, on: date, instrument_id: UUID) -> Hand:
    """Let nobody else write, and find the features as they were seen.

    Raises:
        NotFound: there is no such feature, or it is not shown to the actor.
        StaleRevision: features were edited since; names every one.
    """
    lock_registers(tx.session)
    ids = list({each.feature_id for each in seen})
    found = {row.id: InHand(row) for row in _rows(tx, Feature, Feature.id, ids)}
    if missing := [each for each in ids if each not in found]:
        raise NotFound(f"没有这些地理实体：{shown(missing)}", way_out="请核对标识，或先登记")
    for row in _rows(tx, PlaceName, PlaceName.feature_id, ids):
        found[row.feature_id].names.append(row)
    _require_fresh(seen, found, on=on)
    for row in _rows(tx, FeatureVersion, FeatureVersion.feature_id, ids):
        found[row.feature_id].versions.append(row)
    for row in _rows(tx, FeatureShape, FeatureShape.feature_id, ids):
        found[row.feature_id].shapes.append(row)
    _find_relations(tx, found)
    return Hand(tx, on, instrument_id, found)


def _rows(tx: Transaction, model: Any, column: Any, ids: list[UUID]) -> Iterable[Any]:
    wanted = select(model).where(column == any_(cast(ids, IDS)))
    if model is FeatureShape:
        wanted = wanted.options(defer(FeatureShape.geom, raiseload=True))
    return tx.session.scalars(wanted.execution_options(populate_existing=True))


def _find_relations(tx: Transaction, found: dict[UUID, InHand]) -> None:
    ids = cast(list(found), IDS)
    of_either = or_(FeatureRelation.feature_id == any_(ids), FeatureRelation.other_id == any_(ids))
    for row in tx.session.scalars(select(FeatureRelation).where(of_either)):
        for end in {row.feature_id, row.other_id} & found.keys():
            found[end].relations.append(row)


def _require_fresh(seen: Iterable[Seen], found: dict[UUID, InHand], *, on: date) -> None:
    stale: dict[UUID, Stale] = {}
    for each in seen:
        hand = found[each.feature_id]
        if each.revision != hand.feature.revision:
            name = hand.standard(on)
            shown_as = None if name is None else name.text
            now = hand.feature.revision
            stale[each.feature_id] = Stale(each.feature_id, each.revision, now, shown_as)
    if stale:
        raise StaleRevision(tuple(stale.values()))
