"""Authorities, accounts, and appointments: roles held within a division for a period.

How somebody proves who he is stands elsewhere; here is only what he may do once he has.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.access import Classification
from gis_service.foundation.database import Base, PeriodColumn, no_overlap
from gis_service.foundation.periods import Period


class Authority(Base):
    """An authority (机关) and the division it serves; none for one that serves the whole country."""

    __tablename__ = "authority"
    __table_args__ = (UniqueConstraint("name", info={"conflict": "已有同名的机关"}),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    division_id: Mapped[UUID | None] = mapped_column(ForeignKey("division.id"))


class Account(Base):
    """A person, or a program, that acts for an authority. Accounts are closed, never deleted.

    `name` is typed to sign in; `title` is how people call him. `issuer` and `subject` name him to an identity
    provider. `clearance` is the highest classification he may know, within his jurisdiction.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("name", info={"conflict": "已有同名的账户"}),
        UniqueConstraint("issuer", "subject", info={"conflict": "此外部身份已连到另一账户"}),
        CheckConstraint("(issuer IS NULL) = (subject IS NULL)", name="whole_outside_identity"),
        CheckConstraint("clearance IN ('公开', '内部', '涉密')", name="known_clearance"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    title: Mapped[str]
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    clearance: Mapped[str] = mapped_column(default=Classification.internal.value)
    issuer: Mapped[str | None]
    subject: Mapped[str | None]
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Appointment(Base):
    """That an account holds a role within a division (everywhere, where none is named), for a period of days.

    One that was revoked counts no longer from that moment, whatever its period says.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        no_overlap(
            "account_id",
            "role",
            "jurisdiction",
            name="ex_appointment_once_at_a_time",
            conflict="此账户已在该辖区担任此角色",
            where="revoked_at IS NULL",
        ),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="has_a_beginning"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    division_id: Mapped[UUID | None] = mapped_column(ForeignKey("division.id"))
    jurisdiction: Mapped[str]  # the id of the division as text, or `everywhere`: NULLs never conflict
    valid: Mapped[Period] = mapped_column(PeriodColumn)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None]
