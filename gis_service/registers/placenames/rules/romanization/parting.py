"""Words of a name: the one vocabulary that all ways of splitting share."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from gis_service.foundation.findings import Rule


class Role(StrEnum):
    """What a word is in a name."""

    specific = "specific"
    generic = "generic"
    nationality = "nationality"
    number = "number"


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters written as one word; `figure` stands for it where figures number (rule 7)."""

    text: str
    role: Role
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """A name in words.

    `doubts` tell under which rule and why a human should look, `other` how else the name may part.
    """

    words: tuple[Word, ...]
    doubts: tuple[tuple[Rule, str], ...] = ()
    stored: bool = False
    other: tuple[Word, ...] = ()

    @property
    def specific(self) -> str:
        """The 专名 as one text."""
        return "".join(word.text for word in self.words if word.role is not Role.generic)

    @property
    def generic(self) -> str:
        """The 通名, empty where the name has none apart."""
        return "".join(word.text for word in self.words if word.role is Role.generic)


def specific(*texts: str) -> tuple[Word, ...]:
    """Words of the 专名, the empty ones left out."""
    return tuple(Word(text, Role.specific) for text in texts if text)


def ending(name: str, endings: Iterable[str], *, least: int = 1) -> str:
    """The longest of the endings that leaves at least so many characters before it; empty without one."""
    told = tuple(endings)
    if not name.endswith(told):  # most names, in one go
        return ""
    fitting = (each for each in told if name.endswith(each) and len(name) - len(each) >= least)
    return max(fitting, key=len, default="")


def beginning(name: str, heads: Collection[str], *, least: int) -> str:
    """The longest known head of two or more characters that leaves at least so many after it."""
    for length in range(len(name) - least, 1, -1):
        if name[:length] in heads:
            return name[:length]
    return ""
