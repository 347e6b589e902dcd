"""The change files are complete and name acts, units and seats."""

from datetime import date
from pathlib import Path

import pytest

CHANGES = sorted((Path(__file__).parents[2] / "data" / "changes").glob("*.toml"))


def test_both_acts_of_2020_are_there(acts):
    assert len(CHANGES) == 2
    assert {act["instrument"]["number"] for act in acts} == {"国函〔2020〕79号", "国函〔2020〕80号"}


@pytest.mark.parametrize("index", range(2), ids=[path.stem for path in CHANGES])
def test_an_act_says_who_decided_what_with_effect_from_when(acts, index):
    act = acts[index]
    assert set(act) == {"title", "effective_on", "basis", "instrument", "operations"}
    assert set(act["instrument"]) == {"number", "kind", "issuer", "issued_on", "title"}
    assert act["basis"] == "published_act"
    assert act["effective_on"] == act["instrument"]["issued_on"] == date(2020, 6, 5)


@pytest.mark.parametrize("index", range(2), ids=[path.stem for path in CHANGES])
def test_an_operation_gives_code_name_type_superior_and_seat(acts, index):
    for operation in acts[index]["operations"]:
        assert set(operation) == {"kind", "from", "into"}
        into = operation["into"]
        assert set(into) == {"code", "name", "type", "superior", "seat"}
        assert into["superior"] == into["code"][:4] + "00"
        assert into["type"] == "市辖区"
        assert all(code[:4] == into["code"][:4] for code in operation["from"])
