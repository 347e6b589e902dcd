"""Accounts as an operator administers them, and as a script gets its token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from gis_service.foundation.access import Act, Role
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
