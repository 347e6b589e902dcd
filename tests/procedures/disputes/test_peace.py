"""The peace of a line: who signs, who convenes, what falls due, and how a year is assessed."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from gis_service.foundation.access import Act, Classification, Role
from gis_service.foundation.errors import Conflict, InvalidInput, NotFound, NotPermitted
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.standing import stand_before
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands import (
    assess,
    end_agreement,
    enter_agreement,
    enter_meeting,
    enter_plan,
    finish_resolution,
    open_case,
    propose,
    record_exercise,
    sign_assessment,
)
from gis_service.procedures.disputes.commands.assessments import Assessed
from gis_service.procedures.disputes.queries.agreements import (
    PeaceAsked,
    agreements_page,
    agreements_told,
    lines_without_agreement,
)
from gis_service.procedures.disputes.queries.assessments import assessments_told
from gis_service.procedures.disputes.queries.meetings import meetings_told
from gis_service.procedures.disputes.queries.peace_due import peace_due
from gis_service.procedures.disputes.queries.plans import plans_told
from gis_service.procedures.disputes.rules import own_items, read_items
from gis_service.procedures.disputes.schemas import DisputeIn
from gis_service.procedures.disputes.schemas.agreements import PeaceAgreementIn, PeaceEndIn
from gis_service.procedures.disputes.schemas.assessments import PeaceAssessmentIn, PeaceAssessmentOut
from gis_service.procedures.disputes.schemas.meetings import JointMeetingIn, ResolutionDoneIn
from gis_service.procedures.disputes.schemas.plans import ContingencyPlanIn, ExerciseIn
from gis_service.procedures.disputes.sheets import SHEET_TYPES
from gis_service.registers.boundaries.queries import LineInForce, lines_in_force
from gis_service.registers.markers.commands import (
    NewMarker,
    Position,
    Seen,
    observe_markers,
    register_markers,
)
from gis_service.registers.markers.models import MarkerState
from tests.support.classified import a_reader
from tests.support.factories import BEGINNING, NOW, an_act, drawn

UNITS = {"A": ("320402", "甲区"), "B": ("320404", "乙区"), "C": ("320411", "丙区")}
SIGNED = date(2024, 6, 18)
PAPER = {"kind": "协议书", "title": "协议", "issuer": "甲区、乙区", "issued_on": "2024-06-18"}


@pytest.fixture
def units(tx: Transaction) -> dict[str, Any]:
    return drawn(tx, "AB\nAB\nCB", UNITS)


@pytest.fixture
def line(tx: Transaction, units: dict[str, Any]) -> LineInForce:
    return between(tx, units, "A", "B")


def between(tx: Transaction, units: dict[str, Any], one: str, other: str) -> LineInForce:
    ends = {units[one], units[other]}
    found = lines_in_force(tx.session, on=SIGNED)
    return next(each for each in found if {each.first_id, each.second_id} == ends)


def an_agreement(line: LineInForce, number: str = "协议1号", **other: Any) -> PeaceAgreementIn:
    facts: dict[str, Any] = {
        "line": str(line.id),
        "signers": ["320402", "320404"],
        "signed_on": SIGNED,
        "duties": ["不越界耕种", "互通情况"],
        "instrument": number,
        "acts": [PAPER | {"number": number}],
        "files": [{"name": "协议.pdf", "sha256": "0" * 64}],
    }
    return PeaceAgreementIn.model_validate(facts | other)


def a_meeting(line: LineInForce, convener: str = "320402", **other: Any) -> JointMeetingIn:
    facts: dict[str, Any] = {
        "lines": [str(line.id)],
        "held_on": date(2025, 3, 20),
        "place": "某镇",
        "convener": convener,
        "attendants": ["甲区民政局", "乙区民政局"],
        "matters": ["界桩维护"],
        "resolutions": [
            {"words": "修复界桩", "responsible": "320402", "due_on": date(2025, 6, 30)},
            {"words": "通报情况", "responsible": "320404", "due_on": date(2025, 12, 31)},
        ],
    }
    return JointMeetingIn.model_validate(facts | other)


def a_plan(line: LineInForce, **other: Any) -> ContingencyPlanIn:
    contacts = [{"unit": code, "name": "某人", "phone": "0519-1"} for code in ("320402", "320404")]
    facts = {"line": str(line.id), "begins_on": SIGNED, "contacts": contacts, "steps": ["报告", "到场"]}
    return ContingencyPlanIn.model_validate(facts | other)


def a_case(line: LineInForce, **other: Any) -> DisputeIn:
    facts: dict[str, Any] = {
        "line": str(line.id),
        "place": "某村",
        "parties": ["320402", "320404"],
        "level": "一般",
        "cause": "越界耕种",
        "found_on": date(2025, 2, 1),
        "found_by": "某局",
        "measures": "劝止",
        "due_on": date(2025, 5, 1),
        "responsible": "320402",
    }
    return DisputeIn(**facts | other)


def an_assessment(line: LineInForce, side: str = "320402", **other: Any) -> PeaceAssessmentIn:
    return PeaceAssessmentIn.model_validate({"line": str(line.id), "side": side, "year": 2025} | other)


def blocked(refused: pytest.ExceptionInfo[RuleViolated]) -> str:
    return "；".join(each.message for each in refused.value.findings if each.blocking)


def test_an_agreement_runs_its_term_and_is_renewed(
    tx: Transaction, line: LineInForce, units: dict[str, Any]
) -> None:
    first, findings = enter_agreement(tx, an_agreement(line))
    assert not findings
    assert (first.expires_on, first.classification) == (date(2027, 6, 17), "内部")
    with pytest.raises(RuleViolated) as refused:
        enter_agreement(tx, an_agreement(line, "协议2号"))
    assert first.number in blocked(refused)
    again = an_agreement(line, "协议2号", signed_on=date(2025, 12, 1), renews=first.number, years=5)
    second, told_findings = enter_agreement(tx, again)
    assert "通行的期限为 3 年" in told_findings[0].message
    former, now = agreements_told(tx.session, [first, second], on=NOW.date())
    assert (former.state, former.renewed_by, now.renews) == ("已续签", second.number, first.number)
    assert (now.state, now.expires_on, now.days_left) == ("有效", date(2030, 11, 30), 1794)
    holding = PeaceAsked(line.id, None, True)
    assert agreements_page(tx.session, holding, on=date(2025, 11, 30)) == [first]
    assert agreements_page(tx.session, holding, on=date(2025, 12, 1)) == [second]
    with pytest.raises(Conflict):
        enter_agreement(tx, an_agreement(line, "协议3号", signed_on=date(2025, 12, 5), renews=first.number))
    bare = [each.line.id for each in lines_without_agreement(tx.session, units["320400"], on=NOW.date())]
    assert line.id not in bare
    assert between(tx, units, "C", "B").id in bare
    end_agreement(tx, second.number, PeaceEndIn(on=date(2025, 12, 20), reason="界线变更"))
    [without] = [
        each
        for each in lines_without_agreement(tx.session, units["A"], on=NOW.date())
        if each.line.id == line.id
    ]
    assert (without.last, without.lapsed_on) == (second.number, date(2025, 12, 20))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"expires_on": date(2024, 6, 1)}, "早于生效日期 2024-06-18"),
        ({"signers": ["320402"]}, "乙区一侧没有签订单位"),
        ({"signers": ["320402", "320404", "320411"]}, "丙区不属于界线的任何一侧"),
        ({"signed_on": date(2026, 2, 1)}, "尚未到来"),
        ({"kind": "君子协定"}, "没有种类“君子协定”"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(
    tx: Transaction, line: LineInForce, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(RuleViolated) as refused:
        enter_agreement(tx, an_agreement(line, **wrong))
    assert said in blocked(refused)
    assert agreements_page(tx.session, PeaceAsked(), on=SIGNED) == []


def test_meetings_alternate_and_their_resolutions_are_done(tx: Transaction, line: LineInForce) -> None:
    case, _ = open_case(tx, a_case(line))
    meeting, findings = enter_meeting(tx, a_meeting(line, cases=[case.number]))
    assert not findings
    finish_resolution(tx, meeting.number, 1, ResolutionDoneIn(on=date(2025, 6, 10), words="已修复"))
    with pytest.raises(Conflict):
        finish_resolution(tx, meeting.number, 1, ResolutionDoneIn(on=date(2025, 6, 11), words="又修复"))
    with pytest.raises(NotFound):
        finish_resolution(tx, meeting.number, 3, ResolutionDoneIn(on=date(2025, 6, 11), words="无"))
    [told] = meetings_told(tx.session, [meeting], on=date(2026, 1, 1))
    assert [(each.done_on, each.overdue) for each in told.resolutions] == [
        (date(2025, 6, 10), False),
        (None, True),
    ]
    due = peace_due(tx.session, on=date(2025, 12, 1), days=30)
    assert [(each.kind, each.number, each.ordinal, each.overdue) for each in due] == [
        ("议定事项", meeting.number, 2, False)
    ]
    assert peace_due(tx.session, on=date(2025, 12, 1), days=29) == []
    later = NOW.date()
    _, same = enter_meeting(tx, a_meeting(line, held_on=later, resolutions=[]))
    assert any("上一年也由甲区一侧召集" in each.message for each in same)
    _, turned = enter_meeting(tx, a_meeting(line, "320404", held_on=later, resolutions=[]))
    assert not any("上一年" in each.message for each in turned)


def test_a_meeting_that_cannot_be_is_refused(
    tx: Transaction, line: LineInForce, units: dict[str, Any]
) -> None:
    case, _ = open_case(tx, a_case(between(tx, units, "A", "C"), parties=["320402", "320411"]))
    stranger = [{"words": "查界", "responsible": "320411", "due_on": date(2025, 1, 1)}]
    for wrong, said in (
        ({"held_on": date(2026, 5, 1)}, "会议日期 2026-05-01 尚未到来"),
        ({"convener": "320411"}, "召集单位丙区不属于"),
        ({"resolutions": stranger}, "第 1 项议定事项的责任单位丙区不属于"),
        ({"resolutions": stranger}, "第 1 项议定事项的期限 2025-01-01 早于会议日期"),
        ({"cases": [case.number]}, f"{case.number}不在所涉界线上"),
    ):
        with pytest.raises(RuleViolated) as refused:
            enter_meeting(tx, a_meeting(line, **wrong))
        assert said in blocked(refused)


def test_a_plan_has_both_sides_versions_and_drills(tx: Transaction, line: LineInForce) -> None:
    one_sided = [{"unit": "320402", "name": "某人"}]
    with pytest.raises(RuleViolated) as refused:
        enter_plan(tx, a_plan(line, contacts=one_sided, steps=[], classification="公开"))
    for said in ("乙区一侧没有联系人", "没有写明处置步骤", "不能公开"):
        assert said in blocked(refused)
    first, _ = enter_plan(tx, a_plan(line))
    record_exercise(tx, first.number, an_exercise(date(2025, 5, 12)))
    [told] = plans_told(tx.session, [first], on=NOW.date())
    assert (told.state, told.review_due, told.version) == ("有效", date(2027, 6, 18), 1)
    record_exercise(tx, first.number, an_exercise(date(2025, 7, 1), kind="复审"))
    assert plans_told(tx.session, [first], on=NOW.date())[0].review_due == date(2028, 7, 1)
    [due] = peace_due(tx.session, on=date(2028, 8, 1), days=0)
    assert (due.kind, due.overdue) == ("预案复审", True)
    second, _ = enter_plan(tx, a_plan(line, begins_on=date(2025, 10, 1)))
    assert (second.version, first.ended_on) == (2, date(2025, 10, 1))
    for wrong in (date(2026, 1, 2), date(2025, 10, 1), SIGNED - timedelta(days=1)):
        with pytest.raises(RuleViolated):
            record_exercise(tx, first.number, an_exercise(wrong))


def an_exercise(on: date, kind: str = "演练") -> ExerciseIn:
    return ExerciseIn.model_validate({"kind": kind, "on": on, "words": "桌面推演", "result": "合格"})


def a_year(tx: Transaction, line: LineInForce, units: dict[str, Any]) -> None:
    """A year on the line in which not all went well for 甲区."""
    enter_agreement(tx, an_agreement(line))
    enter_meeting(tx, a_meeting(line))
    plan, _ = enter_plan(tx, a_plan(line))
    record_exercise(tx, plan.number, an_exercise(date(2025, 5, 12)))
    open_case(tx, a_case(line))
    act = an_act(tx)
    new = NewMarker(
        "0204001Q", line.id, managing_id=units["A"], position=Position((119.01, 31.995), "CGCS2000")
    )
    [marker] = register_markers(tx, [new], on=BEGINNING, instrument_id=act)
    observe_markers(tx, [Seen(marker, date(2025, 8, 1), MarkerState.tilted, "某局")], instrument_id=act)


def proposed(tx: Transaction, sent: PeaceAssessmentIn) -> Assessed:
    return propose(tx.session, tx.actor, Act.read_peace, sent, today=NOW.date())


def test_a_year_is_proposed_with_what_shows_it(
    tx: Transaction, line: LineInForce, units: dict[str, Any]
) -> None:
    a_year(tx, line, units)
    told = proposed(tx, an_assessment(line)).told()
    points = {item.id: item.points for item in told.items}
    assert points == {
        "agreement": 20,
        "meetings": 15,
        "resolutions": 5,
        "cases": 15,
        "markers": 12,
        "plan": 10,
        "drill": 10,
    }
    shown = {item.id: "".join(item.evidence) for item in told.items}
    assert "修复界桩" in shown["resolutions"]
    assert "通报情况" not in shown["resolutions"]
    assert "0204001Q 2025-08-01 倾斜" in shown["markers"]
    assert (told.points, told.grade) == (87, "良好")
    other = proposed(tx, an_assessment(line, "320404")).told()
    assert (other.points, other.grade) == (100, "优秀")
    before = proposed(tx, an_assessment(line, year=2023)).told()
    assert {item.id: item.points for item in before.items}["agreement"] == 0
    unfinished = proposed(tx, an_assessment(line, year=2026))
    assert any("尚未结束" in each.message for each in unfinished.findings)


def test_an_assessor_says_why_and_what_is_signed_is_frozen(
    tx: Transaction, line: LineInForce, units: dict[str, Any]
) -> None:
    a_year(tx, line, units)
    for wrong, said in (
        ({"points": {"markers": {"points": 15}}}, "没有写理由"),
        ({"points": {"markers": {"points": 16, "reason": "已修"}}}, "不在 0 至 15 之间"),
        ({"points": {"marks": {"points": 1}}}, "没有考核项目“marks”"),
        ({"vetoes": {"mass_incident": {"held": True}}}, "与所拟不同"),
        ({"year": 2027}, "2027 年尚未开始"),
    ):
        with pytest.raises(RuleViolated) as refused:
            assess(tx, an_assessment(line, **wrong))
        assert said in blocked(refused)
    repaired = {"points": {"markers": {"points": 15, "reason": "年末已修复，未及登记"}}}
    draft, _ = assess(tx, an_assessment(line, **repaired))
    assert (draft.points, draft.grade, draft.version) == (90, "优秀", 1)
    vetoed = repaired | {"vetoes": {"mass_incident": {"held": True, "reason": "8月械斗"}}}
    again, _ = assess(tx, an_assessment(line, **vetoed))
    assert (again.id, again.points, again.grade) == (draft.id, 90, "不合格")
    sign_assessment(tx, draft.number)
    with pytest.raises(Conflict):
        sign_assessment(tx, draft.number)
    with pytest.raises(RuleViolated) as refused:
        assess(tx, an_assessment(line))
    assert "已签署，不能改动" in blocked(refused)
    corrected, _ = assess(tx, an_assessment(line, correction="械斗不在此线", **repaired))
    assert (corrected.version, corrected.grade, draft.grade) == (2, "优秀", "不合格")
    sign_assessment(tx, corrected.number)
    told = assessments_told(tx.session, [draft, corrected], on=NOW.date())
    assert [each.state for each in told] == ["已由新版代替", "已签署"]
    check_tables(told)


def check_tables(told: list[PeaceAssessmentOut]) -> None:
    drawn_as = {each.NAME: each.draw(told) for each in SHEET_TYPES}
    assert [each["grade"] for each in json.loads(drawn_as["json"])] == ["不合格", "优秀"]
    book = openpyxl.load_workbook(io.BytesIO(drawn_as["xlsx"]))
    assert len(book.sheetnames) == 2
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert any("一票否决" in cell for cell in cells)
    assert "年末已修复，未及登记" in cells
    assert drawn_as["html"].decode().count("<section>") == 2


ITEMS = """version = "1"
source = "某市"
mark = "V"
[[items]]
id = "walk"
title = "全线踏勘"
full = 60
[[items]]
id = "agreement"
title = "协议"
full = 40
fact = "agreements"
needed = 1
[[grades]]
name = "达标"
from = 60
[[grades]]
name = "未达标"
from = 0
"""


def test_items_of_a_file_are_assessed_and_wrong_ones_located(tx: Transaction, line: LineInForce) -> None:
    draft, findings = assess(tx, an_assessment(line, items=ITEMS))
    assert "“全线踏勘”须由考核人评分" in findings[0].message
    assert (draft.points, draft.grade, draft.catalogue["source"]) == (0, "未达标", "某市")
    with pytest.raises(RuleViolated, match="不能签署"):
        sign_assessment(tx, draft.number)
    given = {"points": {"walk": {"points": 60, "reason": "两次踏勘"}}}
    assert assess(tx, an_assessment(line, items=ITEMS, **given))[0].grade == "达标"
    for wrong, right, where in (
        ("full = 60", "full = 60,", "第 7 行：不是合法的 TOML"),
        ("full = 60", 'full = "many"', "第 7 行：须有 full"),
        ('fact = "agreements"', 'fact = "weather"', "第 12 行：没有 fact“weather”"),
        ("needed = 1", "neded = 1", "第 13 行：不认识“neded”"),
        ('id = "agreement"', 'id = "walk"', "第 9 行：items 的 id“walk”写了不止一次"),
        ("from = 60", "from = 0", "第 19 行：等次须由高到低"),
        ('mark = "V"', "", "第 1 行：须有 mark"),
    ):
        with pytest.raises(InvalidInput, match=where):
            read_items(ITEMS.replace(wrong, right))
    assert own_items().full == 100


def test_either_side_keeps_the_peace_and_only_the_own_side_is_assessed(
    tx: Transaction, line: LineInForce, units: dict[str, Any]
) -> None:
    enter_agreement(tx, an_agreement(line))
    officer = a_reader(units["B"], Classification.internal, role=Role.boundary_officer)
    tx.session.commit()
    own = Transaction(tx.session, officer, tx.at, tx.react)
    stand_before(tx.session, officer, at=tx.at)
    assert [each.line_id for each in agreements_page(tx.session, PeaceAsked(), on=SIGNED)] == [line.id]
    enter_meeting(own, a_meeting(line))
    with pytest.raises(NotPermitted):
        assess(own, an_assessment(line, "320402"))
    assert assess(own, an_assessment(line, "320404"))[0].side_id == units["B"]
    with pytest.raises(NotPermitted):
        enter_plan(own, a_plan(between(tx, units, "A", "C"), contacts=[], steps=["报告"]))
