"""Questions over time on a synthetic history, asked behind the walls, beside bare SQL and bare pandas."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd
from sqlalchemy.orm import Session

from benchmarks.figures import Figure, agree, each, repeated
from benchmarks.scene import RECORDED_AT, Scene
from benchmarks.synthetic import FIRST, STEPS, History, history, write
from gis_service.foundation.access import ANONYMOUS
from gis_service.foundation.database import session_factory
from gis_service.foundation.standing import stand_before
from gis_service.publications.exchange.queries import Asked, Unknown, crosswalk, date_list
from gis_service.registers.boundaries.queries import trace, units_on_ground
from gis_service.registers.divisions.queries import Sought

EARLY, LATE = date(FIRST, 12, 31), date(FIRST + STEPS - 1, 12, 31)
MIDDLE = date(FIRST + STEPS // 2, 12, 31)
TRACED = 60
ROWS = 100_000
_LISTED = "SELECT code, name FROM division_version WHERE valid @> %(on)s::date ORDER BY code"
_WALK = """
WITH RECURSIVE reached(unit, since) AS (
    SELECT %(unit)s::uuid, %(on)s::date
    UNION
    SELECT l.successor_id, l.on_date FROM reached JOIN lineage l ON l.predecessor_id = reached.unit
    WHERE l.on_date > reached.since AND l.on_date <= %(to)s::date
)
SELECT DISTINCT unit FROM reached JOIN division_version v ON v.division_id = unit
WHERE v.valid @> %(to)s::date
"""


def measure(scene: Scene) -> Iterator[Figure]:
    """List, trace, crosswalk and dating, each against the barest thing that gives the same."""
    with scene.apart() as lone:
        yield from _measured(lone)


def _measured(scene: Scene) -> Iterator[Figure]:
    made = history()
    with scene.writing() as tx:
        write(tx.session, made)
    scene.refresh_statistics()
    sessions = session_factory(scene.engine)
    stand_before(sessions, ANONYMOUS, at=RECORDED_AT)
    size = f"{len(made.versions):,} versions, {len(made.links):,} links (synthetic)"
    with sessions() as session:
        yield from _listing(scene, session, size)
        yield _tracing(scene, session, made, size)
        yield _carrying(scene, session)
        yield _dating(scene, session)


def _listing(scene: Scene, session: Session, size: str) -> Iterator[Figure]:
    def ours(limit: int) -> Callable[[], list[Any]]:
        return lambda: units_on_ground(
            session, Sought(), on=MIDDLE, after=None, limit=limit, with_geometry=False
        )

    bare, rows = repeated(lambda: scene.answer(_LISTED, {"on": MIDDLE}), scene.runs)
    for limit in (100, 1000, 10_000):
        told, units = repeated(ours(limit), scene.runs)
        agree([(u.code, u.name) for u in units] == rows[:limit], "codes and names of the list")
        yield Figure(
            what=f"list of a day, {min(limit, len(rows)):,} units",
            size=size,
            ours_s=told.median,
            baseline="psycopg2: codes and names of all units",
            baseline_s=bare.median,
            runs=scene.runs,
            target_s=0.05,
        )


def _tracing(scene: Scene, session: Session, made: History, size: str) -> Figure:
    founded = [row[1] for row in made.versions if row[7].start == EARLY and row[4] == "county"]
    asked = random.Random(1).sample(founded, TRACED)
    days = {"on": MIDDLE.replace(year=MIDDLE.year - 5), "to": MIDDLE}
    standing = set(_standing(scene, days["on"]))
    sources = [unit for unit in asked if unit in standing]
    found = {unit: {heir.unit.id for heir in trace(session, unit, **days).units} for unit in sources}
    bare = {unit: {UUID(row[0]) for row in _walked(scene, unit, days)} for unit in sources}
    agree(found == bare, "units reached")
    ours = each(lambda unit: trace(session, unit, **days), sources)
    baseline = each(lambda unit: _walked(scene, unit, days), sources)
    return Figure(
        what="trace of one county over five years, with shares and acts",
        size=size,
        ours_s=ours.median,
        baseline="psycopg2: ids of the units reached",
        baseline_s=baseline.median,
        runs=len(sources),
        target_s=0.02,
        note=f"p95 {ours.p95 * 1000:.0f} ms",
    )


def _standing(scene: Scene, on: date) -> list[UUID]:
    statement = "SELECT division_id::text FROM division_version WHERE valid @> %(on)s::date"
    return [UUID(row[0]) for row in scene.answer(statement, {"on": on})]


def _walked(scene: Scene, unit: UUID, days: dict[str, date]) -> list[Any]:
    return scene.answer(_WALK.replace("DISTINCT unit", "DISTINCT unit::text"), {"unit": str(unit), **days})


def _carrying(scene: Scene, session: Session) -> Figure:
    to = MIDDLE
    on = to.replace(year=to.year - 5)
    codes = [row[0] for row in scene.answer(_LISTED, {"on": on})]
    chance = random.Random(2)
    table = pd.DataFrame(
        {
            "code": [chance.choice(codes) for _ in range(ROWS)],
            "people": [str(chance.randrange(1_000_000)) for _ in range(ROWS)],
        }
    )
    asked = Asked("code", on, to, ("people",), Unknown.equal)
    ours, done = repeated(lambda: crosswalk(session, table, asked), 1)
    agree(all(total.before == total.after for total in done.sums), "sums of the table")
    parts = done.table[["code", "to_code"]].drop_duplicates()
    bare, merged = repeated(lambda: table.merge(parts, on="code", how="left"), scene.runs)
    agree(len(merged) == len(done.table), "rows of the table")
    return Figure(
        what="crosswalk of a table over five years",
        size=f"{ROWS:,} rows → {len(done.table):,}",
        ours_s=ours.median,
        baseline="pandas: merge with a ready table of parts, nothing shared out",
        baseline_s=bare.median,
        runs=1,
        target_s=10.0,
    )


def _dating(scene: Scene, session: Session) -> Figure:
    rows = scene.answer(_LISTED, {"on": MIDDLE})
    table = pd.DataFrame(rows, columns=["code", "name"])
    told, found = repeated(
        lambda: date_list(session, table, code_column="code", name_column="name"), scene.runs
    )
    agree([period.begins for period in found.periods] == [MIDDLE], "day of the list")
    statement = "SELECT count(*) FROM division_version WHERE code = ANY(%(codes)s) AND valid @> %(on)s::date"
    codes = [row[0] for row in rows]
    days = [date(FIRST + step, 12, 31) for step in range(STEPS)]

    def day_by_day() -> list[Any]:
        return [scene.answer(statement, {"codes": codes, "on": day}) for day in days]

    bare, _ = repeated(day_by_day, 1)
    return Figure(
        what="day of a list of codes and names",
        size=f"{len(rows):,} codes",
        ours_s=told.median,
        baseline=f"psycopg2: a count for each of {STEPS} days known beforehand",
        baseline_s=bare.median,
        runs=scene.runs,
    )
