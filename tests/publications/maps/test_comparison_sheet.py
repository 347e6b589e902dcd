"""The comparison of two days: tints by what happened, old lines, a table with acts, and editions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from gis_service.foundation.errors import InvalidInput, NotFound
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands import enact_published
from gis_service.procedures.changes.schemas import parse_proposal
from gis_service.publications.maps.commands import draw, request_comparison_sheet
from gis_service.publications.maps.queries import editions_of, gather
from gis_service.publications.maps.schemas import ComparisonEvidence, SheetPlan
from gis_service.publications.maps.sheets import comparison
from gis_service.registers.divisions.queries import division_by_code
from tests.support.changes import ACT, CITY, CONVERSION, DRAWING, MERGE, a_proposal
from tests.support.factories import BEGINNING, NOW, drawn

ON = date(2020, 6, 5)


@pytest.fixture
def city(tx: Transaction) -> UUID:
    """The city, two districts of which were merged while a third unit was converted."""
    drawn(tx, DRAWING, CITY)
    enact_published(tx, parse_proposal(a_proposal(MERGE, CONVERSION, instrument=dict(ACT)), source="测试"))
    return division_by_code(tx.session, "320600", on=ON).division_id


def planned(tx: Transaction, unit: UUID, since: date, on: date) -> SheetPlan:
    sheet = request_comparison_sheet(tx, unit, since=since, on=on)
    evidence = gather(tx.session, sheet, on=on, edition=1, edition_on=NOW.date())
    assert isinstance(evidence, ComparisonEvidence)
    return comparison.plan(evidence)


def test_the_table_tells_what_became_of_whom_by_which_act(tx: Transaction, city: UUID) -> None:
    table = planned(tx, city, BEGINNING, ON).table
    rows = {row[1:3]: row for row in (*table.rows, *table.more_rows)}
    assert rows.keys() == {
        ("崇川区 320602", "—"),
        ("港闸区 320611", "—"),
        ("—", "崇川区 320613"),
        ("海门市 320684", "海门区 320614"),
    }
    assert all("国函〔2020〕79号" in row[-1] for row in rows.values())
    assert rows["海门市 320684", "海门区 320614"][0].startswith("建制变更")


def test_changed_units_are_tinted_and_the_old_line_is_drawn(tx: Transaction, city: UUID) -> None:
    plan = planned(tx, city, BEGINNING, ON)
    layers = {layer.key: layer for layer in plan.frames[0].layers}
    entries = {entry.text: entry.style.fill for entry in plan.legend.entries}
    assert layers["unit-320613"].style.fill == entries["设立"]
    assert layers["unit-320614"].style.fill == entries["建制变更"]
    assert layers["unit-320612"].style.fill not in {entries["设立"], entries["建制变更"]}
    assert layers["ended"].shapes
    assert "原界线（已不存在）" in entries


def test_a_time_without_change_gives_a_sheet_that_says_so(tx: Transaction, city: UUID) -> None:
    plan = planned(tx, city, ON, date(2021, 1, 1))
    assert plan.table.rows == ()
    assert "共 0 项变化" in next(text.text for text in plan.texts if text.key == "subtitle")


def test_other_days_are_another_edition_and_the_same_days_none(
    tx: Transaction, city: UUID, tmp_path: Path
) -> None:
    for since, edition in ((BEGINNING, 1), (BEGINNING, None), (date(2020, 3, 1), 2)):
        sheet = request_comparison_sheet(tx, city, since=since, on=ON)
        result = draw(tx, sheet.id, tmp_path)
        assert result is not None
        assert result.edition == edition
    assert [(each.since, each.valid_on) for each in editions_of(tx.session, sheet.id)] == [
        (BEGINNING, ON),
        (date(2020, 3, 1), ON),
    ]
    page = next(tmp_path.glob("*002.html")).read_text(encoding="utf-8")
    assert "2020-03-01" in page
    assert "海门区 320614" in page


def test_days_the_wrong_way_round_and_units_that_do_not_stand_are_refused(
    tx: Transaction, city: UUID
) -> None:
    with pytest.raises(InvalidInput, match="不早于"):
        request_comparison_sheet(tx, city, since=ON, on=ON)
    with pytest.raises(NotFound):
        request_comparison_sheet(tx, city, since=date(1998, 1, 1), on=date(1999, 1, 1))
