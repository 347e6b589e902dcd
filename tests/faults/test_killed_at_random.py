"""Servers, database and commands are killed with SIGKILL at random; `make faults` is the long form."""

from __future__ import annotations

import pytest

from tests.faults.campaign import Plan, run
from tests.faults.ledger import Step
from tests.faults.victims import VICTIMS

pytestmark = pytest.mark.database


def test_no_promise_is_lost_and_nothing_is_half_done() -> None:
    figures = run(Plan(kills=len(VICTIMS), prefectures=4, seed=7, servers=1), print)
    assert not figures.faults, "\n".join(figures.faults)
    assert not figures.ledger.errors, "\n".join(figures.ledger.errors)
    promised = {promise.step for promise in figures.ledger.promises}
    assert promised == set(Step), "workers must have got through every step"
    assert set(figures.killed) == set(VICTIMS)
    assert set(figures.exits) <= {0, -15}
