"""Questions over time as programs ask them."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient

from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.commands import Descent, establish, link
from tests.support.classified import a_paper
from tests.support.stories import CONVERSION, MERGER, Story
from tests.support.web import Statements

BEGIN, REUSED, LATER = date(1990, 1, 1), date(2000, 1, 1), date(2010, 1, 1)


@pytest.fixture
def story(tx: Transaction) -> Story:
    """320205 is held by 马山区, which merges into 滨湖区, and later by 锡山区, a city before."""
    story = Story(tx)
    story.act(BEGIN, begun=[story.unit("js", "320000", "江苏省"), story.unit("wx", "320200", "无锡市", "js")])
    story.act(
        BEGIN,
        begun=[
            story.unit("ms", "320205", "马山区", "wx"),
            story.unit("bh", "320211", "郊区", "wx"),
            story.unit("xs", "320283", "锡山市", "wx"),
        ],
    )
    story.act(date(1996, 1, 1), ended=["ms"], links=[("ms", "bh", MERGER, 1.0, 0.3)])
    story.act(
        REUSED,
        begun=[story.unit("xsq", "320205", "锡山区", "wx")],
        ended=["xs"],
        revised=[story.unit("bh", "320211", "滨湖区", "wx")],
        links=[("xs", "xsq", CONVERSION, 1.0, 1.0)],
    )
    return story


@pytest.mark.usefixtures("story")
def test_a_code_used_twice_is_traced_from_the_day_asked(client: TestClient) -> None:
    early = client.get("/divisions/320205/trace?on=1990-01-01&to=2010-01-01").json()
    assert [(each["name"], each["share_of_source"]) for each in early["units"]] == [("滨湖区", 1.0)]
    [act] = early["units"][0]["acts"]
    assert (act["kind"], act["from"]["name"], act["to"]["name"]) == ("合并", "马山区", "郊区")
    assert [each["after"]["name"] for each in early["revisions"]] == ["滨湖区"]
    last = client.get("/divisions/320205/trace?to=1995-01-01").json()
    assert (last["source"]["name"], last["on"]) == ("锡山区", "2026-01-01")
    assert [each["name"] for each in last["units"]] == ["锡山市"]
    assert [each["name"] for each in last["holders"]] == ["马山区", "锡山区"]


def test_a_trace_takes_few_statements(client: TestClient, story: Story, statements: Statements) -> None:
    with statements.counted() as sent:
        assert client.get(f"/divisions/{story.ids['ms']}/trace?on=1990-01-01&to=2010-01-01").is_success
    assert len(sent) <= 10


@pytest.mark.usefixtures("story")
def test_a_code_that_is_retired_by_then_is_traced_from_its_last_day(client: TestClient) -> None:
    told = client.get("/divisions/320205/trace?on=1998-01-01&to=1998-06-01").json()
    assert (told["asked_on"], told["on"], told["source"]["name"]) == ("1998-01-01", "1995-12-31", "马山区")
    assert [(each["code"], each["share_of_source"]) for each in told["units"]] == [("320211", 1.0)]


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/divisions/320299/trace", 404),
        ("/divisions/320205/trace?on=1980-01-01", 404),
        ("/divisions/32/trace", 422),
        ("/divisions/320205/trace?on=1990-1-1", 422),
        ("/divisions/compare", 422),
        ("/divisions/compare?from=1990-01-01&within=320299", 404),
        ("/divisions/320200/free-codes?type=县级&on=2010-01-01", 422),
        ("/divisions/320205/free-codes?type=县&on=2010-01-01", 422),
        ("/divisions/named", 422),
    ],
)
def test_what_cannot_be_answered_is_explained(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.json()["way_out"]


@pytest.mark.usefixtures("story")
def test_two_days_are_compared_at_once(client: TestClient) -> None:
    told = client.get("/divisions/compare?from=1990-06-01&to=2010-01-01&level=county").json()
    assert told["counts"] == {"county": {"撤销": 1, "建制变更": 1, "更名": 2, "代码变更": 1, "区域变更": 1}}
    assert {tuple(change["kinds"]) for change in told["changes"]} == {
        ("撤销",),
        ("建制变更", "更名", "代码变更"),
        ("更名", "区域变更"),
    }
    assert all(change["acts"] for change in told["changes"])


@pytest.mark.usefixtures("story")
def test_codes_are_proposed_and_a_used_one_is_warned_of(client: TestClient) -> None:
    told = client.get("/divisions/320200/free-codes?type=市辖区&on=1998-01-01&count=99").json()
    codes = [each["code"] for each in told["proposals"]]
    assert codes[0] == "320212"
    assert "320205" not in codes  # it will be held from 2000 on
    late = client.get("/divisions/320200/free-codes?type=县级市&on=2010-01-01&count=99").json()
    assert late["proposals"][-1]["code"] == "320283"
    assert "锡山市" in late["proposals"][-1]["warnings"][0]


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("asked", "spells"),
    [
        ("name=锡山", [("320283", "1990-01-01"), ("320205", "2000-01-01")]),
        ("name=锡山市", [("320283", "1990-01-01")]),
        ("name=锡山&day=2010-01-01", [("320205", "2000-01-01")]),
        ("name=锡", []),
    ],
)
def test_units_are_found_by_names_they_bore(
    client: TestClient, asked: str, spells: list[tuple[str, str]]
) -> None:
    units = client.get(f"/divisions/named?{asked}").json()["units"]
    assert [(each["code"], each["valid_from"]) for each in units] == spells


@pytest.mark.usefixtures("story")
def test_tables_are_carried_as_rows_and_as_text(client: TestClient) -> None:
    days = "from=1990-06-01&to=2010-01-01"
    rows = [{"code": 320205.0, "people": 10}, {"code": "320283", "people": None}, {"code": "x"}]
    body = {"code_column": "code", "values": ["people"], "rows": rows}
    told = client.post(f"/divisions/crosswalk?{days}", json=body).json()
    assert [(row["to_code"], row["people"]) for row in told["rows"]] == [
        ("320211", "10"),
        ("320205", ""),
        ("", ""),
    ]
    assert told["report"]["healed"][0]["written"] == "320205.0"
    text = {"code_column": "code", "csv": "code\n320205\n"}
    told = client.post(f"/divisions/crosswalk?{days}", json=text).json()
    assert told["csv"] == "code,to_code,to_name,share,certainty\n320205,320211,滨湖区,1.0,确定\n"


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("body", [{}, {"rows": [], "csv": "code\n"}, {"csv": "code,code\n"}, {"csv": ""}])
def test_one_table_must_be_sent(client: TestClient, body: dict[str, object]) -> None:
    for address in ("/divisions/crosswalk?from=1990-06-01&to=2010-01-01", "/divisions/dating"):
        answer = client.post(address, json={"code_column": "code", **body})
        assert answer.status_code == 422
        assert answer.json()["way_out"]


@pytest.mark.usefixtures("story")
def test_a_list_is_dated(client: TestClient) -> None:
    rows = [{"c": "320205"}, {"c": "320283"}]
    told = client.post("/divisions/dating", json={"code_column": "c", "rows": rows}).json()
    assert told["periods"] == [{"begins": "1990-01-01", "ends": "1996-01-01"}]


def test_what_is_kept_close_is_not_traced_into(tx: Transaction, client: TestClient, story: Story) -> None:
    """Nobody is told of an heir he may not know of, by trace, table or name."""
    paper = a_paper(tx, None)
    hidden = story.unit("hid", "320299", "影子区", "wx")
    establish(tx, [hidden], on=LATER, instrument_id=paper)
    link(tx, [Descent(story.ids["bh"], hidden.id, MERGER, 0.5, 1.0)], on=LATER, instrument_id=paper)
    del client.headers["Authorization"]
    for answer in (
        client.get("/divisions/320211/trace?on=2005-01-01&to=2020-01-01"),
        client.get("/divisions/compare?from=2005-01-01&to=2020-01-01"),
        client.get("/divisions/named?name=影子"),
        client.post(
            "/divisions/crosswalk?from=2005-01-01&to=2020-01-01",
            json={"code_column": "c", "rows": [{"c": "320211"}]},
        ),
    ):
        assert answer.status_code == 200
        assert "影子" not in answer.text
        assert "320299" not in answer.text
