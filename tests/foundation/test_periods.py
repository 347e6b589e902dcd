"""Periods of days are half-open: the day of ending already belongs to what follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_service.foundation.periods import Period
from tests.support.strategies import days, periods

DAY = timedelta(days=1)


def test_a_period_holds_on_its_first_day_and_not_on_the_day_it_ends() -> None:
    period = Period(date(2020, 1, 1), date(2020, 6, 5))
    assert date(2020, 1, 1) in period
    assert date(2020, 6, 4) in period
    assert date(2020, 6, 5) not in period
    assert date(2019, 12, 31) not in period


@pytest.mark.parametrize("end", [date(2020, 1, 1), date(2019, 12, 31)])
def test_a_period_of_no_day_is_refused(end: date) -> None:
    with pytest.raises(ValueError, match="at least a day"):
        Period(date(2020, 1, 1), end)


@given(periods(), periods())
def test_overlap_means_a_day_in_common(one: Period, other: Period) -> None:
    """Two periods that share a day share the later of their first days."""
    later = max(one.start, other.start)
    assert one.overlaps(other) == (later in one and later in other)


@given(periods(), periods())
def test_overlap_is_mutual(one: Period, other: Period) -> None:
    assert one.overlaps(other) == other.overlaps(one)


@given(periods())
def test_a_period_overlaps_itself(period: Period) -> None:
    assert period.overlaps(period)


@st.composite
def handovers(draw: st.DrawFn) -> tuple[Period, date]:
    """A period, and a day of it after the first."""
    period = draw(periods().filter(lambda period: period.start + DAY in period))
    last = None if period.end is None else period.end - DAY
    return period, draw(st.dates(period.start + DAY, last or date.max))


@given(handovers(), days)
def test_a_handover_leaves_no_day_without_and_none_with_two(
    handed_over: tuple[Period, date], day: date
) -> None:
    period, handover = handed_over
    assert period.start < handover
    assert handover in period
    before, after = period.ended(handover), Period(handover, period.end)
    assert not before.overlaps(after)
    assert not after.overlaps(before)
    assert (day in before) + (day in after) == (day in period)


@given(periods())
def test_ending_on_the_first_day_is_refused(period: Period) -> None:
    with pytest.raises(ValueError, match="at least a day"):
        period.ended(period.start)


@given(periods(), days)
def test_only_a_period_without_end_is_in_force(period: Period, day: date) -> None:
    assert period.in_force == (date.max in period)
    assert period.in_force or (period.end - DAY in period and period.end not in period)
    assert not period.ended(max(day, period.start + DAY)).in_force
