"""The commands about names: they need no database, and ask the one that is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from gis_service.cli import app
from gis_service.foundation.database import session_factory
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import transaction
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.schemas import InstrumentIn
from gis_service.registers.placenames.models import (
    Feature,
    FeatureVersion,
    NameKind,
    NameProcess,
    NameStatus,
    PlaceName,
)
from gis_service.schema import upgrade
from tests.cli.conftest import Desk
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn


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


def spelled(*words: str) -> Any:
    done = CliRunner().invoke(app, ["names", "romanize", *words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout), done.stderr


def test_without_a_database_only_the_code_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIS_HOME", str(tmp_path))
    monkeypatch.delenv("GIS_DATABASE_URL", raising=False)
    [told], said = spelled("六合区", "--within", "32")
    assert (told["spelling"], told["within"]) == ("Lùhé Qū", None)
    assert "没有数据库" in said
    refused = CliRunner().invoke(app, ["names", "romanize", "六合区", "--within", "江苏"])
    assert refused.exit_code == 2


def test_a_reading_on_record_within_the_unit_comes_first(desk: Desk) -> None:
    engine = desk.engine()
    upgrade(engine)
    with transaction(session_factory(engine), actor=REGISTRAR, at=NOW) as tx:
        unit = drawn(tx, "a", {"a": ("320116", "六合区")})["a"]
        act = an_act(tx)
        feature = Feature(registered_by=act)
        tx.session.add(feature)
        tx.session.flush()
        kept = {"valid": Period(BEGINNING), "begun_by": act, "feature_id": feature.id}
        name = {"kind": NameKind.standard, "text": "曲水村", "process": NameProcess.census}
        read = {"reading": "qǔ shuǐ cūn", "status": NameStatus.in_force}
        tx.session.add(FeatureVersion(**kept, class_code="22200", division_ids=[unit]))
        tx.session.add(PlaceName(**kept, **name, **read))
    engine.dispose()
    [told], _ = spelled("曲水村", "--within", "32")
    assert (told["spelling"], told["doubtful"], told["within"]) == ("Qǔshuǐcūn", False, "32省")
    [elsewhere], said = spelled("曲水村", "--within", "33")
    assert elsewhere["doubtful"]
    assert "登记簿中没有代码 33" in said


def test_suggestions_are_taken_down_listed_and_answered_at_the_keyboard(desk: Desk) -> None:
    engine = desk.engine()
    upgrade(engine)
    with transaction(session_factory(engine), actor=REGISTRAR, at=NOW) as tx:
        drawn(tx, "a", {"a": ("320116", "六合区")})
        act = InstrumentIn(
            number="更正〔2026〕1号",
            kind="通知",
            title="关于地名的通知",
            issuer="某局",
            issued_on="2025-12-01",
        )
        register_instrument(tx, act)
    engine.dispose()
    group = ("names", "suggestions")
    told = ("--text", "来信说漏登一村", "--within", "320116", "--set", "name=小营村")
    added = desk.json(*group, "add", "missing", *told)["suggestion"]
    assert (added["number"][:3], added["division_name"]) == ("JY-", "六合区")
    number = added["number"]
    assert [each["number"] for each in desk.json(*group, "list", "--within", "320116")] == [number]
    assert "小营村" in desk.run(*group, "show", number).stdout
    decide = (*group, "decide", number, "adjust", "--reason", "属实", "--act", "更正〔2026〕1号")
    values = ("--set", "name=小营村", "--set", "class=22200")
    assert "演练" in desk.run(*decide, *values, "--dry-run").stdout
    done = desk.json(*decide, *values)
    assert (done["suggestion"]["state_name"], done["revision"]) == ("调整后采纳", 1)
    assert desk.run(*decide, "--set", "colour=red", code=2)
    assert desk.run(*decide, *values, code=1)
