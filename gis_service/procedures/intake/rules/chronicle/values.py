"""What a history of codes says, as plain frozen values: tables of year's ends, acts, changes."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, cached_property

from gis_service.procedures.intake.rules.chronicle.known_days import UNKNOWN, KnownDay
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType, level_of_code, type_of

_type_of = cache(type_of)


class Sign(StrEnum):
    """What a line of a diff says of its record: it ends, it begins, or it stays and changes within."""

    ends = "-"
    begins = "+"
    stays = "="


class Trust(StrEnum):
    """How sure the source is of a selector: by public act, by good reason (`!`), not at all (`?`).

    Links between superiors are derived from those below them.
    """

    certain = "确定"
    reasoned = "推定"
    doubtful = "存疑"
    derived = "随下级"


class Passage(StrEnum):
    """How area went from one division to another; the words are those of the register."""

    merger = "合并"
    conversion = "建制变更"
    splitting = "拆分"
    transfer = "区域划转"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, as findings name it."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file} 第{self.line}行"


@dataclass(frozen=True, slots=True)
class Selector:
    """A record of the other table: `_` of this name, `.` of this code, `..` the superior, or by name."""

    text: str
    trust: Trust = Trust.certain


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """What a group of changes stands by, as the source describes it."""

    title: str
    number: str | None
    day: KnownDay
    source: str | None
    text: str
    place: Place

    @property
    def titled(self) -> bool:
        """Whether the source names an act, and does not only describe what happened."""
        return bool(self.title)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a diff; `forward` says that its selectors name records of the later table."""

    sign: Sign
    code: str
    name: str
    forward: bool
    selectors: tuple[Selector, ...]
    acts: tuple[Act, ...]
    place: Place


@dataclass(frozen=True)
class Table:
    """The units in force at the end of a year, or of another month of it: code → name."""

    year: int
    units: Mapping[str, str]
    file: str = ""
    month: int = 12
    on: date | None = None  # where it is not of the end of a month

    @property
    def day(self) -> date:
        """The day it tells of."""
        return self.on or date(self.year, self.month, monthrange(self.year, self.month)[1])

    @cached_property
    def provinces(self) -> frozenset[str]:
        """The first two digits of its codes."""
        return frozenset(code[:2] for code in self.units)

    def only(self, provinces: Collection[str]) -> Table:
        """The part of it that lies in some provinces."""
        if self.provinces.issubset(provinces):
            return self
        units = {code: name for code, name in self.units.items() if code[:2] in provinces}
        return replace(self, units=units)

    def superior(self, code: str) -> str | None:
        """The record one hangs on: its second level where the table has one, else its province."""
        return self._superiors[code] if code in self._superiors else self._superior(code)

    @cached_property
    def _superiors(self) -> Mapping[str, str | None]:
        return {code: self._superior(code) for code in self.units}

    def _superior(self, code: str) -> str | None:
        if code.endswith("0000"):
            return None
        second = f"{code[:4]}00"
        return second if second != code and second in self.units else f"{code[:2]}0000"

    @cached_property
    def with_inferiors(self) -> frozenset[str]:
        """The records others hang on."""
        return frozenset(filter(None, map(self.superior, self.units)))

    @cached_property
    def inferiors(self) -> Mapping[str, tuple[str, ...]]:
        """Superior → the records that hang on it."""
        below: dict[str, list[str]] = {}
        for code in self.units:
            below.setdefault(self.superior(code) or "", []).append(code)
        return {above: tuple(codes) for above, codes in below.items()}

    def type_of(self, code: str) -> DivisionType | None:
        """The statutory type of a record, as far as its name tells it."""
        return _type_of(code, self.units[code])

    def level_of(self, code: str) -> DivisionLevel:
        """The level of a record."""
        level = level_of_code(code)
        assert level is not None, "tables hold codes only"
        return level


@dataclass(frozen=True, slots=True)
class Step:
    """From one table to the next; without changes where the source has none for it."""

    before: Table
    after: Table
    changes: tuple[Change, ...] | None
    file: str

    def only(self, provinces: Collection[str]) -> Step:
        """The part of it that lies in some provinces."""
        changes = self.changes
        if changes is not None:
            changes = tuple(change for change in changes if change.code[:2] in provinces)
        return Step(self.before.only(provinces), self.after.only(provinces), changes, self.file)

    @property
    def begins(self) -> date:
        """The first day on which anything of it may have taken effect."""
        return self.before.day + timedelta(days=1)

    @property
    def ends(self) -> date:
        """The last such day."""
        return self.after.day

    @property
    def edtf(self) -> str:
        """All that is known of a day of which nothing is said, in EDTF."""
        first, last = self.begins, self.ends
        if (first.month, last.month) == (1, 12):
            return f"{last:%Y}" if first.year == last.year else f"{first:%Y}/{last:%Y}"
        return f"{last:%Y-%m}" if f"{first:%Y-%m}" == f"{last:%Y-%m}" else f"{first:%Y-%m}/{last:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Yearly:
    """Tables of consecutive years and what changed between them; `infer` lets gaps be guessed across."""

    name: str
    tables: tuple[Table, ...]
    steps: tuple[Step, ...]
    sha256: str
    licence: str | None = None
    infer: bool = False

    @property
    def first(self) -> Table:
        """The oldest table."""
        return self.tables[0]

    @property
    def last(self) -> Table:
        """The newest table."""
        return self.tables[-1]


@dataclass(frozen=True, slots=True)
class Link:
    """That (part of) the area of a record of the earlier table lies in a record of the later one."""

    old: str
    new: str
    trust: Trust
    acts: tuple[Act, ...] = ()
    word: str = field(default="", compare=False)  # the selector it was named by


NO_ACT = Act(  # of the first table, and of what no act is told of
    "", None, UNKNOWN, None, "", Place("", 0)
)
