"""The forms in which names are compared: characters folded, the word of type left off, sounds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from gis_service.registers.placenames.rules.characters import folded
from gis_service.registers.placenames.rules.romanization.readings import Source, read
from gis_service.registers.placenames.rules.romanization.tables import words

_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_NEUTRAL = "5"
_LEAST_SPECIFIC = 2  # characters: 沛县 and 县 alone are told in full
_ONLY_HAN = re.compile("[\u4e00-\u9fff]+")
_KEPT_TYPES = {"村", "新区"}  # what they end is told with them


@dataclass(frozen=True, slots=True)
class Forms:
    """A name as it is compared. `pinyin` is toneless and unspaced, `tones` the same with a digit a syllable.

    `base`, `base_pinyin` and `base_initials` are those without the word of type; None where it has none.
    Sounds are empty where a character cannot be read.
    """

    folded: str
    base: str | None
    pinyin: str
    tones: str
    initials: str
    base_pinyin: str | None
    base_initials: str | None


def forms_of(text: str, reading: str | None = None, within: str = "") -> Forms:
    """The forms of a name in the area of a code; `reading` is the registered one, a syllable a character."""
    form = search_form(text)
    base = without_type(form)
    sounds = [_parted(syllable) for syllable in _syllables(text, reading or "", within)]
    plain = [letters for letters, _ in sounds]
    kept = plain[: len(base)] if base is not None and len(sounds) == len(form) else None
    return Forms(
        form,
        base,
        "".join(plain),
        "".join(map(_toned, sounds)),
        "".join(letters[:1] for letters in plain),
        None if kept is None else "".join(kept),
        None if kept is None else "".join(letters[:1] for letters in kept),
    )


@lru_cache(maxsize=1 << 16)
def search_form(text: str) -> str:
    """`text` folded, in small letters, without accents, spaces and signs; itself where nothing is left."""
    form = folded(text)
    if _ONLY_HAN.fullmatch(form):  # most names are: nothing of them is left out
        return form
    plain = "".join(char for char in unicodedata.normalize("NFD", form.lower()) if _counts(char))
    return unicodedata.normalize("NFC", plain) or form.strip().lower()


@lru_cache(maxsize=1 << 14)
def _counts(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNS" or unicodedata.category(char) == "Co"


def without_type(form: str) -> str | None:
    """A name without its word of type: 南京市 → 南京, 延边朝鲜族自治州 → 延边. None where it has none."""
    kind = next((each for each in _types().get(form[-1:], ()) if form.endswith(each)), "")
    stem = form.removesuffix(kind)
    if kind.startswith(("自治", "民族")) or kind == "乡":
        stem = _without_nationalities(stem)
    return stem if kind and len(stem) >= _LEAST_SPECIFIC else None


def _without_nationalities(stem: str) -> str:
    kept = words()["nationalities"]["kept"]
    while stem not in kept:
        name = next((each for each in _nationalities() if stem.endswith(each) and len(stem) > len(each)), "")
        if not name:
            break
        stem = stem.removesuffix(name)
    return stem


@cache
def _types() -> Mapping[str, tuple[str, ...]]:
    """Words of type by their last character, the longest first."""
    units = words()["units"]
    told = {*units["types"], *units["below"]} - _KEPT_TYPES
    by_last: dict[str, list[str]] = {}
    for each in sorted(told, key=lambda each: (-len(each), each)):
        by_last.setdefault(each[-1], []).append(each)
    return {last: tuple(types) for last, types in by_last.items()}


@cache
def _nationalities() -> tuple[str, ...]:
    table = words()["nationalities"]
    told = {*(f"{each}族" for each in table["full"]), *table["short"]}
    return tuple(sorted(told, key=lambda each: (-len(each), each)))


def _syllables(text: str, reading: str, within: str) -> tuple[str, ...]:
    """One syllable for each character that counts, or none where one cannot be read."""
    told = tuple(reading.split())
    if told and len(told) == len(text):
        return tuple(told)
    return _read(text, within)


@lru_cache(maxsize=1 << 16)
def _read(text: str, within: str) -> tuple[str, ...]:
    readings = [each for each in read(folded(text), within) if _counts(each.character)]
    if Source.unknown in [each.source for each in readings]:
        return ()
    return tuple([each.syllable.lower() for each in readings])


@lru_cache(maxsize=1 << 12)
def _parted(syllable: str) -> tuple[str, str]:
    letters: list[str] = []
    tone = ""
    for char in unicodedata.normalize("NFD", syllable.lower().replace("ü", "v")):
        if char in _TONES:
            tone = _TONES[char]
        elif char == "\u0308" and letters and letters[-1] == "u":
            letters[-1] = "v"
        elif char.isalnum():
            letters.append(char)
    return "".join(letters), tone


def plain_syllable(syllable: str) -> str:
    """A syllable without its tone, in small letters: Shàn → shan."""
    return _parted(syllable)[0]


def _toned(sound: tuple[str, str]) -> str:
    letters, tone = sound
    return letters + (tone or (_NEUTRAL if letters.isalpha() else ""))
