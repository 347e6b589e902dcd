"""Administrators manage the accounts wholly within their reach, and nobody gives himself anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from gis_service.foundation.access import Classification, Role
from gis_service.foundation.transaction import transaction
from tests.support.accounts import PASSWORD, House
from tests.support.factories import REGISTRAR, drawn


@pytest.fixture
def units(house: House) -> dict[str, UUID]:
    """Two districts of one city, one of another."""
    with transaction(house.sessions, actor=REGISTRAR, at=house.at) as tx:
        named = {"A": ("320102", "甲区"), "B": ("320104", "乙区"), "C": ("320602", "丙区")}
        return drawn(tx, "ABC", named)


@pytest.fixture
def asked(house: House, units: dict[str, UUID]) -> Callable[..., Any]:
    """What the administrator of the first city is answered."""
    house.open("chief", Role.administrator, within=units["320100"])
    house.open("near", Role.registrar, within=units["A"])
    house.open("far", Role.registrar, within=units["C"])
    header = house.strong("chief")

    def ask(method: str, path: str, **body: Any) -> Any:
        return house.client.request(method, path, headers=header, json=body or None)

    return ask


def newcomer(**more: Any) -> dict[str, Any]:
    usual = {
        "name": "li",
        "title": "李编辑",
        "authority": "甲区民政局",
        "within": "320102",
        "roles": ["editor"],
    }
    return usual | more


def test_an_account_is_opened_with_a_link_and_no_password(asked: Callable[..., Any], house: House) -> None:
    opened = asked("POST", "/accounts", **newcomer())
    assert opened.status_code == 201, opened.text
    assert opened.headers["location"] == "/accounts/li"
    told = opened.json()
    assert told["account"]["roles"][0]["within"] == {"code": "320102", "name": "甲区"}
    assert not told["account"]["has_password"]
    token = told["invitation"]["link"].partition("#")[2]
    house.client.post("/invitations/acceptance", json={"token": token, "password": PASSWORD})
    assert house.sign_in("li").status_code == 200


def test_only_accounts_within_reach_are_seen(asked: Callable[..., Any]) -> None:
    listed = asked("GET", "/accounts").json()["items"]
    assert [account["name"] for account in listed] == ["chief", "near"]
    assert asked("GET", "/accounts/near").json()["roles"][0]["word"] == "区划登记员"
    assert asked("GET", "/accounts/far").status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("appointments", {"role": "viewer", "within": "320102"}),
        ("closure", {"reason": "调离"}),
        ("clearance", {"clearance": "公开", "reason": "调整"}),
        ("invitation", {}),
        ("service-tokens", {"name": "取数", "days": 3}),
        ("password-expiry", {"reason": "泄露"}),
        ("outside-identity", {"issuer": "https://id.example.cn", "subject": "1"}),
    ],
)
def test_accounts_beyond_reach_are_not_managed(asked: Callable[..., Any], path: str, body: Any) -> None:
    refused = asked("POST", f"/accounts/far/{path}", **body)
    assert refused.status_code == 403
    assert "不在您的辖区" in refused.json()["detail"]


def test_roles_are_granted_within_reach_only(asked: Callable[..., Any]) -> None:
    inside = asked("POST", "/accounts/near/appointments", role="naming_officer", within="320104")
    assert {role["role"] for role in inside.json()["roles"]} == {"registrar", "naming_officer"}
    for beyond in ("320602", "全国"):
        assert asked("POST", "/accounts/near/appointments", role="viewer", within=beyond).status_code == 403
    assert asked("POST", "/accounts", **newcomer(within="全国")).status_code == 403


def test_nobody_gives_himself_anything(asked: Callable[..., Any]) -> None:
    for path, body in (
        ("appointments", {"role": "registrar", "within": "320102"}),
        ("clearance", {"clearance": "内部", "reason": "需要"}),
    ):
        refused = asked("POST", f"/accounts/chief/{path}", **body)
        assert refused.status_code == 403
        assert "自己" in refused.json()["detail"]


def test_who_knows_more_is_not_managed_by_who_knows_less(
    asked: Callable[..., Any], house: House, units: Any
) -> None:
    house.open("keeper", Role.registrar, within=units["A"], clearance=Classification.secret)
    refused = asked("POST", "/accounts/keeper/invitation")
    assert refused.status_code == 403
    assert "知悉范围" in refused.json()["detail"]
    assert asked("POST", "/accounts", **newcomer(clearance="涉密")).status_code == 403


@pytest.mark.usefixtures("asked")
def test_managing_asks_for_a_second_factor(house: House) -> None:
    header = house.bearer("chief")
    assert house.client.get("/accounts", headers=header).status_code == 200
    refused = house.client.post("/accounts", json=newcomer(), headers=header)
    assert refused.json()["type"] == "/problems/second-factor-needed"


def test_a_role_ends_at_once(asked: Callable[..., Any], house: House) -> None:
    header = house.bearer("near")
    assert house.client.get("/changes", headers=header).status_code == 200
    ended = asked("POST", "/accounts/near/dismissal", role="registrar", within="320102", reason="轮岗")
    assert ended.json()["roles"] == []
    assert house.client.get("/changes", headers=header).status_code == 403
    again = asked("POST", "/accounts/near/dismissal", role="registrar", within="320102")
    assert again.status_code == 404


def test_closing_is_for_good(asked: Callable[..., Any], house: House) -> None:
    header = house.bearer("near")
    closed = asked("POST", "/accounts/near/closure", reason="调离")
    assert closed.json()["closed_at"] is not None
    assert house.client.get("/session", headers=header).status_code == 401
    assert asked("POST", "/accounts/near/invitation").status_code == 409
    assert asked("POST", "/accounts", **newcomer(name="near")).status_code == 409


def test_tokens_are_listed_without_themselves_and_revoked(asked: Callable[..., Any], house: House) -> None:
    made = asked("POST", "/accounts/near/service-tokens", name="夜间取数", days=3, acts=["changes.read"])
    token = made.json()["token"]
    header = {"Authorization": f"Bearer {token}"}
    assert house.client.get("/changes", headers=header).status_code == 200
    told = asked("GET", "/accounts/near")
    assert token not in told.text
    [record] = told.json()["tokens"]
    assert (record["name"], record["acts"], record["second_factor"]) == ("夜间取数", ["changes.read"], True)
    assert asked("DELETE", f"/accounts/near/tokens/{record['id']}").status_code == 204
    assert house.client.get("/changes", headers=header).status_code == 401
    other = house.bearer("near")
    assert asked("DELETE", "/accounts/near/tokens").status_code == 204
    assert house.client.get("/session", headers=other).status_code == 401


def test_a_token_of_somebody_else_is_not_found(asked: Callable[..., Any], house: House) -> None:
    mine = house.bearer("near")
    house.bearer("far")
    other = house.client.get("/account/tokens", headers=house.bearer("far")).json()[0]
    assert asked("DELETE", f"/accounts/near/tokens/{other['id']}").status_code == 404
    assert house.client.delete(f"/account/tokens/{other['id']}", headers=mine).status_code == 404


def test_names_that_differ_in_case_only_are_refused(asked: Callable[..., Any]) -> None:
    refused = asked("POST", "/accounts", **newcomer(name="Near"))
    assert refused.status_code == 409
    assert "大小写" in refused.json()["detail"]


def test_a_locked_account_is_unlocked(asked: Callable[..., Any], house: House) -> None:
    for _ in range(5):
        house.sign_in("near", "wrong horse battery")
    assert asked("GET", "/accounts/near").json()["locked_until"] is not None
    assert asked("POST", "/accounts/near/unlocking").json()["locked_until"] is None
    assert house.sign_in("near").status_code == 200


@pytest.mark.usefixtures("asked")
def test_the_public_and_registrars_see_no_accounts(house: House) -> None:
    assert house.client.get("/accounts").status_code == 401
    assert house.client.get("/accounts", headers=house.bearer("near")).status_code == 403
