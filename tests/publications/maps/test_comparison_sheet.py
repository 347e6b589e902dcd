"""The comparison of two days: tints by what happened, old lines, a table with acts, and editions."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path
from uuid import UUID

import pytest

from gis_service.foundation.errors import InvalidInput, NotFound
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands import enact_published
from gis_service.procedures.changes.schemas import parse_proposal
from gis_service.procedures.intake.commands import load_listed
from gis_service.publications.maps.commands import draw, request_comparison_sheet
from gis_service.publications.maps.formats.html.layers import scenes
from gis_service.publications.maps.models import Sheet
from gis_service.publications.maps.queries import editions_of, gather
from gis_service.publications.maps.schemas import ComparisonEvidence, SheetPlan
from gis_service.publications.maps.sheets import comparison
from gis_service.publications.maps.sheets.drafting.symbols import fill_style
from gis_service.reactions import react
from gis_service.registers.divisions.queries import division_by_code
from tests.support.changes import ACT, CITY, CONVERSION, DRAWING, MERGE, a_proposal
from tests.support.factories import BEGINNING, NOW, drawn
from tests.support.histories import opened, written

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


def drawn_between(tx: Transaction, unit: UUID, folder: Path, on: date = date(2022, 1, 1)) -> UUID:
    sheet = request_comparison_sheet(tx, unit, since=BEGINNING, on=on)
    draw(tx, sheet.id, folder)
    assert sheet.stale_on is None
    return sheet.id


def reacting(tx: Transaction) -> Transaction:
    return Transaction(tx.session, tx.actor, tx.at, react)


def stale_on(tx: Transaction, sheet_id: UUID) -> date | None:
    sheet = tx.session.get_one(Sheet, sheet_id)
    tx.session.refresh(sheet)
    return sheet.stale_on


def rename(tx: Transaction, day: str, number: str) -> None:
    act = dict(ACT) | {"number": number, "issued_on": day}
    operation = {"kind": "rename", "from": ["320612"], "name": f"通{'甲乙丙'[int(number[-2])]}区"}
    proposal = parse_proposal(a_proposal(operation, instrument=act, effective_on=day), source="测试")
    enact_published(reacting(tx), proposal)


def test_a_change_between_its_days_makes_it_stale_and_one_after_them_does_not(
    tx: Transaction, city: UUID, tmp_path: Path
) -> None:
    sheet = drawn_between(tx, city, tmp_path)
    rename(tx, "2021-05-01", "国函〔2021〕1号")
    assert stale_on(tx, sheet) == date(2022, 1, 1)
    result = draw(tx, sheet, tmp_path)
    assert result is not None
    assert result.edition == 2
    rename(tx, "2023-05-01", "国函〔2023〕2号")
    assert stale_on(tx, sheet) is None


def test_a_history_of_its_days_makes_it_stale(tx: Transaction, city: UUID, tmp_path: Path) -> None:
    sheet = drawn_between(tx, city, tmp_path)
    load_listed(reacting(tx), opened(written(tmp_path / "h", {2010: "130000 河北省\n130102 长安区\n"})))
    assert stale_on(tx, sheet) == date(2022, 1, 1)
    result = draw(tx, sheet, tmp_path)
    assert result is not None
    assert result.edition is None  # it shows nothing of it


def test_the_page_draws_the_old_line_as_its_legend_says(tx: Transaction, city: UUID) -> None:
    plan = planned(tx, city, BEGINNING, ON)
    for scene in scenes(plan):
        marks = [line["properties"]["mark"] for line in scene.lines["features"]]
        assert "ended" in marks, scene.key
        unchanged = {area["properties"]["fill"] for area in scene.areas["features"]}
        assert unchanged <= {layer.style.fill for layer in plan.frames[0].layers}


Colour = tuple[float, ...]

# How eyes see that lack one kind of cones (Machado, Oliveira and Fernandes 2009), in linear RGB.
EYES: dict[str, tuple[Colour, ...]] = {
    "三色": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "绿色弱": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "红色弱": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "蓝色弱": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
TO_XYZ: tuple[Colour, ...] = ((0.434, 0.376, 0.190), (0.213, 0.715, 0.072), (0.018, 0.109, 0.873))


def linear(colour: str) -> Colour:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def times(matrix: tuple[Colour, ...], colour: Colour) -> Colour:
    return tuple(min(1.0, max(0.0, sum(a * b for a, b in zip(row, colour, strict=True)))) for row in matrix)


def lab(colour: Colour) -> Colour:
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in times(TO_XYZ, colour))
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


@pytest.mark.parametrize("eye", EYES)
def test_tints_differ_for_every_eye_and_from_what_did_not_change(eye: str) -> None:
    fills = [*(fill_style("compared", number).fill for number in range(6)), fill_style("unchanged").fill]
    seen = {fill: lab(times(EYES[eye], linear(fill))) for fill in fills if fill}
    assert len(seen) == 7
    for one, other in combinations(seen, 2):
        apart = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
        assert apart > 16, (one, other)
