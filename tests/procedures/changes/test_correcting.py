"""What the register says wrong is put right for the same period, and what was published can be read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from gis_service.foundation.errors import Conflict
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands import cancel
from gis_service.registers.divisions.queries import histories_of
from tests.procedures.changes.test_cancelling import MERGE, REVOKED
from tests.procedures.changes.test_kinds import CITY, DRAWING
from tests.support.factories import drawn
from tests.support.kinds import DAY, a_change, at, carried_out, refused

EVE = DAY - timedelta(days=1)
LATER = date(2021, 3, 1)


def test_a_wrong_name_is_put_right_even_under_later_history(tx: Transaction) -> None:
    ids = drawn(tx, DRAWING, CITY)
    carried_out(tx, a_change(MERGE))
    correction = {"kind": "correct", "from": ["320611"], "name": "港匣区", "seat": "某街道"}
    case = carried_out(tx, a_change(correction, on=EVE))
    assert case.outcome is not None
    assert [(each["field"], each["before"], each["after"]) for each in case.outcome["corrected"]] == [
        ("name", "港闸区", "港匣区"),
        ("seat", None, "某街道"),
    ]
    assert (at(tx, "320611", EVE).name, at(tx, "320611", EVE).valid.end) == ("港匣区", DAY)
    [history] = histories_of(tx.session, [ids["B"]])
    assert [(version.name, version.valid_to) for version in history.as_published] == [("港闸区", DAY)]
    with pytest.raises(Conflict, match="只更正了登记"):
        cancel(tx, case.number, REVOKED, reason="更正有误")


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ([{"kind": "correct", "from": ["320611"], "name": "港闸区"}], "哪一项有误"),
        ([{"kind": "correct", "from": ["320611"], "code": "320602"}], "仍在用"),
        ([{"kind": "correct", "from": ["320611"], "code": "320685"}], "末两位"),
        (
            [
                {"kind": "correct", "from": ["320611"], "name": "某区"},
                {"kind": "rename", "from": ["320612"], "name": "通海区"},
            ],
            "不与变更同案",
        ),
    ],
)
def test_a_correction_that_would_be_wrong_is_refused(
    tx: Transaction, operations: list[dict[str, Any]], message: str
) -> None:
    drawn(tx, DRAWING, CITY)
    messages = [finding.message for finding in refused(tx, a_change(*operations))]
    assert any(message in each for each in messages), messages


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
