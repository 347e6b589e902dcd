"""The second wall: whatever a query forgets to ask, the database shows nobody what is not his."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import ANONYMOUS, Actor, Classification, Grant, Role
from gis_service.foundation.standing import (
    LEAKPROOF,
    WORK_ROLE,
    full_sight,
    stand_before,
    stand_before_nobody,
)
from gis_service.foundation.transaction import transaction
from gis_service.procedures.changes.models import CaseState, ChangeCase, FollowUp, Party
from gis_service.registers.boundaries.commands import hand_over
from gis_service.registers.divisions.commands import Descent, NewDivision, end, establish, link
from gis_service.registers.divisions.models import DivisionVersion, LineageKind
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.instruments.models import Instrument
from gis_service.schema import metadata, upgrade
from gis_service.walls import SHOWN, raise_walls
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn
from tests.support.journal import superuser

CITY = {"A": ("320102", "甲区"), "B": ("320104", "乙区"), "C": ("320602", "丙区")}
Units = dict[str, UUID]


@pytest.fixture
def units(sessions: sessionmaker[Session]) -> Units:
    """Two districts of one city and one of another; an internal and a secret paper of the first city."""
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        units = drawn(tx, "ABC", CITY)
        for number, classification in (("内部件", "内部"), ("涉密件", "涉密")):
            act = tx.session.get_one(Instrument, an_act(tx, number))
            act.classification, act.kept_within = classification, [units["320100"]]
        for number, unit in (("BG-2020-00001", "A"), ("BG-2020-00002", "C")):
            case = a_case(number)
            tx.session.add(case)
            tx.session.flush()
            tx.session.add(Party(case_id=case.id, division_id=units[unit]))
            tx.session.add(FollowUp(case_id=case.id, duty="survey", title="勘界", legal_basis="区划条例"))
    return units


def a_case(number: str) -> ChangeCase:
    return ChangeCase(
        number=number,
        title="某变更",
        state=CaseState.draft.value,
        revision=1,
        proposal={},
        digest=number,
        effective_on=BEGINNING,
        drafted_at=NOW,
    )


def somebody(role: Role, within: UUID | None, clearance: Classification = Classification.internal) -> Actor:
    return Actor("某人", "某机关", uuid4(), (Grant(role, within),), clearance)


def seen(sessions: sessionmaker[Session], actor: Actor) -> tuple[set[str], set[str]]:
    """The papers and the cases an actor sees who asks for all."""
    with sessions() as session:
        stand_before(session, actor, at=NOW)
        papers = set(session.scalars(select(Instrument.number))) - {"测试数据集"}
        return papers, set(session.scalars(select(ChangeCase.number)))


FIRST, SECOND = {"BG-2020-00001"}, {"BG-2020-00002"}


def test_the_public_sees_what_is_public(sessions: sessionmaker[Session], units: Units) -> None:
    assert units
    assert seen(sessions, ANONYMOUS) == (set(), set())


@pytest.mark.parametrize(
    ("role", "place", "clearance", "papers", "cases"),
    [
        (Role.viewer, "320100", "内部", {"内部件"}, FIRST),
        (Role.viewer, "320100", "涉密", {"内部件", "涉密件"}, FIRST),
        (Role.viewer, "320100", "公开", set(), set()),
        (Role.viewer, "A", "涉密", set(), FIRST),
        (Role.viewer, "320600", "涉密", set(), SECOND),
        (Role.viewer, "320000", "内部", {"内部件"}, FIRST | SECOND),
        (Role.viewer, None, "涉密", {"内部件", "涉密件"}, FIRST | SECOND),
        (Role.editor, "320100", "内部", {"内部件"}, set()),
        (Role.administrator, None, "内部", {"内部件"}, set()),
    ],
)
def test_an_official_sees_what_is_his(
    sessions: sessionmaker[Session],
    units: Units,
    role: Role,
    place: str | None,
    clearance: str,
    papers: set[str],
    cases: set[str],
) -> None:
    actor = somebody(role, units[place] if place else None, Classification(clearance))
    assert seen(sessions, actor) == (papers, cases)


def test_what_belongs_to_a_case_is_shown_with_it(sessions: sessionmaker[Session], units: Units) -> None:
    for actor, count in ((somebody(Role.viewer, units["A"]), 1), (ANONYMOUS, 0), (REGISTRAR, 2)):
        with sessions() as session:
            stand_before(session, actor, at=NOW)
            assert session.scalar(select(func.count()).select_from(FollowUp)) == count
            assert session.scalar(select(func.count()).select_from(Party)) == count


def test_facts_are_as_classified_as_what_they_stand_by(sessions: sessionmaker[Session], units: Units) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        act = an_act(tx, "另一内部件")
        new = NewDivision("320105", "丁区", DivisionLevel.county, "市辖区", units["320100"])
        establish(tx, [new], on=BEGINNING, instrument_id=act)
        paper = tx.session.get_one(Instrument, act)
        paper.classification, paper.kept_within = "内部", [units["320100"]]
    names = select(DivisionVersion.name).where(DivisionVersion.level == "county")
    for actor, count in ((ANONYMOUS, 3), (somebody(Role.viewer, units["320100"]), 4)):
        with sessions() as session:
            stand_before(session, actor, at=NOW)
            assert len(session.scalars(names).all()) == count


def test_a_jurisdiction_follows_a_merger(sessions: sessionmaker[Session], units: Units) -> None:
    """Whoever was viewer of a district that was merged sees the cases of the unit it became."""
    viewer = somebody(Role.viewer, units["B"])
    assert seen(sessions, viewer)[1] == set()
    merged = BEGINNING + timedelta(days=30)
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        act = an_act(tx, "合并件", on=merged)
        new = NewDivision("320106", "新区", DivisionLevel.county, "市辖区", units["320100"])
        for unit in ("A", "B"):
            end(tx, units[unit], on=merged, instrument_id=act)
        establish(tx, [new], on=merged, instrument_id=act)
        hand_over(tx, {units["A"]: new.id, units["B"]: new.id}, on=merged, instrument_id=act)
        descents = [Descent(units[unit], new.id, LineageKind.merger, 1.0, 0.5) for unit in ("A", "B")]
        link(tx, descents, on=merged, instrument_id=act)
    assert seen(sessions, viewer)[1] == FIRST


def test_a_row_that_is_not_shown_cannot_be_written_either(
    sessions: sessionmaker[Session], units: Units
) -> None:
    with transaction(sessions, actor=somebody(Role.registrar, units["C"]), at=NOW) as tx:
        tx.session.execute(text("UPDATE change_case SET title = '改'"))
        tx.session.execute(text("DELETE FROM change_party WHERE division_id = :a"), {"a": units["A"]})
    with sessions() as session:
        titles = {case.number: case.title for case in session.scalars(select(ChangeCase))}
        assert titles == {"BG-2020-00001": "某变更", "BG-2020-00002": "改"}
        assert session.scalar(select(func.count()).select_from(Party)) == 2


def test_a_command_can_compute_with_all_it_may_not_tell(
    sessions: sessionmaker[Session], units: Units
) -> None:
    assert units
    with transaction(sessions, actor=ANONYMOUS, at=NOW) as tx:
        papers = select(func.count()).select_from(Instrument)
        before = tx.session.scalar(papers)
        with full_sight(tx.session):
            assert tx.session.scalar(papers) == 3
        assert tx.session.scalar(papers) == before == 1


def test_a_connection_lost_under_full_sight_is_told_as_such(engine: Engine) -> None:
    """Else the next statement would fail for a reason that nobody takes for a database that is away."""
    with sessionmaker(engine)() as session, pytest.raises(OperationalError):
        _look_and_lose(session, engine)


def _look_and_lose(session: Session, engine: Engine) -> None:
    stand_before(session, REGISTRAR, at=NOW)
    with full_sight(session), engine.connect() as other:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


def test_a_session_that_says_nothing_sees_what_is_public(engine: Engine) -> None:
    sessions = sessionmaker(engine)
    stand_before_nobody(sessions)
    with sessions() as session:
        assert session.scalar(text("SELECT current_user")) == WORK_ROLE
        for table in SHOWN:
            session.execute(text(f"SELECT count(*) FROM {table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET actor = '别人'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "UPDATE journal_head SET position = 0",
        "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
        "ALTER TABLE change_case DISABLE ROW LEVEL SECURITY",
        "DROP POLICY wall ON change_case",
        "CREATE TABLE stray (id int)",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_role_of_the_service_cannot_take_its_walls_down(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"SET LOCAL ROLE {WORK_ROLE}"))
        with pytest.raises(DBAPIError) as refused:
            connection.execute(text(statement))
        assert getattr(refused.value.orig, "pgcode", None) == "42501"


def test_every_table_is_walled_or_stated_to_be_open() -> None:
    """A new table must be judged: shown by a rule, or to everybody the service works for."""
    read_to_know_who_asks = {"account", "appointment", "authority"}
    held_as_hashes_or_sealed = {"password", "recovery_code", "second_factor", "token"}
    telling_nothing = {"division", "journal_head", "register_state"}
    open_tables = read_to_know_who_asks | held_as_hashes_or_sealed | telling_nothing
    assert set(metadata.tables) - set(SHOWN) == open_tables
    assert not set(SHOWN) - set(metadata.tables)


def test_walls_that_stand_are_left_alone(fresh_engine: Engine) -> None:
    with fresh_engine.begin() as connection:
        assert not raise_walls(connection)
    assert not upgrade(fresh_engine)


def test_walls_taken_down_by_an_older_text_are_put_up_anew(fresh_engine: Engine) -> None:
    with fresh_engine.begin() as connection:
        connection.execute(text("COMMENT ON FUNCTION divisions_within(uuid[], date) IS 'old'"))
        connection.execute(text("DROP POLICY wall ON change_case"))
    assert upgrade(fresh_engine)
    with fresh_engine.connect() as connection:
        there = "SELECT count(*) FROM pg_policies WHERE policyname = 'wall'"
        assert connection.scalar(text(there)) == len(SHOWN)


def test_a_superuser_lets_indexes_serve_behind_the_walls(fresh_engine: Engine) -> None:
    """As in the private cluster, where it has been seen to already; others may not, and need not."""
    with superuser(fresh_engine) as connection:
        for function in LEAKPROOF:
            connection.exec_driver_sql(f"ALTER FUNCTION {function} NOT LEAKPROOF")
        connection.exec_driver_sql("COMMENT ON FUNCTION divisions_within(uuid[], date) IS 'old'")
        connection.commit()
    with fresh_engine.begin() as connection:
        assert raise_walls(connection)
        assert not all(connection.scalars(text(TRUSTED), {"functions": list(LEAKPROOF)}))
    with superuser(fresh_engine) as connection:
        connection.exec_driver_sql("COMMENT ON FUNCTION divisions_within(uuid[], date) IS 'old'")
        assert raise_walls(connection)
        assert all(connection.scalars(text(TRUSTED), {"functions": list(LEAKPROOF)}))


TRUSTED = """
SELECT proleakproof FROM pg_proc JOIN unnest(CAST(:functions AS text[])) AS named(function)
    ON pg_proc.oid = to_regprocedure(function)
"""
