"""R-CHG-01 to R-CHG-04: who approves by law, and whether who issued an act is that authority."""

from __future__ import annotations

from uuid import UUID

import pytest

from gis_service.foundation.findings import Severity
from gis_service.procedures.changes.rules.approver import (
    Approver,
    Lawful,
    Matter,
    Scale,
    Touched,
    judge_decision,
    judge_filing,
    lawful_approval,
    special_areas,
    tell_approver,
)
from gis_service.procedures.changes.rules.issuer import (
    SPELT_OTHERWISE,
    Government,
    issued_by,
    judge_issuer,
)
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType

JIANGSU = Government(UUID(int=1), "江苏省", DivisionLevel.province)
NANTONG = Government(UUID(int=2), "南通市", DivisionLevel.prefecture)
CHONGCHUAN = Government(UUID(int=3), "崇川区", DivisionLevel.county)
ABOVE = (JIANGSU, NANTONG, CHONGCHUAN)


def touching(matter: Matter, kind: DivisionType) -> Touched:
    return Touched(matter, kind.level, kind.value)


def approver(matter: Matter, kind: DivisionType, scale: Scale | None = None, *areas: str) -> str | None:
    lawful = lawful_approval([touching(matter, kind)], areas=areas, scale=scale)
    return lawful.approver.word if lawful else None


BY_LAW = [
    (Matter.establish, DivisionType.province, "全国人民代表大会"),
    (Matter.boundary, DivisionType.municipality, "国务院"),
    (Matter.establish, DivisionType.county_city, "国务院"),
    (Matter.abolish, DivisionType.county, "国务院"),
    (Matter.rename, DivisionType.district, "国务院"),
    (Matter.superior, DivisionType.prefecture_city, "国务院"),
    (Matter.seat, DivisionType.prefecture_city, "国务院"),
    (Matter.seat, DivisionType.autonomous_county, "国务院"),
    (Matter.boundary, DivisionType.autonomous_prefecture, "国务院"),
    (Matter.boundary, DivisionType.autonomous_county, "国务院"),
    (Matter.seat, DivisionType.county, "省级人民政府"),
    (Matter.establish, DivisionType.town, "省级人民政府"),
    (Matter.boundary, DivisionType.ethnic_township, "省级人民政府"),
    (Matter.abolish, DivisionType.prefecture, "国务院"),
    (Matter.abolish, DivisionType.district_office, "省级人民政府"),
    (Matter.establish, DivisionType.subdistrict, "批准设立的人民政府"),
    (Matter.abolish, DivisionType.village, "县级人民政府"),
    (Matter.abolish, DivisionType.community, "县级人民政府"),
]


@pytest.mark.parametrize(("matter", "kind", "word"), BY_LAW)
def test_the_approver_follows_from_matter_and_type(matter: Matter, kind: DivisionType, word: str) -> None:
    assert approver(matter, kind) == word


@pytest.mark.parametrize("kind", list(DivisionType))
@pytest.mark.parametrize("matter", list(Matter))
def test_the_law_has_an_answer_for_everything(matter: Matter, kind: DivisionType) -> None:
    for scale in Scale:
        assert approver(matter, kind, scale)


def test_a_boundary_of_a_county_has_no_approver_until_somebody_decides_its_scale() -> None:
    assert approver(Matter.boundary, DivisionType.county) is None
    assert approver(Matter.boundary, DivisionType.county, Scale.major) == "国务院"
    assert approver(Matter.boundary, DivisionType.county, Scale.partial) == "省级人民政府"
    county, town = (
        touching(Matter.boundary, DivisionType.county),
        touching(Matter.boundary, DivisionType.town),
    )
    [finding] = judge_decision([county, town], scale=None, reason="")
    assert (finding.rule, finding.severity) == ("R-CHG-03", Severity.blocking)
    assert judge_decision([county], scale=Scale.partial, reason=" ")
    assert not judge_decision([county], scale=Scale.partial, reason="只涉及两个村")
    assert not judge_decision([town], scale=None, reason="")


@pytest.mark.parametrize("area", list(special_areas()))
def test_a_special_area_raises_a_boundary_to_the_state_council(area: str) -> None:
    assert approver(Matter.boundary, DivisionType.county, Scale.partial, area) == "国务院"
    assert approver(Matter.superior, DivisionType.town, None, area) == "国务院"
    assert approver(Matter.abolish, DivisionType.town, None, area) == "省级人民政府"


def test_the_highest_of_several_approvers_approves_all() -> None:
    both = [
        touching(Matter.abolish, DivisionType.county),
        touching(Matter.establish, DivisionType.subdistrict),
    ]
    lawful = lawful_approval(both)
    assert lawful is not None
    assert lawful.approver is Approver.state_council
    assert lawful_approval([]) is None


def test_a_unit_without_a_registered_type_is_taken_for_the_usual_one_of_its_level() -> None:
    lawful = lawful_approval([Touched(Matter.abolish, DivisionLevel.township, None)])
    assert lawful is not None
    assert lawful.approver is Approver.province


def test_what_a_province_approves_by_delegation_is_filed() -> None:
    lawful = lawful_approval([touching(Matter.seat, DivisionType.county)])
    assert lawful is not None
    assert lawful.needs_filing
    [finding] = judge_filing(lawful, " ")
    assert (finding.rule, finding.severity) == ("R-CHG-04", Severity.blocking)
    assert not judge_filing(lawful, "苏政备〔2026〕1号")
    assert not judge_filing(Lawful(Approver.province, "第九条"), None)


def test_the_approver_is_told_and_what_raised_it() -> None:
    raised = lawful_approval([touching(Matter.superior, DivisionType.town)], areas=["lake"])
    assert [finding.rule for finding in tell_approver(raised, areas=["lake"])] == ["R-CHG-02", "R-CHG-01"]
    other = lawful_approval([touching(Matter.abolish, DivisionType.town)], areas=["lake"])
    told = tell_approver(other, areas=["lake"])
    assert "不因此改变" in told[0].message
    assert "省级人民政府" in told[1].message
    assert tell_approver(None) == []


COUNCIL = Lawful(Approver.state_council, "第七条第二项")
PROVINCE = Lawful(Approver.province, "第九条")
CREATOR = Lawful(Approver.next_higher, "第十条")


@pytest.mark.parametrize(
    ("lawful", "issuer"),
    [
        (COUNCIL, "国务院"),
        (COUNCIL, " 中华人民共和国国务院 "),
        (PROVINCE, "江苏省人民政府"),
        (PROVINCE, "江苏省政府"),
        (PROVINCE, "省政府"),
        (CREATOR, "南通市人民政府"),
        (CREATOR, "江苏省南通市人民政府"),
        (CREATOR, "江苏省人民政府"),
        (Lawful(Approver.county, "第三条"), "崇川区人民政府"),
    ],
)
def test_the_usual_spellings_of_the_lawful_approver_pass(lawful: Lawful, issuer: str) -> None:
    assert judge_issuer(issuer, lawful, ABOVE) == []


@pytest.mark.parametrize(
    ("lawful", "issuer"),
    [
        (COUNCIL, "南通市人民政府"),
        (COUNCIL, "江苏省人民政府"),
        (COUNCIL, "民政部"),
        (PROVINCE, "浙江省人民政府"),
        (PROVINCE, "江苏省南通市人民政府"),
        (PROVINCE, "江苏省民政厅"),
        (CREATOR, "崇川区人民政府"),
    ],
)
def test_another_authority_is_refused_whatever_anybody_answers_for(lawful: Lawful, issuer: str) -> None:
    [finding] = judge_issuer(issuer, lawful, ABOVE)
    assert finding.blocking
    assert finding.class_ is None
    assert "无权批准" in finding.message


@pytest.mark.parametrize(
    ("lawful", "issuer"),
    [
        (COUNCIL, "国务院办公厅"),
        (COUNCIL, "民政部（经国务院批准）"),
        (PROVINCE, "江苏人民政府"),
        (PROVINCE, "江苏省人民政府（印）"),
        (PROVINCE, "江苏省"),
        (CREATOR, "南通市人民政府办公室"),
    ],
)
def test_another_spelling_may_be_answered_for(lawful: Lawful, issuer: str) -> None:
    [finding] = judge_issuer(issuer, lawful, ABOVE)
    assert finding.blocking
    assert finding.class_ == SPELT_OTHERWISE


def test_a_higher_authority_only_warns() -> None:
    [finding] = judge_issuer("国务院", PROVINCE, ABOVE)
    assert finding.severity is Severity.warning


def test_an_approval_is_recorded_on_the_level_that_gave_it_capped_at_the_province() -> None:
    assert issued_by("国务院", COUNCIL, ABOVE) == (JIANGSU,)
    assert issued_by("江苏省人民政府", PROVINCE, ABOVE) == (JIANGSU,)
    assert issued_by("南通市人民政府", CREATOR, ABOVE) == (NANTONG,)
    assert issued_by("国务院", CREATOR, ABOVE) == (JIANGSU,)
