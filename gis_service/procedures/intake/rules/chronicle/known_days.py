"""What is known of a day: the day itself, its month, its year, or nothing; read as Chinese acts write it."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_DIGITS = {
    **{char: str(value) for value, char in enumerate("〇一二三四五六七八九")},
    "○": "0",
    "零": "0",
    "O": "0",
}
_NUMERAL = r"[0-9〇○零O一二三四五六七八九十]"
_WRITTEN = re.compile(
    rf"(?P<year>{_NUMERAL}{{4}})\s*年(?:\s*(?P<month>{_NUMERAL}{{1,3}})\s*月"
    rf"(?:\s*(?P<day>{_NUMERAL}{{1,3}})\s*日)?)?"
)
_PLAIN = re.compile(r"(?P<year>\d{4})(?:[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?)?$")
_SINCE = re.compile(r"自(?P<day>[^，。；、自起]{6,14}日)起")


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A day that lies between two others, both included; None on both sides where nothing is known."""

    first: date | None = None
    last: date | None = None

    @property
    def exact(self) -> bool:
        """Whether it is known to the day."""
        return self.first is not None and self.first == self.last

    @property
    def edtf(self) -> str | None:
        """The same in EDTF, where it is one day, one month or one year."""
        if self.first is None or self.last is None:
            return None
        if self.exact:
            return self.first.isoformat()
        if self.first.month == self.last.month:
            return f"{self.first:%Y-%m}"
        return f"{self.first:%Y}"


UNKNOWN = KnownDay()


def the_day(day: date) -> KnownDay:
    """A day that is known."""
    return KnownDay(day, day)


def read_day(text: str) -> KnownDay | None:
    """The first day, month or year that a text names; None where it names none that there is."""
    text = unicodedata.normalize("NFKC", text).strip()
    found = _WRITTEN.search(text) or _PLAIN.match(text)
    return _known(found) if found else None


def day_of_effect(text: str) -> KnownDay | None:
    """The only day from which a text says something holds (自1997年7月1日起)."""
    named = {_known(found) for since in _SINCE.finditer(text) if (found := _WRITTEN.search(since["day"]))}
    exact = [day for day in named if day is not None and day.exact]
    return exact[0] if len(exact) == 1 else None


def _known(found: re.Match[str]) -> KnownDay | None:
    year, month, day = (_number(found[part]) for part in ("year", "month", "day"))
    try:
        if year is None or month is None:
            return KnownDay(date(year or 0, 1, 1), date(year or 0, 12, 31))
        if day is None:
            return KnownDay(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        return the_day(date(year, month, day))
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    """二十八 → 28, 一九八二 → 1982, 28 → 28."""
    if text is None:
        return None
    if "十" in text:
        tens, _, ones = text.partition("十")
        return int(_digits(tens) or 1) * 10 + int(_digits(ones) or 0)
    return int(_digits(text))


def _digits(text: str) -> str:
    return "".join(_DIGITS.get(char, char) for char in text)
