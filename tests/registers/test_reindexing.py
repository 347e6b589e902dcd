"""What is searched is made anew from the register: the same rows, or the old ones where that fails."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event
from typing import Any

import pytest
from shapely.geometry import Point
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from gis_service.foundation.database import session_factory
from gis_service.foundation.standing import WORK_ROLE, stand_before
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.reactions import react
from gis_service.registers.placenames.commands import (
    EndFeature,
    NewFeature,
    NewName,
    NewShape,
    Rename,
    Restate,
    Seen,
    edit_features,
    enter_features,
    reindexing,
)
from gis_service.registers.placenames.commands.reindexing import Reindexed, rebuild
from gis_service.registers.placenames.models import NameKind, PlaceName, ShapeRole, SoughtName
from gis_service.registers.placenames.queries.proofs import wanting_names
from gis_service.registers.placenames.queries.searching import search
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn

LATER, TODAY = date(2022, 5, 1), date(2024, 1, 1)
UNITS = {"A": ("320102", "甲区"), "B": ("320104", "乙区")}
NAMES = ("朝阳村", "南京路", "\U00028b4e水村", "大新庄村", "G318国道", "百分%村_\\", "六合山")


@pytest.fixture
def register(fresh_engine: Engine) -> Engine:
    """Names of all kinds, one renamed, one moved to a second unit, one ended, beside two units."""
    with transaction(session_factory(fresh_engine), actor=REGISTRAR, at=NOW, react=react) as tx:
        units, act = drawn(tx, "AABB AABB", UNITS), an_act(tx, "宁政发〔2021〕1号")
        new = [
            NewFeature(
                (NewName(name), NewName(f"老{name}", NameKind.alias), NewName("Hohhot", NameKind.minority)),
                "22200",
                (units["A"],),
                (NewShape(ShapeRole.point, Point(118.8, 32.05)),),
            )
            for name in NAMES
        ]
        ids = enter_features(tx, new, on=BEGINNING, instrument_id=act)
        later = an_act(tx, "宁政发〔2022〕2号", LATER)
        seen = [Seen(id_, 1) for id_ in ids]
        edits = (
            Rename(seen[0], NewName("向阳村")),
            Restate(seen[1], division_ids=(units["A"], units["B"])),
            EndFeature(seen[2], "撤并"),
        )
        edit_features(tx, edits, on=LATER, instrument_id=later)
    return fresh_engine


def rows(engine: Engine) -> list[Any]:
    with Session(engine) as session:
        wanted = select(SoughtName.__table__).order_by(SoughtName.name_id)
        return [
            {
                **row,
                "sources": set(row["sources"]),
                **{each: sorted(row[each]) for each in ("keys", "lacking")},
            }
            for row in session.execute(wanted).mappings()
        ]


def tables(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(text("SELECT relname FROM pg_class WHERE relname ~ '^sought_name'")))


def indexes(engine: Engine) -> list[Any]:
    with Session(engine) as session:
        told = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'sought_name' ORDER BY 1"
        return list(session.execute(text(told)))


@pytest.mark.parametrize("processes", [1, 2])
def test_reindexing_changes_nothing(
    register: Engine, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "BATCH", 3)  # several ranges of features
    before, shown = rows(register), indexes(register)
    steps: list[tuple[str, int, int]] = []
    done = rebuild(register, processes=processes, tell=lambda *step: steps.append(step))
    assert done == Reindexed(len({row["feature_id"] for row in before}), len(before))
    assert rows(register) == before
    assert indexes(register) == shown
    assert tables(register) == {"sought_name"}
    assert ("编入", len(before), len(before)) in steps
    assert steps[-1] == ("建索引", len(shown), len(shown))
    with Session(register) as session:
        assert set(session.scalars(select(PlaceName.id))) == {row["name_id"] for row in before}


def test_what_differs_from_the_register_is_told_and_put_right(register: Engine) -> None:
    before = rows(register)
    with Session(register) as session:
        assert "R-REG-13" not in {finding.rule for finding in wanting_names(session)}
        session.execute(text("UPDATE sought_name SET text = '别处' WHERE text = '六合山'"))
        session.commit()
        assert "R-REG-13" in {finding.rule for finding in wanting_names(session)}
        session.execute(text("UPDATE sought_name SET text = '六合山' WHERE text = '别处'"))
        session.commit()
    for keys in ("keys", "lacking"):
        with Session(register) as session:
            session.execute(text(f"UPDATE sought_name SET {keys} = {keys}[2:] WHERE text = '六合山'"))
            session.commit()
            told = [finding.message for finding in wanting_names(session) if finding.rule == "R-REG-13"]
            assert told == ["抽查的名称中有 1 个的检索形式与现行规则不符，可能查不到"]
        rebuild(register)
    assert rows(register) == before
    with Session(register) as session:
        stand_before(session, REGISTRAR, at=NOW)
        assert search(session, "六合山", on=TODAY).hits[0].name == "六合山"


def test_who_comes_second_waits_for_the_first(register: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    before, begun, make = rows(register), Event(), reindexing._make

    def made_late(*asked: Any) -> None:
        begun.set()
        time.sleep(1)  # for the second to reach what it waits for
        make(*asked)

    monkeypatch.setattr(reindexing, "_make", made_late)
    with ThreadPoolExecutor(2) as both:
        first = both.submit(rebuild, register)
        assert begun.wait(timeout=60)
        second = both.submit(rebuild, register)
        assert (
            first.result()
            == second.result()
            == Reindexed(len({row["feature_id"] for row in before}), len(before))
        )
    assert (rows(register), tables(register)) == (before, {"sought_name"})


def test_what_fails_leaves_the_old_table_and_nothing_beside_it(
    register: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, shown = rows(register), indexes(register)

    def fails(*_: object) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(reindexing, "_make", fails)
        with pytest.raises(RuntimeError, match="disk full"):
            rebuild(register)
    assert (rows(register), indexes(register), tables(register)) == (before, shown, {"sought_name"})
    with register.begin() as connection:  # as a machine leaves it that went down
        connection.exec_driver_sql("CREATE TABLE sought_name_raw (name_id uuid)")
    rebuild(register)
    assert (rows(register), tables(register)) == (before, {"sought_name"})


def test_many_names_are_indexed_whatever_the_planner_holds_of_them(tx: Transaction) -> None:
    """After a rehearsal it holds the tables for empty, and would join every row with every other."""
    object.__setattr__(tx, "react", react)
    act = an_act(tx, "宁政发〔2021〕1号")
    new = [NewFeature((NewName(f"大河{chr(0x4E00 + at)}村"),), "22200") for at in range(3_000)]
    rehearsal = tx.session.begin_nested()
    enter_features(tx, new[:500], on=BEGINNING, instrument_id=act)
    rehearsal.rollback()
    tx.session.execute(text("SET LOCAL ROLE NONE"))
    tx.session.execute(text("ANALYZE feature, feature_version, place_name"))
    tx.session.execute(text(f"SET LOCAL ROLE {WORK_ROLE}"))
    tx.session.execute(text("SET LOCAL statement_timeout = '20s'"))
    enter_features(tx, new, on=BEGINNING, instrument_id=act)
    assert tx.session.scalar(text("SELECT count(*) FROM sought_name")) == len(new)
