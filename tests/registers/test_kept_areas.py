"""Areas kept in memory: within their room, whole for every thread, never stale, nobody told by them alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, box
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import ANONYMOUS, Actor
from gis_service.foundation.standing import stand_before
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.registers.boundaries.queries import locating
from gis_service.registers.boundaries.queries.kept_areas import KeptAreas, indexed
from gis_service.registers.boundaries.queries.locating import locate
from tests.support.classified import a_reader, mixed
from tests.support.factories import BEGINNING, NOW, REGISTRAR, drawn
from tests.support.grid import CELL_DEGREES, NORTH, WEST

SQUARE = MultiPolygon([box(0, 0, 1, 1)])  # 5 vertices of 16 bytes
HERE = (WEST + 0.5 * CELL_DEGREES, NORTH - 0.5 * CELL_DEGREES)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> KeptAreas:
    """An empty memory in place of the one of the process."""
    monkeypatch.setattr(locating, "_kept", areas := KeptAreas())
    return areas


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept = KeptAreas(room=2 * 80)
    kept.keep({b"1": SQUARE, b"2": SQUARE})
    assert list(kept.among([b"1"])) == [b"1"]
    kept.keep({b"3": SQUARE})
    assert set(kept.among([b"1", b"2", b"3"])) == {b"1", b"3"}
    kept.keep({b"3": SQUARE})
    assert set(kept.among([b"1", b"3"])) == {b"1", b"3"}
    kept.keep({b"4": indexed(SQUARE)})  # larger than all the room
    assert kept.among([b"1", b"3", b"4"]) == {}


def test_an_index_is_made_on_a_copy() -> None:
    copy = indexed(SQUARE)
    assert shapely.is_prepared(copy)
    assert not shapely.is_prepared(SQUARE)
    assert copy.equals_exact(SQUARE, 0)


def test_threads_that_ask_at_once_get_the_same_answer(kept: KeptAreas) -> None:
    round_ = MultiPolygon([Point(0, 0).buffer(1, quad_segs=5_000), Point(3, 0).buffer(1, quad_segs=5_000)])
    kept.keep({b"1": round_})
    xy = np.random.default_rng(2020).uniform((-1, -1), (4, 1), size=(500, 2))
    expected = [index for index, point in enumerate(xy) if round_.intersects(Point(point))]

    def asked(_: int) -> list[int]:
        return locating._held(xy, kept.among([b"1"]))[0]

    with ThreadPoolExecutor(8) as threads:
        assert all(found == expected for found in threads.map(asked, range(64)))
    assert shapely.is_prepared(kept.among([b"1"])[b"1"])


def test_areas_are_read_once_and_again_when_they_changed(tx: Transaction, kept: KeptAreas) -> None:
    ids = drawn(tx, "AB", {"A": ("320102", "甲区"), "B": ("320104", "乙区")})
    assert locate(tx.session, [HERE], on=BEGINNING) == [(ids["A"],)]
    [(version, shape)] = kept._shapes.items()
    assert locate(tx.session, [HERE], on=BEGINNING) == [(ids["A"],)]
    assert kept._shapes[version] is shape
    tx.session.execute(
        text("UPDATE extent SET geom = ST_Translate(geom, 1, 0) WHERE division_id = :unit"),
        {"unit": ids["A"]},
    )
    assert locate(tx.session, [HERE], on=BEGINNING) == [()]
    assert locate(tx.session, [(HERE[0] + 1, HERE[1])], on=BEGINNING) == [(ids["A"],)]
    assert len(kept._shapes) == 2


def test_what_is_kept_is_told_to_nobody_from_whom_it_is_hidden(
    sessions: sessionmaker[Session], kept: KeptAreas
) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        ids = mixed(tx)
    reader = a_reader(ids["320000"])
    point = (WEST + 0.5 * CELL_DEGREES, NORTH - 1.5 * CELL_DEGREES)  # in C
    assert _asked(sessions, reader, point) == [(ids["C"],)]
    assert kept.among(kept._shapes)
    assert _asked(sessions, ANONYMOUS, point) == [()]
    assert _asked(sessions, reader, point) == [(ids["C"],)]


def _asked(
    sessions: sessionmaker[Session], actor: Actor, point: tuple[float, float]
) -> list[tuple[UUID, ...]]:
    with sessions() as session:
        stand_before(session, actor, at=NOW)
        return locate(session, [point], on=BEGINNING)
