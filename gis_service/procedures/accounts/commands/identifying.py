"""Whose credential it is: what `Ground.identify` asks for every request that shows one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hmac import compare_digest
from typing import Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import ANONYMOUS, Act, Actor, Classification
from gis_service.foundation.errors import NotPermitted, NotSignedIn
from gis_service.foundation.standing import day_in_beijing
from gis_service.foundation.transaction import transaction
from gis_service.procedures.accounts.models import Token
from gis_service.procedures.accounts.queries import holds, password_of, token_shown
from gis_service.procedures.accounts.rules import Kind, csrf_of, holds_until, lasting
from gis_service.registers.authorities.queries import Shown, account_of_outside, actor_of

OWN_ACCOUNT_ONLY = frozenset({Act.keep_own_account, Act.sign_in})
SECOND_FACTORS = frozenset({"mfa", "otp"})  # as RFC 8176 calls them
_JWT_PARTS = 3


class Credential(Protocol):
    """What a request shows, as the web edge takes it from there."""

    @property
    def token(self) -> str: ...  # noqa: D102
    @property
    def is_cookie(self) -> bool: ...  # noqa: D102
    @property
    def csrf(self) -> str | None: ...  # noqa: D102
    @property
    def must_be_meant(self) -> bool: ...  # noqa: D102


class Claims(Protocol):
    """Whom a token of an identity provider speaks of."""

    @property
    def issuer(self) -> str: ...  # noqa: D102
    @property
    def subject(self) -> str: ...  # noqa: D102
    @property
    def authenticated_by(self) -> frozenset[str]: ...  # noqa: D102


class Verifier(Protocol):
    """Verifies tokens of an identity provider."""

    def verify(self, token: str) -> Claims:
        """What a sound token says; raises NotSignedIn for any other."""
        ...


Identify = Callable[[Session, Credential, datetime], Actor]


def identify_with(verifier: Verifier | None) -> Identify:
    """What tells whose a credential is: our own tokens, and those of an identity provider if there is one."""

    def identify(session: Session, credential: Credential, at: datetime) -> Actor:
        if credential.is_cookie:
            return _of_session(session, credential, at)
        if verifier is not None and credential.token.count(".") == _JWT_PARTS - 1:
            return _of_claims(session, verifier.verify(credential.token), at)
        return _of_bearer(session, credential.token, at)

    return identify


identify = identify_with(None)


def _of_bearer(session: Session, token: str, at: datetime) -> Actor:
    record = token_shown(session, token, Kind.access, Kind.service)
    if record is None or not holds(record, at):
        raise NotSignedIn("令牌无效、已过期或已撤销", way_out="请重新登录，或向系统管理员领取新的令牌")
    actor = _actor(session, record, at)
    if record.kind == Kind.service:
        _note_use(session, record, at)
        return actor
    return _held_to_own_account(session, record, actor)


def _of_session(session: Session, credential: Credential, at: datetime) -> Actor:
    """Who is signed in with a browser; nobody, once the session is over.

    A browser sends its cookie along whether anybody means it or not: to pages that are for everybody, and
    when signing in anew. What needs an account says so itself.
    """
    record = token_shown(session, credential.token, Kind.session)
    if record is None or not holds(record, at):
        return ANONYMOUS
    if credential.must_be_meant:
        _require_meant(credential)
    actor = _actor(session, record, at)
    _note_use(session, record, at)
    return _held_to_own_account(session, record, actor)


def _require_meant(credential: Credential) -> None:
    expected = csrf_of(credential.token)
    if not compare_digest((credential.csrf or "").encode(), expected.encode()):
        raise NotPermitted(
            "请求没有带上防伪令牌，未作任何改动", way_out="请刷新页面后重试；程序请改用 Authorization 头"
        )


def _of_claims(session: Session, claims: Claims, at: datetime) -> Actor:
    account = account_of_outside(session, claims.issuer, claims.subject)
    if account is None:
        raise NotSignedIn(
            "此外部身份没有连到本系统的账户", way_out="请系统管理员用 accounts link 把它连到您的账户"
        )
    shown = Shown(second_factor=bool(claims.authenticated_by & SECOND_FACTORS))
    return actor_of(session, account.id, shown, on=day_in_beijing(at))


def _actor(session: Session, record: Token, at: datetime) -> Actor:
    scope = None if record.acts is None else frozenset(Act(act) for act in record.acts if act in set(Act))
    shown = Shown(second_factor=record.second_factor, scope=scope)
    return actor_of(session, record.account_id, shown, on=day_in_beijing(at))


def _held_to_own_account(session: Session, record: Token, actor: Actor) -> Actor:
    """Until a password that must be changed is, its holder can do nothing else, and knows what all know."""
    password = password_of(session, record.account_id)
    if password is None or not password.must_change:
        return actor
    return replace(actor, scope=OWN_ACCOUNT_ONLY, clearance=Classification.public)


def _note_use(session: Session, record: Token, at: datetime) -> None:
    """Move the end of an idle session on, in a transaction of its own and not at every request."""
    if at - (record.used_at or record.made_at) < lasting("token", "touch_seconds"):
        return
    is_session = record.kind == Kind.session
    until = holds_until(Kind.session, at, record.ends_at) if is_session else record.expires_at
    sessions = sessionmaker(session.get_bind(), join_transaction_mode="create_savepoint")
    with transaction(sessions, actor=ANONYMOUS, at=at) as tx:
        wanted = update(Token).where(Token.id == record.id, Token.revoked_at.is_(None))
        tx.session.execute(wanted.values(used_at=at, expires_at=until))
