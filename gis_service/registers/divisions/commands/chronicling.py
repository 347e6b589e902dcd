"""Writing whole histories at once: many divisions with all their versions and links, told act by act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import select

from gis_service.foundation.database import copy_rows, refresh_statistics, table_of
from gis_service.foundation.errors import Conflict
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.commands.superseding import keep, take_back_link
from gis_service.registers.divisions.events import PastTold, VersionsWritten
from gis_service.registers.divisions.models import (
    Certainty,
    Division,
    DivisionVersion,
    Lineage,
    LineageKind,
)


class Bound(NamedTuple):
    """Where a version begins or ends: the day, the act, and what is known of the day (EDTF)."""

    on: date
    instrument_id: UUID
    edtf: str | None = None


@dataclass(frozen=True, slots=True)
class PastVersion:
    """What a division was from one bound to another; one without an end is still in force."""

    division_id: UUID
    code: str
    name: str
    level: str
    type: str | None
    superior_id: UUID | None
    begun: Bound
    ended: Bound | None = None
    without_successor: bool = False


@dataclass(frozen=True, slots=True)
class PastDescent:
    """That (part of) one division's area went to another; shares are unknown."""

    predecessor_id: UUID
    successor_id: UUID
    kind: LineageKind
    certainty: Certainty
    on: date
    instrument_id: UUID


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A history to be written. `ended` and `begun` bound versions that stand, by the id of their division.

    Versions in `ended` are those in force until the day before, which may have an end already; in `begun` the
    first ones, which get an earlier beginning. Links in `obsolete` give way; the instrument says to what.
    """

    founded: frozenset[UUID]
    versions: tuple[PastVersion, ...]
    descents: tuple[PastDescent, ...]
    ended: Mapping[UUID, tuple[Bound, bool]]
    begun: Mapping[UUID, Bound]
    obsolete: Mapping[tuple[UUID, UUID, date], UUID] = field(default_factory=dict)


def chronicle(tx: Transaction, history: Chronicle) -> None:
    """Write a history: one entry in the journal per act tells what it ended, began and revised.

    Raises:
        Conflict: a code or a division would be held twice on a day, or a version to be bounded is not there.
    """
    tx.session.flush()
    told = _Told()
    _bound(tx, history, told)
    _give_way(tx, history.obsolete, told)
    copy_rows(tx.session, table_of(Division), ("id",), ((unit,) for unit in history.founded))
    _copy_versions(tx, history.versions)
    _copy_descents(tx, history.descents)
    refresh_statistics(tx.session)
    for version in history.versions:
        told.version(version)
    for descent in history.descents:
        told.add(descent.instrument_id, "linked", [descent.predecessor_id, descent.successor_id, descent.on])
    for instrument_id, facts in told.by_act.items():
        tx.journal("divisions.chronicle", _subject(facts), instrument_id=instrument_id, after=facts)
    if told.days:
        tx.publish(PastTold(min(told.days)))
        tx.publish(VersionsWritten(_written(history), next(iter(told.by_act))))


def _written(history: Chronicle) -> tuple[UUID, ...]:
    units = (version.division_id for version in history.versions)
    return tuple(dict.fromkeys((*units, *history.ended, *history.begun)))


class _Told:
    """What each act did, as the journal tells it."""

    def __init__(self) -> None:
        self.by_act: dict[UUID, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self.days: set[date] = set()

    def add(self, instrument_id: UUID, what: str, fact: list[Any]) -> None:
        self.days |= {each for each in fact if isinstance(each, date)}
        self.by_act[instrument_id][what].append(fact)

    def version(self, version: PastVersion) -> None:
        fact = [version.division_id, version.code, version.name, version.superior_id, *version.begun[::2]]
        self.add(version.begun.instrument_id, "begun", fact)
        if version.ended is not None:
            fact = [version.division_id, version.code, version.name, *version.ended[::2]]
            self.add(version.ended.instrument_id, "ended", fact)


def _subject(facts: Mapping[str, list[Any]]) -> str:
    begun, ended = len(facts.get("begun", ())), len(facts.get("ended", ()))
    return f"起 {begun}、止 {ended}、沿革 {len(facts.get('linked', ()))}"


def _bound(tx: Transaction, history: Chronicle, told: _Told) -> None:
    """Give versions that stand an end, or an earlier beginning."""
    for version in _standing(tx, {unit: bound.on for unit, (bound, _) in history.ended.items()}):
        bound, without_successor = history.ended[version.division_id]
        if version.valid.end is not None and version.valid.end != bound.on:
            keep(tx, version, by=bound.instrument_id)
        version.valid = Period(version.valid.start, bound.on)
        version.ended_by, version.ended_edtf = bound.instrument_id, bound.edtf
        version.without_successor = without_successor
        fact = [version.division_id, version.code, version.name, bound.on, bound.edtf]
        told.add(bound.instrument_id, "ended", fact)
    for version in _firsts(tx, history.begun):
        first = history.begun[version.division_id]
        was = [version.valid.start, version.begun_by, version.begun_edtf]
        version.valid = Period(first.on, version.valid.end)
        version.begun_by, version.begun_edtf = first.instrument_id, first.edtf
        fact = [version.division_id, version.code, version.name, version.superior_id, first.on, first.edtf]
        told.add(first.instrument_id, "begun_earlier", [*fact, *was])
    tx.session.flush()


def _standing(tx: Transaction, ends: Mapping[UUID, date]) -> Iterable[DivisionVersion]:
    """The version of each of these divisions that is in force the day before it is to end."""
    rows = tx.session.scalars(select(DivisionVersion).where(DivisionVersion.division_id.in_(ends)))
    found = [row for row in rows if ends[row.division_id] - timedelta(days=1) in row.valid]
    _require_all(found, ends)
    return found


def _firsts(tx: Transaction, wanted: Mapping[UUID, object]) -> Iterable[DivisionVersion]:
    """The first version of each of these divisions."""
    rows = tx.session.scalars(select(DivisionVersion).where(DivisionVersion.division_id.in_(wanted)))
    found: dict[UUID, DivisionVersion] = {}
    for row in sorted(rows, key=lambda row: row.valid.start):
        found.setdefault(row.division_id, row)
    _require_all(found, wanted)
    return found.values()


def _require_all(found: Sized, wanted: Sized) -> None:
    if len(found) != len(wanted):
        raise Conflict("要接续的单位有的已不在登记簿中", way_out="请重新核对登记簿后再装入")


def _give_way(tx: Transaction, obsolete: Mapping[tuple[UUID, UUID, date], UUID], told: _Told) -> None:
    """Links that are known better now."""
    units = {predecessor for predecessor, _, _ in obsolete}
    for link in tx.session.scalars(select(Lineage).where(Lineage.predecessor_id.in_(units))):
        by = obsolete.get((link.predecessor_id, link.successor_id, link.on_date))
        if by is not None:
            told.add(by, "unlinked", [link.predecessor_id, link.successor_id, link.on_date])
            take_back_link(tx, link, by=by)
    tx.session.flush()


def _copy_versions(tx: Transaction, versions: Iterable[PastVersion]) -> None:
    columns = ("id", "division_id", "code", "name", "level", "type", "superior_id", "valid", "begun_by")
    rows = (
        (
            uuid4(),
            version.division_id,
            version.code,
            version.name,
            version.level,
            version.type,
            version.superior_id,
            Period(version.begun.on, version.ended.on if version.ended else None),
            version.begun.instrument_id,
            version.ended.instrument_id if version.ended else None,
            version.begun.edtf,
            version.ended.edtf if version.ended else None,
            version.without_successor,
        )
        for version in versions
    )
    more = ("ended_by", "begun_edtf", "ended_edtf", "without_successor")
    copy_rows(tx.session, table_of(DivisionVersion), (*columns, *more), rows)


def _copy_descents(tx: Transaction, descents: Iterable[PastDescent]) -> None:
    columns = ("predecessor_id", "successor_id", "on_date", "kind", "certainty", "instrument_id")
    rows = (
        (
            descent.predecessor_id,
            descent.successor_id,
            descent.on,
            descent.kind.value,
            descent.certainty.value,
            descent.instrument_id,
        )
        for descent in descents
    )
    copy_rows(tx.session, table_of(Lineage), columns, rows)
