"""Accounts in tests: opened with a role and a password, signing in by a clock the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from gis_service.agenda import due
from gis_service.foundation.access import Classification, Role
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.foundation.web import Ground, stand_on
from gis_service.foundation.web.installation import install
from gis_service.procedures.accounts import commands
from gis_service.procedures.accounts.commands import Service
from gis_service.reactions import react
from gis_service.registers.authorities.commands import NewAccount
from gis_service.registers.authorities.queries import account_named
from gis_service.schema import newest_revision
from tests.support.factories import NOW, REGISTRAR
from tests.support.web import UNRATED, service

PASSWORD = "落霞与孤鹜齐飞 plain"


@dataclass
class House:
    """A whole service with real credentials; `at` is its clock."""

    sessions: sessionmaker[Session]
    home: Path
    at: datetime = NOW
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.app = service()
        install(self.app, Settings(home=self.home, rates=UNRATED))
        ground = Ground(self.sessions, lambda: self.at, react, newest_revision(), commands.identify, due)
        stand_on(self.app, ground)
        self.client = self.visitor()

    @property
    def key(self) -> Path:
        return self.home / "keys" / "accounts.key"

    def visitor(self, address: str = "http://testserver") -> TestClient:
        """Somebody with a browser of his own."""
        return TestClient(self.app, base_url=address, raise_server_exceptions=False)

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)

    def open(
        self,
        name: str,
        *roles: Role,
        within: Any = None,
        password: str | None = PASSWORD,
        clearance: Classification = Classification.internal,
    ) -> None:
        """An account whose holder has set his password."""
        with transaction(self.sessions, actor=REGISTRAR, at=self.at) as tx:
            new = NewAccount(name, name, f"{name}的机关", within, clearance)
            account = commands.open_with_roles(tx, new, frozenset(roles))
            if password is not None:
                commands.accept(tx, commands.invite_to(tx, account).token, password)

    def sign_in(self, name: str, password: str = PASSWORD, code: str | None = None) -> Any:
        return self.client.post("/tokens", json={"name": name, "password": password, "code": code})

    def bearer(self, name: str, **more: Any) -> dict[str, str]:
        """The header of somebody who has just signed in."""
        answer = self.sign_in(name, **more)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def strong(self, name: str) -> dict[str, str]:
        """The header of a token that counts as a second factor."""
        with transaction(self.sessions, actor=REGISTRAR, at=self.at) as tx:
            account = account_named(tx.session, name)
            issued = commands.issue_service_token(tx, account, Service("测试", 30))
        return {"Authorization": f"Bearer {issued.token}"}

    def enrol(self, name: str) -> tuple[str, list[str]]:
        """Enrol an authenticator: its secret, and the recovery codes."""
        header = self.bearer(name)
        begun = self.client.post("/account/second-factor", json={"password": PASSWORD}, headers=header)
        secret = begun.json()["secret"]
        done = self.client.post(
            "/account/second-factor/confirmation", json={"code": self.code(secret)}, headers=header
        )
        assert done.status_code == 200, done.text
        return secret, done.json()["recovery_codes"]

    def code(self, secret: str, steps: int = 0) -> str:
        return pyotp.TOTP(secret).at(self.at, counter_offset=steps)
