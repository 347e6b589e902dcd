"""What became of every unit between two days."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.queries import Changed, compare
from gis_service.registers.divisions.commands import end
from gis_service.registers.divisions.rules import ChangeKind, DivisionLevel
from tests.support.factories import an_act, drawn
from tests.support.stories import CONVERSION, MERGER, TRANSFER, Story

BEGIN, CHANGE, LATER = date(1990, 1, 1), date(1996, 8, 1), date(2000, 12, 31)


@pytest.fixture
def story(tx: Transaction) -> Story:
    """泰州 1996: a county-level city becomes a district of a new city, counties are moved and re-coded."""
    story = Story(tx)
    province = story.unit("js", "320000", "江苏省")
    yangzhou = story.unit("yz", "321000", "扬州市", "js")
    counties = [
        story.unit("tz", "321002", "泰州市", "yz"),
        story.unit("xh", "321083", "兴化市", "yz"),
        story.unit("gy", "321084", "高邮市", "yz", "甲镇"),
        story.unit("old", "321025", "老县", "yz"),
    ]
    story.act(BEGIN, begun=[province, yangzhou, *counties])
    city = story.unit("tzs", "321200", "泰州市", "js")
    story.act(
        CHANGE,
        begun=[city, story.unit("hl", "321202", "海陵区", "tzs")],
        ended=["tz", "old"],
        revised=[
            story.unit("xh", "321281", "兴化市", "tzs"),
            story.unit("gy", "321084", "高邮市", "yz", "乙镇"),
        ],
        links=[
            ("tz", "hl", CONVERSION, 1.0, 1.0),
            ("old", "gy", MERGER, 1.0, 0.2),
            ("gy", "xh", TRANSFER, 0.1, 0.1),
        ],
    )
    return story


def by_code(changes: tuple[Changed, ...]) -> dict[str, Changed]:
    return {each.told.code: each for each in changes}


def test_every_change_is_told_once_with_its_act(story: Story) -> None:
    told = compare(story.tx.session, BEGIN, LATER)
    found = by_code(told.changes)
    assert set(found) == {"321200", "321202", "321281", "321084", "321025"}
    assert found["321200"].kinds == (ChangeKind.began,)
    assert found["321025"].kinds == (ChangeKind.ended,)
    converted = found["321202"]
    assert converted.kinds == (
        ChangeKind.converted,
        ChangeKind.renamed,
        ChangeKind.recoded,
        ChangeKind.moved,
    )
    assert converted.before is not None
    assert converted.before.code == "321002"
    assert found["321281"].kinds == (ChangeKind.recoded, ChangeKind.moved, ChangeKind.area_changed)
    assert found["321084"].kinds == (ChangeKind.seat_moved, ChangeKind.area_changed)
    assert {act.number for each in told.changes for act in each.acts} == {"国函〔1996〕2号"}
    assert told.counts[DivisionLevel.county] == {
        ChangeKind.ended: 1,
        ChangeKind.converted: 1,
        ChangeKind.renamed: 1,
        ChangeKind.recoded: 2,
        ChangeKind.moved: 2,
        ChangeKind.seat_moved: 1,
        ChangeKind.area_changed: 2,
    }


def test_days_may_come_in_any_order_and_nothing_happens_within_one(story: Story) -> None:
    assert compare(story.tx.session, LATER, BEGIN) == compare(story.tx.session, BEGIN, LATER)
    assert compare(story.tx.session, CHANGE, LATER).changes == ()
    assert compare(story.tx.session, LATER, LATER).changes == ()


def test_the_list_is_narrowed_by_level_and_by_unit_on_either_day(story: Story) -> None:
    cities = compare(story.tx.session, BEGIN, LATER, level=DivisionLevel.prefecture)
    assert set(by_code(cities.changes)) == {"321200"}
    inside = compare(story.tx.session, BEGIN, LATER, within=[story.ids["tzs"]])
    assert set(by_code(inside.changes)) == {"321200", "321202", "321281"}
    was_inside = compare(story.tx.session, BEGIN, LATER, within=[story.ids["yz"]])
    assert set(by_code(was_inside.changes)) == {"321202", "321281", "321084", "321025"}


def test_areas_are_told_where_they_are_known(tx: Transaction) -> None:
    ids = drawn(tx, "AAB", {"A": ("320102", "甲区"), "B": ("320104", "乙区")})
    on = date(2021, 1, 1)
    end(tx, UUID(str(ids["B"])), on=on, instrument_id=an_act(tx, on=on))
    [ended] = compare(tx.session, date(2020, 6, 1), on).changes
    assert ended.area_before_km2 == pytest.approx(1.05, rel=0.01)
    assert ended.area_after_km2 is None
