"""Key sections: where a line is cut, and what the cases on a piece weigh."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gis_service.procedures.disputes.rules import Cut, Weighed, band_of, pieces_of


def a_case(number: str, at: tuple[float, float], level: str = "一般", **how: bool) -> Weighed:
    state = {"is_open": True, "is_overdue": False} | how
    return Weighed(number, *at, level=level, recurrences=0, **state)


def cuts(length_m: float, *markers: tuple[float, str]) -> list[tuple[float, str]]:
    pieces = pieces_of(length_m, [Cut(*marker) for marker in markers])
    assert pieces[0].begins.at_m == 0.0
    assert pieces[-1].ends.at_m == length_m
    assert all(one.ends == other.begins for one, other in pairwise(pieces))
    return [(piece.ends.at_m, piece.ends.name) for piece in pieces]


def test_a_line_is_cut_at_the_markers_nearest_to_every_five_kilometres() -> None:
    markers = ((4100.0, "001Q"), (5600.0, "002Q"), (11_500.0, "003Q"))
    assert cuts(16_000.0, *markers) == [(5600.0, "002Q"), (11_500.0, "003Q"), (16_000.0, "终点")]


def test_without_markers_it_is_cut_at_five_kilometres_and_the_rest_joins_the_last() -> None:
    assert cuts(12_000.0) == [(5000.0, ""), (12_000.0, "终点")]
    assert cuts(7500.0, (5000.0, "001Q")) == [(7500.0, "终点")]


def test_weights_of_open_cases_add_up_and_the_closed_are_counted() -> None:
    cases = [
        a_case("1", (100.0, 6000.0), "重大", is_overdue=True),
        a_case("2", (200.0, 300.0), "较大"),
        a_case("3", (250.0, 250.0), is_open=False),
        a_case("4", (12_000.0, 12_000.0)),
        a_case("5", (5000.0, 5000.0), "较大"),
    ]
    one, other = pieces_of(12_000.0, [], cases)
    assert [case.number for case in one.cases] == ["1", "2", "3"]
    assert [case.number for case in other.cases] == ["1", "4", "5"]
    assert (one.weight, one.open, one.overdue, other.weight) == (12, 2, 1, 13)
    assert other.rank > one.rank


@pytest.mark.parametrize(
    ("weight", "band"), [(0, "无"), (1, "低"), (3, "中"), (8, "中"), (9, "高"), (40, "高")]
)
def test_a_weight_has_its_band(weight: int, band: str) -> None:
    assert band_of(weight) == band
