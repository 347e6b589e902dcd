"""A merger of two counties, from the published act to the proved registers, beside two plain statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

import shapely

from benchmarks.figures import Figure, Timings, agree, each
from benchmarks.loading import fill_bare
from benchmarks.scene import ON, Scene
from gis_service.procedures.changes.commands import enact_published
from gis_service.procedures.changes.schemas import ProposalIn, parse_proposal
from gis_service.registers.boundaries.queries import extents_on, neighbours_of
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, divisions_on
from gis_service.registers.divisions.rules import DivisionLevel

FIRST_ACT = date(2021, 1, 1)
DISTRICT_NUMBERS = range(2, 20)  # of the last two digits of a 市辖区's code

_MERGE = """
INSERT INTO bare_unit (code, geom, valid_from)
SELECT %(into)s, ST_Multi(ST_Union(geom)), %(on)s FROM bare_unit WHERE code IN (%(one)s, %(other)s);
UPDATE bare_unit SET valid_to = %(on)s WHERE code IN (%(one)s, %(other)s);
"""


@dataclass(frozen=True, slots=True)
class Merger:
    """Two neighbours in one city and what becomes of them."""

    on: date
    one: str
    other: str
    into: str
    name: str

    def proposal(self) -> ProposalIn:
        """The change as its file would tell it."""
        told = {
            "title": f"合并 {self.one}、{self.other}",
            "effective_on": self.on,
            "instrument": {
                "number": f"测函〔{self.on.year}〕{self.on.timetuple().tm_yday}号",
                "kind": "批复",
                "issuer": "国务院",
                "issued_on": self.on,
                "title": f"合并 {self.one}、{self.other}的批复",
            },
            "operations": [
                {
                    "kind": "merge",
                    "from": [self.one, self.other],
                    "into": {"code": self.into, "name": self.name, "type": "市辖区"},
                }
            ],
        }
        return parse_proposal(told, source="benchmarks")


def measure(scene: Scene) -> Iterator[Figure]:
    """One merger a day in different cities, each drafted, judged, approved, enacted and proved."""
    scene.loaded()
    mergers = list(islice(_mergers(scene), scene.runs + 1))
    fill_bare(scene)

    def enact(merger: Merger) -> None:
        with scene.writing() as tx:
            enact_published(tx, merger.proposal())

    def merge(merger: Merger) -> None:
        values = {"on": merger.on, "one": merger.one, "other": merger.other, "into": merger.into}
        with scene.bare() as cursor:
            cursor.execute(_MERGE, values)

    ours, theirs = each(enact, mergers), each(merge, mergers)
    _compare(scene, mergers)
    yield Figure(
        what="enact a county merger: draft to proof, one transaction",
        size=scene.size,
        ours_s=Timings(ours.seconds[1:]).median,
        baseline="plain SQL: ST_Union of the two polygons, one insert, one update",
        baseline_s=Timings(theirs.seconds[1:]).median,
        runs=len(mergers) - 1,
        target_s=2.0,
        note=f"the first of a process {ours.seconds[0]:.2f} s",
    )


def _mergers(scene: Scene) -> Iterator[Merger]:
    """Two districts of one city that touch, a city once, with a code nobody held."""
    with scene.sessions() as session:
        counties = divisions_on(session, on=ON, level=DivisionLevel.county)
        touching = neighbours_of(session, [unit.division_id for unit in counties], on=ON)
    taken = {unit.code for unit in counties}
    by_id = {unit.division_id: unit for unit in counties}
    cities: set[str] = set()
    for one in counties:
        others = sorted((by_id[each].code, each) for each in touching[one.division_id] if each in by_id)
        pair = next((by_id[each] for _, each in others if _may_join(one, by_id[each])), None)
        free = [code for number in DISTRICT_NUMBERS if (code := f"{one.code[:4]}{number:02}") not in taken]
        if pair is None or not free or one.code[:4] in cities:
            continue
        on = FIRST_ACT + timedelta(days=len(cities))
        cities.add(one.code[:4])
        yield Merger(on, one.code, pair.code, free[-1], f"{one.name[:-1]}{pair.name[0]}区")


def _may_join(one: DivisionVersion, other: DivisionVersion) -> bool:
    return (
        one.superior_id == other.superior_id and one.code < other.code and one.type == other.type == "市辖区"
    )


def _compare(scene: Scene, mergers: list[Merger]) -> None:
    united = dict(scene.answer("SELECT code, ST_AsBinary(geom) FROM bare_unit"))
    with scene.sessions() as session:
        for merger in mergers:
            unit = division_by_code(session, merger.into, on=merger.on).division_id
            extent = extents_on(session, [unit], on=merger.on)[unit]
            same = shapely.equals(extent, shapely.from_wkb(bytes(united[merger.into])))
            agree(bool(same), f"the area of the unit merged from {merger.one} and {merger.other}")
