"""A change taken back leaves the registers as they were on every day; what was published stays readable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.errors import Conflict, IllegalMove
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.changes.commands import cancel, draft, enact_published
from gis_service.procedures.changes.queries import written
from gis_service.registers.divisions.models import SupersededLink, SupersededVersion
from gis_service.registers.divisions.queries import find_by_code
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn
from tests.procedures.changes.test_kinds import CITY, DRAWING, PARTIAL, TOWNS, a_box
from tests.support.changes import draw_city
from tests.support.factories import BEGINNING, NOW, REGISTRAR, drawn
from tests.support.kinds import DAY, a_change, at, by_province, carried_out, sound

REVOKED = InstrumentIn(
    number="国函〔2021〕9号",
    kind=InstrumentKind.approval,
    title="国务院关于撤销批复的通知",
    issuer="国务院",
    issued_on=date(2021, 1, 1),
)
MERGE = {
    "kind": "merge",
    "from": ["320602", "320611"],
    "into": {"code": "320613", "name": "崇川区", "type": "市辖区", "seat": "虹桥街道"},
}

_TABLES = {
    "division_version": "division_id, code, name, type, superior_id, seat, valid, begun_by, ended_by",
    "lineage": "predecessor_id, successor_id, on_date, kind, share_of_predecessor",
    "boundary_line": "level, code, name, first_id, second_id, valid, begun_by, ended_by",
    "extent": "division_id, valid, area_km2, ST_AsText(geom)",
}


def state(tx: Transaction) -> dict[str, list[str]]:
    """All that the registers answer, row by row."""
    tx.session.flush()
    return {
        table: sorted(str(tuple(row)) for row in tx.session.execute(text(f"SELECT {columns} FROM {table}")))
        for table, columns in _TABLES.items()
    }


def a_city(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)


def some_towns(tx: Transaction) -> None:
    drawn(tx, "aabccd\naabccd\neeeeee", TOWNS)


CHANGES: list[tuple[Callable[[Transaction], None], list[dict[str, Any]]]] = [
    (a_city, [MERGE]),
    (a_city, [{"kind": "absorb", "from": ["320611"], "to": "320602"}]),
    (a_city, [{"kind": "rename", "from": ["320611"], "name": "港口区"}]),
    (a_city, [{"kind": "superior", "from": ["320684"], "superior": "320500", "code": "320585"}]),
    (some_towns, [{"kind": "absorb", "from": ["320602"], "to": "320612"}]),
    (
        some_towns,
        [
            {"kind": "superior", "from": ["320612"], "superior": "320500", "code": "320585"},
            {"kind": "absorb", "from": ["320602001"], "to": "320602002"},
        ],
    ),
]


@pytest.mark.parametrize(("scene", "operations"), CHANGES)
def test_a_cancelled_change_leaves_no_trace_in_any_answer(
    tx: Transaction, scene: Callable[[Transaction], None], operations: list[dict[str, Any]]
) -> None:
    scene(tx)
    before = state(tx)
    case = carried_out(tx, a_change(*operations))
    assert state(tx) != before
    cancelled = cancel(tx, case.number, REVOKED, reason="批复已被撤销")
    assert cancelled.state == "cancelled"
    sound(tx)
    assert state(tx) == before
    kept = list(tx.session.scalars(select(SupersededVersion)))
    assert kept
    assert all(version.superseded_at == tx.at for version in kept)


def test_a_cancelled_cut_leaves_the_same_areas(tx: Transaction) -> None:
    ids = drawn(tx, DRAWING, CITY)
    transfer = {"kind": "transfer", "from": ["320611"], "to": "320612", "area": a_box(2, 0, 2, 1)}
    case = carried_out(tx, a_change(transfer, **by_province(), **PARTIAL))
    after_cut = state(tx)
    cancel(tx, case.number, REVOKED, reason="批复已被撤销")
    sound(tx)
    restored = state(tx)
    assert len(restored["extent"]) < len(after_cut["extent"])
    assert restored["lineage"] == []
    [link] = tx.session.scalars(select(SupersededLink))
    assert (link.predecessor_id, link.successor_id) == (ids["B"], ids["D"])


def test_what_others_stand_on_is_not_taken_back(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    first = carried_out(tx, a_change(MERGE))
    later = DAY + timedelta(days=100)
    second = carried_out(tx, a_change({"kind": "rename", "from": ["320613"], "name": "新川区"}, on=later))
    with pytest.raises(RuleViolated) as refusal, tx.session.begin_nested():
        cancel(tx, first.number, REVOKED, reason="批复已被撤销")
    assert any("新川区" in finding.message for finding in refusal.value.findings)
    cancel(tx, second.number, REVOKED, reason="批复已被撤销")
    cancel(tx, first.number, REVOKED, reason="批复已被撤销")
    sound(tx)
    carried_out(tx, a_change(MERGE))


def test_only_who_approved_may_revoke_and_only_what_was_enacted(tx: Transaction) -> None:
    drawn(tx, DRAWING, CITY)
    other = REVOKED.model_copy(update={"issuer": "某县人民政府"})
    case = carried_out(tx, a_change(MERGE))
    with pytest.raises(RuleViolated) as refusal, tx.session.begin_nested():
        cancel(tx, case.number, other, reason="批复已被撤销")
    assert [finding.rule for finding in refusal.value.findings] == ["R-CHG-01"]
    opened = draft(tx, a_change({"kind": "rename", "from": ["320684"], "name": "海口市"}, on=BEGINNING))
    with pytest.raises(IllegalMove):
        cancel(tx, opened.number, REVOKED, reason="批复已被撤销")


def enacted_before_it_was_recorded(sessions: sessionmaker[Session]) -> str:
    """The number of a case whose record of what it wrote is lacking, as those of earlier versions."""
    draw_city(sessions)
    with transaction(sessions, actor=REGISTRAR, at=NOW + timedelta(days=1)) as tx:
        case = enact_published(tx, a_change(MERGE))
        case.written = None
        return case.number


def test_a_case_without_a_record_is_revoked_by_what_the_journal_tells(
    sessions: sessionmaker[Session],
) -> None:
    number = enacted_before_it_was_recorded(sessions)
    with transaction(sessions, actor=REGISTRAR, at=NOW + timedelta(days=2)) as tx:
        cancel(tx, number, REVOKED, reason="批复已被撤销")
        sound(tx)
        assert find_by_code(tx.session, "320613", on=DAY) is None
        assert at(tx, "320602", DAY).valid.end is None


def test_a_case_of_which_nothing_tells_is_refused_by_name(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = enacted_before_it_was_recorded(sessions)
    monkeypatch.setattr(written, "_OF_UNITS", ())  # as of a version that named no units in its journal
    monkeypatch.setattr(written, "_OF_AREAS", "")
    with (
        pytest.raises(Conflict, match="都没有记录所写的单位"),
        transaction(sessions, actor=REGISTRAR, at=NOW + timedelta(days=2)) as tx,
    ):
        cancel(tx, number, REVOKED, reason="批复已被撤销")
