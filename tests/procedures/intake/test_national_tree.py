"""A tree of divisions of one day: what is unknown is entered at every level, what differs is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands import load_listed
from gis_service.procedures.intake.commands.trees import TreeReport
from gis_service.procedures.intake.kinds import kind_of, national_tree
from gis_service.procedures.intake.kinds.listed import ListOptions
from gis_service.procedures.intake.kinds.national_tree import unpadded
from gis_service.registers.boundaries.queries.proofs import prove
from gis_service.registers.divisions.queries import division_by_code, divisions_on
from tests.support.factories import drawn

ON = date(2025, 12, 31)


def node(code: str, name: str, *children: Any, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "children": list(children), **more}


TREE = node(
    "320000000000",
    "江苏省",
    node(
        "320600000000",
        "南通市",
        node(
            "320602",
            "崇川区",
            node(
                "320602001", "城东街道", node("320602001001", "某社区", type="社区", level="village"), level=4
            ),
            node("320602002000", "和平桥街道", level="乡级"),
        ),
        node("320623000000", "如东县", level=3),
        level=2,
    ),
    level=1,
    type="省",
)


def load(tx: Transaction, folder: Path, document: Any, on: date = ON) -> TreeReport:
    path = folder / "tree.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    assert kind_of(path) is national_tree
    report = load_listed(tx, national_tree.read(path, ListOptions(on)))
    assert isinstance(report, TreeReport)
    return report


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("320000000000", "320000"),
        ("320602001000", "320602001"),
        ("320602000", "320602"),
        ("320602001001", "320602001001"),
        ("441900", "441900"),
    ],
)
def test_codes_lose_their_padding(given: str, code: str) -> None:
    assert unpadded(given) == code


@pytest.mark.parametrize(
    "document",
    [TREE, [TREE], {"data": TREE}, {"code": 200, "data": [TREE]}, node("0", "中华人民共和国", TREE)],
    ids=["bare", "list", "wrapped", "answer", "below the country"],
)
def test_every_level_is_entered_once(tx: Transaction, tmp_path: Path, document: Any) -> None:
    assert load(tx, tmp_path, document).entered == 7
    found = {unit.code: (unit.name, unit.level) for unit in divisions_on(tx.session, on=ON)}
    assert found["320602001001"] == ("某社区", "village")
    assert found["320602002"] == ("和平桥街道", "township")
    town, district = (division_by_code(tx.session, code, on=ON) for code in ("320602001", "320602"))
    assert town.superior_id == district.division_id
    assert town.begun_edtf == "../2025-12-31"
    assert load(tx, tmp_path, document).entered == 0
    assert not prove(tx.session)


def test_what_differs_from_the_register_is_told_both_ways(tx: Transaction, tmp_path: Path) -> None:
    drawn(tx, "AB", {"A": ("320602", "崇川老区"), "B": ("320611", "港闸区")})
    report = load(tx, tmp_path, TREE)
    told = " ".join(finding.message for finding in report.findings)
    assert "320602 登记为“崇川老区”，区划树为“崇川区”" in told
    assert "登记簿有而区划树没有的 1 个（上级 320600）：320611 港闸区" in told
    assert "县级单位 1 个，按已有单位登记：320623 如东县" in told
    assert report.entered == 4
    assert not prove(tx.session)


def test_a_code_that_is_held_later_bars_the_tree(tx: Transaction, tmp_path: Path) -> None:
    drawn(tx, "A", {"A": ("320602", "崇川区")})
    with pytest.raises(RuleViolated) as refused:
        load(tx, tmp_path, TREE, on=date(2019, 12, 31))
    assert any("自 2020-01-01 起归" in finding.message for finding in refused.value.findings)


def test_bad_nodes_are_named(tmp_path: Path) -> None:
    path = tmp_path / "tree.json"
    wrong = node(
        "320000", "江苏省", node("3206", "南通市"), node("320600", "南通市"), node("320600", "通州市")
    )
    path.write_text(json.dumps(wrong, ensure_ascii=False), encoding="utf-8")
    listed = national_tree.read(path, ListOptions(ON))
    assert [finding.subject for finding in listed.findings] == ["3206 南通市", "320600 通州市"]
    path.write_text('{"code": "1"', encoding="utf-8")
    assert national_tree.read(path, ListOptions(ON)).content is None
