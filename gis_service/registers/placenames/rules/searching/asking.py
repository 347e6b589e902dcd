"""What a question may mean: the forms it is compared in and the keys it is looked up by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gis_service.foundation.errors import InvalidInput
from gis_service.registers.placenames.rules.romanization.readings import read
from gis_service.registers.placenames.rules.searching import keys
from gis_service.registers.placenames.rules.searching.bands import (
    LEVELS,
    frequency,
    widest_anywhere,
    widest_beginning,
)
from gis_service.registers.placenames.rules.searching.forms import (
    forms_of,
    plain_syllable,
    search_form,
    without_type,
)
from gis_service.registers.placenames.rules.searching.syllables import corrected, read_typed

LONGEST = 60  # characters of a question
_LATIN = re.compile(r"[a-zv]+")
_LEAST_SOUNDED = 2  # characters: one alone sounds like thousands
_INITIALS = range(2, 13)
_OTHER_SOUNDS = 4  # beside the one that is likeliest


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the database is asked it; empty lists and None switch what they are for off.

    Keys stand in the order of bands, the best first; those of slips band by band, `slip_width` each. As many
    bands as `…_widest` says are looked up at once.
    """

    q: str
    base: str | None
    inner_keys: tuple[int, ...]
    inner_widest: int
    first_keys: tuple[int, ...] = ()
    first_widest: int = 1
    slip_keys: tuple[int, ...] = ()
    slip_width: int = 0
    slip_equal: list[str] = field(default_factory=list)
    slip_patterns: list[str] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    roman: str | None = None
    pinyin: str | None = None
    tones: list[str] = field(default_factory=list)
    tones_open: list[str] = field(default_factory=list)
    mixed: str | None = None
    mixed_pattern: str | None = None
    initials: str | None = None
    pinyin_prefix: str | None = None
    corrected: list[str] = field(default_factory=list)


def read_question(text: str) -> Asked:
    """What somebody typed, as it is looked up.

    Raises:
        InvalidInput: nothing is left of it but spaces and punctuation, or it is too long.
    """
    if len(text) > LONGEST:
        raise InvalidInput(f"所查的名称超过 {LONGEST} 字", way_out="请只写名称或其中几个字")
    form = search_form(text)
    if not names_something(form):
        raise InvalidInput("所查的名称是空的，或只有标点", way_out="请写名称、其中几个字或拼音，如 南京、njs")
    base = without_type(form)
    return Asked(
        q=form, base=base, **_parts(form), **_slips(form, base), **_sounds(form), **_latin(text, form)
    )


def names_something(form: str) -> bool:
    """Whether there is more in it than signs."""
    return any(char.isalnum() or "\ue000" <= char <= "\uf8ff" or ord(char) > 0xFFFF for char in form)


def _parts(form: str) -> dict[str, Any]:
    """By which keys names are found that hold the form, or begin with it; of three characters the rarest."""
    size = min(len(form), 3)
    rarest = min((form[at : at + size] for at in range(len(form) - size + 1)), key=frequency)
    told: dict[str, Any] = {
        "inner_keys": keys.keys_anywhere(rarest),
        "inner_widest": widest_anywhere(rarest),
    }
    if size < 3:
        told |= {"first_keys": keys.keys_beginning(form), "first_widest": widest_beginning(form)}
    return told


def _slips(form: str, base: str | None) -> dict[str, Any]:
    """One character wrong, left out, put in, or two beside each other exchanged."""
    if not keys.LEAST_MISTYPED <= len(form) <= keys.MOST_MISTYPED or form.isascii():
        return {}
    size = len(form)
    lacking = [(at, form[:at] + form[at + 1 :]) for at in range(size)]
    lacking += [(at, form) for at in range(size + 1)]
    equal = set(_exchanged(form))
    if size > keys.LEAST_MISTYPED:
        equal.update(rest for _, rest in lacking[:size])
    wrong = [_like(form[:at]) + "_" + _like(form[at + 1 :]) for at in range(size)]
    left_out = [_like(form[:at]) + "_" + _like(form[at:]) for at in range(size + 1)]
    return {
        "slip_keys": tuple(keys.lacking(rest, at, band) for band in range(LEVELS) for at, rest in lacking),
        "slip_width": len(lacking),
        "slip_equal": sorted(equal - {form, base}),
        "slip_patterns": wrong + left_out + [_like(each) for each in sorted(equal)],
    }


def _exchanged(form: str) -> Iterator[str]:
    for at in range(len(form) - 1):
        yield form[:at] + form[at + 1] + form[at] + form[at + 2 :]


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _sounds(form: str) -> dict[str, Any]:
    if len(form) < _LEAST_SOUNDED or any(char.isascii() for char in form):
        return {}
    sound = forms_of(form).pinyin
    return {"sounds": [sound, *_other_sounds(form, sound)]} if sound else {}


def _other_sounds(form: str, sound: str) -> list[str]:
    """What else it may sound like: each character whose reading only habit tells, read otherwise."""
    readings = read(form)
    syllables = [plain_syllable(each.syllable) for each in readings]
    told = {
        "".join((*syllables[:at], plain_syllable(other), *syllables[at + 1 :]))
        for at, each in enumerate(readings)
        if each.guessed
        for other in each.others
    }
    return sorted(told - {sound})[:_OTHER_SOUNDS]


def _latin(text: str, form: str) -> dict[str, Any]:
    if not _LATIN.search(form):
        return {}
    if not all(char.isascii() for char in form):
        return _mixed(form)
    typed = read_typed(text)
    if typed is None:
        return {"roman": form}
    told: dict[str, Any] = {
        "roman": form,
        "pinyin": typed.letters,
        "tones": list(typed.patterns),
        "tones_open": [f"{each}%" for each in typed.patterns],
        "pinyin_prefix": typed.letters,
        "corrected": corrected(typed.letters),
    }
    if typed.solid and len(typed.letters) in _INITIALS:
        told["initials"] = typed.letters
    return told


def _mixed(form: str) -> dict[str, Any]:
    """Characters and pinyin in one: 南jing."""
    parts = re.findall(r"[a-z]+|[^a-z]+", form)
    sounds = [part if part.isascii() else forms_of(part).pinyin for part in parts]
    if not all(sounds):
        return {}
    pattern = "".join("%" if _LATIN.fullmatch(part) else _like(part) for part in parts)
    return {"mixed": "".join(sounds), "mixed_pattern": pattern + "%"}
