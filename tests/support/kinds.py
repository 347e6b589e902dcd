"""Acts of any kind, carried out on drawn or listed units: foretold, written, and proved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gis_service.cli.proving import prove_registers
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands import check, enact_published
from gis_service.procedures.changes.models import ChangeCase
from gis_service.procedures.changes.schemas import ProposalIn, parse_proposal
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.divisions.commands import NewDivision, establish
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_on, find_by_code
from gis_service.registers.divisions.rules import level_of_code, superior_code, type_of
from tests.support.factories import BEGINNING, a_dataset

DAY = date(2020, 6, 5)


def a_change(*operations: Mapping[str, Any], on: date = DAY, **changes: Any) -> ProposalIn:
    """A proposal by an act of the State Council."""
    data: dict[str, Any] = {
        "title": "测试变更",
        "effective_on": on,
        "instrument": {
            "number": f"国函〔{on.year}〕{on.month}{on.day}号",
            "issuer": "国务院",
            "issued_on": on,
            "title": "国务院关于同意变更的批复",
        },
        "operations": [dict(operation) for operation in operations],
    }
    return parse_proposal(data | changes, source="测试")


def by_province(on: date = DAY) -> dict[str, Any]:
    """An act of the province of these tests."""
    act = {"number": f"政复〔{on.year}〕1号", "issuer": "32省人民政府", "issued_on": on, "title": "批复"}
    return {"instrument": act}


def carried_out(tx: Transaction, proposal: ProposalIn) -> ChangeCase:
    """Rehearse a change and enact it: both tell the same, and the registers hold together."""
    with tx.session.begin_nested() as savepoint:
        foretold = check(tx, proposal)
        savepoint.rollback()
    assert foretold.outcome is not None, [each.message for each in foretold.findings if each.blocking]
    case = enact_published(tx, proposal)
    assert case.outcome is not None
    assert _without_ids(case.outcome) == _without_ids(foretold.outcome)
    sound(tx)
    return case


def sound(tx: Transaction) -> None:
    """Nothing is found wrong with the registers on any day."""
    tx.session.flush()
    tx.session.expire_all()
    found = prove_registers(tx.session, days_of_change(tx.session))
    assert found == [], [each.message for each in found]


def _without_ids(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _without_ids(value) for key, value in told.items() if key != "id"}
    if isinstance(told, list):
        return [_without_ids(each) for each in told]
    return round(told, 6) if isinstance(told, float) else told


def refused(tx: Transaction, proposal: ProposalIn) -> list[Finding]:
    """What blocks a change; nothing of it is written."""
    with tx.session.begin_nested() as savepoint:
        checked = check(tx, proposal)
        savepoint.rollback()
    assert checked.outcome is None
    return [finding for finding in checked.findings if finding.blocking]


def listed(tx: Transaction, units: Mapping[str, str], *, on: date = BEGINNING) -> None:
    """Register units without areas, by code and name; superiors follow from the codes."""
    source = a_dataset(tx)
    ids = {}
    new = []
    for code, name in sorted(units.items(), key=lambda item: (len(item[0].rstrip("0")), item[0])):
        level = level_of_code(code)
        assert level is not None
        above = superior_code(code)
        known = find_by_code(tx.session, above, on=on) if above and above not in ids else None
        superior = ids.get(above or "") or (known.division_id if known else None)
        new.append(NewDivision(code, name, level, type_of(code, name), superior))
        ids[code] = new[-1].id
    establish(tx, new, on=on, instrument_id=source)


def at(tx: Transaction, code: str, on: date = DAY) -> DivisionVersion:
    """The unit that holds a code on a day."""
    found = find_by_code(tx.session, code, on=on)
    assert found is not None, f"nobody holds {code} on {on}"
    return found


def codes_below(tx: Transaction, code: str, on: date = DAY) -> list[str]:
    """The codes of all units below one."""
    within = divisions_on(tx.session, on=on, within=at(tx, code, on).division_id)
    return [version.code for version in within if version.code != code]
