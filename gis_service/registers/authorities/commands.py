"""The writers of the register of authorities: open and close accounts, appoint, dismiss. For procedures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from gis_service.foundation.access import Classification, Role
from gis_service.foundation.errors import Conflict, NotFound
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.authorities.models import Account, Appointment, Authority

EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be opened; the authority is found by its name, or entered."""

    name: str
    title: str
    authority: str
    division_id: UUID | None
    clearance: Classification = Classification.internal


def open_account(tx: Transaction, new: NewAccount) -> Account:
    """Open an account.

    Raises:
        Conflict: the name is taken; names of closed accounts stay taken.
    """
    if tx.session.scalar(select(Account.id).where(Account.name == new.name)) is not None:
        raise Conflict(f"账户名“{new.name}”已被使用", way_out="请另取一个；停用的账户名也不再使用")
    account = Account(
        name=new.name,
        title=new.title,
        authority_id=_authority(tx, new).id,
        clearance=new.clearance.value,
        opened_at=tx.at,
    )
    tx.session.add(account)
    tx.session.flush()
    after = {"title": new.title, "authority": new.authority, "clearance": new.clearance}
    tx.journal("accounts.open", new.name, after=after)
    return account


def _authority(tx: Transaction, new: NewAccount) -> Authority:
    known = tx.session.scalar(select(Authority).where(Authority.name == new.authority))
    if known is not None:
        return known
    entered = Authority(name=new.authority, division_id=new.division_id)
    tx.session.add(entered)
    tx.session.flush()
    tx.journal("authorities.enter", new.authority, after={"division_id": new.division_id})
    return entered


def close_account(tx: Transaction, account: Account, *, reason: str) -> None:
    """Close an account for good; what it did keeps its name."""
    if account.closed_at is not None:
        raise Conflict(f"账户“{account.name}”已停用", way_out="停用的账户不能再次停用")
    account.closed_at = tx.at
    tx.session.flush()
    tx.journal(
        "accounts.close", account.name, before={"closed_at": None}, after={"closed_at": tx.at}, reason=reason
    )


def clear_account(tx: Transaction, account: Account, clearance: Classification, *, reason: str) -> None:
    """Set up to which classification an account may know."""
    before, account.clearance = account.clearance, clearance.value
    tx.session.flush()
    tx.journal(
        "accounts.clear",
        account.name,
        before={"clearance": before},
        after={"clearance": clearance},
        reason=reason,
    )


def link_account(tx: Transaction, account: Account, *, issuer: str, subject: str) -> None:
    """Let an identity provider vouch for an account."""
    before = {"issuer": account.issuer, "subject": account.subject}
    account.issuer, account.subject = issuer, subject
    tx.session.flush()
    tx.journal("accounts.link", account.name, before=before, after={"issuer": issuer, "subject": subject})


def appoint(
    tx: Transaction, account: Account, role: Role, division_id: UUID | None, *, on: date, reason: str = ""
) -> Appointment:
    """Grant a role within a division, or everywhere, from a day on."""
    appointment = Appointment(
        account_id=account.id,
        role=role.value,
        division_id=division_id,
        jurisdiction=str(division_id or EVERYWHERE),
        valid=Period(on),
        reason=reason or None,
    )
    tx.session.add(appointment)
    tx.session.flush()
    after = {"role": role, "division_id": division_id, "valid_from": on}
    tx.journal("accounts.appoint", account.name, after=after, reason=reason)
    return appointment


def dismiss(
    tx: Transaction, account: Account, role: Role, division_id: UUID | None, *, on: date, reason: str = ""
) -> None:
    """End a role, at once: `on` is the day of the transaction.

    Raises:
        NotFound: the account does not hold it.
    """
    wanted = select(Appointment).where(
        Appointment.account_id == account.id,
        Appointment.role == role.value,
        Appointment.jurisdiction == str(division_id or EVERYWHERE),
        Appointment.revoked_at.is_(None),
        func.upper_inf(Appointment.valid),
    )
    held = tx.session.scalar(wanted)
    if held is None:
        raise NotFound(f"账户“{account.name}”没有此角色", way_out="请用 accounts show 查看其角色")
    before = {"role": role, "division_id": division_id, "valid_from": held.valid.start, "valid_to": None}
    held.revoked_at = tx.at
    if held.valid.start < on:
        held.valid = held.valid.ended(on)
    tx.session.flush()
    tx.journal(
        "accounts.dismiss", account.name, before=before, after=before | {"valid_to": on}, reason=reason
    )
