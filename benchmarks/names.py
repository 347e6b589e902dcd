"""Names found behind the walls and over HTTP, beside pg_trgm and bare SQL, and how well."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from benchmarks.figures import Figure, Timings, agree, each, timed
from benchmarks.judged import judge, questions
from benchmarks.names_ground import load, load_bare
from benchmarks.scene import ON, RECORDED_AT, SMALL, Scene
from benchmarks.serving import served_apart
from gis_service.foundation.access import ANONYMOUS
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.standing import stand_before
from gis_service.registers.placenames.commands.reindexing import rebuild
from gis_service.registers.placenames.queries.searching import search
from gis_service.registers.placenames.rules.searching import forms_of

ASKED, ASKED_SMALL, CHECKED, USERS = 400, 40, 40, 20
LARGE = 1_000_000  # names, of more of which a baseline is asked less
THINKS_S = 1.0  # between two questions of a user
_TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE TABLE bare_name AS SELECT name_id, folded, rank FROM sought_name",
    "CREATE INDEX bare_name_trigrams ON bare_name USING gin (folded gin_trgm_ops)",
    "ANALYZE bare_name",
)
_LIKE = "SELECT folded FROM bare_name WHERE folded LIKE %s ORDER BY rank LIMIT 20"
_ARRAYS = "CREATE INDEX bare_name_pairs ON bare_name USING gin (pairs_of(folded))"
_PAIRS = """
CREATE FUNCTION pairs_of(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(name, at, 2)) FROM generate_series(1, length(name) - 1) AS at
$$
"""
_HOLDS = (
    "SELECT folded FROM bare_name WHERE pairs_of(folded) @> ARRAY[%s] AND folded LIKE %s"
    " ORDER BY rank LIMIT 20"
)


def measure(scene: Scene) -> Iterator[Figure]:
    """Loading, filling the index, questions of all kinds, of two characters, judged ones, twenty users."""
    with scene.apart() as lone:
        number = min(scene.names, 20_000) if scene.data is SMALL else scene.names
        seconds, names = timed(lambda: load(lone, number))
        yield _loaded(lone, names, seconds)
        yield _filled(lone, len(names))
        gc.freeze()
        with lone.sessions() as session:
            stand_before(session, ANONYMOUS, at=RECORDED_AT)
            yield from _asked(lone, session, names)
            yield _judged(lone, session, len(names))
        yield _over_http(lone, names, ASKED_SMALL if scene.data is SMALL else ASKED)


def _loaded(scene: Scene, names: list[str], seconds: float) -> Figure:
    bare_s, _ = timed(lambda: load_bare(scene, names))
    return Figure(
        what="names loaded: features, versions, names and points, with all that guards them",
        size=f"{len(names):,} names",
        ours_s=seconds,
        baseline="COPY into one bare table of names and points, its key and GiST",
        baseline_s=bare_s,
        runs=1,
        target_s=1800.0,
    )


def _filled(scene: Scene, number: int) -> Figure:
    seconds, done = timed(lambda: rebuild(scene.engine, processes=2))
    agree(done.names >= number, "every name is indexed")
    bare_s, _ = timed(lambda: _bare(scene, _TRIGRAMS))
    _bare(scene, (_PAIRS, _ARRAYS, "ANALYZE bare_name"))
    scene.refresh_statistics()
    return Figure(
        what="index of names: read, spell, work out, write, index",
        size=f"{number:,} names",
        ours_s=seconds,
        baseline="pg_trgm: copy of the folded names and its GIN index",
        baseline_s=bare_s,
        runs=1,
        target_s=900.0,
    )


def _bare(scene: Scene, statements: Sequence[str]) -> None:
    with scene.bare() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _asked(scene: Scene, session: Session, names: list[str]) -> Iterator[Figure]:
    size, is_large = f"{len(names):,} names", len(names) > LARGE
    mixed, pairs = typed(names, ASKED), two_characters(names, ASKED)
    with scene.bare() as cursor:
        asked_bare = pairs[:CHECKED] if is_large else pairs  # they take seconds
        likes = each(lambda q: cursor.execute(_LIKE, (f"%{q}%",)), asked_bare)
        bare = each(lambda q: cursor.execute(_HOLDS, (q, f"%{q}%")), asked_bare)
        _compare(cursor, session, pairs[:CHECKED])
    for what, asked in (("names by questions of every kind", mixed), ("names by two characters", pairs)):
        ours = _taken(session, asked)
        yield Figure(
            what=f"{what}, in the database, p95",
            size=size,
            ours_s=ours.p95,
            baseline="pg_trgm: LIKE '%two characters%' by rank, p95",
            baseline_s=likes.p95,
            runs=len(asked),
            target_s=0.020 if is_large else 0.005,
            note=f"p50 {ours.median * 1000:.1f} ms; bare GIN of pairs: p50 {bare.median * 1000:.1f} ms,"
            f" p95 {bare.p95 * 1000:.1f} ms",
        )


def _taken(session: Session, asked: Sequence[str]) -> Timings:
    """Seconds of each question, asked twice: plans are made with the first of their kind."""
    each(lambda q: search(session, q, on=ON), asked[:50])
    return each(lambda q: search(session, q, on=ON), asked)


def _compare(cursor: Any, session: Session, pairs: Sequence[str]) -> None:
    """Where all that hold two characters fit a page, both find the same number."""
    for pair in pairs:
        cursor.execute("SELECT count(*) FROM bare_name WHERE folded LIKE %s", (f"%{pair}%",))
        holding = cursor.fetchone()[0]
        found = search(session, pair, on=ON, limit=100)
        held = [hit for hit in found.hits if pair in forms_of(hit.matched_on).folded]
        agree(len(held) == holding or holding >= 100, f"the names that hold {pair}")


def typed(names: list[str], number: int) -> list[str]:
    """What people type for names: whole, beginnings, inner parts, slips, pinyin, initials."""
    chance = random.Random(5)
    told = []
    while len(told) < number:
        name = chance.choice(names)
        if len(name) < 3:
            continue
        at, forms = chance.randrange(len(name) - 1), forms_of(name)
        told.append(
            chance.choice(
                (
                    name,
                    name[:2],
                    name[at : at + 2],
                    name[at : at + 3],
                    name[at],
                    name[:1] + "圆" + name[2:],
                    forms.pinyin or name,
                    forms.initials or name,
                )
            )
        )
    return told


def two_characters(names: list[str], number: int) -> list[str]:
    """Two characters that stand beside each other in some name."""
    chance = random.Random(6)
    whole = [name for name in chance.choices(names, k=2 * number) if len(name) > 1 and name.isalpha()]
    return [name[at : at + 2] for name in whole[:number] for at in (chance.randrange(len(name) - 1),)]


def _judged(scene: Scene, session: Session, number: int) -> Figure:
    asked = questions()

    def names(question: str) -> list[str]:
        try:
            return [hit.name for hit in search(session, question, on=ON, limit=10).hits]
        except InvalidInput:
            return []

    seconds, found = timed(lambda: judge(names, asked))
    for missed in found.missed:
        scene.say(
            f"names: not told: {missed.question} ({missed.tries}), wanted {' '.join(missed.wanted)[:60]}"
        )
    with scene.bare() as cursor:

        def like(question: str) -> list[str]:
            cursor.execute(_LIKE, (f"%{question}%",))
            return [row[0] for row in cursor.fetchall()]

        asked_bare = asked[::10] if number > LARGE else asked
        bare_s, bare = timed(lambda: judge(like, asked_bare))
    return Figure(
        what="judged questions, all",
        size=f"{number:,} names",
        ours_s=seconds,
        baseline=f"pg_trgm LIKE: success@1 {bare.at_1:.3f}, @10 {bare.at_10:.3f}",
        baseline_s=bare_s * len(asked) / len(asked_bare),
        runs=len(asked),
        note=found.told(),
    )


def _over_http(scene: Scene, names: list[str], number: int) -> Figure:
    asked = typed(names, number)
    with served_apart(scene) as address, ThreadPoolExecutor(USERS) as users:
        for _ in range(2):
            ours = _by_all(users, address, asked, "/placenames/search")
        bare = _by_all(users, address, asked, "/healthz")
    return Figure(
        what=f"names over HTTP, {USERS} users, each asking once a second, p95",
        size=f"{len(names):,} names",
        ours_s=ours.p95,
        baseline="/healthz of the same server by the same users, p95",
        baseline_s=bare.p95,
        runs=len(asked),
        target_s=0.015,
        note=f"p50 {ours.median * 1000:.1f} ms",
    )


def _by_all(users: ThreadPoolExecutor, address: str, asked: Sequence[str], path: str) -> Timings:
    parts = [asked[at::USERS] for at in range(USERS)]
    taken = users.map(lambda at: _by_one(address, parts[at], path, at), range(USERS))
    return Timings(tuple(seconds for each_ in taken for seconds in each_))


def _by_one(address: str, asked: Sequence[str], path: str, at: int) -> list[float]:
    """With the plainest client there is: what it takes itself is told with the rest."""
    seconds = []
    with closing(HTTPConnection(address.removeprefix("http://"), timeout=60)) as connection:
        time.sleep(THINKS_S * at / USERS)
        for question in asked:
            query = "" if path == "/healthz" else "?" + urlencode({"q": question, "on": str(ON)})
            begun = time.perf_counter()
            connection.request("GET", path + query)
            answer = connection.getresponse()
            answer.read()
            seconds.append(time.perf_counter() - begun)
            agree(answer.status == 200, f"{question} was answered")
            time.sleep(max(0.0, THINKS_S - seconds[-1]))
    return seconds
