"""Somebody proves who he is: by name, password, and the code of his authenticator where he has one.

Refusals are returned, not raised, so that the failures they count stay written down. Every one but the demand
for a code says the same, in the same time, whatever was wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.engine import CursorResult

from gis_service.foundation.errors import NotSignedIn, SecondFactorNeeded
from gis_service.foundation.sealing import unseal
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.accounts.commands.hashing import fits, hashed, is_outdated
from gis_service.procedures.accounts.models import Password, RecoveryCode, SecondFactor
from gis_service.procedures.accounts.rules import (
    Strikes,
    accepted_step,
    is_recovery_code,
    limit,
    recovery_digest,
)
from gis_service.registers.authorities.models import Account


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody types to sign in; `code` of the authenticator, or a recovery code."""

    name: str
    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Proven:
    """An account whose holder proved that he is it; with a second factor or without."""

    account: Account
    second_factor: bool


Refusal = NotSignedIn | SecondFactorNeeded


def prove(tx: Transaction, proof: Proof, key: Path) -> Proven | Refusal:
    """Whether a proof holds; failures are counted, and lock the account after some."""
    row = tx.session.execute(
        select(Account, Password)
        .join(Password, Password.account_id == Account.id)
        .where(Account.name == proof.name, Account.closed_at.is_(None))
        .with_for_update(of=Password)
    ).one_or_none()
    account, kept = (row.Account, row.Password) if row else (None, None)
    known = kept is not None and not strikes_of(kept).locked(tx.at)
    right = fits(kept.hash if kept is not None and known else None, proof.password)
    if account is None or kept is None or not known:
        return _refused()
    if not right:
        return _failed(tx, account, kept, "password")
    return _with_code(tx, account, kept, proof, key)


def _with_code(
    tx: Transaction, account: Account, kept: Password, proof: Proof, key: Path
) -> Proven | Refusal:
    factor = tx.session.get(SecondFactor, account.id, with_for_update=True)
    enrolled = factor is not None and factor.sealed is not None
    if enrolled and not proof.code:
        return SecondFactorNeeded(
            "此账户须经第二重验证", way_out="请填写验证器上的动态验证码；验证器不在手边时，填写一个恢复码"
        )
    if factor is not None and enrolled and not code_fits(tx, factor, proof.code or "", key):
        return _failed(tx, account, kept, "code")
    _succeeded(kept, proof.password)
    return Proven(account, enrolled)


def code_fits(tx: Transaction, factor: SecondFactor, code: str, key: Path) -> bool:
    """Whether a code is of the authenticator and not used yet, or a recovery code; it is used up by this."""
    if is_recovery_code(code):
        return _spend_recovery_code(tx, factor, code)
    if factor.sealed is None:
        return False
    secret = unseal(key, factor.sealed, of=str(factor.account_id)).decode()
    step = accepted_step(secret, code, tx.at, factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    return True


def _spend_recovery_code(tx: Transaction, factor: SecondFactor, code: str) -> bool:
    wanted = delete(RecoveryCode).where(
        RecoveryCode.account_id == factor.account_id, RecoveryCode.digest == recovery_digest(code)
    )
    done = tx.session.execute(wanted)
    assert isinstance(done, CursorResult)
    if not done.rowcount:
        return False
    account = tx.session.get_one(Account, factor.account_id)
    tx.journal("accounts.use_recovery_code", account.name)
    return True


def strikes_of(kept: Password) -> Strikes:
    """How often guessing failed, as a plain value."""
    return Strikes(kept.failures, kept.lockouts, kept.locked_until)


def _succeeded(kept: Password, password: str) -> None:
    kept.failures, kept.lockouts, kept.locked_until = 0, 0, None
    if is_outdated(kept.hash):
        kept.hash = hashed(password)


def _failed(tx: Transaction, account: Account, kept: Password, what: str) -> NotSignedIn:
    strikes = strikes_of(kept).one_more(tx.at)
    kept.failures, kept.lockouts, kept.locked_until = (
        strikes.failures,
        strikes.lockouts,
        strikes.locked_until,
    )
    after = {"failures": strikes.failures, "locked_until": strikes.locked_until}
    tx.journal("accounts.sign_in_failed", account.name, after=after, wrong=what)
    return _refused()


def _refused() -> NotSignedIn:
    failures, minutes = limit("lockout", "failures"), limit("lockout", "first_minutes")
    return NotSignedIn(
        "账户名、口令或验证码不正确",
        way_out=f"连续 {failures} 次不正确，账户锁定 {minutes} 分钟以上；忘记口令请与系统管理员联系",
    )
