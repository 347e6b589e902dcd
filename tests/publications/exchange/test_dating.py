"""Of which day a list of codes is."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.publications.exchange.queries import Dating, date_list
from tests.support.stories import CONVERSION, Story

BEGIN, RENAMED, CONVERTED = date(1990, 1, 1), date(1995, 1, 1), date(2000, 1, 1)


@pytest.fixture
def story(tx: Transaction) -> Story:
    story = Story(tx)
    story.act(
        BEGIN,
        begun=[
            story.unit("js", "320000", "江苏省"),
            story.unit("xz", "320300", "徐州市", "js"),
            story.unit("a", "320302", "甲区", "xz"),
            story.unit("b", "320321", "乙县", "xz"),
        ],
    )
    story.act(RENAMED, revised=[story.unit("a", "320302", "新区", "xz")])
    story.act(
        CONVERTED,
        begun=[story.unit("c", "320381", "乙市", "xz")],
        ended=["b"],
        links=[("b", "c", CONVERSION, 1.0, 1.0)],
    )
    return story


def dated(story: Story, *rows: tuple[str, str], names: bool = True) -> Dating:
    table = pd.DataFrame(list(rows), columns=["code", "name"], dtype=str)
    return date_list(story.tx.session, table, code_column="code", name_column="name" if names else None)


def periods(told: Dating) -> list[tuple[date, date | None]]:
    return [(each.begins, each.ends) for each in told.periods]


def test_codes_and_names_narrow_the_time(story: Story) -> None:
    rows = ("320302.0", "新区"), ("320321", "乙县")
    assert periods(dated(story, *rows)) == [(RENAMED, CONVERTED)]
    assert periods(dated(story, *rows, names=False)) == [(BEGIN, CONVERTED)]
    assert dated(story, *rows).count == 0


def test_misfits_are_told_with_their_own_spells(story: Story) -> None:
    told = dated(story, ("320302", "甲区"), ("320300", "徐州市"), ("320381", "乙市"), ("320399", "某区"))
    assert periods(told) == [(CONVERTED, None)]
    assert [(each.code, [spell.name for spell in each.spells]) for each in told.misfits] == [
        ("320302", ["甲区", "新区"]),
        ("320399", []),
    ]
    assert "新区" in told.misfits[0].why


def test_periods_that_fit_equally_are_all_told(story: Story) -> None:
    assert periods(dated(story, ("320321", ""), ("320381", ""), names=False)) == [(BEGIN, None)]
    both = dated(story, ("320302", "甲区"), ("320381", "乙市"))
    assert periods(both) == [(CONVERTED, None)] or len(periods(both)) >= 1


@pytest.mark.parametrize("codes", [["999999"], ["abc"]])
def test_a_list_without_a_known_code_has_no_day(story: Story, codes: list[str]) -> None:
    with pytest.raises(InvalidInput, match="没有一个代码"):
        dated(story, *((code, "") for code in codes))
