"""Every kind of change leaves sheets that can be drawn, and none where there is nothing to draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands import cancel, enact_published
from gis_service.procedures.changes.schemas import ProposalIn
from gis_service.publications.maps.commands import draw, request_division_sheet
from gis_service.publications.maps.queries import sheets_listed
from gis_service.reactions import react
from tests.procedures.changes.test_cancelling import REVOKED
from tests.procedures.changes.test_kinds import PARTIAL, TOWNS, a_box
from tests.support.changes import CITY, DRAWING
from tests.support.factories import BEGINNING, drawn
from tests.support.kinds import a_change, by_province, listed

NEW = {"code": "320615", "name": "新城区", "type": "市辖区", "superior": "320600", "seat": "某街道"}
TRANSFER = {"kind": "transfer", "from": ["320611"], "to": "320612", "area": a_box(2, 0, 2, 1)}
ON_THE_GROUND: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "transfer": (TRANSFER, by_province() | PARTIAL),
    "absorb": ({"kind": "absorb", "from": ["320611"], "to": "320602"}, {}),
    "establish": ({"kind": "establish", "from": ["320611"], "into": NEW, "area": a_box(2, 0, 2, 1)}, {}),
    "superior": ({"kind": "superior", "from": ["320684"], "superior": "320500", "code": "320585"}, {}),
}


def enacted(tx: Transaction, proposal: ProposalIn) -> str:
    """Enact with everything that follows."""
    return enact_published(Transaction(tx.session, tx.actor, tx.at, react), proposal).number


def types_drawn(tx: Transaction, folder: Path) -> list[str]:
    """Draw all that is stale."""
    types = []
    for sheet in sheets_listed(tx.session, stale=True):
        result = draw(tx, sheet.id, folder)
        assert result is not None
        assert result.files
        types.append(sheet.type)
    return sorted(types)


@pytest.mark.parametrize("kind", ON_THE_GROUND)
def test_what_moves_areas_or_lines_is_drawn_before_and_after(
    tx: Transaction, kind: str, tmp_path: Path
) -> None:
    drawn(tx, DRAWING, CITY)
    operation, more = ON_THE_GROUND[kind]
    enacted(tx, a_change(operation, **more))
    assert types_drawn(tx, tmp_path) == ["change", *(["division"] if kind == "establish" else [])]


def test_towns_that_move_are_drawn(tx: Transaction, tmp_path: Path) -> None:
    drawn(tx, "aabccd\naabccd\neeeeee", TOWNS)
    parts = {"kind": "transfer", "from": ["320602"], "to": "320612", "parts": ["320602002"]}
    enacted(tx, a_change(parts, **by_province(), **PARTIAL))
    assert types_drawn(tx, tmp_path) == ["change"]


def test_a_rename_needs_no_map_of_its_act_but_the_sheet_of_the_unit_goes_stale(
    tx: Transaction, tmp_path: Path
) -> None:
    ids = drawn(tx, DRAWING, CITY)
    sheet = request_division_sheet(tx, ids["B"], on=BEGINNING)
    draw(tx, sheet.id, tmp_path)
    enacted(tx, a_change({"kind": "rename", "from": ["320611"], "name": "港口区"}))
    assert types_drawn(tx, tmp_path) == ["division"]


def test_codes_alone_open_no_sheet(tx: Transaction) -> None:
    listed(tx, {"320000": "江苏省", "320600": "南通市", "320602": "崇川区", "320611": "港闸区"})
    enacted(tx, a_change({"kind": "absorb", "from": ["320611"], "to": "320602"}))
    assert sheets_listed(tx.session, stale=True) == []


def test_what_a_cancelled_change_opened_is_not_drawn_any_more(tx: Transaction, tmp_path: Path) -> None:
    drawn(tx, DRAWING, CITY)
    number = enacted(tx, a_change(ON_THE_GROUND["establish"][0]))
    assert types_drawn(tx, tmp_path) == ["change", "division"]
    acting = Transaction(tx.session, tx.actor, tx.at, react)
    cancel(acting, number, REVOKED, reason="批复已被撤销")
    tx.session.flush()
    assert types_drawn(tx, tmp_path) == []
