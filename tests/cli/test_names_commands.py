"""The commands about names: they need no database."""

from __future__ import annotations

import json
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from gis_service.cli import app


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, ["names", "characters", *words])


def answer(*words: str) -> Any:
    done = typed(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_each_name_is_told_character_by_character() -> None:
    first, second = answer("瀋陽市", "𠮷\ue000村")
    assert (first["name"], first["folded"]) == ("瀋陽市", "沈阳市")
    assert [(each["kind"], each["standard"]) for each in first["characters"]][:2] == [
        ("traditional", ["沈"]),
        ("traditional", ["阳"]),
    ]
    assert {each["rule"] for each in first["findings"]} == {"R-NAM-02"}
    assert second["name"] == "𠮷\ue000村"
    assert second["glyphs_missing"] == ["U+20BB7", "U+E000"]


def test_what_cannot_be_seen_is_told_by_code_point() -> None:
    [told] = answer("村\u200b")
    assert told["name"] == "村〔U+200B〕"
    assert [each["rule"] for each in told["findings"]] == ["R-NAM-16"]
    assert told["glyphs_missing"] == []


def test_people_are_told_in_a_table() -> None:
    done = typed("[red]浉河区")
    assert done.exit_code == 0
    assert "[red]浉河区" in done.output
    assert "三级字" in done.output
    assert "警告 1 条" in done.output


def test_an_empty_name_is_refused() -> None:
    done = typed("南京市", " ")
    assert done.exit_code == 2
    assert "地名是空的" in done.output
