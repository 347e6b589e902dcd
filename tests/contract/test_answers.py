"""Every operation is asked what the contract allows and forbids, and answers as the contract tells.

A failure shows the request as a command of curl, and the seed with which it comes again; `make fuzz` asks
for longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gis_service.foundation.database import open_engine
from tests.contract.asking import Plan, ask, labels
from tests.contract.office import Office, office_on

PLAN = Plan(examples=4, seed=20200605)
BRIEFLY = replace(PLAN, phases=("examples", "fuzzing"))
_CHECKS = "/check"


@pytest.fixture(scope="module")
def office(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    engine = open_engine(make_database())
    home: Path = tmp_path_factory.mktemp("office")
    with office_on(engine, home) as office:
        yield office
    engine.dispose()


@pytest.mark.parametrize("label", labels())
def test_answers_are_as_the_contract_tells(office: Office, label: str) -> None:
    is_rehearsal = label.endswith(_CHECKS) and label.removesuffix(_CHECKS) in labels()
    report = ask(office, BRIEFLY if is_rehearsal else PLAN, label)  # of bodies that are covered already
    assert report.asked, "nothing was asked"
    assert not report.faults, "\n\n".join([f"seed {PLAN.seed}", *map(str, report.faults.values())])
