"""Proving who one is: passwords, codes, tokens and sessions, each with its way of being refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Role
from gis_service.foundation.database import session_factory
from gis_service.foundation.journal.models import JournalEntry
from gis_service.foundation.transaction import transaction
from gis_service.procedures.accounts import commands
from gis_service.procedures.accounts.commands import hashing
from gis_service.procedures.accounts.models import Password, Token
from gis_service.procedures.accounts.rules import limit
from gis_service.registers.authorities.queries import account_named
from tests.support.accounts import PASSWORD, House
from tests.support.factories import REGISTRAR


def who(house: House, token: str) -> Any:
    return house.client.get("/session", headers={"Authorization": f"Bearer {token}"})


def journaled(session: Session, command: str) -> list[JournalEntry]:
    wanted = select(JournalEntry).where(JournalEntry.command == command)
    return list(session.scalars(wanted.order_by(JournalEntry.position)))


def test_a_name_and_a_password_give_tokens_that_tell_who_asks(house: House) -> None:
    house.open("wang", Role.registrar)
    tokens = house.sign_in("wang").json()
    assert tokens["access_token"].startswith("gis_at_")
    assert tokens["refresh_token"].startswith("gis_rt_")
    told = who(house, tokens["access_token"]).json()
    assert (told["name"], told["second_factor"], told["csrf_token"]) == ("wang", False, None)
    assert told["roles"] == [
        {"role": "registrar", "word": "区划登记员", "within": None, "since": "2026-01-01"}
    ]
    assert "changes.draft" in told["acts"]
    assert "changes.enact" not in told["acts"], "which asks for a second factor"


def test_nothing_readable_is_kept(house: House, session: Session) -> None:
    house.open("wang")
    tokens = house.sign_in("wang").json()
    kept = session.execute(
        select(Password.hash, Token.digest).join(Token, Token.account_id == Password.account_id)
    )
    text = str(kept.all())
    assert "$argon2id$" in text
    assert not [
        secret for secret in (PASSWORD, *tokens.values()) if str(secret).startswith("gis") and secret in text
    ]


@pytest.mark.parametrize("token", ["gis_at_nothing", "", "x" * 300, "令牌"])
def test_unknown_tokens_are_refused(house: House, token: str) -> None:
    answer = house.client.get("/session", headers={b"Authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_whatever_was_wrong_the_answer_is_the_same(house: House) -> None:
    house.open("wang")
    house.open("new", password=None)
    answers = [house.sign_in(name, "wrong horse battery") for name in ("wang", "nobody", "new", "没有此人")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({(answer.json()["detail"], answer.json()["way_out"]) for answer in answers}) == 1


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.open("wang")
    verified: list[str] = []
    hasher = hashing._hasher()

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept.rpartition("$")[0].rpartition("$")[0])
            return hasher.verify(kept, password)

    monkeypatch.setattr(hashing, "_hasher", Watched)
    for name in ("wang", "nobody"):
        house.sign_in(name, "wrong horse battery")
    assert len(verified) == 2
    assert len(set(verified)) == 1, "hashed with the same effort"


def test_passwords_are_hashed_with_the_effort_of_the_rules(
    by_the_rules: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    light = hashing.hashed(PASSWORD)
    monkeypatch.setattr(hashing, "_hasher", lambda: by_the_rules)
    kept = hashing.hashed(PASSWORD)
    memory, passes, lanes = (limit("hashing", name) for name in ("memory_kib", "passes", "lanes"))
    assert kept.startswith(f"$argon2id$v=19$m={memory},t={passes},p={lanes}$")
    assert hashing.fits(kept, PASSWORD)
    assert not hashing.fits(kept, f"{PASSWORD} ")
    assert (hashing.is_outdated(light), hashing.is_outdated(kept)) == (True, False)


def test_after_five_failures_the_right_password_is_refused_too(house: House, session: Session) -> None:
    house.open("wang")
    for _ in range(5):
        assert house.sign_in("wang", "wrong horse battery").status_code == 401
    assert house.sign_in("wang").status_code == 401
    house.later(minutes=14, seconds=59)
    assert house.sign_in("wang").status_code == 401
    house.later(seconds=2)
    assert house.sign_in("wang").status_code == 200
    failed = journaled(session, "accounts.sign_in_failed")
    assert [entry.subject for entry in failed] == ["wang"] * 5
    assert {entry.actor for entry in failed} == {"未登录"}
    assert failed[-1].after is not None
    assert failed[-1].after["locked_until"] is not None


def test_each_lock_out_lasts_longer_until_somebody_gets_in(house: House) -> None:
    house.open("wang")
    for minutes in (15, 30):
        for _ in range(5):
            house.sign_in("wang", "wrong horse battery")
        house.later(minutes=minutes - 1)
        assert house.sign_in("wang").status_code == 401
        house.later(minutes=1)
    assert house.sign_in("wang").status_code == 200
    for _ in range(5):
        house.sign_in("wang", "wrong horse battery")
    house.later(minutes=15)
    assert house.sign_in("wang").status_code == 200


def test_names_that_nobody_has_are_not_journaled(house: House, session: Session) -> None:
    """Somebody may have typed his password in the field of the name."""
    before = session.scalar(select(func.count()).select_from(JournalEntry))
    house.sign_in("MyPassw0rd in the wrong field", "wang")
    assert session.scalar(select(func.count()).select_from(JournalEntry)) == before


def test_an_access_token_ends_after_a_quarter_of_an_hour(house: House) -> None:
    house.open("wang")
    token = house.sign_in("wang").json()["access_token"]
    house.later(minutes=14)
    assert who(house, token).status_code == 200
    house.later(minutes=1)
    assert who(house, token).status_code == 401


def refreshed(house: House, token: str) -> Any:
    return house.client.post("/tokens/refresh", json={"refresh_token": token})


def test_a_refresh_token_gives_the_next_pair_once(house: House) -> None:
    house.open("wang")
    first = house.sign_in("wang").json()
    house.later(hours=11)
    second = refreshed(house, first["refresh_token"]).json()
    assert who(house, second["access_token"]).status_code == 200
    third = refreshed(house, second["refresh_token"]).json()
    assert who(house, third["access_token"]).status_code == 200


def test_a_spent_refresh_token_takes_the_whole_family_with_it(house: House, session: Session) -> None:
    house.open("wang")
    other = house.sign_in("wang").json()
    first = house.sign_in("wang").json()
    second = refreshed(house, first["refresh_token"]).json()
    reused = refreshed(house, first["refresh_token"])
    assert reused.status_code == 401
    assert "全部撤销" in reused.json()["detail"]
    assert who(house, second["access_token"]).status_code == 401
    assert refreshed(house, second["refresh_token"]).status_code == 401
    assert who(house, other["access_token"]).status_code == 200, "of another sign-in"
    assert [entry.subject for entry in journaled(session, "accounts.refresh_token_reused")] == ["wang"]


def test_a_refresh_token_ends_when_idle_and_after_two_weeks(house: House) -> None:
    house.open("wang")
    idle = house.sign_in("wang").json()["refresh_token"]
    token = house.sign_in("wang").json()["refresh_token"]
    for _ in range(28):
        house.later(hours=11.9)
        answer = refreshed(house, token)
        assert answer.status_code == 200
        token = answer.json()["refresh_token"]
    assert refreshed(house, idle).status_code == 401
    house.later(hours=3)
    assert refreshed(house, token).status_code == 401


def test_tokens_are_good_only_for_what_they_are(house: House) -> None:
    house.open("wang")
    tokens = house.sign_in("wang").json()
    assert who(house, tokens["refresh_token"]).status_code == 401
    assert refreshed(house, tokens["access_token"]).status_code == 401
    house.client.cookies.set("gis_session", tokens["access_token"])
    assert house.client.get("/session").status_code == 401


def test_signing_out_ends_all_that_came_of_the_sign_in(house: House) -> None:
    house.open("wang")
    tokens = house.sign_in("wang").json()
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert house.client.delete("/tokens/current", headers=header).status_code == 204
    assert house.client.delete("/tokens/current", headers=header).status_code == 401
    assert refreshed(house, tokens["refresh_token"]).status_code == 401


def signed_in(house: House, address: str = "http://testserver") -> tuple[Any, dict[str, str], str]:
    browser = house.visitor(address)
    answer = browser.post("/session", json={"name": "wang", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return browser, {"X-CSRF-Token": answer.json()["csrf_token"]}, answer.headers["set-cookie"]


def test_a_browser_keeps_its_session_out_of_reach(house: House) -> None:
    house.open("wang")
    _, _, cookie = signed_in(house)
    assert cookie.startswith("gis_session=gis_ss_")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    _, _, safe = signed_in(house, "https://testserver")
    assert "Secure" in safe.split("; ")


def test_a_writing_request_must_be_meant(house: House) -> None:
    house.open("wang")
    browser, meant, _ = signed_in(house)
    assert browser.get("/session").json()["csrf_token"] == meant["X-CSRF-Token"]
    for headers in ({}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": "防伪".encode()}):
        refused = browser.delete("/session", headers=headers)
        assert refused.status_code == 403
        assert "防伪" in refused.json()["detail"]
    assert browser.delete("/session", headers=meant).status_code == 204
    assert browser.get("/session").status_code == 401


def test_a_session_ends_when_idle_and_after_half_a_day(fresh_engine: Engine, tmp_path: Path) -> None:
    house = House(session_factory(fresh_engine), tmp_path)
    house.open("wang")
    idle, _, _ = signed_in(house)
    browser, _, _ = signed_in(house)
    for _ in range(24):
        house.later(minutes=29)
        assert browser.get("/session").status_code == 200
    assert idle.get("/session").status_code == 401
    house.later(minutes=28)
    assert browser.get("/session").status_code == 401


def test_a_dead_cookie_is_no_cookie(house: House) -> None:
    """A browser sends it along whether anybody means it or not: also to sign in anew."""
    house.open("wang")
    browser, _, _ = signed_in(house)
    house.later(hours=13)
    assert browser.get("/divisions").status_code == 200
    again = browser.post("/session", json={"name": "wang", "password": PASSWORD})
    assert again.status_code == 200


def test_a_closed_account_is_out_at_once(house: House) -> None:
    house.open("wang", Role.registrar)
    token = house.sign_in("wang").json()["access_token"]
    browser, _, _ = signed_in(house)
    with transaction(house.sessions, actor=REGISTRAR, at=house.at) as tx:
        commands.close(tx, "wang", reason="调离")
    assert who(house, token).status_code == 401
    assert browser.get("/session").status_code == 401
    assert house.sign_in("wang").status_code == 401


def test_a_new_password_ends_every_token(house: House) -> None:
    house.open("wang")
    header, other = house.bearer("wang"), house.bearer("wang")
    wanted = {"present": PASSWORD, "wanted": "孤舟蓑笠翁 独钓寒江雪 1045"}
    assert house.client.post("/account/password", json=wanted, headers=header).status_code == 204
    for each in (header, other):
        assert house.client.get("/session", headers=each).status_code == 401
    assert house.sign_in("wang").status_code == 401
    assert house.sign_in("wang", wanted["wanted"]).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "rule"),
    [
        ("short", "R-ACC-01"),
        ("wang is my name", "R-ACC-02"),
        ("password123456", "R-ACC-03"),
        (PASSWORD, "R-ACC-04"),
    ],
)
def test_a_poor_password_is_refused_with_its_rule(house: House, wanted: str, rule: str) -> None:
    house.open("wang")
    change = {"present": PASSWORD, "wanted": wanted}
    answer = house.client.post("/account/password", json=change, headers=house.bearer("wang"))
    assert answer.status_code == 422
    assert rule in {finding["rule"] for finding in answer.json()["findings"]}
    assert wanted not in answer.text
    assert house.sign_in("wang").status_code == 200


def test_guessing_the_present_password_counts_too(house: House) -> None:
    house.open("wang")
    header = house.bearer("wang")
    guess = {"present": "wrong horse battery", "wanted": "孤舟蓑笠翁 独钓寒江雪 1045"}
    for _ in range(5):
        assert house.client.post("/account/password", json=guess, headers=header).status_code == 401
    assert house.sign_in("wang").status_code == 401


def test_who_must_change_his_password_can_do_nothing_else(house: House) -> None:
    house.open("wang", Role.administrator)
    with transaction(house.sessions, actor=REGISTRAR, at=house.at) as tx:
        commands.expire_password(tx, "wang", reason="疑似泄露")
    header = house.bearer("wang")
    told = house.client.get("/session", headers=header).json()
    assert told["must_change_password"]
    assert told["clearance"] == "公开"
    refused = house.client.get("/accounts", headers=header)
    assert refused.status_code == 403
    wanted = {"present": PASSWORD, "wanted": "孤舟蓑笠翁 独钓寒江雪 1045"}
    assert house.client.post("/account/password", json=wanted, headers=header).status_code == 204
    assert (
        house.client.get("/accounts", headers=house.bearer("wang", password=wanted["wanted"])).status_code
        == 200
    )


def test_a_one_time_link_sets_a_password_once(house: House) -> None:
    house.open("wang", password=None)
    with transaction(house.sessions, actor=REGISTRAR, at=house.at) as tx:
        token = commands.invite(tx, "wang").token
    poor = house.client.post("/invitations/acceptance", json={"token": token, "password": "short"})
    assert poor.status_code == 422
    good = house.client.post("/invitations/acceptance", json={"token": token, "password": PASSWORD})
    assert good.json() == {"name": "wang"}
    assert house.sign_in("wang").status_code == 200
    again = house.client.post("/invitations/acceptance", json={"token": token, "password": PASSWORD + "x"})
    assert again.status_code == 401


def test_a_one_time_link_ends_after_three_days_and_when_another_is_given(house: House) -> None:
    house.open("wang", password=None)
    with transaction(house.sessions, actor=REGISTRAR, at=house.at) as tx:
        old, new = (commands.invite(tx, "wang").token for _ in range(2))

    def used(token: str) -> int:
        given = {"token": token, "password": PASSWORD}
        return house.client.post("/invitations/acceptance", json=given).status_code

    assert used(old) == 401
    house.later(hours=73)
    assert used(new) == 401


def test_a_service_token_does_what_it_is_for(house: House) -> None:
    house.open("robot", Role.registrar, Role.auditor)
    with transaction(house.sessions, actor=REGISTRAR, at=house.at) as tx:
        account = account_named(tx.session, "robot")
        acts = commands.acts_named(["accounts.read"])
        token = commands.issue_service_token(tx, account, commands.Service("取数", 5, acts)).token
    header = {"Authorization": f"Bearer {token}"}
    assert house.client.get("/accounts", headers=header).status_code == 200
    refused = house.client.get("/changes", headers=header)
    assert refused.status_code == 403
    assert "此令牌不能" in refused.json()["detail"]
    house.later(days=5)
    assert house.client.get("/accounts", headers=header).status_code == 401


def test_what_signs_in_is_counted(house: House) -> None:
    counted = {
        (method, path)
        for path, methods in house.app.openapi()["paths"].items()
        for method, operation in methods.items()
        if any(tag in operation.get("tags", ()) for tag in ("登录",)) and method == "post"
    }
    assert counted == {("post", "/tokens"), ("post", "/tokens/refresh"), ("post", "/session")}
