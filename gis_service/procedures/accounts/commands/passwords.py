"""Passwords are set: the first through a one-time link, later ones by their holder. Nobody sets another's."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import update

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, NotPermitted, NotSignedIn
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.accounts.commands.administering import managed
from gis_service.procedures.accounts.commands.hashing import fits, hashed
from gis_service.procedures.accounts.commands.proving import Proof, Refusal, prove
from gis_service.procedures.accounts.commands.tokens import (
    Issued,
    begin_family,
    issue,
    revoke_all,
    revoke_one,
)
from gis_service.procedures.accounts.models import Password, Token
from gis_service.procedures.accounts.queries import holds, password_of, token_of, token_shown
from gis_service.procedures.accounts.rules import Kind, judge_password, normalised, same_again
from gis_service.registers.authorities.models import Account


@dataclass(frozen=True, slots=True)
class Change:
    """The password somebody has, and the one he wants."""

    present: str = field(repr=False)
    wanted: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


def invite(tx: Transaction, name: str) -> Issued:
    """A one-time link for an account to set its password; earlier links hold no longer."""
    account = managed(tx, name)
    return invite_to(tx, account)


def invite_to(tx: Transaction, account: Account) -> Issued:
    """The same, for an account that was just opened."""
    earlier = update(Token).where(Token.account_id == account.id, Token.kind == Kind.invitation.value)
    tx.session.execute(earlier.where(Token.revoked_at.is_(None)).values(revoked_at=tx.at))
    family = begin_family(tx, Kind.invitation, account.id, second_factor=False)
    invitation = issue(tx, Kind.invitation, family)
    tx.journal("accounts.invite", account.name, after={"expires_at": invitation.record.expires_at})
    return invitation


def accept(tx: Transaction, token: str, password: str) -> Account:
    """Set the password of the account that was invited; the link is used up, and whoever was in is out.

    Raises:
        NotSignedIn: the link was used, is too old, or never was.
        RuleViolated: the password will not do; the link still holds.
    """
    record = token_shown(tx.session, token, Kind.invitation, for_update=True)
    account = tx.session.get(Account, record.account_id) if record else None
    if record is None or account is None or account.closed_at is not None or not holds(record, tx.at):
        raise NotSignedIn("此链接无效、已使用或已过期", way_out="请向系统管理员另要一个链接")
    _set(tx, account, password)
    record.spent_at = tx.at
    return account


def change(tx: Transaction, wished: Change, key: Path) -> Account | Refusal:
    """Change one's own password; every token of the account holds no longer.

    Raises:
        RuleViolated: the new password will not do.
    """
    account = own_account(tx)
    proven = prove(tx, Proof(account.name, wished.present, wished.code), key)
    if isinstance(proven, Refusal):
        return proven
    _set(tx, account, wished.wanted)
    return account


def _set(tx: Transaction, account: Account, password: str) -> None:
    kept = password_of(tx.session, account.id)
    findings = _judged(password, account, kept)
    refuse_if_blocking(
        findings, "口令不合要求，未作改动", way_out="；".join({f.suggestion for f in findings})
    )
    if kept is None:
        kept = Password(account_id=account.id)
        tx.session.add(kept)
    kept.hash, kept.must_change, kept.changed_at = hashed(password), False, tx.at
    kept.failures, kept.lockouts, kept.locked_until = 0, 0, None
    tx.session.flush()
    tx.journal("accounts.set_password", account.name)
    revoke_all(tx, account, why="更改口令")


def _judged(password: str, account: Account, kept: Password | None) -> list[Finding]:
    findings = judge_password(normalised(password), account.name)
    if not findings and kept is not None and fits(kept.hash, password):
        findings.append(same_again())
    return findings


def own_account(tx: Transaction) -> Account:
    """The account of the actor.

    Raises:
        NotPermitted: he has none, such as the operator at the machine.
    """
    tx.require(Act.keep_own_account)
    account = tx.session.get(Account, tx.actor.account_id) if tx.actor.account_id else None
    if account is None:
        raise NotPermitted("本机操作没有账户", way_out="请以账户登录")
    return account


def revoke_own(tx: Transaction, token_id: UUID) -> None:
    """Revoke one of one's own tokens, or sign out somewhere else.

    Raises:
        NotFound: there is none of this id.
    """
    account = own_account(tx)
    revoke_one(tx, account, token_of(tx.session, account.id, token_id), why="本人撤销")


def expire_password(tx: Transaction, name: str, *, reason: str) -> Account:
    """Have the holder change his password before he does anything else."""
    account = managed(tx, name)
    _kept(tx, account).must_change = True
    tx.journal("accounts.expire_password", account.name, reason=reason)
    return account


def unlock(tx: Transaction, name: str) -> Account:
    """Let somebody try again at once."""
    account = managed(tx, name)
    kept = _kept(tx, account)
    before = {"locked_until": kept.locked_until}
    kept.failures, kept.lockouts, kept.locked_until = 0, 0, None
    tx.journal("accounts.unlock", account.name, before=before, after={"locked_until": None})
    return account


def _kept(tx: Transaction, account: Account) -> Password:
    kept = password_of(tx.session, account.id)
    if kept is None:
        raise Conflict(f"账户“{account.name}”还没有口令", way_out="请用 accounts invite 给他一次性链接")
    return kept
