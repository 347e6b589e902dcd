"""Enacting changes on drawn grids: versions, lines, lineage, proof, and refusals that write nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from gis_service.foundation.errors import Conflict, IllegalMove
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands import check, draft, enact, enact_published, submit
from gis_service.procedures.changes.schemas import ProposalIn, parse_proposal
from gis_service.registers.boundaries.queries import extents_on, lines_in_force
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, divisions_on, lineage_of
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.factories import BEGINNING, drawn

ACT_DAY = date(2020, 6, 5)
CITY = {
    "A": ("320602", "崇川区"),
    "B": ("320611", "港闸区"),
    "C": ("320684", "海门市"),
    "D": ("320612", "通州区"),
    "E": ("320509", "吴江区"),
}
DRAWING = """
    AABBD
    AABBD
    CCDDD
    EEEEE
"""


def a_merge(**changes: Any) -> ProposalIn:
    data: dict[str, Any] = {
        "title": "测试调整",
        "effective_on": ACT_DAY,
        "instrument": {
            "number": "国函〔2020〕79号",
            "issuer": "国务院",
            "issued_on": ACT_DAY,
            "title": "国务院关于同意调整的批复",
        },
        "operations": [
            {
                "kind": "merge",
                "from": ["320602", "320611"],
                "into": {"code": "320613", "name": "崇川区", "type": "市辖区", "seat": "虹桥街道"},
            },
            {
                "kind": "conversion",
                "from": ["320684"],
                "into": {"code": "320614", "name": "海门区", "type": "市辖区", "seat": "海门街道"},
            },
        ],
    }
    return parse_proposal(data | changes, source="测试")


def counted(tx: Transaction) -> tuple[int, int]:
    versions = tx.session.scalar(select(func.count()).select_from(DivisionVersion))
    assert versions is not None
    return versions, len(tx.entries)


def test_merger_ends_old_units_and_begins_a_new_one_on_their_area(tx: Transaction) -> None:
    ids = drawn(tx, DRAWING, CITY)
    before = extents_on(tx.session, [ids["A"], ids["B"]], on=BEGINNING)
    enact_published(tx, a_merge())
    new = division_by_code(tx.session, "320613", on=ACT_DAY)
    assert new.division_id not in ids.values()
    assert division_by_code(tx.session, "320602", on=date(2020, 6, 4)).division_id == ids["A"]
    codes = {unit.code for unit in divisions_on(tx.session, on=ACT_DAY, level=DivisionLevel.county)}
    assert codes == {"320613", "320614", "320612", "320509"}
    after = extents_on(tx.session, [new.division_id], on=ACT_DAY)[new.division_id]
    assert after.equals(before[ids["A"]].union(before[ids["B"]]))


def test_shares_of_lineage_add_up_to_the_whole_successor(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    enact_published(tx, a_merge())
    new = division_by_code(tx.session, "320613", on=ACT_DAY)
    links = lineage_of(tx.session, [new.division_id])
    assert [link.share_of_predecessor for link in links] == [1.0, 1.0]
    assert sum(link.share_of_successor or 0.0 for link in links) == pytest.approx(1.0, abs=1e-12)


def test_lines_end_begin_and_stay(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    case = enact_published(tx, a_merge())
    assert case.outcome is not None
    lines = case.outcome["lines"]
    assert {line["name"] for line in lines["ended"]} == {
        "崇川—港闸线",
        "崇川—海门线",
        "港闸—通州线",
        "通州—海门线",
    }
    assert {line["name"] for line in lines["begun"]} == {"通州—崇川线", "通州—海门线", "崇川—海门线"}
    assert {line["name"] for line in lines["stayed"]} == {"3205—3206线"}
    in_force = {line.name for line in lines_in_force(tx.session, on=ACT_DAY)}
    assert "崇川—港闸线" not in in_force


def test_dry_run_tells_the_same_as_the_enactment(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    with tx.session.begin_nested() as savepoint:
        foretold = check(tx, a_merge())
        savepoint.rollback()
    assert foretold.outcome is not None
    enacted = enact_published(tx, a_merge()).outcome
    assert enacted is not None
    assert enacted["lines"] == foretold.outcome["lines"]
    assert enacted["codes"] == foretold.outcome["codes"]
    assert enacted["area_km2"] == pytest.approx(foretold.outcome["area_km2"])


def test_enacting_the_same_act_twice_is_refused_and_writes_nothing(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    case = enact_published(tx, a_merge())
    written = counted(tx)
    with pytest.raises(Conflict, match="不能重复实施"):
        enact_published(tx, a_merge())
    with pytest.raises(IllegalMove, match="已实施"):
        enact(tx, case.number)
    assert counted(tx) == written


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"effective_on": date(2019, 6, 5)}, "没有代码为 320602"),
        ({"effective_on": BEGINNING}, "不能在同日终止"),
    ],
)
def test_change_on_a_day_on_which_units_do_not_stand_is_refused(
    tx: Transaction, changes: dict[str, Any], message: str
) -> None:
    drawn(tx, DRAWING, CITY)
    with pytest.raises(RuleViolated) as refusal:
        enact_published(tx, a_merge(**changes))
    assert any(message in finding.message for finding in refusal.value.findings)


def into(**changes: Any) -> list[dict[str, Any]]:
    unit = {"code": "320613", "name": "崇川区", "type": "市辖区", "seat": "某街道"} | changes
    return [{"kind": "merge", "from": ["320602", "320611"], "into": unit}]


@pytest.mark.parametrize(
    ("operations", "rule", "message"),
    [
        (into(code="320612"), "R-COD-05", "仍在用"),
        (into(code="320685"), "R-COD-02", "末两位"),
        (into(type="特大区"), "R-CHG-08", "无法识别"),
        (into(superior="320700"), "R-CHG-08", "不存在"),
        (
            [{"kind": "merge", "from": ["320602"], "into": into()[0]["into"]}],
            "R-CHG-05",
            "两个以上",
        ),
        (
            [
                {
                    "kind": "conversion",
                    "from": ["320612"],
                    "into": {"code": "320615", "name": "通海区", "seat": "某街道"},
                }
            ],
            "R-CHG-05",
            "只改专名",
        ),
        (into() + into(code="320615", name="新区"), "R-CHG-91", "被处置 2 次"),
    ],
)
def test_unlawful_plan_is_refused_with_the_rule_it_breaks(
    tx: Transaction, operations: list[dict[str, Any]], rule: str, message: str
) -> None:
    drawn(tx, DRAWING, CITY)
    written = counted(tx)
    with pytest.raises(RuleViolated) as refusal, tx.session.begin_nested():
        enact_published(tx, a_merge(operations=operations))
    blocking = [finding for finding in refusal.value.findings if finding.blocking]
    assert any(finding.rule == rule and message in finding.message for finding in blocking)
    assert all(finding.suggestion for finding in blocking)
    assert counted(tx) == written


def test_application_without_its_file_is_refused_and_names_what_is_missing(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    case = draft(tx, a_merge(basis="application"))
    with pytest.raises(RuleViolated) as refusal:
        submit(tx, case.number)
    [finding] = [finding for finding in refusal.value.findings if finding.rule == "R-CHG-07"]
    assert "风险评估报告" in finding.message


def test_enacted_change_leaves_its_duties_with_their_dates(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    case = enact_published(tx, a_merge())
    assert case.completion_due == date(2021, 6, 5)
    assert case.outcome is not None
    due = {duty["title"]: duty["due_on"] for duty in case.outcome["duties"]}
    assert due["确定并公布新的行政区划代码"] == "2020-07-05"
    assert len(due) == 10


def test_new_unit_may_take_over_an_old_code_and_is_a_new_unit_still(tx: Transaction) -> None:
    ids = drawn(tx, DRAWING, CITY)
    case = enact_published(tx, a_merge(operations=into(code="320602")))
    assert any("沿用被撤销单位的代码" in finding["message"] for finding in case.findings)
    assert division_by_code(tx.session, "320602", on=ACT_DAY).division_id != ids["A"]
    assert division_by_code(tx.session, "320602", on=BEGINNING).division_id == ids["A"]
