"""A synthetic history of divisions, as large as the real one may become: nothing in it ever happened.

About 3,300 units on every day, thirty yearly steps, 25,000 versions and 20,000 links, written in bulk.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.database import copy_rows
from gis_service.foundation.periods import Period
from gis_service.registers.divisions.models import Division, DivisionVersion, Lineage
from gis_service.registers.instruments.models import Instrument

FIRST, STEPS = 1981, 30
PROVINCES, PREFECTURES, COUNTIES = 31, 11, 9  # 31 · 11 · 9 = 3,069 counties
MERGED, SPLIT, MOVED, RECODED = 60, 60, 540, 500  # of each a year
SEED = 1981


@dataclass
class Unit:
    """A unit that stands, since when, by which act."""

    id: UUID
    code: str
    name: str
    level: str
    type: str
    superior: UUID | None
    since: date
    act: UUID


@dataclass
class History:
    """Rows of the four tables, and what stands."""

    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    acts: list[tuple[Any, ...]] = field(default_factory=list)
    ids: list[tuple[UUID]] = field(default_factory=list)
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    links: dict[tuple[UUID, UUID, date], tuple[Any, ...]] = field(default_factory=dict)
    counties: list[Unit] = field(default_factory=list)
    above: list[Unit] = field(default_factory=list)
    number: int = 0

    def new_id(self) -> UUID:
        """The next id."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def new_code(self) -> str:
        """No code is ever used twice; beyond what six digits hold of a province nobody looks."""
        while True:
            self.number += 1
            code = f"{100000 + self.number * 13 % 899_981:06}"
            if not code.endswith("00"):
                return code

    def act(self, on: date) -> UUID:
        """Add an act."""
        act = self.new_id()
        told = f"合成〔{on.year}〕{len(self.acts) + 1}号"
        self.acts.append((act, told, "批复", "合成的批复", "合成", on, "公开"))
        return act

    def begin(self, code: str, level: str, type_: str, superior: UUID | None, on: date, act: UUID) -> Unit:
        """Let a unit begin."""
        unit = Unit(self.new_id(), code, f"合成{code}", level, type_, superior, on, act)
        self.ids.append((unit.id,))
        return unit

    def close(self, unit: Unit, on: date | None, act: UUID | None) -> None:
        """Write the version that a unit has been until a day."""
        self.versions.append(
            (
                self.new_id(),
                unit.id,
                unit.code,
                unit.name,
                unit.level,
                unit.type,
                unit.superior,
                Period(unit.since, on),
                unit.act,
                act,
            )
        )

    def link(self, old: Unit, new: Unit, on: date, kind: str, act: UUID, share: float | None) -> None:
        """Write a link; of two units on one day the last."""
        self.links[old.id, new.id, on] = (old.id, new.id, on, kind, share, None, "确定", act)


def history() -> History:
    """The history, the same every time."""
    made = History()
    _found(made, date(FIRST, 12, 31))
    for year in range(FIRST + 1, FIRST + STEPS):
        _pass_year(made, date(year, 12, 31))
    end = date(FIRST + STEPS, 12, 31)  # before real registers of other benchmarks begin
    act = made.act(end)
    for unit in (*made.above, *made.counties):
        made.close(unit, end, act)
    return made


def _found(made: History, on: date) -> None:
    act = made.act(on)
    for province in range(11, 11 + PROVINCES):
        top = made.begin(f"{province}0000", "province", "省", None, on, act)
        made.above.append(top)
        for prefecture in range(1, PREFECTURES + 1):
            city = made.begin(f"{province}{prefecture:02}00", "prefecture", "地级市", top.id, on, act)
            made.above.append(city)
            made.counties += [
                made.begin(made.new_code(), "county", "县", city.id, on, act) for _ in range(COUNTIES)
            ]


def _pass_year(made: History, on: date) -> None:
    act = made.act(on)
    made.chance.shuffle(made.counties)
    touched = iter(list(made.counties))
    _merge(made, touched, on, act)
    _split(made, touched, on, act)
    _move(made, touched, on, act)
    for _ in range(RECODED):
        unit = next(touched)
        made.close(unit, on, act)
        unit.code, unit.since, unit.act = made.new_code(), on, act


def _merge(made: History, touched: Iterator[Unit], on: date, act: UUID) -> None:
    for _ in range(MERGED):
        ended, survivor = next(touched), next(touched)
        made.close(ended, on, act)
        made.counties.remove(ended)
        made.link(ended, survivor, on, "合并", act, 1.0)


def _split(made: History, touched: Iterator[Unit], on: date, act: UUID) -> None:
    for _ in range(SPLIT):
        old = next(touched)
        new = made.begin(made.new_code(), "county", "县", old.superior, on, act)
        made.counties.append(new)
        made.link(old, new, on, "拆分", act, 0.4)


def _move(made: History, touched: Iterator[Unit], on: date, act: UUID) -> None:
    for _ in range(MOVED):
        giver, taker = next(touched), next(touched)
        made.link(giver, taker, on, "区域划转", act, round(made.chance.uniform(0.01, 0.3), 3))


def write(session: Session, made: History) -> None:
    """Load the history with COPY."""
    acts = ("id", "number", "kind", "title", "issuer", "issued_on", "classification")
    copy_rows(session, Instrument.__table__, acts, made.acts)  # type: ignore[arg-type]
    copy_rows(session, Division.__table__, ("id",), made.ids)  # type: ignore[arg-type]
    versions = (
        *("id", "division_id", "code", "name", "level", "type", "superior_id"),
        *("valid", "begun_by", "ended_by"),
    )
    copy_rows(session, DivisionVersion.__table__, versions, made.versions)  # type: ignore[arg-type]
    links = (
        *("predecessor_id", "successor_id", "on_date", "kind"),
        *("share_of_predecessor", "share_of_successor", "certainty", "instrument_id"),
    )
    copy_rows(session, Lineage.__table__, links, made.links.values())  # type: ignore[arg-type]
