"""Cases of hidden risks and disputes: what a record needs, which way it goes, who decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Classification, Role
from gis_service.foundation.errors import IllegalMove, InvalidInput, NotFound, NotPermitted
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.disputes.commands import decide, mediate, move, open_case
from gis_service.procedures.disputes.models import DisputeState
from gis_service.procedures.disputes.queries import Asked, case_numbered, cases, told
from gis_service.registers.boundaries.queries import LineInForce, line_named, lines_in_force
from tests.support.classified import a_reader
from tests.support.disputes import DAY, UNITS, a_case, a_decision, a_line, a_step, agreed_upon, referred
from tests.support.factories import NOW, REGISTRAR, drawn


@pytest.fixture
def line(tx: Transaction) -> LineInForce:
    return a_line(tx)


def test_a_case_goes_from_found_to_resolved_and_comes_back(tx: Transaction, line: LineInForce) -> None:
    case, findings = open_case(tx, a_case(line))
    assert not findings
    mediate(tx, case.number, a_step(agreed=False), "会议")
    mediate(tx, case.number, a_step(agreed=True, attendants=["甲", "乙"]), "踏勘")
    move(tx, case.number, DisputeState.resolved, a_step(result="签订调解协议书"))
    assert cases(tx.session, Asked(only_open=True), on=DAY) == []
    move(tx, case.number, DisputeState.recurred, a_step())
    [now] = told(tx.session, [case], on=case.due_on + timedelta(days=1))
    assert now.overdue
    assert [step.state for step in now.steps] == ["登记", "化解中", "化解中", "已化解", "复发"]
    assert now.result is None


@pytest.mark.parametrize("missing", ["place", "parties", "level", "measures", "due_on"])
def test_a_record_without_what_it_needs_is_refused(tx: Transaction, line: LineInForce, missing: str) -> None:
    empty: Any = {"parties": [], "due_on": None}.get(missing, "")
    with pytest.raises(RuleViolated) as refused:
        open_case(tx, a_case(line, **{missing: empty}))
    assert [found.rule for found in refused.value.findings if found.blocking] == ["R-BND-19"]
    assert cases(tx.session, on=DAY) == []


def test_what_makes_no_sense_is_refused(tx: Transaction, line: LineInForce) -> None:
    for wrong in (
        {"from_m": 5.0e6, "to_m": 6.0e6},
        {"due_on": DAY - timedelta(days=1)},
        {"level": "特大"},
        {"found_on": NOW.date() + timedelta(days=9), "due_on": NOW.date() + timedelta(days=10)},
    ):
        with pytest.raises(RuleViolated):
            open_case(tx, a_case(line, **wrong))
    for absent in ({"line": "9999"}, {"parties": ["999999"]}, {"responsible": "999999"}):
        with pytest.raises(NotFound):
            open_case(tx, a_case(line, **absent))
    with pytest.raises(InvalidInput):
        open_case(tx, a_case(line, lon=119.0))


def test_odd_places_and_parties_are_told(tx: Transaction, line: LineInForce) -> None:
    _, findings = open_case(tx, a_case(line, lon=110.0, lat=30.0, parties=["320402", "某公司"]))
    messages = "".join(found.message for found in findings)
    assert "米，超过" in messages
    assert "一侧的" in messages


def test_a_case_closes_with_a_result_and_not_out_of_turn(tx: Transaction, line: LineInForce) -> None:
    case, _ = open_case(tx, a_case(line))
    for target in (DisputeState.referred, DisputeState.resolved, DisputeState.recurred):
        with pytest.raises(IllegalMove):
            move(tx, case.number, target, a_step(result="无"))
    with pytest.raises(IllegalMove):
        decide(tx, case.number, a_step(result="无"))
    mediate(tx, case.number, a_step(), "会议")
    with pytest.raises(RuleViolated):
        move(tx, case.number, DisputeState.resolved, a_step())
    with pytest.raises(InvalidInput):
        mediate(tx, case.number, a_step(DAY - timedelta(days=1)), "会议")
    move(tx, case.number, DisputeState.withdrawn, a_step(words="误登记"))
    assert case_numbered(tx.session, case.number, on=DAY).state == "withdrawn"


def test_the_approver_decides_on_the_agreement_once(tx: Transaction, line: LineInForce) -> None:
    number = referred(tx, line)
    lawful, other = a_decision("江苏省人民政府"), a_decision("常州市人民政府")
    with pytest.raises(RuleViolated, match="裁决不能登记"):
        decide(tx, number, a_step(instrument=lawful.number, acts=[lawful], result="依协议书"))
    agreed_upon(tx, line)
    with pytest.raises(RuleViolated) as refused:
        decide(tx, number, a_step(instrument=other.number, acts=[other], result="依协议书"))
    assert "批准机关是江苏省人民政府" in refused.value.findings[0].message
    done = a_step(instrument=lawful.number, result="依协议书维持原线", legal_state="已定界")
    decide(tx, number, done)
    assert case_numbered(tx.session, number, on=DAY).state == "decided"
    with pytest.raises(IllegalMove):
        decide(tx, number, done)


def test_nobody_registers_what_he_may_not_know(sessions: sessionmaker[Session]) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        units = drawn(tx, "AB", UNITS)
        line = lines_in_force(tx.session, on=DAY)[0]
    officer = a_reader(units["A"], Classification.public, Role.boundary_officer)
    with transaction(sessions, actor=officer, at=NOW) as tx, pytest.raises(NotPermitted, match="密级"):
        open_case(tx, a_case(line))


def test_numbers_run_within_the_year(tx: Transaction, line: LineInForce) -> None:
    numbers = [open_case(tx, a_case(line))[0].number for _ in range(2)]
    assert numbers == [f"YH-{tx.today.year}-00001", f"YH-{tx.today.year}-00002"]
    assert line_named(tx.session, UUID(str(line.id)), on=DAY).id == line.id


def test_officers_who_see_nothing_of_each_other_take_no_number_twice(sessions: sessionmaker[Session]) -> None:
    units = UNITS | {"C": ("320404", "丙区"), "D": ("321183", "丁市")}
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        ids = drawn(tx, "AB\nAB\nCD\nCD", units)
    numbers = []
    for letter, other in (("A", "C"), ("D", "B")):
        officer = a_reader(ids[letter], role=Role.boundary_officer)
        with transaction(sessions, actor=officer, at=NOW) as tx:
            between = {ids[letter], ids[other]}
            lines = lines_in_force(tx.session, on=DAY)
            [line] = [each for each in lines if {each.first_id, each.second_id} == between]
            parties = [units[letter][0], units[other][0]]
            case, _ = open_case(tx, a_case(line, parties=parties, responsible=units[letter][0]))
            numbers.append(case.number)
            assert [seen.number for seen in cases(tx.session, on=DAY)] == [case.number]
    assert numbers == [f"YH-{NOW.year}-00001", f"YH-{NOW.year}-00002"]
