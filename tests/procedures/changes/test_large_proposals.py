"""The largest proposal the contract allows does not tie up the registers, which are locked meanwhile."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from gis_service.procedures.changes.schemas.words import MOST_UNITS
from tests.support.changes import MERGE, a_proposal, draw_city
from tests.support.web import Statements


def merges(count: int, of: int) -> list[dict[str, Any]]:
    """Mergers of units that nobody knows, each of other ones."""
    return [
        {
            "kind": "merge",
            "from": [f"{110000 + number * of + each:06d}" for each in range(of)],
            "into": {"code": f"{910000 + number}", "name": "新区", "superior": f"{920000 + number}"},
        }
        for number in range(count)
    ]


def test_a_larger_proposal_costs_no_more_statements(
    client: TestClient, sessions: sessionmaker[Session], statements: Statements
) -> None:
    draw_city(sessions)
    costs = []
    for others in ([], merges(3, of=5), merges(MOST_UNITS - 1, of=MOST_UNITS)):
        with statements.counted() as sent:
            answer = client.post("/changes/check", json=a_proposal(MERGE, *others))
        missing = {found["subject"] for found in answer.json()["findings"] if found["rule"] == "R-CHG-90"}
        assert missing == {code for merge in others for code in merge["from"]}
        costs.append(len(sent))
    assert costs[0] == costs[1] == costs[2] < 20
