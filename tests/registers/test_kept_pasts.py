"""Traces from memory: the same as from the database, never stale, never told to whom they are not shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import ANONYMOUS
from gis_service.foundation.standing import stand_before
from gis_service.foundation.transaction import transaction
from gis_service.registers.boundaries.queries import Trace, trace
from gis_service.registers.divisions.queries import PastAsked, past_of
from gis_service.registers.divisions.queries.chronicles import Chronicle
from tests.support.factories import NOW, REGISTRAR
from tests.support.stories import CONVERSION, SPLIT, Story

BEGIN, D1990, D2000, END = date(1981, 12, 31), date(1990, 1, 1), date(2000, 1, 1), date(2020, 1, 1)


@pytest.fixture
def story(fresh_engine: Engine) -> Story:
    """A city of two counties, one of which became a district and gave part of itself to the other."""
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        told = Story(tx)
        told.act(BEGIN, begun=[told.unit("js", "320000", "江苏省")])
        told.act(BEGIN, begun=[told.unit("xz", "320300", "徐州市", "js")])
        units = [told.unit("a", "320321", "甲县", "xz"), told.unit("b", "320322", "乙县", "xz")]
        told.act(BEGIN, begun=units)
        links = [("a", "c", CONVERSION, 0.8, 1.0), ("a", "b", SPLIT, 0.2, None)]
        told.act(D2000, begun=[told.unit("c", "320311", "甲区", "xz")], ended=["a"], links=links)
    return told


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


def remembered(session: Session) -> Chronicle:
    """What is kept once the same state is asked for again."""
    past_of(session)
    kept = past_of(session)
    assert isinstance(kept, Chronicle)
    return kept


def traces(session: Session, story: Story) -> list[Trace]:
    days = (D1990, END)
    standing = {D1990: ("js", "xz", "a", "b"), END: ("js", "xz", "b", "c")}
    return [
        trace(session, story.ids[unit], on=on, to=to) for on in days for to in days for unit in standing[on]
    ]


def test_what_is_kept_tells_what_the_database_tells(
    session: Session, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered(session)
    kept = traces(session, story)
    monkeypatch.setattr("gis_service.registers.boundaries.queries.tracing.past_of", PastAsked)
    assert kept == traces(session, story)


def test_a_write_is_seen_by_the_next_reader_and_not_by_one_who_reads_already(
    readers: sessionmaker[Session], fresh_engine: Engine, story: Story
) -> None:
    with readers() as before, readers() as after:
        kept = remembered(before)
        with fresh_engine.begin() as other:
            other.execute(text("UPDATE division_version SET name = '丙区' WHERE code = '320311'"))
        assert past_of(before) is kept
        assert not isinstance(past_of(after), Chronicle)
        told = remembered(after)
        assert told.spans[story.ids["c"]][0].name == "丙区"
        assert kept.spans[story.ids["c"]][0].name == "甲区"


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE instrument SET title = '改题'",
        "DELETE FROM lineage",
        "TRUNCATE lineage",
        "UPDATE division_version SET seat = '某镇'",
    ],
)
def test_every_kind_of_write_makes_another_state(
    readers: sessionmaker[Session], fresh_engine: Engine, story: Story, write: str
) -> None:
    assert story.ids
    with readers() as session:
        kept = remembered(session)
    with fresh_engine.begin() as other, other.begin_nested():
        other.execute(text(write))
    with readers() as session:
        assert past_of(session) is not kept


def test_what_was_undone_leaves_the_state_as_it_was(
    readers: sessionmaker[Session], fresh_engine: Engine, story: Story
) -> None:
    assert story.ids
    with readers() as session:
        kept = remembered(session)
    with fresh_engine.connect() as other:
        other.execute(text("DELETE FROM lineage"))
        other.rollback()
    with readers() as session:
        assert past_of(session) is kept


def test_a_writer_after_an_undone_part_still_makes_another_state(
    readers: sessionmaker[Session], fresh_engine: Engine, story: Story
) -> None:
    assert story.ids
    with readers() as session:
        kept = remembered(session)
    with fresh_engine.begin() as other:
        undone = other.begin_nested()
        other.execute(text("UPDATE lineage SET kind = kind"))
        undone.rollback()
        other.execute(text("DELETE FROM lineage"))
    with readers() as session:
        assert past_of(session) is not kept


def test_who_may_not_know_of_an_act_is_not_told_what_others_were(
    readers: sessionmaker[Session], fresh_engine: Engine, story: Story
) -> None:
    with fresh_engine.begin() as other:
        hide = "UPDATE instrument SET classification = '内部' WHERE id IN"
        other.execute(text(f"{hide} (SELECT begun_by FROM division_version WHERE code = '320311')"))
    owners = sessionmaker(fresh_engine.execution_options(isolation_level="REPEATABLE READ"))
    with owners() as owner, readers() as reader:
        assert story.ids["c"] in remembered(owner).spans
        assert story.ids["c"] not in remembered(reader).spans


def test_a_writer_and_who_sees_what_others_commit_ask_the_database(
    readers: sessionmaker[Session], fresh_engine: Engine, story: Story
) -> None:
    with readers() as session:
        remembered(session)
        session.execute(text("UPDATE division_version SET seat = NULL"))
        assert isinstance(past_of(session), PastAsked)
        assert story.ids
    with sessionmaker(fresh_engine)() as committed:
        assert [type(past_of(committed)) for _ in range(3)] == [PastAsked] * 3
