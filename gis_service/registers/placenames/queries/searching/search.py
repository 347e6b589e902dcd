"""One ranked list of the features whose names answer a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from math import cos, radians
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.database import written_array
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.plain import values_of
from gis_service.foundation.plane import METRES_PER_DEGREE
from gis_service.foundation.readings import note_reading
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.placenames.queries.positions import unit_points
from gis_service.registers.placenames.queries.searching.matching import NUMBER
from gis_service.registers.placenames.rules.searching.asking import Asked, names_something, read_question
from gis_service.registers.placenames.rules.searching.bands import level_ranks
from gis_service.registers.placenames.rules.searching.explaining import (
    KINDS,
    UNLIKE,
    MatchKind,
    score_of,
    why,
)
from gis_service.registers.placenames.rules.searching.keys import division_key

DEFAULT_LIMIT = 20
ENDED_HINT = "当日没有这一名称；列出的含已撤销、已更名或尚未设立的"
HINT = "没有相符的地名；请核对用字，或改查其中两个字、拼音、曾用名，或放宽日期、区划、类别"
_USUAL_M, _FARTHEST_M = 10_000.0, 200_000.0

_UNITS = "21"  # the class of units
_LEAST_PART = 2  # characters of a unit and of a name within it
_WHOLE = {each.value for each in (MatchKind.unit_without_type, MatchKind.exact, MatchKind.without_type)}
_UNITS_CALLED = text("""
SELECT f.division_id AS unit, asked.called FROM unnest(CAST(:starts AS text[])) AS asked(called)
JOIN sought_name s ON s.folded = asked.called OR s.base = asked.called
JOIN feature f ON f.id = s.feature_id
WHERE f.division_id IS NOT NULL AND s.feature_valid @> CAST(:on AS date) AND s.weight >= 60
ORDER BY s.rank LIMIT 20
""")
_ASK = text("SELECT CAST(sought_places(CAST(:asked AS jsonb)) AS text)")
_LEFT_OUT = written_array(NUMBER[kind] for kind in UNLIKE)
_BELOW = text("SELECT divisions_within(CAST(:roots AS uuid[]), :on)")


@dataclass(frozen=True, slots=True)
class Limits:
    """Where and what hits must be. `within` names a unit of the day, `box` is west, south, east, north.

    `near` is lon, lat, and `distance_m` how far from there; `in_force` lets only features through that exist
    on the day.
    """

    class_code: str | None = None
    within: UUID | str | None = None
    box: tuple[float, float, float, float] | None = None
    near: tuple[float, float] | None = None
    distance_m: float | None = None
    in_force: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A feature that was found, by which name and why."""

    id: str
    name: str
    name_id: str
    matched_on: str
    match_kind: str
    why_zh: str
    score: int
    class_code: str
    division: str | None
    division_name: str | None
    lon: float | None
    lat: float | None
    kind: str
    in_use: bool
    exists: bool
    valid_from: str
    valid_to: str | None
    key: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; `after` is the key of the next one, None on the last. `capped`: some were left out.

    `is_held` is false where it is certain that no name of any day holds what was asked.
    """

    hits: tuple[Hit, ...]
    after: str | None = None
    capped: bool = False
    unknown: bool = False
    hint: str | None = field(default=None)
    is_held: bool = True


def search(
    session: Session,
    question: str,
    *,
    on: date,
    limits: Limits = Limits(),
    limit: int = DEFAULT_LIMIT,
    after: str | None = None,
) -> Found:
    """The features whose names answer a question on a day, the best first; nothing is guessed.

    Where none of the day is called so, those that are no more or not yet are told as what they are, with the
    first page; and where a unit is named before a name, that name is sought within it (南京鼓楼).

    Raises:
        InvalidInput: the question is empty or too long, the distance too far, `after` is no key.
        Conflict: the limits contradict each other.
        NotFound: nobody held the code of `within` on the day.
    """
    asked = read_question(question)
    told = _arguments(asked) | _limited(session, limits, on) | {"on": on.isoformat(), "limit": limit}
    found = _found(session, told | _resumed(after))
    if after is not None or _is_called_so(found.hits):
        return found
    is_held = found.is_held
    if limits.within is None and not found.hits:
        found = _in_a_unit(session, asked.q, told, on=on) or found
    if limits.in_force and is_held and not _is_called_so(found.hits):
        found = _with_ended(session, told, found, limit=limit)
    return found if found.hits else replace(found, unknown=True, hint=HINT)


def _found(session: Session, told: Mapping[str, Any]) -> Found:
    answer = session.scalar(_ASK, {"asked": orjson.dumps(told).decode()})
    if answer is None:
        raise InvalidInput("参数 after 所指的一条已不在", way_out="请从第一页重新查询")
    page = orjson.loads(answer)
    unplaced = [row["id"] for row in page["hits"] if row["lon"] is None and row["class"].startswith(_UNITS)]
    points = unit_points(session, unplaced, on=date.fromisoformat(told["on"]))
    for row in page["hits"]:
        row["lon"], row["lat"] = points.get(row["id"], (row["lon"], row["lat"]))
    hits = tuple(_hit(session, row) for row in page["hits"])
    return Found(hits, hits[-1].key if page["more"] else None, page["capped"], is_held=page["held"])


def _is_called_so(hits: Sequence[Hit]) -> bool:
    """Whether the best hit has all that was typed in it, or is what was typed in letters."""
    return bool(hits) and hits[0].match_kind not in UNLIKE


def _with_ended(session: Session, told: Mapping[str, Any], found: Found, *, limit: int) -> Found:
    """Beside what was found, features of other days that are called so."""
    always = _found(session, {**told, "in_force": False, "left_out": _LEFT_OUT})
    ended = [hit for hit in always.hits if not hit.exists and hit.match_kind not in UNLIKE]
    if not ended:
        return found
    hits = tuple(sorted([*ended, *found.hits], key=lambda hit: -hit.score)[:limit])
    last = next((hit for hit in reversed(hits) if hit.exists), None)
    is_whole = found.after is None and len(ended) + len(found.hits) <= limit
    after = None if is_whole or last is None else last.key
    return Found(hits, after, found.capped or (not is_whole and last is None), hint=ENDED_HINT)


def _in_a_unit(session: Session, form: str, told: Mapping[str, Any], *, on: date) -> Found | None:
    """What a unit is called that stands before it, and a name within it: the longest unit that has one."""
    cuts = range(len(form) - _LEAST_PART, _LEAST_PART - 1, -1)
    if form.isascii() or not cuts:
        return None
    starts = {form[:cut]: cut for cut in cuts if names_something(form[cut:])}
    units = session.execute(_UNITS_CALLED, {"starts": list(starts), "on": on}).all()
    for unit, called in sorted(units, key=lambda row: -starts[row.called]):
        rest = _arguments(read_question(form[starts[called] :]))
        found = _found(session, {**told, **rest, **_below(session, unit, on)})
        if found.hits and found.hits[0].match_kind in _WHOLE:
            hits = tuple(replace(hit, why_zh=f"{hit.why_zh}，在“{called}”范围内") for hit in found.hits)
            return Found(hits, capped=found.capped or found.after is not None)
    return None


def _arguments(asked: Asked) -> dict[str, Any]:
    told = values_of(asked)
    for name in ("first_keys", "inner_keys", "slip_keys"):
        told[name] = _written(told[name])
    return told | {"level_ranks": _written(tuple(level_ranks()))}


_written = lru_cache(maxsize=1 << 10)(written_array)  # of frequent parts, always the same hundreds of keys


def _limited(session: Session, limits: Limits, on: date) -> dict[str, Any]:
    told: dict[str, Any] = {"class": limits.class_code, "in_force": limits.in_force}
    if limits.within is not None:
        told |= _below(session, division_named(session, limits.within, on=on).division_id, on)
    if limits.near is None and limits.distance_m is not None:
        raise Conflict("写了 distance，没有写 near", way_out="请写 near=经度,纬度")
    if limits.near is not None and limits.box is not None:
        raise Conflict("bbox 与 near 只能写一个", way_out="请只按范围或只按距离查询")
    if limits.near is not None:
        return told | _around(limits.near, limits.distance_m or _USUAL_M)
    if limits.box is not None:
        told["box"] = _box(*limits.box)
    return told


def _below(session: Session, root: UUID, on: date) -> dict[str, Any]:
    """A unit and all below it on a day."""
    units = session.scalars(_BELOW, {"roots": written_array([root]), "on": on}).all()
    return {"units": written_array(units), "unit_keys": written_array(map(division_key, units))}


def _around(near: tuple[float, float], metres: float) -> dict[str, Any]:
    if not 0 < metres <= _FARTHEST_M:
        raise InvalidInput("距离超出取值", way_out=f"请写大于 0、不超过 {_FARTHEST_M:.0f} 的米数")
    lon, lat = near
    high = metres / METRES_PER_DEGREE * 1.02
    wide = high / max(cos(radians(min(abs(lat) + high, 89.9))), 0.001)
    return {
        "box": _box(lon - wide, lat - high, lon + wide, lat + high),
        "place": f"SRID={STORAGE_SRID};POINT({lon} {lat})",
        "metres": metres,
    }


def _box(west: float, south: float, east: float, north: float) -> str:
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    return f"SRID={STORAGE_SRID};POLYGON(({ring}))"


def _resumed(after: str | None) -> dict[str, Any]:
    if after is None:
        return {}
    tier, _, name = after.partition(".")
    return {"after_tier": int(tier), "after_id": name}


def _hit(session: Session, row: Mapping[str, Any]) -> Hit:
    if row["kept"]:
        note_reading(session, highest(*map(Classification, row["kept"])), row["name"])
    kind = KINDS[row["tier"] - 1]
    return Hit(
        id=row["id"],
        name=row["name"],
        name_id=row["name_id"],
        matched_on=row["matched_on"],
        match_kind=kind.value,
        why_zh=why(kind, row["matched_on"], name_kind=row["kind"], in_use=row["in_use"]),
        score=score_of(kind, is_standard=row["is_standard"], weight=row["weight"]),
        class_code=row["class"],
        division=row["division"],
        division_name=row["division_name"],
        lon=row["lon"],
        lat=row["lat"],
        kind=row["kind"],
        in_use=row["in_use"],
        exists=row["exists"],
        valid_from=row["from"],
        valid_to=row["to"],
        key=f"{row['tier']}.{row['name_id']}",
    )
