"""The rules of accounts over plain values: passwords, names, guessing, codes, tokens, sealed secrets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_service.foundation.errors import FilesUnavailable, InvalidInput
from gis_service.foundation.sealing import seal, unseal
from gis_service.procedures.accounts.rules import (
    PREFIXES,
    Kind,
    Strikes,
    accepted_step,
    csrf_of,
    is_recovery_code,
    judge_password,
    new_recovery_code,
    new_secret,
    new_token,
    normalised,
    recovery_digest,
    require_name,
)
from gis_service.procedures.accounts.rules.codes import _totp

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def broken(password: str, name: str = "zhang.san") -> set[str]:
    return {finding.rule for finding in judge_password(normalised(password), name)}


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "落霞与孤鹜齐飞，秋水共长天一色",
        "Tr0ub4dor&3-and-more",
        "lantern gravel 1987",
    ],
)
def test_long_and_uncommon_passwords_will_do(password: str) -> None:
    assert broken(password) == set()


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("elevenchars", "R-ACC-01"),
        ("孤舟蓑笠翁独钓寒江", "R-ACC-01"),
        ("界" * 86 + "线", "R-ACC-01"),
        ("I am Zhang.San!", "R-ACC-02"),
        ("password1234!", "R-ACC-03"),
        ("Administrator2026", "R-ACC-03"),
        ("woaini1314520!", "R-ACC-03"),
        ("qwertyqwertyqwerty", "R-ACC-03"),
        ("123456789012", "R-ACC-03"),
        ("abcdefghijklm", "R-ACC-03"),
        ("zyxwvutsrqpo", "R-ACC-03"),
        ("ababababababab", "R-ACC-03"),
        ("ｐａｓｓｗｏｒｄ１２３４", "R-ACC-03"),
    ],
)
def test_poor_passwords_break_their_rule(password: str, rule: str) -> None:
    assert rule in broken(password)


@given(st.text(max_size=300))
def test_any_text_is_judged_and_no_finding_repeats_it(password: str) -> None:
    plain = normalised(password)
    assert normalised(plain) == plain
    for finding in judge_password(plain, "zhang.san"):
        assert finding.blocking
        assert len(plain) < 8 or plain not in finding.message


@pytest.mark.parametrize("name", ["a1", "zhang.san", "ROBOT_7", "x" * 40, "3-a"])
def test_names_that_can_be_typed_will_do(name: str) -> None:
    require_name(name)


@pytest.mark.parametrize("name", ["", "a", "x" * 41, ".hidden", "张三", "a b", "a/b", "a\n"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="账户名"):
        require_name(name)


def test_lock_outs_double_up_to_a_day() -> None:
    strikes, spans = Strikes(), []
    for _ in range(9):
        for _ in range(5):
            assert not strikes.locked(NOON)
            strikes = strikes.one_more(NOON)
        assert strikes.locked_until is not None
        spans.append(strikes.locked_until - NOON)
        strikes = Strikes(strikes.failures, strikes.lockouts, None)
    minutes = [span / timedelta(minutes=1) for span in spans]
    assert minutes == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]


@given(st.integers(-5, 5))
def test_a_code_is_taken_within_one_step_of_now(steps: int) -> None:
    secret = new_secret()
    now = int(NOON.timestamp()) // 30
    taken = accepted_step(secret, _totp(secret).generate_otp(now + steps), NOON, None)
    assert taken == (now + steps if abs(steps) <= 1 else None) or taken in {now - 1, now, now + 1}


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "验证码"])
def test_what_is_no_code_is_not_taken(code: str) -> None:
    assert accepted_step(new_secret(), code, NOON, None) is None


def test_recovery_codes_are_known_however_they_are_typed() -> None:
    code = new_recovery_code()
    assert is_recovery_code(code)
    assert not is_recovery_code("492039")
    assert recovery_digest(f" {code.upper().replace('-', '')} ") == recovery_digest(code)


def test_tokens_tell_their_kind_and_never_repeat() -> None:
    made = {new_token(kind) for kind in Kind for _ in range(50)}
    assert len(made) == 50 * len(Kind)
    assert {token[:7] for token in made} == set(PREFIXES.values())
    assert min(map(len, made)) >= 50
    assert len({csrf_of(token) for token in made}) == len(made)


def test_a_sealed_secret_opens_only_for_whom_it_was_sealed(tmp_path: Path) -> None:
    key = tmp_path / "keys" / "accounts.key"
    sealed = seal(key, b"secret", of="one")
    assert unseal(key, sealed, of="one") == b"secret"
    assert seal(key, b"secret", of="one") != sealed
    with pytest.raises(FilesUnavailable):
        unseal(key, sealed, of="two")
    with pytest.raises(FilesUnavailable):
        unseal(key, sealed[:-1] + bytes([sealed[-1] ^ 1]), of="one")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "accounts.key"
    seal(key, b"secret", of="one")
    key.chmod(0o644)
    with pytest.raises(InvalidInput, match="可被他人读取"):
        seal(key, b"secret", of="one")
    key.chmod(0o600)
    key.write_text("nothing")
    with pytest.raises(InvalidInput, match="不是账户密钥"):
        seal(key, b"secret", of="one")
