"""The journal's commands: proving, checkpoints that travel, exports checked without a database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gis_service.foundation.journal.checkpoints import Checkpoint, sign
from gis_service.foundation.journal.keys import public_file, signing_key
from tests.cli.conftest import Desk
from tests.support.journal import tamper, write


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A desk where the journal ends with three entries of ours."""
    desk.run("journal", "list")
    engine = desk.engine()
    write(engine, *"甲乙丙")
    engine.dispose()
    return desk


def forge(desk: Desk, *statements: str) -> None:
    engine = desk.engine()
    tamper(engine, *statements)
    engine.dispose()


def end_of(desk: Desk) -> int:
    end = desk.json("journal", "verify")["entries"]
    assert isinstance(end, int)
    return end


NEWEST = "(SELECT max(position) FROM journal_entry)"
REWRITE = (
    f"UPDATE journal_entry SET actor = '别人' WHERE position = {NEWEST}",
    "UPDATE journal_entry AS entry SET hash = encode(sha256(convert_to(journal_line(entry), 'UTF8')), 'hex')"
    f" WHERE position = {NEWEST}",
    f"UPDATE journal_head SET hash = (SELECT hash FROM journal_entry WHERE position = {NEWEST})",
)


def test_a_whole_journal_is_proved(kept: Desk) -> None:
    told = kept.json("journal", "verify")
    assert (told["ok"], told["first_break"]) == (True, None)
    assert told["entries"] >= 3
    assert f"登记日志成立：{told['entries']} 条" in kept.run("journal", "verify").stdout


def test_the_first_broken_entry_is_named(kept: Desk) -> None:
    first = end_of(kept) - 1
    forge(kept, f"UPDATE journal_entry SET subject = '丁' WHERE position >= {first}")
    told = kept.json("journal", "verify", code=1)
    message = f"第 {first} 条的内容或校验值被改动"
    assert told["first_break"] == {"position": first, "kind": "altered", "message": message}
    assert f"第 {first} 条（内容被改动）" in kept.run("journal", "verify", code=1).stdout


def test_a_rewritten_chain_is_found_by_the_checkpoint_kept_here(kept: Desk) -> None:
    kept.run("journal", "checkpoint")
    assert kept.json("journal", "verify")["ok"]
    forge(kept, *REWRITE)
    assert kept.json("journal", "verify", code=1)["first_break"]["kind"] == "rewritten"


def test_a_rewritten_chain_is_found_by_the_checkpoint_kept_elsewhere(kept: Desk, tmp_path: Path) -> None:
    away = tmp_path / "away.json"
    kept.run("journal", "checkpoint", "--to", away)
    for file in (kept.home / "journal" / "checkpoints").iterdir():
        file.unlink()
    forge(kept, *REWRITE)
    assert kept.json("journal", "verify")["ok"]
    assert kept.json("journal", "verify", "--checkpoint", away, code=1)["first_break"]["kind"] == "rewritten"


def test_a_journal_set_back_as_a_whole_is_found(kept: Desk) -> None:
    kept.run("journal", "checkpoint")
    forge(
        kept,
        f"DELETE FROM journal_entry WHERE position > {NEWEST} - 2",
        f"UPDATE journal_head SET position = {NEWEST},"
        f" hash = (SELECT hash FROM journal_entry WHERE position = {NEWEST})",
    )
    assert kept.json("journal", "verify", code=1)["first_break"]["kind"] == "cut_off"


def test_another_journal_in_its_place_is_found(kept: Desk) -> None:
    kept.run("journal", "checkpoint")
    forge(
        kept,
        "DELETE FROM journal_entry",
        "UPDATE journal_head SET position = 0, journal_id = gen_random_uuid()",
        "UPDATE journal_head SET hash = encode(sha256(convert_to(journal_id::text, 'UTF8')), 'hex')",
    )
    told = kept.json("journal", "verify", code=1)
    assert any("另一日志" in problem for problem in told["problems"])


def test_no_checkpoint_is_made_of_a_broken_journal(kept: Desk) -> None:
    forge(kept, "UPDATE journal_entry SET subject = '丁' WHERE subject = '丙'")
    assert "不予签发" in kept.json("journal", "checkpoint", code=1)["error"]
    assert not (kept.home / "journal").exists()


def test_the_private_key_is_closed_to_others_and_made_once(kept: Desk) -> None:
    first = kept.json("journal", "checkpoint")
    key = kept.home / "keys" / "journal.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    assert kept.json("journal", "checkpoint")["public_key"] == first["public_key"]
    key.chmod(0o644)
    assert "可被他人读取" in kept.json("journal", "checkpoint", code=2)["error"]


def test_the_private_key_may_lie_elsewhere(
    kept: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIS_JOURNAL_KEY_FILE", str(tmp_path / "stick" / "own.pem"))
    kept.run("journal", "checkpoint")
    assert (tmp_path / "stick" / "own.pem").is_file()
    assert not (kept.home / "keys").exists()


def test_a_file_that_is_no_key_is_refused(kept: Desk) -> None:
    key = kept.home / "keys" / "journal.pem"
    key.parent.mkdir()
    key.write_text("不是私钥", encoding="utf-8")
    key.chmod(0o600)
    assert "不是 Ed25519 私钥" in kept.json("journal", "checkpoint", code=2)["error"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", 99),
        ("hash", "0" * 64),
        ("at", "2020-06-05T00:00:00Z"),
        ("journal_id", "00000000-0000-0000-0000-00000000000f"),
        ("signature", "0" * 128),
    ],
)
def test_a_forged_checkpoint_is_refused(kept: Desk, tmp_path: Path, field: str, value: object) -> None:
    file = tmp_path / "checkpoint.json"
    kept.run("journal", "checkpoint", "--to", file)
    assert kept.json("journal", "check", file)["ok"]
    told = json.loads(file.read_bytes()) | {field: value}
    file.write_text(json.dumps(told), encoding="utf-8")
    assert "签名不符" in kept.json("journal", "check", file, code=1)["problems"][0]
    assert not kept.json("journal", "verify", "--checkpoint", file, code=1)["ok"]


def test_a_checkpoint_signed_by_somebody_else_is_refused(kept: Desk, tmp_path: Path) -> None:
    told = kept.json("journal", "checkpoint", "--to", tmp_path / "own.json")
    checkpoint = Checkpoint.model_validate_json((tmp_path / "own.json").read_bytes())
    forged = sign(
        Ed25519PrivateKey.generate(),
        journal_id=checkpoint.journal_id,
        position=checkpoint.position,
        hash_="0" * 64,
        at=checkpoint.at,
    )
    (tmp_path / "forged.json").write_text(forged.as_text(), encoding="utf-8")
    public = public_file(kept.home / "keys" / "journal.pem")
    assert kept.json("journal", "check", tmp_path / "own.json", "--public-key", public)["ok"]
    refused = kept.json("journal", "check", tmp_path / "forged.json", "--public-key", public, code=1)
    assert "不是用指定的密钥签发" in refused["problems"][0]
    both = kept.json("journal", "check", tmp_path / "own.json", tmp_path / "forged.json", code=1)
    assert "互相矛盾" in both["problems"][0]
    assert told["public_key"] == checkpoint.public_key
    not_public = kept.home / "keys" / "journal.pem"
    wrong = kept.json("journal", "check", tmp_path / "own.json", "--public-key", not_public, code=2)
    assert "不是 Ed25519 公钥" in wrong["error"]


def test_checkpoints_that_cannot_both_be_true_are_named(tmp_path: Path) -> None:
    desk, key, journal = Desk(tmp_path, ""), signing_key(tmp_path / "key.pem"), uuid4()
    day = datetime(2026, 1, 1, tzinfo=UTC)

    def filed(name: str, position: int, days: int, journal_id: object = journal) -> Path:
        assert journal_id is not None
        made = sign(
            key, journal_id=journal_id, position=position, hash_="0" * 64, at=day + timedelta(days=days)
        )
        (tmp_path / name).write_text(made.as_text(), encoding="utf-8")
        return tmp_path / name

    early, late = filed("early", 5, 0), filed("late", 9, 1)
    assert desk.json("journal", "check", early, late)["ok"]
    [shrunk] = desk.json("journal", "check", late, filed("later", 7, 2), code=1)["problems"]
    assert "变短" in shrunk
    [foreign] = desk.json("journal", "check", early, filed("foreign", 9, 3, uuid4()), code=1)["problems"]
    assert "不属于同一日志" in foreign
    (tmp_path / "nonsense").write_text("{}", encoding="utf-8")
    [unreadable] = desk.json("journal", "check", tmp_path / "nonsense", code=1)["problems"]
    assert unreadable == "nonsense：读不出检查点"


@pytest.fixture
def exported(kept: Desk, tmp_path: Path) -> tuple[Path, Path]:
    """An export, and a checkpoint of an earlier end."""
    checkpoint, export = tmp_path / "checkpoint.json", tmp_path / "journal.jsonl"
    kept.run("journal", "checkpoint", "--to", checkpoint)
    engine = kept.engine()
    write(engine, "丁")
    engine.dispose()
    assert kept.json("journal", "export", export)["entries"] > position_of(checkpoint)
    return export, checkpoint


def position_of(checkpoint: Path) -> int:
    position = json.loads(checkpoint.read_bytes())["position"]
    assert isinstance(position, int)
    return position


def check(export: Path, checkpoint: Path, code: int = 0) -> dict[str, object]:
    told: dict[str, object] = Desk(export.parent, "").json(
        "journal", "check", checkpoint, "--entries", export, code=code
    )
    return told


def test_an_export_is_proved_against_a_checkpoint_without_a_database(exported: tuple[Path, Path]) -> None:
    told = check(*exported)
    entries = len(exported[0].read_bytes().splitlines())
    assert (told["ok"], told["entries"], told["proved"]) == (True, entries, position_of(exported[1]))


def test_every_line_of_an_export_hashes_to_what_the_next_one_names(exported: tuple[Path, Path]) -> None:
    lines = exported[0].read_bytes().splitlines()
    names = [json.loads(line)["previous_hash"] for line in lines]
    assert names[1:] == [sha256(line).hexdigest() for line in lines[:-1]]
    assert json.loads(exported[1].read_bytes())["hash"] == names[position_of(exported[1])]


# Which line is altered, and which is named, both counted back from the checkpoint's own.
@pytest.mark.parametrize(
    ("back", "altered", "named", "kind"),
    [
        (1, lambda line: line.replace("乙", "己"), 0, "unlinked"),
        (0, lambda line: line.replace("丙", "己"), 0, "rewritten"),
        (1, lambda _: "不是 JSON", 1, "altered"),
        (1, lambda _: '{"position": 1}', 1, "altered"),
        (2, lambda _: None, 2, "missing"),
        (0, lambda _: None, 0, "missing"),
    ],
)
def test_an_altered_export_is_found(
    exported: tuple[Path, Path], back: int, altered: Callable[[str], str | None], named: int, kind: str
) -> None:
    export, checkpoint = exported
    end = position_of(checkpoint)
    lines: list[str | None] = [*export.read_text(encoding="utf-8").splitlines()]
    lines[end - 1 - back] = altered(str(lines[end - 1 - back]))
    export.write_text("".join(f"{line}\n" for line in lines if line is not None), encoding="utf-8")
    first_break = check(*exported, code=1)["first_break"]
    assert isinstance(first_break, dict)
    assert (first_break["position"], first_break["kind"]) == (end - named, kind)


def test_an_export_shorter_than_its_checkpoint_is_found(exported: tuple[Path, Path]) -> None:
    export, _ = exported
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[:2]), encoding="utf-8")
    first_break = check(*exported, code=1)["first_break"]
    assert isinstance(first_break, dict)
    assert first_break["kind"] == "cut_off"


def test_files_that_are_there_are_not_overwritten(kept: Desk, tmp_path: Path) -> None:
    file = tmp_path / "there"
    file.write_text("已有", encoding="utf-8")
    assert "已存在" in kept.json("journal", "export", file, code=2)["error"]
    assert "已存在" in kept.json("journal", "checkpoint", "--to", file, code=2)["error"]
    assert file.read_text(encoding="utf-8") == "已有"


def test_entries_are_looked_up(kept: Desk) -> None:
    ours = [entry for entry in kept.json("journal", "list") if entry["command"] == "trial"]
    assert [entry["subject"] for entry in ours] == ["丙", "乙", "甲"]
    assert [entry["subject"] for entry in kept.json("journal", "list", "--subject", "乙")] == ["乙"]
    assert kept.json("journal", "list", "--actor", "别人") == []
    assert len(kept.json("journal", "list", "--command", "trial", "--limit", "1")) == 1
    since = ("journal", "list", "--command", "trial", "--since")
    assert len(kept.json(*since, "2025-12-30")) == 3
    assert kept.json(*since, "2026-01-03") == []
    shown = kept.run("journal", "list").stdout
    assert "名称：旧 → 新" in shown
