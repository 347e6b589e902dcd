"""Addresses to places: units of any day, told as what they have become, then the name below them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.readings import note_readings
from gis_service.registers.placenames.queries.positions import centre_of
from gis_service.registers.placenames.queries.searching.search import Hit, Limits, search
from gis_service.registers.placenames.rules.searching.addresses import (
    LONGEST,
    REST,
    RETIRED,
    SHORT,
    SURE_ENOUGH,
    WITHOUT_PLACE,
    Parted,
    UnitNamed,
    UnitPart,
    beginnings,
    forms_of_unit,
    part,
    parts_of,
)
from gis_service.registers.placenames.rules.searching.forms import search_form

MOST_CANDIDATES = 10
_SURE = {
    "exact": 1.0,
    "unit_without_type": 0.9,
    "without_type": 0.9,
    "slip_same_sound": 0.7,
    "same_sound": 0.6,
    "slip": 0.5,
}

# Names of units of all days that a part of the address is, whole or without the word of type.
_NAMED = text("""
SELECT v.division_id, v.name, v.level FROM division_version v
WHERE v.name = ANY(CAST(:whole AS text[])) OR left(v.name, 2) = ANY(CAST(:starts AS text[]))
GROUP BY v.division_id, v.name, v.level
""")
# All that a unit ever hung on, what that came of and what came of it.
_ABOVE = text("""
WITH RECURSIVE up(root, id) AS (
    SELECT asked.id, v.superior_id FROM unnest(CAST(:units AS uuid[])) AS asked(id), LATERAL (
        SELECT d.superior_id FROM division_version d WHERE d.division_id = asked.id OFFSET 0) v
    UNION
    SELECT up.root, v.superior_id FROM up, LATERAL (
        SELECT d.superior_id FROM division_version d WHERE d.division_id = up.id OFFSET 0) v
)
SELECT root, id FROM up WHERE id IS NOT NULL
UNION
SELECT up.root, l.predecessor_id FROM up JOIN lineage l ON l.successor_id = up.id
UNION
SELECT up.root, l.successor_id FROM up JOIN lineage l ON l.predecessor_id = up.id
""")
# What a unit has become by the day: itself where it stands, else what came of it, with its share of the area.
_HEIRS = text("""
WITH RECURSIVE heir(root, id, share) AS (
    SELECT asked.id, asked.id, CAST(1 AS float) FROM unnest(CAST(:units AS uuid[])) AS asked(id)
    UNION
    SELECT heir.root, l.successor_id, heir.share * coalesce(l.share_of_predecessor, 1)
    FROM heir JOIN lineage l ON l.predecessor_id = heir.id
    WHERE l.on_date <= :on AND l.certainty NOT IN ('存疑', '随下级') AND NOT EXISTS (
        SELECT FROM division_version v WHERE v.division_id = heir.id AND v.valid @> :on)
)
SELECT heir.root, heir.share, v.division_id, v.code, v.name, v.level, i.classification
FROM heir, LATERAL (
    SELECT d.* FROM division_version d WHERE d.division_id = heir.id OFFSET 0
) v JOIN instrument i ON i.id = v.begun_by
WHERE v.valid @> :on ORDER BY heir.share DESC, v.code
""")


@dataclass(frozen=True, slots=True)
class Matched:
    """A part of an address that was understood; `code` of a `retired` unit is of what it became."""

    text: str
    what: str
    name: str
    code: str | None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place an address may mean, and how sure that is (0 to 1); `precise` where a place was named."""

    confidence: float
    name: str
    unit: str | None
    unit_name: str | None
    feature_id: str | None
    lon: float | None
    lat: float | None
    precise: bool
    why_zh: str


@dataclass(frozen=True, slots=True)
class Geocoded:
    """What was made of an address; nothing is guessed where nothing is sure enough."""

    address: str
    candidates: tuple[Candidate, ...]
    matched: tuple[Matched, ...]
    rest: str
    door: str
    unknown: bool


@dataclass(frozen=True, slots=True)
class _Heir:
    id: UUID
    code: str
    name: str
    share: float
    retired: str  # the name of the unit of which it came, where that is no more
    sure: float


def geocode(session: Session, address: str, *, on: date) -> Geocoded:
    """The places that an address may mean on a day.

    Raises:
        InvalidInput: nothing is left of the address but punctuation, or it is too long.
    """
    form = search_form(address)
    if not any(char.isalnum() for char in form):
        raise InvalidInput("地址是空的，或只有标点", way_out="请写地址，如 江苏省南京市玄武区孝陵卫")
    if len(address) > LONGEST:
        raise InvalidInput(f"地址超过 {LONGEST} 字", way_out="请只写地址本身")
    parted = part(address, _known(session, address))
    heirs = _heirs(session, parted, on=on)
    last = parted.units[-1].units if parted.units else ()
    below = list(dict.fromkeys(heir.id for unit in last for heir in heirs.get(unit.id, ())))
    within: list[UUID | None] = [*below] if parted.units else [None]
    place, hits = _place(session, parted.place, within[:MOST_CANDIDATES], on=on)
    rest = parted.place.removeprefix(place)
    matched = (*(_of_unit(each, heirs) for each in parted.units), *_of_place(place, hits))
    candidates = _candidates(session, parted, heirs, hits, rest, on=on)
    sure = tuple(each for each in candidates if each.confidence >= SURE_ENOUGH)
    return Geocoded(address, sure, matched, rest, parted.door, not sure)


def _known(session: Session, address: str) -> Mapping[str, Sequence[UnitNamed]]:
    """Units of all days by the forms in which the address may name them."""
    parts = set(parts_of(address))
    starts = sorted({each[:2] for each in parts} | {address[at : at + 2] for at in range(len(address))})
    rows = session.execute(_NAMED, {"whole": _array(sorted(parts)), "starts": _array(starts)}).all()
    named = [(row, form) for row in rows for form in forms_of_unit(row.name) if form in parts]
    above = _above(session, {row.division_id for row, _ in named})
    known: dict[str, list[UnitNamed]] = defaultdict(list)
    for row, form in named:
        known[form].append(UnitNamed(row.division_id, row.name, row.level, above[row.division_id]))
    return known


def _above(session: Session, units: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = {unit: set() for unit in units}
    for root, above in session.execute(_ABOVE, {"units": _array(sorted(found))}):
        found[root].add(above)
    return {unit: frozenset(above) for unit, above in found.items()}


def _array(values: Iterable[object]) -> str:
    quoted = (str(each).replace("\\", "\\\\").replace('"', '\\"') for each in values)
    return "{" + ",".join(f'"{each}"' for each in quoted) + "}"


def _heirs(session: Session, parted: Parted, *, on: date) -> dict[UUID, list[_Heir]]:
    """For each unit of the address what it is on the day."""
    named = {unit.id: (unit, each) for each in parted.units for unit in each.units}
    found: dict[UUID, list[_Heir]] = defaultdict(list)
    rows = session.execute(_HEIRS, {"units": _array(sorted(named)), "on": on}).all()
    note_readings(session, {(row.classification, row.code) for row in rows})
    for row in rows:
        unit, told = named[row.root]
        retired = unit.name if row.division_id != row.root else ""
        sure = (1.0 if told.is_whole else SHORT) * row.share * (RETIRED if retired else 1.0)
        found[row.root].append(_Heir(row.division_id, row.code, row.name, row.share, retired, sure))
    return found


def _place(
    session: Session, place: str, within: Sequence[UUID | None], *, on: date
) -> tuple[str, tuple[Hit, ...]]:
    """The longest beginning of the rest that names something in one of these units, or anywhere."""
    kinds_of_part = {"exact", "unit_without_type", "without_type"}
    for beginning in beginnings(place):
        kinds = set(_SURE) if beginning == place else kinds_of_part
        hits = [hit for unit in within for hit in _found(session, beginning, unit, on=on)]
        fitting = [hit for hit in hits if hit.match_kind in kinds]
        if fitting:
            best = min(list(_SURE).index(hit.match_kind) for hit in fitting)
            return beginning, tuple(hit for hit in fitting if list(_SURE).index(hit.match_kind) == best)
    return "", ()


def _found(session: Session, name: str, unit: UUID | None, *, on: date) -> tuple[Hit, ...]:
    found = search(session, name, on=on, limits=Limits(within=unit), limit=MOST_CANDIDATES)
    return tuple(hit for hit in found.hits if hit.exists)


def _of_unit(told: UnitPart, heirs: Mapping[UUID, Sequence[_Heir]]) -> Matched:
    heir = next((heir for unit in told.units for heir in heirs.get(unit.id, ())), None)
    if heir is None:
        return Matched(told.text, "unit", told.units[0].name, None, retired=True)
    return Matched(told.text, "unit", heir.retired or heir.name, heir.code, retired=bool(heir.retired))


def _of_place(place: str, hits: Sequence[Hit]) -> tuple[Matched, ...]:
    return (Matched(place, "name", hits[0].name, None),) if hits else ()


def _candidates(
    session: Session,
    parted: Parted,
    heirs: Mapping[UUID, Sequence[_Heir]],
    hits: Sequence[Hit],
    rest: str,
    *,
    on: date,
) -> tuple[Candidate, ...]:
    last = parted.units[-1].units if parted.units else ()
    units = [heir for unit in last for heir in heirs.get(unit.id, ())]
    if hits:
        sure = max((heir.sure for heir in units), default=0.8)
        left = REST if rest else 1.0
        found = [
            Candidate(
                round(sure * left * _SURE[hit.match_kind] / len(hits) ** 0.5, 3),
                hit.name,
                hit.division,
                hit.division_name,
                hit.id,
                hit.lon,
                hit.lat,
                True,
                hit.why_zh,
            )
            for hit in hits
        ]
    else:
        left = WITHOUT_PLACE if parted.place else 1.0
        found = [_of_heir(session, heir, left / max(len(last), 1), on=on) for heir in units[:MOST_CANDIDATES]]
    return tuple(sorted(found, key=lambda each: (-each.confidence, each.name)))[:MOST_CANDIDATES]


def _of_heir(session: Session, heir: _Heir, left: float, *, on: date) -> Candidate:
    lon, lat = centre_of(session, heir.id, on=on) or (None, None)
    why = f"“{heir.retired}”已撤销，归入{heir.name}" if heir.retired else f"在{heir.name}范围内，具体位置不明"
    return Candidate(
        round(heir.sure * left, 3),
        heir.name,
        heir.code,
        heir.name,
        None,
        lon,
        lat,
        False,
        why,
    )


def geocode_each(session: Session, addresses: Sequence[str], *, on: date) -> list[Geocoded]:
    """The same for a list; what cannot be read at all is unknown, and stops nothing."""
    told: dict[str, Geocoded] = {}
    for address in addresses:
        if address not in told:
            try:
                told[address] = geocode(session, address, on=on)
            except InvalidInput:
                told[address] = Geocoded(address, (), (), address, "", True)
    return [told[address] for address in addresses]
