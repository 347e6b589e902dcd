"""Where a case lies by its markers, what a revision keeps, and what a decision does to the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from shapely import LineString
from shapely.affinity import translate
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Act, Actor, Classification, Grant, Role
from gis_service.foundation.errors import Conflict, InvalidInput, NotFound, NotPermitted, SecondFactorNeeded
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.journal.models import JournalEntry
from gis_service.foundation.readings import record_reading
from gis_service.foundation.standing import stand_before
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.disputes.commands import decide, move, open_case, revise
from gis_service.procedures.disputes.formats import workbook
from gis_service.procedures.disputes.models import DisputeState
from gis_service.procedures.disputes.queries import (
    Asked,
    cases,
    due,
    picture,
    risk_told,
    told,
    weighing,
    yearbook,
)
from gis_service.procedures.disputes.schemas import RevisionIn
from gis_service.registers.authorities.commands import NewAccount, open_account
from gis_service.registers.boundaries.commands import Claim, claim_line
from gis_service.registers.boundaries.queries import course_on, lines_in_force, walked_on
from gis_service.registers.boundaries.queries.beside import claims_on
from gis_service.registers.divisions.queries import find_by_codes
from tests.support.classified import a_reader
from tests.support.disputes import (
    DAY,
    LONG,
    UNITS,
    a_case,
    a_decision,
    a_line,
    a_step,
    agreed_upon,
    marked,
    referred,
    unplaced,
)
from tests.support.factories import NOW, REGISTRAR, an_act, drawn

LATER = DAY + timedelta(days=30)


def refused(tx: Transaction, sent: Any) -> str:
    with pytest.raises(RuleViolated) as error:
        open_case(tx, sent)
    assert {found.rule for found in error.value.findings} <= {"R-BND-19", "R-MRK-01"}
    return "".join(found.message for found in error.value.findings if found.blocking)


def test_a_case_lies_between_markers_of_its_line(tx: Transaction) -> None:
    drawn(tx, "AABB\nAABB\nAACC", UNITS | {"C": ("320404", "丙区")})
    by_level = {each.level: each for each in lines_in_force(tx.session, on=DAY)}
    line, other = by_level["prefecture"], by_level["county"]
    marked(tx, line, {"0402001Q": 200.0, "0402002Q": 900.0})
    case, findings = open_case(tx, unplaced(line, from_marker="0402002Q", to_marker="0402001"))
    assert (case.from_m, case.to_m) == (pytest.approx(200.0, abs=0.1), pytest.approx(900.0, abs=0.1))
    assert "少一位类型码" in "".join(found.message for found in findings)
    at_marker, _ = open_case(tx, unplaced(line, marker="0402001Q"))
    one, two = told(tx.session, [case, at_marker], on=DAY)
    assert (one.from_marker, one.to_marker, two.marker) == ("0402002Q", "0402001Q", "0402001Q")
    assert two.lat is not None
    assert f"不在{other.name}上，它在{line.name}上" in refused(tx, unplaced(other, marker="0402001Q"))
    assert "没有这一编号的界桩" in refused(tx, unplaced(line, from_marker="0402001Q", to_marker="0402999Q"))
    before = unplaced(line, marker="0402001Q", found_on=DAY - timedelta(days=60), due_on=DAY)
    with pytest.raises(NotFound):  # the line was not there yet
        open_case(tx, before)
    for wrong in (
        {"from_marker": "0402001Q"},
        {"from_m": 1.0, "to_m": 2.0, "from_marker": "1", "to_marker": "2"},
    ):
        with pytest.raises(InvalidInput):
            open_case(tx, unplaced(line, **wrong))
    _, findings = open_case(tx, a_case(line, from_m=0.2, to_m=1.5))
    assert "以千米写的请改为米" in "".join(found.suggestion for found in findings)


def test_a_revision_is_a_step_that_tells_what_stood_before(tx: Transaction) -> None:
    line = a_line(tx)
    case, _ = open_case(tx, a_case(line, due_on=DAY + timedelta(days=9)))
    later = {"taken_on": DAY, "due_on": DAY + timedelta(days=90)}
    for wrong in (
        later,
        {"taken_on": DAY, "level": "一般"},
        {"taken_on": DAY, "level": "特大", "words": "某"},
    ):
        with pytest.raises(RuleViolated):
            revise(tx, case.number, RevisionIn(**wrong))
    for nothing in ({}, {"level": "较大"}):
        with pytest.raises(InvalidInput, match="没有要调整的内容"):
            revise(tx, case.number, RevisionIn(taken_on=DAY, **nothing))
    with pytest.raises(InvalidInput, match="尚未到来"):
        revise(tx, case.number, RevisionIn(taken_on=NOW.date() + timedelta(days=9), level="重大"))
    with pytest.raises(NotFound):
        revise(tx, case.number, RevisionIn(taken_on=DAY, responsible="999999"))
    assert not [entry for entry in tx.entries if "期限" in str(entry["after"])]
    sent = RevisionIn(**later, words="汛期不能踏勘", level="重大", responsible="321102")
    revise(tx, case.number, sent)
    [now] = told(tx.session, [case], on=LATER)
    assert (now.level, now.due_on, now.responsible, now.overdue) == ("重大", later["due_on"], "321102", False)
    assert {each.field: (each.before, each.after) for each in now.steps[-1].changes} == {
        "等级": ("较大", "重大"),
        "期限": ("2020-02-09", "2020-04-30"),
        "责任单位": ("320402 甲区", "321102 乙区"),
    }
    entry = tx.entries[-1]
    assert (entry["before"]["期限"], entry["after"]["期限"]) == ("2020-02-09", "2020-04-30")
    move(tx, case.number, DisputeState.withdrawn, a_step(words="误登记"))
    with pytest.raises(Conflict, match="不能调整"):
        revise(tx, case.number, RevisionIn(taken_on=DAY, level="一般", words="某"))


def test_a_decision_ends_claims_and_settles_the_stretch(tx: Transaction) -> None:
    line = a_line(tx, "AB\nAB\nAB")
    agreed_upon(tx, line)
    course = course_on(tx.session, line, on=DAY)
    assert course is not None
    middle = LineString([course.point_at(at) for at in (1000.0, 1500.0, 2000.0)])
    claimed = {line.first_id: translate(middle, 0.002), line.second_id: translate(middle, -0.002)}
    act = an_act(tx, "主张")
    claim_line(tx, line, Claim("某村段", claimed), on=DAY - timedelta(days=9), instrument_id=act)
    walked = walked_on(tx.session, line, on=DAY)
    assert walked is not None
    assert walked.lengths_km(lambda facts: facts.legal_state)["争议"] == pytest.approx(1.0, abs=0.01)
    number = referred(tx, line, from_m=None, to_m=None)
    paper = a_decision("江苏省人民政府")
    lawful = {"instrument": paper.number, "acts": [paper], "result": "以水渠中心线为界"}
    with pytest.raises(Conflict, match="没有名为“别处”的争议段"):
        decide(tx, number, a_step(section="别处", **lawful))
    with tx.session.begin_nested() as savepoint:
        _, findings, _ = decide(tx, number, a_step(section="某村段", **lawful))
        assert "仍为争议" in findings[0].message
        savepoint.rollback()
    tx.session.expire_all()
    there = referred(tx, line, from_m=1400.0, to_m=1600.0)
    beyond = referred(tx, line, from_m=2100.0, to_m=2300.0)
    for other, told_of in ((there, 1), (beyond, 0)):
        with tx.session.begin_nested() as savepoint:
            _, findings, _ = decide(tx, other, a_step(legal_state="已定界", **lawful))
            assert len([each for each in findings if "主张线未终止" in each.message]) == told_of
            savepoint.rollback()
        tx.session.expire_all()
    case, findings, effect = decide(tx, number, a_step(section="某村段", legal_state="已定界", **lawful))
    assert not findings
    assert {each.claimant for each in effect.claims_ended} == {"320400 3204市", "321100 3211市"}
    assert (effect.before[0].legal_state, effect.after, case.state) == ("争议", "已定界", "decided")
    assert effect.to_m is not None
    assert effect.from_m is not None
    assert (effect.from_m, effect.to_m) == (pytest.approx(1000.0, abs=1.0), pytest.approx(2000.0, abs=1.0))
    assert claims_on(tx.session, line, on=DAY) == []
    after = walked_on(tx.session, line, on=DAY)
    assert after is not None
    assert after.lengths_km(lambda facts: facts.legal_state)["已定界"] == pytest.approx(1.0, abs=0.01)


def test_who_opened_a_case_does_not_decide_it_nor_anybody_without_a_second_factor(
    sessions: sessionmaker[Session],
) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        line = a_line(tx)
        agreed_upon(tx, line)
    one, two = (a_reader(line.first_id, role=Role.boundary_officer, name=name) for name in ("甲", "乙"))
    paper = a_decision("江苏省人民政府")
    step = a_step(instrument=paper.number, acts=[paper], result="维持")
    with acting(sessions, one) as tx:
        number = referred(tx, line)
    with pytest.raises(NotPermitted, match="不能再由您登记裁决"), acting(sessions, one) as tx:
        decide(tx, number, step)
    with pytest.raises(SecondFactorNeeded), acting(sessions, replace(two, second_factor=False)) as tx:
        decide(tx, number, step)
    with acting(sessions, two) as tx:
        case, _, _ = decide(tx, number, step)
        assert case.state == "decided"


def acting(sessions: sessionmaker[Session], actor: Actor) -> Any:
    return transaction(sessions, actor=actor, at=NOW)


def test_the_journal_hides_cases_from_those_who_may_not_see_them(sessions: sessionmaker[Session]) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        units = drawn(tx, "AB\nAB\nDB", UNITS | {"D": ("320583", "丁市")})
        known = find_by_codes(tx.session, ["320400", "321100"], on=DAY)
        sides = {unit.division_id for unit in known.values()}
        line = next(
            each for each in lines_in_force(tx.session, on=DAY) if {each.first_id, each.second_id} == sides
        )
        office = open_account(tx, NewAccount("ding", "丁某", "丁市局", units["D"], Classification.secret))
    writer = Actor(
        "ding", "丁市局", office.id, (Grant(Role.boundary_officer, line.first_id),), Classification.secret
    )
    with acting(sessions, writer) as tx:
        tx.journal("trial", "某事")
        number = open_case(tx, a_case(line))[0].number
        secret = open_case(tx, a_case(line, classification=Classification.secret))[0].number
    reading = {"actor": writer, "at": NOW, "subject": f"{number} 等 2 项"}
    record_reading(sessions, **reading, subjects=[number, secret], count=2, by="trial")
    for within, known in ((None, {number}), (units["D"], set())):
        reader = a_reader(within, role=Role.auditor)
        assert subjects(sessions, reader) & {number, secret} == known
    assert subjects(sessions, a_reader(units["D"], role=Role.auditor)) == {"某事"}
    cleared = a_reader(None, Classification.secret, role=Role.auditor)
    assert subjects(sessions, cleared) >= {number, secret, reading["subject"]}
    assert reading["subject"] not in subjects(sessions, a_reader(None, role=Role.auditor))


def subjects(sessions: sessionmaker[Session], reader: Actor) -> set[str]:
    with sessions() as session:
        stand_before(session, reader, at=NOW)
        assert reader.reach(Act.read_journal)
        return set(session.scalars(select(JournalEntry.subject)))


def test_stretches_are_ranked_reported_and_drawn(tx: Transaction) -> None:
    line = a_line(tx, LONG)
    marked(tx, line, {"0402001Q": 4200.0, "0402002Q": 9800.0}, is_synthetic=True)
    late = DAY + timedelta(days=5)
    open_case(tx, a_case(line, level="重大", due_on=late, place="=1+1"))
    open_case(tx, unplaced(line, marker="0402002Q", level="较大"))
    nowhere, _ = open_case(tx, unplaced(line, level="一般"))
    mistaken, _ = open_case(tx, a_case(line, level="重大", from_m=9900.0, to_m=9990.0))
    move(tx, mistaken.number, DisputeState.withdrawn, a_step(words="误登记"))
    risk = risk_told(weighing(tx.session, Asked(line=line.id), on=LATER))
    assert [(each.begins_at, each.ends_at, each.band, each.weight, each.overdue) for each in risk.items] == [
        ("起点", "0402001Q", "高", 9, 1),
        ("0402002Q", "终点", "中", 3, 0),
    ]
    assert (risk.unplaced, risk.synthetic) == ([nowhere.number], True)
    assert len(cases(tx.session, Asked(within=line.first_id), on=LATER)) == 4
    assert [each.days_late for each in due(tx.session, None, by=LATER, on=LATER)] == [25]
    book = load_workbook(BytesIO(workbook.draw(yearbook(tx.session, 2020, on=LATER))))
    assert book.sheetnames == ["汇总", "案件", "重点地段", "逾期"]
    assert [row[2].value for row in book["汇总"].iter_rows(min_row=2, max_row=3)] == [2020, 3]
    assert (book["案件"]["F2"].value, book["案件"]["F2"].data_type) == ("=1+1", "s")
    assert [row[0].value for row in book["重点地段"].iter_rows(min_row=2)][-2:] == ["未定位", "说明"]
    assert book["逾期"].max_row == 2
    shown = picture(tx.session, Asked(), "图", on=LATER)
    assert [each.weight for each in shown.stretches] == [9, 3, 0]
    assert sum(case.place is not None for case in shown.cases) == 2
    assert any("合成数据" in note for note in shown.notes)
    assert any("内部级" in note for note in shown.notes)
