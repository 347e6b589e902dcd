"""R-CHG-08: who drafts a plan is the government that the law names for the kind of change."""

from __future__ import annotations

from typing import Any

import pytest

from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands import check
from tests.procedures.changes.test_cancelling import MERGE
from tests.procedures.changes.test_correcting import CONVERSION, correction
from tests.procedures.changes.test_kinds import CITY, DRAWING
from tests.support.factories import drawn
from tests.support.kinds import a_change

RENAME = {"kind": "rename", "from": ["320684"], "name": "海口市"}
SUPERIOR = {"kind": "superior", "from": ["320684"], "superior": "320500", "code": "320585"}
TRANSFER = {"kind": "transfer", "from": ["320611"], "to": "320612", "parts": ["320611101"]}


def found(tx: Transaction, operation: dict[str, Any], author: str | None, basis: str) -> list[str]:
    """How grave what is found about the author is."""
    drawn(tx, DRAWING, CITY)
    proposal = a_change(operation, author=author, basis=basis)
    with tx.session.begin_nested() as savepoint:
        findings = check(tx, proposal).findings
        savepoint.rollback()
    return [each.severity.value for each in findings if "拟订" in each.message]


@pytest.mark.parametrize(
    ("operation", "author", "weighs"),
    [
        (RENAME, "海门市人民政府", []),
        (RENAME, "3206市海门市人民政府", []),
        (RENAME, "3206市人民政府", ["warning"]),
        (RENAME, "港闸区人民政府", ["blocking"]),
        (RENAME, None, ["warning"]),
        (MERGE, "3206市政府", []),
        (MERGE, "崇川区人民政府", ["blocking"]),
        (CONVERSION, "海门市人民政府", []),
        (CONVERSION, "3206市人民政府", []),
        (SUPERIOR, "3206市人民政府、3205市人民政府", []),
        (SUPERIOR, "32省人民政府", []),
        (SUPERIOR, "港闸区人民政府", ["blocking"]),
        (TRANSFER, "港闸区人民政府和通州区人民政府", []),
        (correction("320611", name="某区"), None, []),
    ],
)
def test_who_drafts_fits_the_kind(
    tx: Transaction, operation: dict[str, Any], author: str | None, weighs: list[str]
) -> None:
    assert found(tx, operation, author, "application") == weighs


def test_of_a_published_act_it_is_only_told(tx: Transaction) -> None:
    assert found(tx, MERGE, "崇川区人民政府", "published_act") == ["warning"]
