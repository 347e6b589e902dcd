"""Accounts are opened, appointed, cleared, linked and closed, each within the administrator's reach."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from gis_service.foundation.access import Act, Classification, Role
from gis_service.foundation.errors import Conflict, NotPermitted
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.accounts.commands.reaching import require_another, require_over, require_places
from gis_service.procedures.accounts.commands.tokens import revoke_all, revoke_one
from gis_service.procedures.accounts.queries import token_of
from gis_service.procedures.accounts.rules import require_name
from gis_service.registers.authorities import commands as register
from gis_service.registers.authorities.commands import NewAccount
from gis_service.registers.authorities.models import Account
from gis_service.registers.authorities.queries import account_named


def open_with_roles(tx: Transaction, new: NewAccount, roles: frozenset[Role]) -> Account:
    """Open an account and appoint it to roles where its authority stands.

    Raises:
        InvalidInput: the name cannot be used.
        Conflict: it is taken, if only in other letters.
        NotPermitted: beyond the reach, or above the clearance, of the administrator.
    """
    tx.require(Act.manage_accounts)
    require_name(new.name)
    require_places(tx, {new.division_id})
    _require_clearance(tx, new.clearance)
    _require_unlike_others(tx, new.name)
    account = register.open_account(tx, new)
    for role in sorted(roles):
        register.appoint(tx, account, role, new.division_id, on=tx.today)
    return account


def _require_unlike_others(tx: Transaction, name: str) -> None:
    alike = select(Account.name).where(func.lower(Account.name) == name.lower(), Account.name != name)
    found = tx.session.scalar(alike)
    if found is not None:
        raise Conflict(f"账户名“{name}”与已有的“{found}”只有大小写之别", way_out="请另取一个")


def _require_clearance(tx: Transaction, clearance: Classification) -> None:
    if not tx.actor.clearance.allows(clearance):
        raise NotPermitted(f"您不能授予“{clearance}”的知悉范围", way_out="请由知悉范围更高的系统管理员办理")


def appoint(tx: Transaction, name: str, role: Role, division_id: UUID | None, *, reason: str = "") -> Account:
    """Grant a role within a division, or everywhere, from today on."""
    account = managed(tx, name)
    require_another(tx, account)
    require_places(tx, {division_id})
    register.appoint(tx, account, role, division_id, on=tx.today, reason=reason)
    return account


def dismiss(tx: Transaction, name: str, role: Role, division_id: UUID | None, *, reason: str = "") -> Account:
    """End a role at once."""
    account = managed(tx, name)
    register.dismiss(tx, account, role, division_id, on=tx.today, reason=reason)
    return account


def close(tx: Transaction, name: str, *, reason: str) -> Account:
    """Close an account for good; its tokens hold no longer.

    Raises:
        Conflict: it is closed already.
    """
    account = managed(tx, name)
    register.close_account(tx, account, reason=reason)
    revoke_all(tx, account, why=reason)
    return account


def clear(tx: Transaction, name: str, clearance: Classification, *, reason: str) -> Account:
    """Set up to which classification an account may know."""
    account = managed(tx, name)
    require_another(tx, account)
    _require_clearance(tx, clearance)
    register.clear_account(tx, account, clearance, reason=reason)
    return account


def link(tx: Transaction, name: str, *, issuer: str, subject: str) -> Account:
    """Let an identity provider vouch for an account."""
    account = managed(tx, name)
    register.link_account(tx, account, issuer=issuer, subject=subject)
    return account


def revoke_of(tx: Transaction, name: str, token_id: UUID, *, why: str = "") -> None:
    """Revoke one token of an account.

    Raises:
        NotFound: the account has no such token.
    """
    account = managed(tx, name)
    revoke_one(tx, account, token_of(tx.session, account.id, token_id), why=why)


def managed(tx: Transaction, name: str) -> Account:
    """The account of this name, if the actor may manage it.

    Raises:
        NotFound: there is none.
        Conflict: it is closed.
        NotPermitted: it reaches beyond the actor.
    """
    tx.require(Act.manage_accounts)
    account = account_named(tx.session, name)
    require_over(tx, account)
    if account.closed_at is not None:
        raise Conflict(f"账户“{name}”已停用", way_out="停用的账户不再办理任何事项；请另开账户")
    return account
