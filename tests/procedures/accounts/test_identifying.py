"""Whose credential it is, where an identity provider vouches; and what becomes of what one may do."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from gis_service.foundation.access import Role
from gis_service.foundation.errors import NotSignedIn
from gis_service.foundation.transaction import transaction
from gis_service.foundation.web import Credential
from gis_service.procedures.accounts import commands
from tests.support.accounts import House
from tests.support.factories import NOW, REGISTRAR

JWT = "eyJ.eyJ.sig"


@dataclass(frozen=True)
class Said:
    issuer: str = "https://id.example.cn"
    subject: str = "8f2c"
    authenticated_by: frozenset[str] = frozenset({"pwd"})


@dataclass(frozen=True)
class Provider:
    """Vouches for whoever it is told to."""

    said: Said

    def verify(self, token: str) -> Said:
        assert token == JWT
        return self.said


def linked(house: House) -> None:
    house.open("wang", Role.registrar)
    with transaction(house.sessions, actor=REGISTRAR, at=NOW) as tx:
        commands.link(tx, "wang", issuer="https://id.example.cn", subject="8f2c")


@pytest.mark.parametrize(("methods", "second"), [({"pwd"}, False), ({"pwd", "otp"}, True), ({"mfa"}, True)])
def test_a_provider_vouches_for_a_linked_account(
    house: House, session: Session, methods: set[str], second: bool
) -> None:
    linked(house)
    identify = commands.identify_with(Provider(Said(authenticated_by=frozenset(methods))))
    actor = identify(session, Credential(JWT), NOW)
    assert (actor.name, actor.second_factor) == ("wang", second)


def test_a_stranger_to_us_is_told_to_be_linked(house: House, session: Session) -> None:
    linked(house)
    identify = commands.identify_with(Provider(Said(subject="other")))
    with pytest.raises(NotSignedIn, match="没有连到") as refused:
        identify(session, Credential(JWT), NOW)
    assert "accounts link" in refused.value.way_out


def test_our_own_tokens_are_known_beside_a_provider(house: House, session: Session) -> None:
    linked(house)
    token = house.strong("wang")["Authorization"].partition(" ")[2]
    identify = commands.identify_with(Provider(Said()))
    assert identify(session, Credential(token), NOW).second_factor


def test_without_a_provider_its_tokens_are_unknown(house: House, session: Session) -> None:
    linked(house)
    with pytest.raises(NotSignedIn):
        commands.identify(session, Credential(JWT), NOW)


def test_a_provider_cannot_vouch_for_a_closed_account(house: House, session: Session) -> None:
    linked(house)
    with transaction(house.sessions, actor=REGISTRAR, at=NOW) as tx:
        commands.close(tx, "wang", reason="调离")
    with pytest.raises(NotSignedIn, match="停用"):
        commands.identify_with(Provider(Said()))(session, Credential(JWT), NOW)
