"""Which code a new unit may get: the next numbers of its band, never used ones first (R-COD-02, -03, -11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, Severity
from gis_service.registers.divisions.rules.code_fits import allowed_third_pair
from gis_service.registers.divisions.rules.code_tables import (
    Bands,
    bands,
    edition_on,
    editions,
    is_municipality,
    is_whole_only,
    tables,
)
from gis_service.registers.divisions.rules.codes import is_leaf_prefecture, level_of_code
from gis_service.registers.divisions.rules.holders import Holder, judge_holders
from gis_service.registers.divisions.rules.levels import DivisionLevel, DivisionType


@dataclass(frozen=True, slots=True)
class Proposal:
    """A free code; `findings` warn where another unit once held it."""

    code: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Room:
    """Codes that begin and end alike, and the bands of the number between."""

    prefix: str
    allowed: Bands
    width: int
    ending: str = ""

    def code(self, number: int) -> str:
        return f"{self.prefix}{number:0{self.width}}{self.ending}"


def propose_codes(
    type_: DivisionType, superior: str, *, on: date, holders: Iterable[Holder], count: int = 5
) -> list[Proposal]:
    """Free codes for a new unit of a type under a superior from a day on, the best first.

    The next number after all that were ever given, then numbers left out, then, with a warning, numbers that
    were given up. `holders` are all holdings of codes below the superior.

    Raises:
        InvalidInput: no unit of this type hangs on such a superior.
    """
    held: dict[str, list[Holder]] = {}
    for holder in holders:
        held.setdefault(holder.code, []).append(holder)
    rooms = _rooms(type_, superior, on)
    if not rooms:
        raise InvalidInput(f"代码 {superior} 之下不设{type_.value}", way_out="请核对类型，以及上级单位的代码")
    fresh = [room.code(number) for room in rooms for number in _unused(room, held)]
    used = [room.code(number) for room in rooms for band in room.allowed for number in band]
    candidates = [*fresh, *(code for code in used if code in held)]
    found = (_judged(code, on, held.get(code, ())) for code in candidates)
    return [proposal for proposal in found if proposal is not None][:count]


def _unused(room: _Room, held: dict[str, list[Holder]]) -> list[int]:
    """Numbers never given: those after the last given one of their band, then those left out before it."""
    later: list[int] = []
    left_out: list[int] = []
    for band in room.allowed:
        last = max((number for number in band if room.code(number) in held), default=None)
        for number in band:
            if room.code(number) not in held:
                (later if last is None or number > last else left_out).append(number)
    return later + left_out


def _judged(code: str, on: date, holders: Sequence[Holder]) -> Proposal | None:
    """None where somebody holds the code, or will."""
    findings = judge_holders(code, "", on=on, holders=holders)
    if any(finding.severity is Severity.blocking for finding in findings):
        return None
    return Proposal(code, tuple(findings))


def _rooms(type_: DivisionType, superior: str, on: date) -> list[_Room]:
    if is_whole_only(superior):
        return []
    level = level_of_code(superior)
    if type_.level is DivisionLevel.prefecture:
        return list(_of_prefectures(type_, superior)) if level is DivisionLevel.province else []
    if type_.level is DivisionLevel.county:
        return list(_of_counties(type_, superior, on))
    if type_.level is DivisionLevel.township:
        holds_townships = level is DivisionLevel.county or is_leaf_prefecture(superior)
        return [_Room(superior, _of_type("township", type_), 3)] if holds_townships else []
    if type_.level is DivisionLevel.village and level is DivisionLevel.township:
        return [_Room(superior, _of_type("village", type_), 3)]
    return []


def _of_type(table: str, type_: DivisionType) -> Bands:
    return bands(tables()[table][type_.value])


def _of_prefectures(type_: DivisionType, province: str) -> Iterator[_Room]:
    if not is_municipality(province):
        wanted = "prefecture_city" if type_ is DivisionType.prefecture_city else "prefecture"
        yield _Room(province[:2], bands(tables()["second_pair"][wanted]), 2, "00")


def _of_counties(type_: DivisionType, superior: str, on: date) -> Iterator[_Room]:
    """Bands by the edition of the day; in a city 01 sums up its districts and is given to none."""
    edition = edition_on(on) or editions()[0]
    for prefix in _prefixes(type_, superior):
        allowed = allowed_third_pair(f"{prefix}00", type_, edition)
        if allowed is not None:
            is_city = type_ is DivisionType.district and not is_municipality(superior)
            yield _Room(prefix, _without_first(allowed) if is_city else allowed, 2)


def _prefixes(type_: DivisionType, superior: str) -> list[str]:
    level = level_of_code(superior)
    if level is DivisionLevel.prefecture:
        return [superior[:4]]
    if level is not DivisionLevel.province:
        return []
    if is_municipality(superior):
        return [f"{superior[:2]}{'01' if type_ is DivisionType.district else '02'}"]
    return [f"{superior[:2]}{tables()['second_pair']['direct']}"]


def _without_first(allowed: Bands) -> Bands:
    return tuple(range(max(band.start, 2), band.stop) for band in allowed)
