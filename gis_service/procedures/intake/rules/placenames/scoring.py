"""How alike a record of a foreign list and features on record are, with the reasons for each score."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from pyproj import Geod

from gis_service.foundation.access import Classification
from gis_service.foundation.crs import ELLIPSOID
from gis_service.registers.placenames.rules.characters import folded
from gis_service.registers.placenames.rules.romanization import romanize, split, untoned

_GEOD = Geod(ellps=ELLIPSOID)
_LEAST_FOR_TYPO = 3  # characters: of two, one is half of the name


@cache
def weights() -> Mapping[str, Any]:
    """The versioned data `scoring.toml` beside this module."""
    return tomllib.loads(files(__package__).joinpath("scoring.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Likeness:
    """A feature that a record may be, how alike they are (0 to 1), and why in Chinese."""

    feature_id: UUID
    name: str
    score: float
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs and for the queue."""
        return {
            "id": str(self.feature_id),
            "name": self.name,
            "score": round(self.score, 3),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Known:
    """A feature as records are likened to it: its standard name, all other names, and where it lies."""

    id: UUID
    name: str
    others: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    class_code: str = ""
    unit: str = ""
    place: tuple[float, float] | None = None
    kept: Classification = Classification.public


@dataclass(frozen=True, slots=True)
class Sought:
    """What of a record is likened."""

    name: str
    codes: tuple[str, ...] = ()
    class_code: str = ""
    unit: str = ""
    place: tuple[float, float] | None = None


@dataclass(slots=True)
class Index:
    """Features by every form of their names, so that only those alike are scored."""

    known: Mapping[UUID, Known]
    by_form: dict[tuple[str, str], dict[UUID, str]] = field(default_factory=dict)
    by_code: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for feature in self.known.values():
            for code in feature.codes:
                self.by_code[code] = feature.id
            for name in (feature.name, *feature.others):
                for form in _forms(name):
                    self.by_form.setdefault(form, {}).setdefault(feature.id, name)

    def alike(self, sought: Sought) -> list[Likeness]:
        """Features that the record may be, the most alike first; of equal ones by name and id."""
        found: dict[UUID, tuple[float, str]] = {}
        for code in sought.codes:
            if code in self.by_code:
                found[self.by_code[code]] = (1.0, f"代码相同（{code}）")
        for kind, form in _lookups(sought.name):
            for feature, name in self.by_form.get((kind, form), {}).items():
                better = self._by_name(kind, name, self.known[feature], sought)
                if better[0] > found.get(feature, (0.0, ""))[0]:
                    found[feature] = better
        scored = (self._scored(self.known[feature], sought, *how) for feature, how in found.items())
        limits = weights()["limits"]
        kept = sorted(
            (each for each in scored if each.score >= limits["least"]),
            key=lambda each: (-each.score, each.name, str(each.feature_id)),
        )
        return kept[: limits["candidates"]]

    def _by_name(self, kind: str, name: str, feature: Known, sought: Sought) -> tuple[float, str]:
        table = weights()["name"]
        if kind == "folded":
            word, is_standard = "standard" if name == feature.name else "other", name == feature.name
            same = "名称相同" if name == sought.name else f"名称同“{name}”（异体、繁体）"
            return table[word], same if is_standard else f"与其曾用名、别名“{name}”相同"
        if kind == "base":
            return table["base"], f"去掉通名与“{name}”相同"
        if kind == "sound":
            return table["homophone"], f"与“{name}”同音"
        return table["typo"], f"与“{name}”只差一字"

    def _scored(self, feature: Known, sought: Sought, score: float, why: str) -> Likeness:
        reasons = [why]
        for change, reason in () if score == 1.0 else _agreements(feature, sought):
            score += change
            reasons.append(reason)
        return Likeness(feature.id, feature.name, max(0.0, min(1.0, score)), tuple(reasons))


def _agreements(feature: Known, sought: Sought) -> Iterator[tuple[float, str]]:
    table = weights()
    if feature.class_code and sought.class_code:
        if feature.class_code == sought.class_code:
            yield table["class"]["same"], "类别相同"
        elif feature.class_code[:2] == sought.class_code[:2]:
            yield table["class"]["main"], "门类相同"
        else:
            yield table["class"]["other"], f"类别不同（登记 {feature.class_code}）"
    if feature.unit and sought.unit:
        if feature.unit == sought.unit:
            yield table["unit"]["same"], "所在行政区相同"
        elif feature.unit[:6] == sought.unit[:6]:
            yield table["unit"]["county"], "同在一县"
    if feature.place is not None and sought.place is not None:
        yield _of_distance(feature.place, sought.place)


def _of_distance(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, str]:
    metres = _GEOD.inv(*one, *other)[2]
    told = f"相距 {metres:,.0f} 米"
    table = weights()["distance"]
    return next((float(added) for most, added in table["near"] if metres <= most), table["beyond"]), told


@cache
def _forms(name: str) -> tuple[tuple[str, str], ...]:
    """Under what a name is found: folded, without generic, by sound, with one character open or missing."""
    plain = folded(name)
    gaps = _gaps(plain)
    return (*_shared(plain), ("typo", plain), *(("typo-", each) for each in gaps), *_open(plain))


@cache
def _lookups(name: str) -> tuple[tuple[str, str], ...]:
    """By what a name looks for others; one character too many here is one missing there."""
    plain = folded(name)
    gaps = _gaps(plain)
    return (*_shared(plain), ("typo-", plain), *(("typo", each) for each in gaps), *_open(plain))


def _shared(plain: str) -> tuple[tuple[str, str], ...]:
    base = folded(split(plain).specific) or plain
    sound = _sound(plain)
    return ("folded", plain), ("base", base), *((("sound", sound),) if sound else ())


def _gaps(plain: str) -> tuple[str, ...]:
    places = range(len(plain)) if len(plain) >= _LEAST_FOR_TYPO else ()
    return tuple(dict.fromkeys(plain[:at] + plain[at + 1 :] for at in places))


def _open(plain: str) -> tuple[tuple[str, str], ...]:
    places = range(len(plain)) if len(plain) >= _LEAST_FOR_TYPO else ()
    return tuple(("typo*", f"{plain[:at]}*{plain[at + 1 :]}") for at in places)


def _sound(name: str) -> str:
    readings = romanize(name).readings
    return " ".join(untoned(each.syllable) for each in readings) if all(r.syllable for r in readings) else ""


def certain(candidates: Sequence[Likeness]) -> Likeness | None:
    """The feature that a record is beyond doubt, by the limits; None where a human has to look."""
    limits = weights()["limits"]
    if not candidates or candidates[0].score < limits["certain"]:
        return None
    if len(candidates) > 1 and candidates[0].score - candidates[1].score < limits["margin"]:
        return None
    return candidates[0]


def claimed_twice(matches: Iterable[Likeness | None]) -> set[UUID]:
    """Features that more than one record is held to be: then none is beyond doubt."""
    seen: set[UUID] = set()
    twice: set[UUID] = set()
    for each in matches:
        if each is not None:
            (twice if each.feature_id in seen else seen).add(each.feature_id)
    return twice
