"""Lines near places from memory: never stale, never told to whom they are not shown, called as on record."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import ANONYMOUS, Actor
from gis_service.foundation.standing import stand_before
from gis_service.foundation.transaction import transaction
from gis_service.registers.boundaries.queries import edges_near as feet
from gis_service.registers.boundaries.queries import sides
from gis_service.registers.boundaries.queries.sides import sides_on
from gis_service.registers.markers.queries.around import lines_near
from tests.support.classified import a_reader, mixed
from tests.support.factories import BEGINNING, NOW, REGISTRAR, drawn
from tests.support.grid import CELL_DEGREES, NORTH, WEST

UNITS = {
    "A": ("320102", "甲区"),
    "B": ("320104", "乙区"),
    "320000": ("320000", "江苏省"),
    "320100": ("320100", "南京市"),
}
BORDER = WEST + CELL_DEGREES  # of A and B, a meridian
HERE = (BORDER + 0.1 * CELL_DEGREES, NORTH - 0.5 * CELL_DEGREES)


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sides, "_kept", sides._Kept())
    monkeypatch.setattr(feet, "_kept", feet.KeptAreas())


@pytest.fixture
def ids(fresh_engine: Engine) -> dict[str, UUID]:
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        return drawn(tx, "AB", UNITS)


@pytest.fixture
def readers(fresh_engine: Engine) -> sessionmaker[Session]:
    """Sessions of readers as the service has them: of one state each."""
    made = sessionmaker(fresh_engine.execution_options(isolation_level="REPEATABLE READ"))
    stand_before(made, ANONYMOUS, at=NOW)
    return made


@pytest.fixture
def session(readers: sessionmaker[Session]) -> Iterator[Session]:
    with readers() as made:
        yield made


def named(session: Session) -> list[str]:
    return [near.line.name for near in lines_near(session, *HERE, on=BEGINNING).lines]


@pytest.mark.usefixtures("ids")
def test_what_is_known_of_a_state_is_asked_once(session: Session) -> None:
    assert named(session) == ["甲区—乙区线"]
    known = sides_on(session, BEGINNING)
    size = known.size
    assert size
    assert named(session) == ["甲区—乙区线"]
    assert sides_on(session, BEGINNING) is known
    assert known.size == size


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    ("write", "told"),
    [
        ("UPDATE boundary_line SET name = '改名线'", ["改名线"]),
        ("DELETE FROM membership", []),
        ("DELETE FROM boundary_line", []),
        (
            "INSERT INTO line_record (id, line_id, code, name, valid, begun_by)"
            " SELECT gen_random_uuid(), l.id, '9999', '在册线', l.valid, l.begun_by"
            " FROM boundary_line l",
            ["在册线"],
        ),
    ],
)
def test_a_write_is_seen_by_the_next_reader_and_not_by_one_who_reads_already(
    readers: sessionmaker[Session], fresh_engine: Engine, write: str, told: list[str]
) -> None:
    with readers() as before, readers() as after:
        assert named(before) == ["甲区—乙区线"]
        with fresh_engine.begin() as other:
            other.execute(text(write))
        assert named(before) == ["甲区—乙区线"]
        assert named(after) == told


@pytest.mark.usefixtures("ids")
def test_the_foot_follows_an_edge_that_moved(readers: sessionmaker[Session], fresh_engine: Engine) -> None:
    with readers() as session:
        [near] = lines_near(session, *HERE, on=BEGINNING).lines
        assert near.foot == pytest.approx((BORDER, HERE[1]))
    with fresh_engine.begin() as other:
        other.execute(text("UPDATE edge SET geom = ST_Translate(geom, 0.001, 0)"))
    with readers() as session:
        [near] = lines_near(session, *HERE, on=BEGINNING).lines
        assert near.foot == pytest.approx((BORDER + 0.001, HERE[1]))


def test_what_is_kept_is_told_to_nobody_from_whom_it_is_hidden(fresh_engine: Engine) -> None:
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        ids = mixed(tx)
    reader, border = a_reader(ids["320000"]), (WEST + 0.5 * CELL_DEGREES, NORTH - CELL_DEGREES)
    seen = _asked(fresh_engine, reader, border)
    public = _asked(fresh_engine, ANONYMOUS, border)
    assert len(public) < len(seen)
    assert _asked(fresh_engine, reader, border) == seen
    assert _asked(fresh_engine, ANONYMOUS, border) == public


def _asked(engine: Engine, actor: Actor, point: tuple[float, float]) -> set[str]:
    made = sessionmaker(engine.execution_options(isolation_level="REPEATABLE READ"))
    stand_before(made, actor, at=NOW)
    with made() as session:
        return {near.line.name for near in lines_near(session, *point, on=BEGINNING).lines}
