"""A name in Latin letters: its words, its readings, its spelling, and every doubt a human should settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gis_service.foundation.findings import Finding, Severity
from gis_service.registers.placenames.rules.romanization.catalogue import (
    R_PY_06,
    R_PY_07,
    R_PY_08,
    R_PY_09,
)
from gis_service.registers.placenames.rules.romanization.parting import Role, Split
from gis_service.registers.placenames.rules.romanization.readings import Reading, Source, read
from gis_service.registers.placenames.rules.romanization.spelling import allowed, joined, phrase, untoned
from gis_service.registers.placenames.rules.romanization.splitting import split
from gis_service.registers.placenames.rules.romanization.tables import home_of, minority, words


@dataclass(frozen=True, slots=True)
class Stored:
    """What the register holds of a name, never overwritten: spelling, syllables (one a character), words."""

    spelling: str = ""
    syllables: Sequence[str] = ()
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Romanized:
    """A spelling with tones, empty where a character cannot be read; `han` is the pinyin behind a form."""

    name: str
    spelling: str
    han: str
    source: str
    split: Split
    readings: tuple[Reading, ...]
    candidates: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def doubtful(self) -> bool:
        """Whether a human has to look."""
        return bool(self.findings)

    def as_json(self) -> dict[str, Any]:
        """The same shape for commands and services."""
        return {
            "name": self.name,
            "spelling": self.spelling,
            "untoned": untoned(self.spelling),
            "han": self.han,
            "source": self.source,
            "specific": self.split.specific,
            "generic": self.split.generic,
            "split": [{"text": word.text, "role": word.role.value} for word in self.split.words],
            "readings": [
                {"character": each.character, "reading": each.syllable, "source": each.source.value}
                for each in self.readings
            ],
            "doubtful": self.doubtful,
            "candidates": list(self.candidates),
            "findings": [finding.as_json() for finding in self.findings],
        }


NOTHING = Stored()


def romanize(name: str, within: str = "", class_: str = "", stored: Stored = NOTHING) -> Romanized:
    """Spell a name within the area of a code; where none is given, a unit alone of its name is known.

    Raises:
        InvalidInput: stored words do not make up the name.
    """
    within = within or home_of(name)
    parted = split(name, class_, stored.words)
    readings = _with_words(read(name, within, stored.syllables), parted)
    han = _spelled(parted, readings)
    if stored.spelling:
        return Romanized(
            name, stored.spelling, han, "stored", parted, readings, (), tuple(_of_form(name, stored))
        )
    form, other = _minority(within, parted, readings)
    apart = (_spelled(Split(parted.other), readings),) if parted.other else ()
    others = tuple(dict.fromkeys((*apart, *_others(parted, readings, han))))
    candidates = ((han, *others) if others else ()) + ((other,) if other else ())
    findings = (
        *_of_readings(name, readings, candidates),
        *(rule.finding(Severity.info, name, why) for rule, why in parted.doubts),
        *(_of_area(name, within, other) if not form else ()),
    )
    source = "minority" if form else "pinyin"
    return Romanized(name, form or han, han, source, parted, readings, candidates, findings)


def _with_words(readings: Sequence[Reading], parted: Split) -> tuple[Reading, ...]:
    """Readings with those of generic terms and nationalities, where register and tables are silent."""
    found, at, table = list(readings), 0, words()["reads"]
    for word in parted.words:
        told = table.get(word.text, "").split() if word.role is not Role.specific else ()
        for offset, syllable in enumerate(told):
            if found[at + offset].source is not Source.stored:
                found[at + offset] = Reading(word.text[offset], syllable, Source.settled)
        at += len(word.text)
    return tuple(found)


def _spelled(parted: Split, readings: Sequence[Reading]) -> str:
    if any(reading.source is Source.unknown for reading in readings):
        return ""
    spelled, at = [], 0
    for word in parted.words:
        part = readings[at : at + len(word.text)]
        spelled.append(word.figure or joined([reading.syllable for reading in part]))
        at += len(word.text)
    return phrase(spelled)


def _others(parted: Split, readings: Sequence[Reading], han: str) -> Iterator[str]:
    """Spellings by each further reading of each character."""
    for at, reading in enumerate(readings):
        for syllable in reading.others:
            changed = list(readings)
            changed[at] = Reading(reading.character, syllable, reading.source)
            spelling = _spelled(parted, changed)
            if spelling and spelling != han:
                yield spelling


def _minority(within: str, parted: Split, readings: Sequence[Reading]) -> tuple[str, str]:
    """A spelling from a minority language: one that is known to be in force, or one to be verified."""
    if not within.startswith(("15", "51", "53", "54", "62", "63", "65")):
        return "", ""
    for entry in minority():
        first = parted.words[0].text if parted.words else ""
        if entry.name == first and within.startswith(entry.within):
            rest = Split(parted.words[1:])
            form = phrase((entry.spelling, _spelled(rest, readings[len(first) :])))
            return (form, "") if entry.mark == "V" else ("", form)
    return "", ""


def _of_readings(name: str, readings: Sequence[Reading], candidates: Sequence[str]) -> Iterator[Finding]:
    advice = f"请在 {'、'.join(candidates)} 中核定" if candidates else "请核定并随地名登记读音"
    unread = "".join(each.character for each in readings if each.source is Source.unknown)
    if unread:
        yield R_PY_07.finding(Severity.warning, name, f"“{unread}”读音不明", suggestion="请登记读音")
    told = {Source.irregular: [each for each in readings if each.others or each.basis.endswith("（M）")]}
    if any(each.source is Source.irregular for each in told[Source.irregular]):
        yield R_PY_06.finding(Severity.warning, name, f"“{name}”的读音各表不一或有待核实", suggestion=advice)
    guessed = "、".join(f"{each.character} {each.syllable}" for each in readings if each.guessed)
    if guessed:
        message = f"多音字按常读拼写：{guessed}"
        yield R_PY_07.finding(Severity.warning, name, message, suggestion=advice)


def _of_area(name: str, within: str, other: str) -> Iterator[Finding]:
    if within.startswith(tuple(words()["minority"]["areas"])):
        advice = f"可能的写法：{other}" if other else "有少数民族语拼写的，请登记"
        message = "所在地区多少数民族语地名，未登记其拼写，暂按汉字读音拼写"
        yield R_PY_08.finding(Severity.warning, name, message, suggestion=advice)


def _of_form(name: str, stored: Stored) -> Iterator[Finding]:
    if not allowed(stored.spelling):
        message = f"登记的拼写“{stored.spelling}”含有规定以外的字符"
        yield R_PY_09.finding(
            Severity.warning, name, message, suggestion="请核对登记内容，登记的拼写未作改动"
        )
