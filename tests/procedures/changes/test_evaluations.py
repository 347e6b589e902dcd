"""Evaluating what a change has brought: rounds by kind, scores by weights, reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.settings import Settings
from gis_service.foundation.web.installation import install
from gis_service.procedures.changes.rules.approver import Approver, Lawful
from gis_service.procedures.changes.rules.evaluations import (
    Measured,
    evaluate_figures,
    indicator_set,
    indicator_set_for,
    rounds_of,
)
from gis_service.procedures.changes.rules.versioned import table
from tests.support.changes import approved, draw_city

Sessions = sessionmaker[Session]
COUNCIL = Lawful(Approver.state_council, "某条")
DAY = date(2020, 6, 5)
GENERAL = indicator_set("general-2020")


@pytest.fixture
def office(client: TestClient, sessions: Sessions, tmp_path: Path) -> TestClient:
    install(client.app, Settings(home=tmp_path))
    draw_city(sessions)
    return client


def test_weights_of_every_set_sum_to_one() -> None:
    for row in table("evaluations.toml")["set"]:
        assert sum(each.weight for each in indicator_set(row["id"]).indicators) == pytest.approx(1.0)


def test_rounds_follow_the_matter_the_approver_and_the_day() -> None:
    def due(*matters: str, lawful: Lawful = COUNCIL, day: date = DAY) -> list[date]:
        return [each.due_on for each in rounds_of(matters, lawful, effective_on=day)]

    assert due("establish", "abolish") == [date(2021, 6, 5), date(2023, 6, 5)]
    assert due("rename") == [date(2021, 6, 5)]
    assert due("rename", "abolish") == [date(2021, 6, 5), date(2023, 6, 5)]
    assert due("establish", lawful=Lawful(Approver.county, "某条")) == []
    assert due("establish", day=date(2019, 12, 31)) == []


def test_the_newest_set_of_the_day_counts() -> None:
    found = indicator_set_for(DAY, frozenset({"32"}))
    assert found is not None
    assert found.id == "general-2020"
    assert indicator_set_for(date(2019, 12, 31), frozenset()) is None


@pytest.mark.parametrize(
    ("before", "after", "score"),
    [(100, 110, 100), (100, 120, 100), (100, 100, 50), (100, 90, 0), (100, 80, 0), (100, 105, 75)],
)
def test_a_change_scores_in_proportion(before: float, after: float, score: float) -> None:
    told = evaluate_figures(GENERAL, {"gdp_per_head": Measured(before, after)})
    [found] = [each.score for each in told.scores if each.indicator == "gdp_per_head"]
    assert found == pytest.approx(score)


def test_less_is_better_where_the_data_say_so() -> None:
    told = evaluate_figures(GENERAL, {"service_minutes": Measured(50, 40)})
    [found] = [each.score for each in told.scores if each.indicator == "service_minutes"]
    assert found == pytest.approx(100)


def everything(score: float) -> dict[str, Measured]:
    """Figures that earn every indicator the same."""
    measured = {}
    for each in GENERAL.indicators:
        if each.none is None or each.full is None:
            measured[each.id] = Measured(given=score)
        else:
            change = each.none + (each.full - each.none) * score / 100
            measured[each.id] = Measured(1000, 1000 * (1 + change))
    return measured


@given(st.floats(0, 100))
def test_the_total_is_the_weighted_mean(score: float) -> None:
    told = evaluate_figures(GENERAL, everything(score))
    assert told.total == pytest.approx(score, abs=0.02)


@pytest.mark.parametrize(("score", "grade"), [(95, "优秀"), (80, "良好"), (60, "合格"), (30, "不合格")])
def test_a_total_has_a_grade(score: float, grade: str) -> None:
    assert evaluate_figures(GENERAL, everything(score)).grade == grade


def test_no_total_is_told_while_figures_are_missing() -> None:
    measured = everything(80)
    del measured["population"]
    told = evaluate_figures(GENERAL, measured)
    assert (told.total, told.grade) == (None, "缺数据")
    zero = evaluate_figures(GENERAL, everything(80) | {"population": Measured(0, 10)})
    assert zero.total is None


def sent(score: float, **changes: Any) -> dict[str, Any]:
    rows = [
        {"indicator": key, "before": each.before, "after": each.after, "score": each.given, "source": "年鉴"}
        for key, each in everything(score).items()
    ]
    return {
        "round": 1,
        "side": "自评",
        "evaluated_on": "2021-06-01",
        "evaluator": "南通市民政局",
        "figures": [{key: value for key, value in row.items() if value is not None} for row in rows],
        "summary": "区划调整达到预期 | <b>效果</b>",
    } | changes


def test_a_round_is_recorded_and_the_evaluation_from_above_ends_it(office: TestClient) -> None:
    number = approved(office)
    assert office.post(f"/changes/{number}/evaluations", json=sent(80)).status_code == 409
    office.post(f"/changes/{number}/enactment")
    answer = office.post(f"/changes/{number}/evaluations", json=sent(80))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [(each["side"], each["grade"]) for each in told["evaluations"]] == [("自评", "良好")]
    assert told["evaluations"][0]["total"] == pytest.approx(80, abs=0.02)
    assert [(each["round"], each["done_on"]) for each in told["rounds"]] == [(1, None), (2, None)]
    told = office.post(f"/changes/{number}/evaluations", json=sent(70, side="评估")).json()
    assert [(each["round"], each["done_on"]) for each in told["rounds"]] == [(1, "2021-06-01"), (2, None)]
    pending = {each["what"] for each in office.get("/changes/calendar?on=2022-01-01").json()["items"]}
    assert "evaluation_1" not in pending
    assert "evaluation_2" in pending
    office.post(f"/changes/{number}/evaluations", json=sent(95, side="评估"))
    grades = [each["grade"] for each in office.get(f"/changes/{number}/evaluations").json()["evaluations"]]
    assert grades == ["良好", "优秀"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"round": 3}, 404),
        ({"evaluated_on": "2020-06-04"}, 422),
        ({"evaluated_on": "2027-01-01"}, 422),
        ({"figures": [{"indicator": "happiness", "score": 100}]}, 422),
    ],
)
def test_an_evaluation_that_cannot_be_is_refused(
    office: TestClient, changes: dict[str, Any], status: int
) -> None:
    number = approved(office)
    office.post(f"/changes/{number}/enactment")
    assert office.post(f"/changes/{number}/evaluations", json=sent(80, **changes)).status_code == status


def test_a_report_can_be_read_and_printed(office: TestClient) -> None:
    number = approved(office)
    office.post(f"/changes/{number}/enactment")
    assert office.get(f"/changes/{number}/evaluations/1/report").status_code == 404
    office.post(f"/changes/{number}/evaluations", json=sent(80))
    text = office.get(f"/changes/{number}/evaluations/1/report")
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "# 行政区划变更效果评估报告（第 1 轮）" in text.text
    assert "国函〔2020〕79号" in text.text
    rows = [line for line in text.text.splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + len(GENERAL.indicators)
    page = office.get(f"/changes/{number}/evaluations/1/report?format=html")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text.count("<tr>") == 2 + len(GENERAL.indicators)
    assert "<b>效果" not in page.text
    assert "&lt;b&gt;效果" in page.text


def test_a_round_is_not_ticked_off_by_hand(office: TestClient) -> None:
    number = approved(office)
    office.post(f"/changes/{number}/enactment")
    assert office.post(f"/changes/{number}/duties/evaluation_1", json={}).status_code == 422
