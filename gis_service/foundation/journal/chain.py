"""The chain itself, without a database: what is hashed, and the first place where a chain does not hold.

An entry's line is one line of JSON; its hash is the SHA-256 of that line in UTF-8. The next line names it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

TEXTS = ("previous_hash", "at", "actor", "account_id", "authority", "command", "subject", "instrument_id")
DOCUMENTS = ("before", "after", "detail")


def line_of(position: int, printed: Mapping[Any, str | None]) -> str:
    """The canonical line of an entry, from its columns as text (JSON for DOCUMENTS); None is left out."""
    parts = [f'"position": {position}']
    for name in TEXTS:
        if (text := printed[name]) is not None:
            parts.append(f'"{name}": {json.dumps(text, ensure_ascii=False)}')
    parts += [f'"{name}": {printed[name]}' for name in DOCUMENTS if printed[name] is not None]
    return "{" + ", ".join(parts) + "}"


def hash_of(line: str) -> str:
    """The SHA-256 of a line, in hexadecimal."""
    return sha256(line.encode()).hexdigest()


class Breach(StrEnum):
    """In which way a journal does not hold."""

    altered = "内容被改动"
    unlinked = "前后不接"
    missing = "条目缺失"
    inserted = "多出条目"
    cut_off = "末尾被截去"
    head = "链头被改动"
    rewritten = "与检查点不符"
    foreign = "不是同一日志"


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not hold, and what is wrong with it."""

    position: int
    breach: Breach
    message: str

    def as_json(self) -> dict[str, object]:
        """For scripts: the kind by its English name."""
        return {"position": self.position, "kind": self.breach.name, "message": self.message}


@dataclass(frozen=True, slots=True)
class Link:
    """What the chain needs to know of an entry; `stored` is the hash it claims, `found` that of its line."""

    position: int
    previous: str | None
    found: str
    stored: str | None


@dataclass(slots=True)
class Chain:
    """Follows a chain link by link. `hash` is that of the last entry that held, at first of the journal's id.

    `known` are hashes that are certain from elsewhere, by position.
    """

    hash: str
    known: Mapping[int, str] = field(default_factory=dict)
    position: int = 0

    def follow(self, link: Link) -> Break | None:
        """Go on to the next entry, unless it does not hold."""
        broken = self._misplaced(link) or self._broken(link)
        if broken is None:
            self.position, self.hash = link.position, link.found
        return broken

    def _misplaced(self, link: Link) -> Break | None:
        expected = self.position + 1
        if link.position == expected:
            return None
        if link.position > expected:
            lost = _span(expected, link.position - 1)
            return Break(expected, Breach.missing, f"缺少{lost}，下一条是第 {link.position} 条")
        return Break(link.position, Breach.inserted, f"第 {link.position} 条多余：此处应为第 {expected} 条")

    def _broken(self, link: Link) -> Break | None:
        here = f"第 {link.position} 条"
        if link.stored != link.found:
            return Break(link.position, Breach.altered, f"{here}的内容或校验值被改动")
        if link.previous != self.hash:
            before = f"第 {self.position} 条" if self.position else "本日志的标识"
            return Break(link.position, Breach.unlinked, f"{here}与{before}不接，二者之一被换过")
        if self.known.get(link.position, link.found) != link.found:
            return Break(
                link.position,
                Breach.rewritten,
                f"{here}与检查点不符：{self._last_known(link.position)}被整体改写过",
            )
        return None

    def _last_known(self, position: int) -> str:
        """Which entries may have been rewritten: those after the last checkpoint that still agrees."""
        agreed = max((each for each in self.known if each < position), default=0)
        return _span(agreed + 1, position)


def _span(first: int, last: int) -> str:
    return f"第 {first} 条" if first == last else f"第 {first} 至 {last} 条"


def cut_off(position: int, known: int) -> Break:
    """The chain ends at `position`, though an entry `known` is known to have been."""
    return Break(position + 1, Breach.cut_off, f"末尾被截去：缺少{_span(position + 1, known)}")
