"""Credentials: passwords, second factors, codes for when one is lost, and tokens. None is kept readable."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.database import Base

MOMENT = DateTime(timezone=True)


class Password(Base):
    """The password of an account as its argon2id hash, and how often somebody guessed wrong lately.

    `lockouts` counts how often it was locked since the last success: each lasts longer than the one before.
    """

    __tablename__ = "password"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hash: Mapped[str]
    must_change: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(MOMENT)
    failures: Mapped[int] = mapped_column(default=0)
    lockouts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(MOMENT)


class SecondFactor(Base):
    """The secret that an account shares with an authenticator (TOTP), sealed with a key outside the database.

    `pending` is one that was shown but not confirmed by a code yet. No code up to `last_step` is taken.
    """

    __tablename__ = "second_factor"
    __table_args__ = (
        CheckConstraint("(sealed IS NULL) = (confirmed_at IS NULL)", name="confirmed_when_sealed"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[bytes | None]
    pending: Mapped[bytes | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(MOMENT)
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A code that stands in once for a lost authenticator; gone when used."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)


class Token(Base):
    """Something random that its holder shows instead of a password; only its SHA-256 is kept.

    `family` are those that came of one sign-in. `expires_at` may be moved on by use, never beyond `ends_at`.
    `spent_at` is when a refresh token or an invitation was used. `acts` narrows a service token.
    """

    __tablename__ = "token"
    __table_args__ = (
        UniqueConstraint("digest", info={"conflict": "令牌重复"}),
        CheckConstraint(
            "kind IN ('access', 'refresh', 'service', 'session', 'invitation')", name="known_kind"
        ),
        CheckConstraint("expires_at <= ends_at", name="ends_in_time"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    digest: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    family: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str | None]
    acts: Mapped[list[str] | None] = mapped_column(ARRAY(String))
    second_factor: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(MOMENT)
    used_at: Mapped[datetime | None] = mapped_column(MOMENT)
    expires_at: Mapped[datetime] = mapped_column(MOMENT)
    ends_at: Mapped[datetime] = mapped_column(MOMENT)
    spent_at: Mapped[datetime | None] = mapped_column(MOMENT)
    revoked_at: Mapped[datetime | None] = mapped_column(MOMENT)
