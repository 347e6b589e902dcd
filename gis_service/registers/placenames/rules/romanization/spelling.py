"""Syllables to words: capitals, apostrophe, tones, and what a spelling may hold (R-PY-01, -02, -09)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

TONES = frozenset("\u0304\u0301\u030c\u0300")  # macron, acute, caron, grave
_ALLOWED = re.compile(r"[a-zü\u00ea'0-9 -]*")
_OPENING = frozenset("aoe")


def untoned(text: str) -> str:
    """The same without tone marks; ü and ê keep what makes them letters."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in TONES))


def joined(syllables: Sequence[str]) -> str:
    """Syllables as one word, an apostrophe before a later one that starts with a, o or e (rule 11)."""
    word = "".join(
        f"'{syllable}" if position and _opens(syllable) else syllable
        for position, syllable in enumerate(syllables)
    )
    return word[:1].upper() + word[1:]


def _opens(syllable: str) -> bool:
    return unicodedata.normalize("NFD", syllable[:1])[:1] in _OPENING


def phrase(words: Iterable[str]) -> str:
    """Words as one spelling, apart by blanks."""
    return " ".join(word for word in words if word)


def allowed(spelling: str) -> bool:
    """R-PY-09: whether a spelling holds only a-z, ü, ê, tone marks, apostrophe, hyphen, digits, blanks."""
    return bool(_ALLOWED.fullmatch(untoned(spelling).lower()))
