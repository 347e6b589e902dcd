"""Codes of an authenticator: enrolled, demanded, not taken twice, and what stands in when it is lost."""

from __future__ import annotations

import stat
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Role
from gis_service.foundation.transaction import transaction
from gis_service.procedures.accounts import commands
from gis_service.procedures.accounts.models import RecoveryCode, SecondFactor
from tests.support.accounts import PASSWORD, House
from tests.support.factories import REGISTRAR


def test_an_enrolled_code_is_demanded_and_strengthens(house: House) -> None:
    house.open("wang", Role.registrar)
    secret, codes = house.enrol("wang")
    assert len(set(codes)) == 10
    without = house.sign_in("wang")
    assert without.status_code == 403
    assert without.json()["type"] == "/problems/second-factor-needed"
    house.later(minutes=1)
    answer = house.sign_in("wang", code=house.code(secret))
    assert answer.json()["second_factor"]
    told = house.client.get("/session", headers={"Authorization": f"Bearer {answer.json()['access_token']}"})
    assert "changes.enact" in told.json()["acts"]


def test_demanding_a_code_neither_counts_nor_forgives(house: House) -> None:
    house.open("wang")
    secret, _ = house.enrol("wang")
    house.later(minutes=1)
    for _ in range(4):
        house.sign_in("wang", "wrong horse battery")
    for _ in range(6):
        assert house.sign_in("wang").status_code == 403
    assert house.sign_in("wang", code="000000").status_code == 401
    assert house.sign_in("wang", code=house.code(secret)).status_code == 401, "locked by the fifth"


def test_a_code_is_taken_once(house: House) -> None:
    house.open("wang")
    secret, _ = house.enrol("wang")
    assert house.sign_in("wang", code=house.code(secret)).status_code == 401, "the one that confirmed it"
    house.later(minutes=1)
    code = house.code(secret)
    assert house.sign_in("wang", code=code).status_code == 200
    assert house.sign_in("wang", code=code).status_code == 401


def test_clocks_may_differ_by_one_step(house: House) -> None:
    house.open("wang")
    secret, _ = house.enrol("wang")
    house.later(minutes=10)
    assert house.sign_in("wang", code=house.code(secret, -2)).status_code == 401
    assert house.sign_in("wang", code=house.code(secret, 2)).status_code == 401
    assert house.sign_in("wang", code=house.code(secret, -1)).status_code == 200
    assert house.sign_in("wang", code=house.code(secret, 1)).status_code == 200
    assert house.sign_in("wang", code=house.code(secret)).status_code == 401, "before the last one taken"


def test_a_recovery_code_stands_in_once(house: House) -> None:
    house.open("wang")
    _, codes = house.enrol("wang")
    typed = codes[0].upper().replace("-", " ")
    assert house.sign_in("wang", code=typed).json()["second_factor"]
    assert house.sign_in("wang", code=codes[0]).status_code == 401
    header = house.bearer("wang", code=codes[1])
    again = {"password": PASSWORD, "code": codes[2]}
    fresh = house.client.post("/account/recovery-codes", json=again, headers=header).json()["recovery_codes"]
    assert house.sign_in("wang", code=codes[3]).status_code == 401
    assert house.sign_in("wang", code=fresh[0]).status_code == 200


def test_the_database_alone_tells_no_secret(house: House, session: Session) -> None:
    house.open("wang")
    secret, codes = house.enrol("wang")
    factor = session.scalars(select(SecondFactor)).one()
    assert factor.sealed is not None
    assert secret.encode() not in factor.sealed
    assert not set(codes) & set(session.scalars(select(RecoveryCode.digest)))
    assert stat.S_IMODE(house.key.stat().st_mode) == 0o600


def test_another_key_opens_nothing_and_says_so(house: House) -> None:
    house.open("wang")
    secret, _ = house.enrol("wang")
    house.key.unlink()
    house.later(minutes=1)
    answer = house.sign_in("wang", code=house.code(secret))
    assert answer.status_code == 503
    assert "accounts.key" in answer.json()["way_out"]


def begun(house: House, header: dict[str, str], **more: Any) -> Any:
    return house.client.post("/account/second-factor", json={"password": PASSWORD, **more}, headers=header)


def test_enrolling_asks_for_the_password_again(house: House) -> None:
    house.open("wang")
    header = house.bearer("wang")
    refused = begun(house, header, password="wrong horse battery")
    assert refused.status_code == 401
    assert begun(house, header).json()["qr"].startswith("data:image/svg+xml")


def test_a_wrong_code_confirms_nothing(house: House) -> None:
    house.open("wang")
    header = house.bearer("wang")
    begun(house, header)
    wrong = house.client.post("/account/second-factor/confirmation", json={"code": "000000"}, headers=header)
    assert wrong.status_code == 422
    assert house.sign_in("wang").status_code == 200


def test_the_old_authenticator_holds_until_the_new_one_is_confirmed(house: House) -> None:
    house.open("wang")
    old, codes = house.enrol("wang")
    header = house.bearer("wang", code=codes[0])
    assert begun(house, header).status_code == 403, "no code"
    new = begun(house, header, code=codes[1]).json()["secret"]
    house.later(minutes=2)
    header = house.bearer("wang", code=house.code(old))
    confirmed = house.client.post(
        "/account/second-factor/confirmation", json={"code": house.code(new)}, headers=header
    )
    assert confirmed.status_code == 200
    house.later(minutes=2)
    assert house.sign_in("wang", code=house.code(old)).status_code == 401
    assert house.sign_in("wang", code=house.code(new)).status_code == 200


def test_confirming_strengthens_the_session_it_was_done_in(house: House) -> None:
    house.open("wang", Role.registrar)
    browser = house.visitor()
    csrf = browser.post("/session", json={"name": "wang", "password": PASSWORD}).json()["csrf_token"]
    meant = {"X-CSRF-Token": csrf}
    secret = begun_by(browser, meant)
    browser.post("/account/second-factor/confirmation", json={"code": house.code(secret)}, headers=meant)
    assert browser.get("/session").json()["second_factor"]


def begun_by(browser: Any, meant: dict[str, str]) -> str:
    answer = browser.post("/account/second-factor", json={"password": PASSWORD}, headers=meant)
    return str(answer.json()["secret"])


def test_an_administrator_takes_a_lost_one_away(house: House) -> None:
    house.open("wang")
    _, codes = house.enrol("wang")
    header = house.bearer("wang", code=codes[0])
    with transaction(house.sessions, actor=REGISTRAR, at=house.at) as tx:
        commands.remove_second_factor(tx, "wang", reason="手机遗失")
    assert house.client.get("/session", headers=header).status_code == 401
    assert house.sign_in("wang").json()["second_factor"] is False
