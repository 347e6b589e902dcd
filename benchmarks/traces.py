"""Traces of units of every level between any two days of a history, beside bare SQL for the ids alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from benchmarks.figures import Figure, agree, each
from benchmarks.scene import RECORDED_AT, Scene
from gis_service.foundation.access import ANONYMOUS
from gis_service.foundation.standing import stand_before
from gis_service.registers.boundaries.queries import trace

SEED, ASKED = 300, 300
_VERSIONS = """
SELECT division_id::text, level, lower(valid), coalesce(upper(valid), %(last)s::date + 1)
FROM division_version WHERE lower(valid) <= %(last)s ORDER BY code, lower(valid)
"""
_SUPERIORS = "SELECT division_id::text, superior_id::text FROM division_version WHERE valid @> %(to)s::date"
_DAYS = "SELECT min(lower(valid)), max(lower(valid)) FROM division_version"
# All units below one on a day, and those their area went to that stand on the other.
_REACHED = """
WITH RECURSIVE tree(unit) AS (
    SELECT %(unit)s::uuid
    UNION
    SELECT below.division_id FROM tree, LATERAL (
        SELECT v.division_id FROM division_version v
        WHERE v.superior_id = tree.unit AND v.valid @> %(on)s::date OFFSET 0
    ) below
),
reached(unit, since) AS (
    SELECT unit, NULL::date FROM tree
    UNION
    SELECT next.unit, next.on_date FROM reached, LATERAL (
        SELECT l.{goal} AS unit, l.on_date FROM lineage l
        WHERE l.{origin} = reached.unit AND l.on_date > %(first)s::date AND l.on_date <= %(last)s::date
            AND (l.on_date {later} reached.since OR reached.since IS NULL) OFFSET 0
    ) next
)
SELECT DISTINCT unit::text FROM reached, LATERAL (
    SELECT FROM division_version v WHERE v.division_id = unit AND v.valid @> %(to)s::date OFFSET 0
) standing
"""


class Question(NamedTuple):
    """A unit in force on a day, and another day."""

    unit: UUID
    on: date
    to: date


def measure_traces(scene: Scene) -> Iterator[Figure]:
    """A figure for each level; the same questions in every run."""
    sessions = sessionmaker(scene.engine.execution_options(isolation_level="REPEATABLE READ"))
    stand_before(sessions, ANONYMOUS, at=RECORDED_AT)  # behind the walls, in one state, as readers are
    asked = _questions(scene)
    with sessions() as session:
        for level, questions in asked.items():
            yield _of_level(scene, session, level, questions)


def _questions(scene: Scene) -> dict[str, list[Question]]:
    chance, asked = Random(SEED), dict[str, list[Question]]()
    [(first, last)] = scene.answer(_DAYS)
    rows = scene.answer(_VERSIONS, {"last": last})
    levels = sorted({row[1] for row in rows})
    for level in levels:
        held = [row for row in rows if row[1] == level]
        asked[level] = [_question(chance, held, first, last) for _ in range(ASKED // len(levels))]
    return asked


def _question(chance: Random, rows: list[tuple[str, str, date, date]], first: date, last: date) -> Question:
    unit, _, begins, ends = chance.choice(rows)
    on, to = _day(chance, begins, min(ends - timedelta(days=1), last)), _day(chance, first, last)
    return Question(UUID(unit), on, to)


def _day(chance: Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def _of_level(scene: Scene, session: Session, level: str, questions: list[Question]) -> Figure:
    for question in questions:
        heirs = {heir.unit.id for heir in trace(session, question.unit, on=question.on, to=question.to).units}
        agree(heirs <= _with_superiors(scene, question), "the units that can be reached")
    ours = each(lambda asked: trace(session, asked.unit, on=asked.on, to=asked.to), questions)
    bare = each(partial(_reached, scene), questions)
    return Figure(
        what=f"trace of a {level} between any two days, p95",
        size=f"{len(questions)} of {ASKED} questions drawn at random",
        ours_s=ours.p95,
        baseline="psycopg2: ids of the units reached, not lifted, no shares, acts, names; p95",
        baseline_s=bare.p95,
        runs=len(questions),
        target_s=0.02,
        note=f"p50 {ours.median * 1000:.1f} ms, max {max(ours.seconds) * 1000:.1f} ms",
    )


def _with_superiors(scene: Scene, asked: Question) -> set[UUID]:
    """What can be reached, and all it hangs on: an heir is told at the level of what was asked for."""
    superiors = dict(scene.answer(_SUPERIORS, {"to": asked.to}))
    found = set[str]()
    for [unit] in _reached(scene, asked):
        while unit is not None and unit not in found:
            found.add(unit)
            unit = superiors.get(unit)
    return {UUID(unit) for unit in found}


def _reached(scene: Scene, asked: Question) -> list[tuple[str]]:
    is_backward = asked.to < asked.on
    goal, origin = ("predecessor_id", "successor_id") if is_backward else ("successor_id", "predecessor_id")
    statement = _REACHED.format(goal=goal, origin=origin, later="<" if is_backward else ">")
    days = {"on": asked.on, "to": asked.to, "first": min(asked[1:]), "last": max(asked[1:])}
    return scene.answer(statement, {"unit": str(asked.unit), **days})
