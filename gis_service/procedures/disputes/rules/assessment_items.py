"""By what the peace on a line is assessed: the items of this system, or those of a file that a user gives."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.errors import InvalidInput

FACTS: Mapping[str, str] = {
    "agreements": "有效的协议",
    "meetings": "本年度的联席会议",
    "overdue_resolutions": "此侧逾期的议定事项",
    "open_cases": "未办结的隐患纠纷",
    "overdue_cases": "逾期未化解的隐患纠纷",
    "overdue_grave_cases": "逾期未化解的最高等级隐患纠纷",
    "unrepaired_markers": "此侧所管而未修复的界桩",
    "plans": "有效的应急预案",
    "drills": "本年度的演练",
}

LONGEST = 200_000  # characters of a file of items


@dataclass(frozen=True, slots=True)
class Item:
    """Something points are given for: `full` at most; by `fact` they are proposed."""

    id: str
    title: str
    full: float
    fact: str | None = None
    needed: float | None = None
    deduct: float | None = None


@dataclass(frozen=True, slots=True)
class Veto:
    """What makes a year failed whatever the points (一票否决)."""

    id: str
    title: str
    fact: str | None = None
    at_least: float = 1


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Items, vetoes and grades (name, from so many points of a hundred on, the best first)."""

    version: str
    source: str
    mark: str
    items: tuple[Item, ...]
    vetoes: tuple[Veto, ...]
    grades: tuple[tuple[str, float], ...]

    @property
    def full(self) -> float:
        """The points of all items together."""
        return sum(item.full for item in self.items)

    @property
    def worst(self) -> str:
        """The grade of who failed."""
        return self.grades[-1][0]

    def grade(self, points: float) -> str:
        """The grade that so many points are worth."""
        share = 100.0 * points / self.full
        return next((name for name, least in self.grades if share >= least), self.worst)


@cache
def own_items() -> Catalogue:
    """The items of this system."""
    return read_items(files(__package__).joinpath("assessment.toml").read_text(encoding="utf-8"))


def read_items(text: str) -> Catalogue:
    """Items as a file tells them.

    Raises:
        InvalidInput: no TOML, or something is missing or wrong; says in which line.
    """
    return _File(text).catalogue()


class _File:
    """A file of items, of which every wrong thing is told with its line."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise _wrong(1, f"文件超过 {LONGEST} 个字符")
        self.lines = text.splitlines()
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"line (\d+)", str(error))
            raise _wrong(int(at[1]) if at else len(self.lines), "不是合法的 TOML") from error

    def catalogue(self) -> Catalogue:
        head = {"version", "source", "mark", "items", "vetoes", "grades"}
        if unknown := sorted(self.data.keys() - head):
            raise _wrong(self._line_of(unknown[0]), f"不认识“{unknown[0]}”")
        texts = {name: self._text(self.data, name, 1) for name in ("version", "source", "mark")}
        items = tuple(self._item(row, line) for row, line in self._rows("items"))
        vetoes = tuple(self._veto(row, line) for row, line in self._rows("vetoes", needed=False))
        self._require_single("items", [item.id for item in items])
        self._require_single("vetoes", [veto.id for veto in vetoes])
        return Catalogue(**texts, items=items, vetoes=vetoes, grades=self._grades())

    def _rows(self, table: str, *, needed: bool = True) -> Iterator[tuple[Mapping[str, Any], int]]:
        rows = self.data.get(table, [])
        starts = [n for n, line in enumerate(self.lines, 1) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)]
        if not isinstance(rows, list) or len(rows) != len(starts) or (needed and not rows):
            raise _wrong(self._line_of(table), f"须有若干 [[{table}]]")
        yield from zip(rows, starts, strict=True)

    def _line_of(self, word: str, start: int = 1) -> int:
        """Where a key or a table is written, looked for from a line on; the line itself where it is not."""
        for number in range(start, len(self.lines) + 1):
            line = self.lines[number - 1]
            if number > start > 1 and line.lstrip().startswith("["):
                break
            if re.match(rf"\s*\[*\s*{re.escape(word)}\b", line):
                return number
        return start

    def _item(self, row: Mapping[str, Any], line: int) -> Item:
        self._require_known(row, {"id", "title", "full", "fact", "needed", "deduct"}, line)
        item = Item(
            id=self._id(row, line),
            title=self._text(row, "title", line),
            full=self._number(row, "full", line),
            fact=self._fact(row, line),
            needed=self._number(row, "needed", line) if "needed" in row else None,
            deduct=self._number(row, "deduct", line) if "deduct" in row else None,
        )
        if item.fact is not None and (item.needed is None) == (item.deduct is None):
            raise _wrong(self._line_of("fact", line), "有 fact 的项目须写 needed 或 deduct 之一")
        return item

    def _veto(self, row: Mapping[str, Any], line: int) -> Veto:
        self._require_known(row, {"id", "title", "fact", "at_least"}, line)
        least = self._number(row, "at_least", line) if "at_least" in row else 1.0
        return Veto(self._id(row, line), self._text(row, "title", line), self._fact(row, line), least)

    def _grades(self) -> tuple[tuple[str, float], ...]:
        found: list[tuple[str, float]] = []
        for row, line in self._rows("grades"):
            self._require_known(row, {"name", "from"}, line)
            least = self._number(row, "from", line, least=0.0)
            if found and least >= found[-1][1]:
                raise _wrong(self._line_of("from", line), "等次须由高到低排列")
            found.append((self._text(row, "name", line), least))
        if len(found) < 2 or found[-1][1] != 0:
            raise _wrong(len(self.lines), "等次至少两档，末档从 0 分起")
        return tuple(found)

    def _require_known(self, row: Mapping[str, Any], known: set[str], line: int) -> None:
        if unknown := sorted(row.keys() - known):
            words = "、".join(sorted(known))
            raise _wrong(self._line_of(unknown[0], line), f"不认识“{unknown[0]}”，可写：{words}")

    def _require_single(self, table: str, ids: Sequence[str]) -> None:
        for place, (_, line) in enumerate(self._rows(table, needed=False)):
            if ids[place] in ids[:place]:
                raise _wrong(self._line_of("id", line), f"{table} 的 id“{ids[place]}”写了不止一次")

    def _text(self, row: Mapping[str, Any], key: str, line: int) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > 400:
            raise _wrong(self._line_of(key, line), f"须有 {key}，为 1 至 400 字的文字")
        return value.strip()

    def _id(self, row: Mapping[str, Any], line: int) -> str:
        value = self._text(row, "id", line)
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
            raise _wrong(self._line_of("id", line), f"id“{value[:40]}”须由小写字母、数字和下划线组成")
        return value

    def _fact(self, row: Mapping[str, Any], line: int) -> str | None:
        value = row.get("fact")
        if value is None or (isinstance(value, str) and value in FACTS):
            return value
        told = "、".join(f"{name}（{word}）" for name, word in FACTS.items())
        raise _wrong(self._line_of("fact", line), f"没有 fact“{str(value)[:40]}”，可写：{told}")

    def _number(self, row: Mapping[str, Any], key: str, line: int, *, least: float = 0.1) -> float:
        value = row.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= 1000:
            return float(value)
        raise _wrong(self._line_of(key, line), f"须有 {key}，为 {least:g} 至 1000 的数")


def _wrong(line: int, message: str) -> InvalidInput:
    return InvalidInput(f"考核项目文件第 {line} 行：{message}", way_out="请按 peace items 所列的写法改正")
