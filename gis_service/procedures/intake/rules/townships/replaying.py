"""Replaying a list of changes below the county: one day a year, all rows of a year at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle import Act, Place, Trust
from gis_service.procedures.intake.rules.chronicle.days import Effect
from gis_service.procedures.intake.rules.chronicle.joining import Held
from gis_service.procedures.intake.rules.chronicle.known_days import KnownDay
from gis_service.procedures.intake.rules.chronicle.replaying import Descended, Life, Story, Version
from gis_service.procedures.intake.rules.chronicle.values import NO_ACT, Passage
from gis_service.procedures.intake.rules.townships.counties import Counties
from gis_service.procedures.intake.rules.townships.rows import (
    R_TWN_01,
    R_TWN_02,
    ChangeList,
    Row,
    groups_of,
    waves_of,
)
from gis_service.registers.divisions.rules import DivisionLevel, type_of


@dataclass(frozen=True, slots=True)
class Told:
    """What the register tells of units below the county: those in force, and what began and ended by year."""

    standing: Sequence[Held] = ()
    begun: Collection[tuple[int, str, str]] = ()
    ended: Collection[tuple[int, str, str]] = ()

    def of(self, row: Row) -> bool:
        """Whether a row was entered before."""
        begun = row.new is None or (row.year, *row.new) in self.begun
        return begun and (row.old is None or (row.year, *row.old) in self.ended)


@dataclass(slots=True)
class Replay:
    """The state while rows are gone through, and what came of it."""

    counties: Counties
    name: str
    on: date = date.min
    story: Story = field(default_factory=Story)
    findings: list[Finding] = field(default_factory=list)
    acts: dict[str, Act] = field(default_factory=dict)
    refused: int = 0
    passed_over: int = 0
    partial: bool = False

    def refuse(self, row: Row, why: str) -> None:
        """Leave a row out, which is told, and bars the rest unless parts are enough."""
        self.refused += 1
        severity = Severity.warning if self.partial else Severity.blocking
        message = f"{row.subject}：{why}，未取用"
        way_out = (
            "请先装入其县级单位的沿革，或用 --superiors 给出当时的县级代码表，或更正代码；"
            "或用 --partial 只装入其余各行，其后可再装"
        )
        self.findings.append(R_TWN_02.finding(severity, row.subject, message, suggestion=way_out))

    def act_of(self, row: Row) -> Act:
        """The document of a row; without one it stands by the list itself."""
        if not row.number:
            return NO_ACT
        if row.number not in self.acts:
            known = KnownDay(date(row.year, 1, 1), date(row.year, 12, 31))
            place = Place(self.name, row.line)
            self.acts[row.number] = Act(row.number, row.number, known, None, row.reason, place)
        return self.acts[row.number]

    def effect(self, row: Row) -> Effect:
        """All of a year takes effect at its end; more is not known."""
        return Effect(self.on, str(row.year), self.act_of(row))


def replay(changes: ChangeList, told: Told, counties: Counties, *, partial: bool = False) -> Replay:
    """Every year in turn, what the register tells already left out."""
    done = Replay(counties, changes.name, partial=partial)
    for held in told.standing:
        life = _standing(held)
        done.story.lives.append(life)
        done.story.holding[held.code] = life
    for year, rows in changes.years.items():
        accepted = [row for row in rows if not told.of(row) and _fits(done, row)]
        done.passed_over += sum(map(told.of, rows))
        waves = waves_of(accepted)
        for ahead, wave in enumerate(waves, start=1 - len(waves)):
            done.on = date(year, 12, 31) + timedelta(days=ahead)
            _tell_at_once(done, wave)
    done.findings += _gaps(changes)
    done.findings += done.counties.told()
    return done


def _gaps(changes: ChangeList) -> Iterator[Finding]:
    """Years between the first and the last of a list of which it has no row."""
    years = list(changes.years)
    missing = sorted(set(range(min(years, default=0), max(years, default=0))) - set(years))
    if missing:
        message = f"{changes.name} 没有 {'、'.join(map(str, missing))} 年的变更"
        yield R_TWN_01.finding(
            Severity.warning, changes.name, message, suggestion="请核对是否缺年；缺的可补交，再装一次"
        )


def _standing(held: Held) -> Life:
    begun = Effect(held.start, None, NO_ACT)
    kind = type_of(held.code, held.name)
    version = Version(held.code, held.name, DivisionLevel(held.level), kind, held.superior, begun)
    return Life(held.division, [version], stands=True)


def _fits(done: Replay, row: Row) -> bool:
    """Whether the counties of a row are there, before and after."""
    last = date(row.year, 12, 31)
    for unit, day in ((row.old, last - timedelta(days=1)), (row.new, last)):
        if unit is not None and done.counties.holding(unit[0], day) is None:
            done.refuse(
                row, f"{day} 登记簿没有代码为 {unit[0][:6]} 的县级单位{done.counties.later(unit[0], day)}"
            )
            return False
    return True


def _tell_at_once(done: Replay, rows: list[Row]) -> None:
    rows = [row for row in rows if not _taken(done, row, rows)]
    before = {row.old[0]: _entered(done, row) for row in rows if row.old is not None}
    links = dict(_links(rows))
    after: dict[str, Life] = {}
    first = {row.new[0]: row for row in reversed(rows) if row.new is not None}
    same = _same(links, rows)
    for code in first:
        old = same.get(code)
        after[code] = before[old] if old is not None else _begun(done)
    for (old, new), (row, trust) in links.items():
        if after[new] is not before[old]:
            pair = before[old].id, after[new].id
            kind = _kind(old, new, links, same)
            done.story.descents.append(Descended(*pair, kind, trust, done.effect(row)))
    ending = {row.old[0]: row for row in reversed(rows) if row.old is not None}
    for code in ending.keys() - set(same.values()):
        before[code].versions[-1].ended = done.effect(ending[code])
        before[code].without_successor = not any(old == code for old, _ in links)
    for code in ending:
        done.story.holding.pop(code, None)
    for code, row in first.items():
        _put(done, after[code], row)
        done.story.holding[code] = after[code]


def _taken(done: Replay, row: Row, rows: Sequence[Row]) -> bool:
    """Whether the new code is held by a unit that this year does not touch."""
    if row.new is None or row.new[0] not in done.story.holding:
        return False
    if any(other.old is not None and other.old[0] == row.new[0] for other in rows):
        return False
    holder = done.story.holding[row.new[0]].versions[-1]
    later = f"（自 {holder.begun.on} 起，请先装较早年份的清单）" if holder.begun.on > done.on else ""
    done.refuse(row, f"代码 {row.new[0]} 已由“{holder.name}”使用{later}")
    return True


def _entered(done: Replay, row: Row) -> Life:
    """The unit a row says was there; one the register does not know is taken to have been there before."""
    assert row.old is not None
    code, name = row.old
    known = done.story.holding.get(code)
    if known is not None:
        if known.versions[-1].name != name:
            message = f"{row.subject}：{code} 此前为“{known.versions[-1].name}”，清单写作“{name}”"
            told = R_TWN_01.finding(Severity.warning, row.subject, message, suggestion="请核对原文")
            done.findings.append(told)
        return known
    last = date(row.year, 12, 31)
    county = done.counties.holding(code, last - timedelta(days=1))
    assert county is not None, "rows without a county are refused before"
    start = max(county.start, date(row.year, 1, 1))
    life = _begun(done)
    life.versions.append(_version(code, name, county.division, Effect(start, f"../{start}", NO_ACT)))
    done.story.holding[code] = life
    return life


def _begun(done: Replay) -> Life:
    life = Life(uuid4(), [])
    done.story.lives.append(life)
    return life


def _version(code: str, name: str, superior: UUID, begun: Effect) -> Version:
    return Version(code, name, DivisionLevel.township, type_of(code, name), superior, begun)


def _put(done: Replay, life: Life, row: Row) -> None:
    """Let a unit be what the row says from its day on."""
    assert row.new is not None
    county = done.counties.holding(row.new[0], date(row.year, 12, 31))
    assert county is not None
    version = _version(*row.new, county.division, done.effect(row))
    if life.versions:
        last = life.versions[-1]
        if (last.code, last.name, last.superior) == (version.code, version.name, version.superior):
            return
        last.ended = version.begun
    life.versions.append(version)


Links = dict[tuple[str, str], tuple[Row, Trust]]


def _links(rows: list[Row]) -> Iterator[tuple[tuple[str, str], tuple[Row, Trust]]]:
    """Rows with both sides say so; one that lacks a side joins the only other unit of its group."""
    for row in rows:
        if row.old is not None and row.new is not None:
            yield (row.old[0], row.new[0]), (row, Trust.certain)
    for group in groups_of(rows).values():
        olds = {row.old[0] for row in group if row.old is not None}
        news = {row.new[0] for row in group if row.new is not None}
        for row in group:
            if row.old is not None and row.new is None and len(news) == 1:
                yield (row.old[0], *news), (row, Trust.reasoned)  # type: ignore[misc]
            if row.new is not None and row.old is None and len(olds) == 1:
                yield (*olds, row.new[0]), (row, Trust.reasoned)  # type: ignore[misc]


def _same(links: Links, rows: list[Row]) -> dict[str, str]:
    """New code → old code of the units that stay themselves: one to one and of one type, or by their code."""
    names_old = {row.old[0]: row.old[1] for row in rows if row.old is not None}
    names_new = {row.new[0]: row.new[1] for row in rows if row.new is not None}
    same: dict[str, str] = {}
    for kept in (True, False):
        for old, new in links:
            alone = sum(old == o or new == n for o, n in links) == 1
            alike = type_of(old, names_old[old]) == type_of(new, names_new[new])
            fits = (old == new) if kept else alone
            if fits and alike and new not in same and old not in same.values():
                same[new] = old
    return same


def _kind(old: str, new: str, links: Links, same: Mapping[str, str]) -> Passage:
    if old in same.values():
        return Passage.transfer if new in same else Passage.splitting
    if sum(o == old for o, _ in links) > 1:
        return Passage.splitting
    alone = new not in same and sum(n == new for _, n in links) == 1
    return Passage.conversion if alone else Passage.merger
