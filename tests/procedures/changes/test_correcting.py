"""What the register says wrong is put right for its period, and can be had back; what was published stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands import cancel
from gis_service.registers.boundaries.queries import areas_on
from gis_service.registers.divisions.queries import histories_of, lineage_of
from tests.procedures.changes.test_cancelling import MERGE, REVOKED
from tests.procedures.changes.test_kinds import CITY, DRAWING
from tests.support.factories import BEGINNING, drawn
from tests.support.kinds import DAY, a_change, at, carried_out, listed, refused, sound

EVE = DAY - timedelta(days=1)
LATER = date(2021, 3, 1)
CONVERSION = {
    "kind": "conversion",
    "from": ["320684"],
    "into": {"code": "320614", "name": "海门区", "type": "市辖区", "seat": "海门街道"},
}
TOWNS = {
    "a": ("320684101", "城东镇"),
    "b": ("320684102", "三星镇"),
    "c": ("320612101", "金沙镇"),
    "d": ("320612102", "西亭镇"),
    "e": ("320509101", "盛泽镇"),
}
_TABLES = (
    "division_version",
    "lineage",
    "membership",
    "boundary_line",
)
_EXTENTS = "SELECT division_id, valid, encode(ST_AsEWKB(geom), 'hex'), area_km2, sources FROM extent"


def rows(tx: Transaction) -> dict[str, list[str]]:
    """Every row of the registers, whole."""
    tx.session.flush()
    wanted = {table: f"SELECT * FROM {table}" for table in _TABLES} | {"extent": _EXTENTS}
    return {
        table: sorted(str(tuple(row)) for row in tx.session.execute(text(query)))
        for table, query in wanted.items()
    }


def correction(unit: str, /, **right: Any) -> dict[str, Any]:
    return {"kind": "correct", "from": [unit], **right}


def an_act(number: str = "苏政复〔2019〕3号") -> dict[str, Any]:
    return {"number": number, "issuer": "江苏省人民政府", "issued_on": "2019-12-20", "title": "批复"}


def test_a_wrong_name_is_put_right_even_under_later_history(tx: Transaction) -> None:
    ids = drawn(tx, DRAWING, CITY)
    carried_out(tx, a_change(MERGE))
    case = carried_out(tx, a_change(correction("320611", name="港匣区", seat="某街道"), on=EVE))
    assert case.outcome is not None
    assert [(each["field"], each["before"], each["after"]) for each in case.outcome["corrected"]] == [
        ("name", "港闸区", "港匣区"),
        ("seat", None, "某街道"),
    ]
    assert (at(tx, "320611", EVE).name, at(tx, "320611", EVE).valid.end) == ("港匣区", DAY)
    [history] = histories_of(tx.session, [ids["B"]])
    assert [(version.name, version.valid_to) for version in history.as_published] == [("港闸区", DAY)]


@pytest.mark.parametrize("to", [DAY - timedelta(days=40), DAY + timedelta(days=40)])
def test_a_day_moves_with_all_that_came_of_it(tx: Transaction, to: date) -> None:
    """A merger took effect on another day: predecessors, links, areas, lines go along."""
    ids = drawn(tx, DRAWING, CITY)
    carried_out(tx, a_change(MERGE))
    case = carried_out(tx, a_change(correction("320613", begun={"on": to}), on=LATER))
    for code in ("320602", "320611"):
        assert at(tx, code, to - timedelta(days=1)).valid.end == to
    new = at(tx, "320613", to)
    assert new.valid.start == to
    assert {link.on_date for link in lineage_of(tx.session, [new.division_id])} == {to}
    assert set(areas_on(tx.session, [ids["A"], new.division_id], on=to)) == {new.division_id}
    assert set(areas_on(tx.session, [ids["A"], new.division_id], on=to - timedelta(days=1))) == {ids["A"]}
    assert case.outcome is not None
    told = {(each["code"], each["field"]) for each in case.outcome["corrected"]}
    assert {("320602", "valid_to"), ("320611", "valid_to"), ("320613", "valid_from")} <= told


@pytest.mark.parametrize("to", [DAY - timedelta(days=9), DAY + timedelta(days=9)])
def test_a_day_moves_with_the_units_that_hung_on_it(tx: Transaction, to: date) -> None:
    drawn(tx, "aabccd\naabccd\neeeeee", TOWNS)
    carried_out(tx, a_change(CONVERSION))
    carried_out(tx, a_change(correction("320614", begun={"on": to}), on=LATER))
    assert at(tx, "320614101", to).valid.start == to
    assert at(tx, "320684101", to - timedelta(days=1)).valid.end == to


def test_the_end_of_a_unit_is_the_same_day_as_what_came_of_it(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    carried_out(tx, a_change(MERGE))
    to = DAY + timedelta(days=5)
    carried_out(tx, a_change(correction("320602", ended={"on": to, "edtf": "2020-06"}), on=BEGINNING))
    assert at(tx, "320613", to).valid.start == to
    assert (at(tx, "320613", to).begun_edtf, at(tx, "320602", DAY).ended_edtf) == ("2020-06", "2020-06")


def test_a_type_and_a_superior_are_put_right(tx: Transaction) -> None:
    drawn(tx, "aabccd\naabccd\neeeeee", TOWNS | {"b": ("320684201", "三星乡")})
    right = correction("320684201", code="320684102", name="三星镇", type="镇")
    carried_out(tx, a_change(right, on=LATER))
    assert at(tx, "320684102", BEGINNING).type == "镇"
    moved = correction("320684102", code="320612103", superior="320612")
    carried_out(tx, a_change(moved, on=LATER, title="又一更正"))
    assert at(tx, "320612103", BEGINNING).superior_id == at(tx, "320612", BEGINNING).division_id


def test_an_act_and_how_sure_a_link_is_are_put_right(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    carried_out(tx, a_change(MERGE))
    act = an_act("国函〔2020〕97号")
    bound = {"by": act["number"], "certainty": "推定"}
    case = carried_out(tx, a_change(correction("320613", begun=bound), on=LATER, acts=[act]))
    links = lineage_of(tx.session, [at(tx, "320613").division_id])
    assert {link.certainty for link in links} == {"推定"}
    assert case.outcome is not None
    acts = {(each["field"], each["after"]) for each in case.outcome["corrected"]}
    assert {("begun_by", "国函〔2020〕97号"), ("ended_by", "国函〔2020〕97号")} <= acts


ONES: dict[str, dict[str, Any]] = {
    "name": {"name": "通海区"},
    "seat": {"seat": "某街道"},
    "code": {"code": "320615"},
    "superior": {"superior": "320500", "code": "320510"},
    "begun earlier": {"begun": {"on": date(2020, 2, 1)}},
    "begun later": {"begun": {"on": date(2020, 8, 1), "edtf": "2020"}},
    "uncertain": {"begun": {"edtf": "2020", "certainty": "存疑"}},
    "by": {"begun": {"by": an_act()["number"], "on": date(2020, 6, 8)}},
}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.sampled_from(sorted(ONES)), min_size=1, max_size=3, unique=True).filter(
        lambda wanted: not {"code", "superior"} <= set(wanted)  # one code does not fit both superiors
    )
)
def test_correct_and_revoke_leaves_every_row_as_it_was(tx: Transaction, wanted: list[str]) -> None:
    with tx.session.begin_nested() as example:
        drawn(tx, DRAWING, CITY)
        carried_out(tx, a_change(MERGE, CONVERSION))
        before, cases, code = rows(tx), [], "320613"
        for name in wanted:
            cases.append(
                carried_out(
                    tx,
                    a_change(correction(code, **ONES[name]), on=LATER, title=f"更正{name}", acts=[an_act()]),
                )
            )
            code = ONES[name].get("code", code)
        assert rows(tx) != before
        for case in reversed(cases):
            assert cancel(tx, case.number, REVOKED, reason="更正有误").state == "cancelled"
        sound(tx)
        assert rows(tx) == before
        example.rollback()
    tx.session.expire_all()


def test_towns_go_back_with_their_county(tx: Transaction) -> None:
    drawn(tx, "aabccd\naabccd\neeeeee", TOWNS)
    carried_out(tx, a_change(CONVERSION))
    before = rows(tx)
    bound = {"on": DAY + timedelta(days=9)}
    case = carried_out(tx, a_change(correction("320614", begun=bound), on=LATER))
    cancel(tx, case.number, REVOKED, reason="更正有误")
    sound(tx)
    assert rows(tx) == before


def test_what_came_later_is_revoked_first(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    merger = carried_out(tx, a_change(MERGE))
    bound = {"on": DAY + timedelta(days=9)}
    first = carried_out(tx, a_change(correction("320613", begun=bound), on=LATER))
    second = carried_out(tx, a_change(correction("320613", name="通海区"), on=LATER))
    for case, message in ((merger, first.number), (first, "须先撤销后者")):
        with pytest.raises(RuleViolated) as refusal, tx.session.begin_nested():
            cancel(tx, case.number, REVOKED, reason="有误")
        assert any(message in each.message for each in refusal.value.findings)
    for case in (second, first, merger):
        cancel(tx, case.number, REVOKED, reason="有误")
    sound(tx)
    assert at(tx, "320602", LATER).valid.end is None


def test_a_code_taken_over_meanwhile_keeps_a_correction_from_being_revoked(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    case = carried_out(tx, a_change(correction("320611", code="320616"), on=DAY))
    carried_out(tx, a_change({"kind": "recode", "from": ["320612"], "code": "320611"}, on=LATER))
    with pytest.raises(RuleViolated) as refusal, tx.session.begin_nested():
        cancel(tx, case.number, REVOKED, reason="更正有误")
    assert any("同时由" in each.message for each in refusal.value.findings)


BEFORE_ALL = BEGINNING - timedelta(days=30)


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ([correction("320611", name="港闸区")], "哪一项有误"),
        ([correction("320611", code="320602")], "仍在用"),
        ([correction("320611", code="320685")], "末两位"),
        ([correction("320611", begun={})], "哪一项有误"),
        ([correction("320611", begun={"edtf": "2020-02-30"})], "不在“2020-02-30”"),
        ([correction("320611", type="镇")], "不是县级的建制"),
        ([correction("320611", type="某建制")], "不是法定建制类型"),
        ([correction("320611", superior="320612")], "不能是"),
        ([correction("320611", superior="329900")], "不存在"),
        ([correction("320611", superior="320500")], "应为 320600"),
        ([correction("320611", ended={"on": LATER})], "没有终止日"),
        ([correction("320611", begun={"on": BEFORE_ALL})], "不在册"),
        ([correction("320611", begun={"on": BEGINNING})], "与登记相同"),
        ([correction("320611", begun={"edtf": "去年"})], "不在“去年”"),
        ([correction("320611", begun={"edtf": "1996"})], "不在“1996”"),
        ([correction("320611", begun={"by": "苏政复〔2019〕33号"})], "没有文号为"),
        (
            [correction("320611", name="某区"), {"kind": "rename", "from": ["320612"], "name": "通海区"}],
            "不与变更同案",
        ),
    ],
)
def test_a_correction_that_would_be_wrong_is_refused(
    tx: Transaction, operations: list[dict[str, Any]], message: str
) -> None:
    drawn(tx, DRAWING, CITY)
    found = refused(tx, a_change(*operations))
    assert any(message in each.message for each in found), found
    assert all(each.suggestion for each in found)


def test_a_correction_does_not_make_the_public_secret(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    act = an_act() | {"classification": "内部"}
    found = refused(tx, a_change(correction("320611", begun={"by": act["number"]}), acts=[act]))
    assert any("不是公开的" in each.message for each in found)


def test_a_day_beyond_the_other_end_or_under_a_later_act_is_refused(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    carried_out(tx, a_change(MERGE))
    carried_out(tx, a_change({"kind": "rename", "from": ["320613"], "name": "新川区"}, on=LATER))
    for to in (LATER + timedelta(days=1), BEGINNING):
        found = refused(tx, a_change(correction("320613", begun={"on": to}), on=DAY))
        assert any("没有期间" in each.message for each in found), found


def test_a_superior_is_put_right_together_with_what_hangs_on_it(tx: Transaction) -> None:
    listed(tx, {"320000": "江苏省", "320600": "南通市", "320611": "港闸区"})
    earlier = {"on": BEFORE_ALL}
    together = [correction(code, begun=earlier) for code in ("320000", "320600", "320611")]
    assert refused(tx, a_change(together[2]))
    carried_out(tx, a_change(*together))
    assert at(tx, "320611", BEFORE_ALL).valid.start == BEFORE_ALL


def test_what_is_no_certainty_is_refused() -> None:
    with pytest.raises(InvalidInput):
        a_change(correction("320611", begun={"certainty": "大概"}))


def test_history_tells_what_was_published(tx: Transaction, client: TestClient) -> None:
    drawn(tx, DRAWING, CITY)
    case = carried_out(tx, a_change(MERGE))
    cancel(tx, case.number, REVOKED, reason="批复已被撤销")
    tx.session.commit()
    [gone] = client.get("/divisions/320613/history").json()["units"]
    assert gone["versions"] == []
    [published] = gone["as_published"]
    assert (published["name"], published["superseded_by"]) == ("崇川区", REVOKED.number)
    [kept] = client.get("/divisions/320611/history").json()["units"]
    assert kept["versions"][0]["valid_to"] is None
    assert [link["kind"] for link in kept["links_as_published"]] == ["合并"]
