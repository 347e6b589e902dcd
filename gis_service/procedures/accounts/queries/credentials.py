"""Credentials as they are kept: of which account, and whether they hold at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.procedures.accounts.models import Password, RecoveryCode, SecondFactor, Token
from gis_service.procedures.accounts.rules import Kind, digest_of


def token_shown(session: Session, token: str, *kinds: Kind, for_update: bool = False) -> Token | None:
    """The record of a token of one of these kinds, good or not."""
    wanted = select(Token).where(Token.digest == digest_of(token), Token.kind.in_(kinds))
    return session.scalar(wanted.with_for_update() if for_update else wanted)


def holds(token: Token | None, at: datetime) -> bool:
    """Whether a token is good at a moment."""
    return token is not None and token.revoked_at is None and token.spent_at is None and at < token.expires_at


def _good(at: datetime) -> ColumnElement[bool]:
    return and_(Token.revoked_at.is_(None), Token.spent_at.is_(None), Token.expires_at > at)


def tokens_in_force(session: Session, account_id: UUID, *, at: datetime) -> Sequence[Token]:
    """The good tokens of an account, the oldest first."""
    wanted = select(Token).where(Token.account_id == account_id, _good(at))
    return session.scalars(wanted.order_by(Token.made_at, Token.id)).all()


def token_of(session: Session, account_id: UUID, token_id: UUID) -> Token:
    """A token of an account by its id.

    Raises:
        NotFound: the account has no such token.
    """
    found = session.get(Token, token_id)
    if found is None or found.account_id != account_id:
        raise NotFound("此账户没有这个令牌", way_out="请用 accounts tokens list 或 GET /accounts/{name} 查看")
    return found


def password_of(session: Session, account_id: UUID) -> Password | None:
    """What is kept of the password of an account; None where it has none yet."""
    return session.get(Password, account_id)


def has_second_factor(session: Session, account_id: UUID) -> bool:
    """Whether an authenticator is enrolled and confirmed."""
    kept = session.get(SecondFactor, account_id)
    return kept is not None and kept.confirmed_at is not None


def codes_left(session: Session, account_id: UUID) -> int:
    """How many recovery codes are left."""
    wanted = select(RecoveryCode.digest).where(RecoveryCode.account_id == account_id)
    return len(session.scalars(wanted).all())
