"""Of which day a list of codes is: the days on which the fewest of its codes and names are out of place.

Counting is a sweep over the days on which a listed code begins or ends to fit, not over all days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput
from gis_service.publications.exchange.queries.healing import Healed, codes_in, heal_codes
from gis_service.publications.exchange.queries.spells import Spell, spells_of_codes

Entry = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one on, up to (and without) another; None is without end."""

    begins: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Misfit:
    """A code, or the name beside it, that was not so on these days; with all that the code ever was."""

    code: str
    name: str | None
    why: str
    spells: tuple[Spell, ...]


@dataclass(frozen=True, slots=True)
class Dating:
    """The days that fit best. `codes` is how many codes the list has; `count` how many places misfit."""

    codes: int
    periods: tuple[Span, ...]
    count: int
    misfits: tuple[Misfit, ...]
    healed: tuple[Healed, ...]


def date_list(
    session: Session, table: pd.DataFrame, *, code_column: str, name_column: str | None = None
) -> Dating:
    """The periods on which a list fits best, and what does not fit even then, on the first of them.

    Raises:
        InvalidInput: a column is missing, or no code of the list is known to the register.
    """
    entries, healed = _entries(table, code_column, name_column)
    spells = spells_of_codes(session, codes_in(code for code, _ in entries))
    best = best_periods(entries, spells)
    if not best:
        raise InvalidInput("名单中没有一个代码是登记簿所知的", way_out="请核对代码列，或先导入该地区数据")
    misfits = tuple(_misfits(entries, spells, best[0].begins))
    return Dating(len(entries), tuple(best), len(misfits), misfits, tuple(healed))


def _entries(
    table: pd.DataFrame, code_column: str, name_column: str | None
) -> tuple[list[Entry], list[Healed]]:
    missing = [name for name in (code_column, name_column) if name and name not in table.columns]
    if missing:
        raise InvalidInput(
            f"表中没有列：{'、'.join(missing)}", way_out=f"表中的列有：{'、'.join(map(str, table.columns))}"
        )
    codes, healed = heal_codes(table[code_column])
    names = table[name_column].astype(str).str.strip() if name_column else [None] * len(codes)
    listed = ((code, name or None) for code, name in zip(codes, names, strict=True) if code)
    return list(dict.fromkeys(listed)), healed


def best_periods(entries: Iterable[Entry], spells: dict[str, tuple[Spell, ...]]) -> list[Span]:
    """The longest periods on all days of which as many codes and names fit as on any day."""
    change: Counter[date] = Counter()
    for begins, ends in _fitting(entries, spells):
        change[begins] += 1
        if ends is not None:
            change[ends] -= 1
    days = sorted(change)
    level, counted = 0, []
    for day in days:
        level += change[day]
        counted.append(level)
    most = max(counted, default=0)
    return _runs(days, [count == most for count in counted]) if most else []


def _fitting(
    entries: Iterable[Entry], spells: dict[str, tuple[Spell, ...]]
) -> Iterator[tuple[date, date | None]]:
    """Every period on which a code of the list was held, and every one on which its name was so."""
    for code, name in entries:
        for spell in spells.get(code, ()):
            yield spell.begins, spell.ends
            if name is not None and spell.name == name:
                yield spell.begins, spell.ends


def _runs(days: Sequence[date], is_best: Sequence[bool]) -> list[Span]:
    runs: list[Span] = []
    open_since: date | None = None
    for day, best in zip(days, is_best, strict=True):
        if best and open_since is None:
            open_since = day
        if not best and open_since is not None:
            runs.append(Span(open_since, day))
            open_since = None
    if open_since is not None:
        runs.append(Span(open_since, None))
    return runs


def _misfits(entries: Iterable[Entry], spells: dict[str, tuple[Spell, ...]], on: date) -> Iterator[Misfit]:
    for code, name in entries:
        held = spells.get(code, ())
        now = next((s for s in held if s.begins <= on and (s.ends is None or on < s.ends)), None)
        if now is None:
            yield Misfit(code, name, "当时没有此代码" if held else "登记簿中从未有过此代码", held)
        elif name is not None and now.name != name:
            yield Misfit(code, name, f"当时此代码的单位是“{now.name}”", held)
