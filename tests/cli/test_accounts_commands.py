"""Accounts as an operator administers them, and as a script gets its token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from gis_service.cli.first_account import (
    HOW,
    open_first_account,
    tell_first_account,
    welcome_first_account,
)
from gis_service.foundation.access import Act, Role
from gis_service.foundation.database import session_factory
from gis_service.foundation.settings import read_settings
from gis_service.foundation.transaction import transaction
from gis_service.foundation.web import Credential
from gis_service.procedures.accounts.commands import identify
from tests.cli.conftest import Desk
from tests.support.factories import NOW, REGISTRAR, drawn


def test_a_script_gets_a_token_on_standard_output_and_nothing_else(desk: Desk) -> None:
    told = desk.run(
        "accounts", "create", "robot", "--role", "registrar", "--within", "全国", "--token-stdout"
    )
    token = told.stdout.rstrip("\n")
    assert token.startswith("gis_st_")
    assert "\n" not in token
    assert "robot" in told.stderr
    with sessionmaker(desk.engine())() as session:
        actor = identify(session, Credential(token), datetime.now(UTC))
    assert (actor.name, actor.second_factor, actor.scope) == ("robot", True, None)
    assert [(grant.role, grant.division_id) for grant in actor.grants] == [(Role.registrar, None)]
    assert actor.reach(Act.enact_change).everywhere


def test_a_token_holds_thirty_days_unless_told_otherwise(desk: Desk) -> None:
    words = ("--role", "viewer", "--everywhere", "--token-stdout")
    month = desk.run("accounts", "create", "one", *words).stdout.strip()
    week = desk.run("accounts", "create", "two", *words, "--days", "7").stdout.strip()
    with sessionmaker(desk.engine())() as session:
        for token, days in ((month, 30), (week, 7)):
            last = datetime.now(UTC) + timedelta(days=days)
            identify(session, Credential(token), last - timedelta(hours=1))
            with pytest.raises(Exception, match="已过期"):
                identify(session, Credential(token), last + timedelta(hours=1))


def test_a_jurisdiction_is_a_division_of_the_register(desk: Desk) -> None:
    with transaction(sessionmaker(desk.engine()), actor=REGISTRAR, at=NOW) as tx:
        units = drawn(tx, "A", {"A": ("320102", "甲区")})
    words = ("--role", "区划登记员", "--role", "naming-officer", "--within", "320102", "--token-stdout")
    token = desk.run("accounts", "create", "rr", *words).stdout.strip()
    with sessionmaker(desk.engine())() as session:
        actor = identify(session, Credential(token), datetime.now(UTC))
    assert actor.reach(Act.enact_change).roots == {units["A"]}
    assert {grant.role for grant in actor.grants} == {Role.registrar, Role.naming_officer}


def test_a_jurisdiction_the_register_does_not_hold_is_refused(desk: Desk) -> None:
    words = ("accounts", "create", "robot", "--role", "registrar", "--token-stdout")
    told = desk.run(*words, "--within", "320000", code=1)
    assert told.stdout == ""
    assert "intake load" in told.stderr
    assert "--within" in desk.run(*words, code=2).stderr


def test_a_name_that_cannot_be_typed_is_refused(desk: Desk) -> None:
    told = desk.run("accounts", "create", "王", "--role", "viewer", "--everywhere", "--token-stdout", code=2)
    assert told.stdout == ""
    assert "2 至 40 位" in told.stderr


def test_people_get_a_one_time_link(desk: Desk) -> None:
    told = desk.json("accounts", "create", "wang", "--role", "registrar", "--everywhere", "--title", "王登记")
    assert told["link"].startswith("http://127.0.0.1:8000/welcome#gis_in_")


EVERYWHERE = ("--role", "registrar", "--everywhere")


def test_an_account_is_administered_from_opening_to_closing(desk: Desk) -> None:
    desk.run("accounts", "create", "wang", *EVERYWHERE, "--title", "王登记", "--authority", "民政部")
    desk.run("accounts", "appoint", "wang", "--role", "审计员", "--within", "全国")
    desk.run("accounts", "clear", "wang", "涉密", "--reason", "工作需要")
    desk.run("accounts", "link", "wang", "--issuer", "https://id.example.cn", "--subject", "8f2c")
    told = desk.json("accounts", "show", "wang")
    assert {role["role"] for role in told["roles"]} == {"registrar", "auditor"}
    assert (told["authority"], told["clearance"], told["subject"]) == ("民政部", "涉密", "8f2c")
    told = desk.json("accounts", "dismiss", "wang", "--role", "registrar", "--everywhere")
    assert [role["role"] for role in told["roles"]] == ["auditor"]
    assert desk.json("accounts", "close", "wang", "--reason", "调离")["closed_at"] is not None
    assert [account["name"] for account in desk.json("accounts", "list")] == ["wang"]
    assert "停用" in desk.run("accounts", "list").stdout


def test_tokens_are_issued_for_some_acts_listed_and_revoked(desk: Desk) -> None:
    desk.run("accounts", "create", "robot", *EVERYWHERE)
    token = desk.run(
        "accounts", "token", "robot", "--days", "3", "--act", "changes.read", "--for", "取数"
    ).stdout.strip()
    assert token.startswith("gis_st_")
    [_, listed] = desk.json("accounts", "tokens", "list", "robot")
    assert (listed["name"], listed["acts"]) == ("取数", ["changes.read"])
    assert token not in desk.run("accounts", "tokens", "list", "robot").stdout
    desk.run("accounts", "tokens", "revoke", "robot", listed["id"])
    assert len(desk.json("accounts", "tokens", "list", "robot")) == 1
    desk.run("accounts", "tokens", "revoke", "robot", "--all")
    assert desk.json("accounts", "tokens", "list", "robot") == []
    assert (
        "changes.enact" in desk.run("accounts", "token", "robot", "--days", "3", "--act", "x", code=2).stderr
    )
    assert "1 至 400" in desk.run("accounts", "token", "robot", "--days", "999", code=2).stderr


def test_what_needs_a_password_says_how_to_get_one(desk: Desk) -> None:
    desk.run("accounts", "create", "wang", *EVERYWHERE)
    for words in (("unlock", "wang"), ("expire-password", "wang", "--reason", "泄露")):
        assert "accounts invite" in desk.run("accounts", *words, code=1).stderr
    assert desk.json("accounts", "invite", "wang")["link"].partition("#")[2].startswith("gis_in_")
    assert (
        "没有登记" in desk.run("accounts", "reset-second-factor", "wang", "--reason", "遗失", code=1).stderr
    )


def test_a_command_with_a_token_acts_for_its_account(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("--role", "auditor", "--everywhere", "--token-stdout")
    monkeypatch.setenv("GIS_TOKEN", desk.run("accounts", "create", "shen", *words).stdout.strip())
    assert desk.json("accounts", "show", "shen")["name"] == "shen"
    refused = desk.run("accounts", "create", "li", *EVERYWHERE, code=1)
    assert "您的角色不能" in refused.stderr


def test_the_first_account_is_opened_once(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.run("database", "status")
    sessions, settings = session_factory(desk.engine()), read_settings()
    welcome_first_account(sessions, settings, "http://127.0.0.1:8000")
    assert HOW in capsys.readouterr().out, "nobody watches: what is said is kept"
    invitation = open_first_account(sessions, settings)
    assert invitation is not None
    tell_first_account(invitation, "http://127.0.0.1:8001")
    assert f"http://127.0.0.1:8001/welcome#{invitation.token}" in capsys.readouterr().out
    assert open_first_account(sessions, settings) is None
    tell_first_account(None, "http://127.0.0.1:8001")
    welcome_first_account(sessions, settings, "http://127.0.0.1:8000")
    assert capsys.readouterr().out == ""
    told = desk.json("accounts", "show", "admin")
    assert [role["role"] for role in told["roles"]] == ["administrator"]
    assert not told["has_password"]


def test_no_account_is_opened_where_the_keyboard_counts_for_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIS_LOCAL_OPERATOR", "off")
    assert open_first_account(session_factory(desk.engine()), read_settings()) is None
