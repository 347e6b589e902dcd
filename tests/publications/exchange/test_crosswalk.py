"""Tables carried from one day to another: sums stay, codes are healed, nothing unknown is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.publications.exchange.queries import Asked, Unknown, crosswalk, heal_code
from gis_service.publications.exchange.queries.spreading import spread
from tests.support.stories import CONVERSION, SPLIT, Story

BEGIN, SPLIT_DAY, LATER = date(1990, 1, 1), date(2000, 1, 1), date(2010, 1, 1)


@pytest.fixture
def story(tx: Transaction) -> Story:
    """甲 is split by known shares, 乙 by unknown ones, 丙 is converted, 丁 ended before."""
    story = Story(tx)
    units = {
        "a": ("320302", "甲区"),
        "b": ("320303", "乙区"),
        "c": ("320321", "丙县"),
        "d": ("320305", "丁区"),
    }
    story.act(BEGIN, begun=[story.unit("js", "320000", "江苏省"), story.unit("xz", "320300", "徐州市", "js")])
    story.act(BEGIN, begun=[story.unit(key, *named, "xz") for key, named in units.items()])
    story.act(date(1995, 1, 1), ended=["d"])
    new = {"e": ("320311", "戊区"), "f": ("320312", "己区"), "g": ("320381", "丙市")}
    story.act(
        SPLIT_DAY,
        begun=[story.unit(key, *named, "xz") for key, named in new.items()],
        ended=["a", "b", "c"],
        links=[
            ("a", "e", SPLIT, 1 / 3, None),
            ("a", "f", SPLIT, 2 / 3, None),
            ("b", "e", SPLIT, None, None),
            ("b", "f", SPLIT, None, None),
            ("c", "g", CONVERSION, 1.0, 1.0),
        ],
    )
    return story


def table(*rows: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["code", "people", "money"], dtype=str)


def asked(**more: object) -> Asked:
    return Asked("code", date(1998, 1, 1), LATER, **{"values": ("people", "money"), **more})  # type: ignore[arg-type]


def test_values_are_split_by_area_and_sums_stay(story: Story) -> None:
    done = crosswalk(story.tx.session, table(("320302.0", "100", "0.01"), ("320321", "7", "1.50")), asked())
    rows = done.table[["code", "to_code", "to_name", "people", "money"]].to_numpy().tolist()
    assert rows == [
        ["320302", "320311", "戊区", "33", "0.00"],
        ["320302", "320312", "己区", "67", "0.01"],
        ["320321", "320381", "丙市", "7", "1.50"],
    ]
    assert [(each.column, each.before, each.after) for each in done.sums] == [
        ("people", "107", "107"),
        ("money", "1.51", "1.51"),
    ]
    assert [(healed.written, healed.code) for healed in done.healed] == [("320302.0", "320302")]
    assert done.divided == ("320302",)


def test_unknown_shares_are_refused_or_treated_as_the_user_says(story: Story) -> None:
    rows = table(("320303", "5", ""))
    with pytest.raises(Conflict, match="320303"):
        crosswalk(story.tx.session, rows, asked())
    with pytest.raises(Conflict, match="320303"):  # no share at all is known
        crosswalk(story.tx.session, rows, asked(unknown=Unknown.whole))
    equal = crosswalk(story.tx.session, rows, asked(unknown=Unknown.equal)).table
    assert sorted(equal["people"]) == ["2", "3"]
    assert list(equal["money"]) == ["", ""]
    own = asked(weights={"320303": {"320311": 1.0, "320312": 4.0}})
    assert list(crosswalk(story.tx.session, rows, own).table["people"]) == ["1", "4"]
    with pytest.raises(InvalidInput, match="320399"):
        crosswalk(story.tx.session, rows, asked(weights={"320303": {"320399": 1.0}}))


def test_codes_that_answer_to_nothing_are_kept_and_explained(story: Story) -> None:
    rows = table(("320305", "5", "1"), ("999999", "6", "2"), ("?", "7", "3"), ("320321", "8", "4"))
    done = crosswalk(story.tx.session, rows, asked())
    assert list(done.table["to_code"]) == ["", "", "", "320381"]
    assert [sum_.after for sum_ in done.sums] == ["26", "10"]
    told = {each.code: [spell.name for spell in each.spells] for each in done.unmatched}
    assert told == {"320305": ["丁区"], "999999": [], "?": []}


def test_rows_are_summed_up_by_target(story: Story) -> None:
    rows = table(("320302", "100", "1"), ("320302", "50", "2"), ("999999", "1", "0"))
    done = crosswalk(story.tx.session, rows, asked(aggregate=True))
    assert done.table.to_numpy().tolist() == [
        ["320311", "戊区", "", "50", "1"],
        ["320312", "己区", "", "100", "2"],
        ["", "", "999999", "1", "0"],
    ]


def test_a_table_may_go_back(story: Story) -> None:
    back = Asked("code", LATER, date(1998, 1, 1), ("people",))
    done = crosswalk(story.tx.session, table(("320381", "9", "")), back)
    assert list(done.table["to_code"]) == ["320321"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"values": ("area",)}, "area"),
        ({"values": ("code",)}, "代码"),
        ({"values": ("people",)}, "不是数"),
    ],
)
def test_columns_that_cannot_serve_are_named(story: Story, wrong: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        crosswalk(story.tx.session, table(("320302", "many", "1")), asked(**wrong))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("320602.0", "320602"),
        (" 320602", "320602"),
        ("３２０６０２", "320602"),
        ("3.20602E+05", "320602"),
        ("3206", "320600"),
        ("32", "320000"),
        ("320602000000", "320602"),
        ("320602001000", "320602001"),
        ("320602001001", "320602001001"),
        ("abc", "abc"),
        ("", ""),
    ],
)
def test_codes_are_healed(written: str, code: str) -> None:
    assert heal_code(written) == code


@given(
    st.lists(
        st.tuples(st.integers(-(10**12), 10**12), st.lists(st.integers(1, 1000), min_size=1, max_size=9)),
        min_size=1,
        max_size=20,
    )
)
def test_every_row_keeps_its_sum_and_no_part_is_off_by_one(rows: list[tuple[int, list[int]]]) -> None:
    parts = [
        (row, whole, weight / sum(weights)) for row, (whole, weights) in enumerate(rows) for weight in weights
    ]
    frame = pd.DataFrame(parts, columns=["row", "whole", "share"])
    done = spread(frame["whole"].astype("Int64"), frame["share"], frame["row"])
    assert done.groupby(frame["row"]).sum().tolist() == [whole for whole, _ in rows]
    exact = [Decimal(whole) * Decimal(share) for _, whole, share in parts]
    assert all(
        abs(Decimal(int(got)) - want) < 1 + abs(want) / 10**12 for got, want in zip(done, exact, strict=True)
    )


def test_without_a_choice_all_amounts_are_parted_and_nothing_else(story: Story) -> None:
    written = pd.DataFrame(
        [("320302", "100", "0.01", "2009", "3.5", "甲")],
        columns=["code", "people", "money", "年份", "人口密度", "note"],
        dtype=str,
    )
    done = crosswalk(story.tx.session, written, asked(values=None))
    assert [each.column for each in done.sums] == ["people", "money"]
    assert done.table[["people", "money", "年份", "人口密度", "note"]].to_numpy().tolist() == [
        ["33", "0.00", "2009", "3.5", "甲"],
        ["67", "0.01", "2009", "3.5", "甲"],
    ]
