"""The history of all codes, asked over any two years: what came of what, forward and back, by every way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.transaction import transaction
from gis_service.procedures.intake.commands.listing import load_listed
from gis_service.registers.boundaries.queries import follow_all, trace
from gis_service.registers.divisions.queries import division_by_code
from tests.support.factories import NOW, REGISTRAR
from tests.support.histories import large_history, opened, table_of, years_of

HISTORY = large_history()
YEARS = years_of(HISTORY)
LINE = re.compile(r"([-+=])(\d{6}) ([^<>]+)(?:([<>])(.*))?$")

Table = Mapping[str, str]
Relation = set[tuple[str, str]]


def superior(code: str, table: Table) -> str | None:
    prefecture = f"{code[:4]}00"
    if code.endswith("0000"):
        return None
    return prefecture if code != prefecture and prefecture in table else f"{code[:2]}0000"


def meant(selector: str, code: str, name: str, own: Table, other: Table) -> set[str]:
    """The records a selector means: read anew here, by the words of the grammar alone."""
    if selector in {".", ".."}:
        found = code if selector == "." else superior(code, own)
        return {found} & other.keys() if found else set()
    full = name if selector == "_" else selector
    named = {each for each in other if full.endswith(other[each]) and _is_prefixed(full, each, other)}
    for width in (4, 2, 0):
        near = {each for each in named if each[:width] == code[:width]}
        if near:
            return near
    return set()


def _is_prefixed(full: str, code: str, table: Table) -> bool:
    rest, above = full.removesuffix(table[code]), superior(code, table)
    while rest and above:
        rest, above = rest.removesuffix(table[above]), superior(above, table)
    return not rest


def relation_of(before: Table, after: Table, diff: str) -> Relation:
    """Which record of one table became which of the next, by the lines of the diff."""
    relation, ended = set[tuple[str, str]](), set[str]()
    for line in filter(None, diff.splitlines()):
        if line.startswith("#"):
            continue
        found = LINE.match(line)
        assert found is not None, line
        sign, code, name, way, selectors = found.groups()
        ended |= {code} if sign == "-" else set()
        own, other = (before, after) if way == ">" else (after, before)
        for selector in (selectors or "").split(","):
            if not selector or "?" in selector:
                continue
            for each in meant(selector.rstrip("!"), code, name, own, other):
                relation.add((code, each) if way == ">" else (each, code))
    return relation | {(code, code) for code in before.keys() & after.keys() - ended}


Masks = dict[str, int]  # a code → from which records of a first year it has area, one bit each


@cache
def step_to(year: int) -> Relation:
    """The relation of the step that ends in a year; superiors under their code go on under any name."""
    assert HISTORY is not None
    before, after = table_of(HISTORY, year - 1), table_of(HISTORY, year)
    diff = (HISTORY / "diff" / f"{year - 1}-{year}.diff").read_text(encoding="utf-8")
    both = above(before) & above(after)
    return relation_of(before, after, diff) | {(code, code) for code in both}


def above(table: Table) -> set[str]:
    """The records with inferiors; correspondence is of those without."""
    return {found for code in table if (found := superior(code, table))}


def lowest(masks: Masks, year: int) -> Masks:
    """Only what records without inferiors have, and only where it is anything."""
    assert HISTORY is not None
    superiors = above(table_of(HISTORY, year))
    return {code: mask for code, mask in masks.items() if mask and code not in superiors}


def begun(first: int) -> Masks:
    assert HISTORY is not None
    table = table_of(HISTORY, first)
    superiors = above(table)
    return {code: 1 << at for at, code in enumerate(table) if code not in superiors}


def composed(first: int) -> Iterator[tuple[int, Masks]]:
    """What every record of each later year has of the records of a first year, as the diffs say."""
    masks = begun(first)
    for year in (year for year in YEARS if year > first):
        reached: Masks = defaultdict(int)
        for old, new in step_to(year):
            reached[new] |= masks.get(old, 0)
        masks = dict(reached)
        yield year, masks


@dataclass(frozen=True)
class Held:
    """What the register holds: who held which code at the end of each year, and the links by day."""

    codes: Mapping[int, Mapping[UUID, str]]
    links: Mapping[date, Sequence[tuple[UUID, UUID]]]

    @classmethod
    def read(cls, session: Session) -> Held:
        told = "SELECT division_id, code, lower(valid), coalesce(upper(valid), 'infinity') "
        versions = session.execute(text(f"{told} FROM division_version")).all()
        codes = {
            year: {unit: code for unit, code, start, end in versions if start <= _end(year) < end}
            for year in YEARS
        }
        links: dict[date, list[tuple[UUID, UUID]]] = defaultdict(list)
        told = "SELECT on_date, predecessor_id, successor_id FROM lineage "
        for day, one, other in session.execute(text(f"{told} WHERE certainty IN ('确定', '推定')")):
            links[day].append((one, other))
        return cls(codes, links)

    def followed(self, first: int) -> Iterator[tuple[int, Masks]]:
        """The same by divisions and links, day by day."""
        then = begun(first)
        masks = {unit: then.get(code, 0) for unit, code in self.codes[first].items()}
        for year in (year for year in YEARS if year > first):
            for day in sorted(day for day in self.links if _end(year - 1) < day <= _end(year)):
                arriving: dict[UUID, int] = defaultdict(int)
                for one, other in self.links[day]:
                    arriving[other] |= masks.get(one, 0)
                for unit, mask in arriving.items():
                    masks[unit] = masks.get(unit, 0) | mask
            yield year, {code: masks.get(unit, 0) for unit, code in self.codes[year].items()}


def _end(year: int) -> date:
    return date(year, 12, 31)


if HISTORY is not None:

    @pytest.fixture(scope="module")
    def session(make_database: Callable[[], str]) -> Iterator[Session]:
        """A session on a database that holds the whole history, loaded once."""
        engine: Engine = open_engine(make_database())
        with transaction(session_factory(engine), actor=REGISTRAR, at=NOW) as tx:
            load_listed(tx, opened(HISTORY or Path()))
        with session_factory(engine)() as session:
            yield session
        engine.dispose()

    @pytest.fixture(scope="module")
    def held(session: Session) -> Held:
        return Held.read(session)

    @pytest.mark.parametrize("first", YEARS[:-1])
    def test_over_any_two_years_area_went_where_the_diffs_say(held: Held, first: int) -> None:
        """Every pair of years, both ways: what one day has of another is the mirror of what became of it."""
        for (year, told), (_, found) in zip(composed(first), held.followed(first), strict=True):
            assert lowest(found, year) == lowest(told, year), year

    @pytest.mark.parametrize(("on", "to"), [(1981, 2010), (2010, 1981), (1982, 1996), (2003, 1990)])
    def test_the_service_answers_the_same(session: Session, held: Held, on: int, to: int) -> None:
        first, last = min(on, to), max(on, to)
        told = next(masks for year, masks in composed(first) if year == last)
        assert HISTORY is not None
        sources, heirs = list(table_of(HISTORY, first)), lowest(told, last)
        lowest_now, lowest_then = (
            lowest(dict.fromkeys(held.codes[year].values(), 1), year) for year in (on, to)
        )
        asked = {unit: "county" for unit, code in held.codes[on].items() if code in lowest_now}
        for unit, ways in follow_all(session, asked, on=_end(on), to=_end(to)).items():
            code = held.codes[on][unit]
            found = {held.codes[to][heir] for heir in ways.shares} & lowest_then.keys()
            bit = sources.index(code) if on < to else 0
            mask = heirs.get(code, 0)
            wanted = (
                {heir for heir, mask in heirs.items() if mask >> bit & 1}
                if on < to
                else {each for at, each in enumerate(sources) if mask >> at & 1}
            )
            assert found == wanted, code

    @pytest.mark.parametrize(
        ("code", "on", "to", "heirs"),
        [
            ("320304", 2009, 2010, {"320302", "320311", "320312"}),  # 九里区, split among three
            ("321083", 1995, 1996, {"321281"}),  # 兴化 and all of 泰州, re-coded
            ("320823", 1995, 1996, {"321322"}),  # 沭阳, to 宿迁
            ("510726", 2002, 2003, {"510726"}),  # 北川, another type under the same code
            ("420624", 2009, 2010, {"420624"}),  # 南漳, under a renamed prefecture
            ("110103", 2009, 2010, {"110101"}),  # 崇文, into a survivor
            ("420600", 2009, 2010, {"420600"}),  # 襄樊, renamed
        ],
    )
    def test_hard_ones(session: Session, code: str, on: int, to: int, heirs: set[str]) -> None:
        unit = division_by_code(session, code, on=_end(on)).division_id
        there = trace(session, unit, on=_end(on), to=_end(to))
        assert {heir.unit.code for heir in there.units} == heirs
        assert all(heir.acts for heir in there.units if heir.unit.id != unit)
        for heir in there.units:
            back = trace(session, heir.unit.id, on=_end(to), to=_end(on))
            assert unit in {source.unit.id for source in back.units}

    def test_a_code_that_was_used_again_means_the_unit_of_the_day(session: Session, held: Held) -> None:
        holders: dict[str, set[UUID]] = defaultdict(set)
        for year in YEARS:
            for unit, code in held.codes[year].items():
                holders[code].add(unit)
        again = [code for code, units in holders.items() if len(units) > 1]
        assert len(again) > len(YEARS)
        for code in again[:5]:
            for year in YEARS:
                on = {unit for unit, each in held.codes[year].items() if each == code}
                if on:
                    assert {division_by_code(session, code, on=_end(year)).division_id} == on


def test_selectors_are_read_by_the_grammar() -> None:
    before = {"110000": "某市", "110101": "甲区", "120000": "他市", "120101": "甲区"}
    after = {"110000": "某市", "110102": "乙区", "120000": "他市", "120101": "甲区"}
    assert relation_of(before, after, "# 文号\n-110101 甲区>乙区\n+110102 乙区<他市甲区!,丙区?") == {
        ("110000", "110000"),
        ("110101", "110102"),
        ("120101", "110102"),
        ("120000", "120000"),
        ("120101", "120101"),
    }
