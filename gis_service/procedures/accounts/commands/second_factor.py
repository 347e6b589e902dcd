"""A second factor is enrolled, confirmed by a code, and taken away again by an administrator."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, update

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.sealing import seal, unseal
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.accounts.commands.administering import managed
from gis_service.procedures.accounts.commands.passwords import own_account
from gis_service.procedures.accounts.commands.proving import Proof, Refusal, prove
from gis_service.procedures.accounts.commands.tokens import revoke_all
from gis_service.procedures.accounts.models import RecoveryCode, SecondFactor, Token
from gis_service.procedures.accounts.queries import has_second_factor, token_shown
from gis_service.procedures.accounts.rules import (
    Kind,
    accepted_step,
    address_of,
    limit,
    new_recovery_code,
    new_secret,
    recovery_digest,
)
from gis_service.registers.authorities.models import Account


@dataclass(frozen=True, slots=True)
class Again:
    """What somebody who is signed in types once more before he changes how he signs in."""

    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The secret for an authenticator, shown once; as text and as the address of a QR code."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin_second_factor(tx: Transaction, again: Again, key: Path) -> Enrolment | Refusal:
    """Draw a secret. It counts for nothing, and one enrolled before holds on, until a code confirms it."""
    account = own_account(tx)
    proven = prove(tx, Proof(account.name, again.password, again.code), key)
    if isinstance(proven, Refusal):
        return proven
    secret = new_secret()
    factor = tx.session.get(SecondFactor, account.id) or SecondFactor(account_id=account.id)
    factor.pending = seal(key, secret.encode(), of=str(account.id))
    tx.session.add(factor)
    tx.journal("accounts.begin_second_factor", account.name)
    return Enrolment(secret, address_of(secret, account.name))


def confirm_second_factor(tx: Transaction, code: str, key: Path, *, shown: str | None) -> list[str]:
    """Enrol what was begun, once a code proves that the authenticator has it; the recovery codes.

    `shown` is the credential of the request: its holder has proved a second factor from here on.

    Raises:
        Conflict: nothing was begun.
        InvalidInput: the code is not of the secret that was shown.
    """
    account = own_account(tx)
    factor = tx.session.get(SecondFactor, account.id, with_for_update=True)
    if factor is None or factor.pending is None:
        raise Conflict("没有待确认的验证器", way_out="请先开始登记验证器")
    secret = unseal(key, factor.pending, of=str(account.id)).decode()
    step = accepted_step(secret, code, tx.at, None)
    if step is None:
        raise InvalidInput("动态验证码不正确", way_out="请填写验证器上现在显示的六位数字，并核对手机的时间")
    factor.sealed, factor.pending, factor.confirmed_at, factor.last_step = factor.pending, None, tx.at, step
    tx.journal("accounts.confirm_second_factor", account.name)
    _strengthen(tx, shown)
    return _fresh_codes(tx, account)


def _strengthen(tx: Transaction, shown: str | None) -> None:
    record = token_shown(tx.session, shown, Kind.session, Kind.access) if shown else None
    if record is not None:
        family = update(Token).where(Token.family == record.family)
        tx.session.execute(family.values(second_factor=True))


def renew_recovery_codes(tx: Transaction, again: Again, key: Path) -> list[str] | Refusal:
    """New recovery codes; the old ones hold no longer.

    Raises:
        Conflict: there is no second factor they could stand in for.
    """
    account = own_account(tx)
    if not has_second_factor(tx.session, account.id):
        raise Conflict("还没有登记验证器", way_out="请先登记验证器")
    proven = prove(tx, Proof(account.name, again.password, again.code), key)
    return proven if isinstance(proven, Refusal) else _fresh_codes(tx, account)


def _fresh_codes(tx: Transaction, account: Account) -> list[str]:
    tx.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [new_recovery_code() for _ in range(limit("code", "recovery_codes"))]
    tx.session.add_all(RecoveryCode(account_id=account.id, digest=recovery_digest(code)) for code in codes)
    tx.journal("accounts.renew_recovery_codes", account.name)
    return codes


def remove_second_factor(tx: Transaction, name: str, *, reason: str) -> Account:
    """Take the second factor of an account away, such as when it was lost; its tokens hold no longer.

    Raises:
        Conflict: it has none.
    """
    account = managed(tx, name)
    factor = tx.session.get(SecondFactor, account.id)
    if factor is None:
        raise Conflict(f"账户“{account.name}”没有登记验证器", way_out="无需撤销")
    tx.session.delete(factor)
    tx.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    tx.session.flush()
    tx.journal("accounts.remove_second_factor", account.name, reason=reason)
    revoke_all(tx, account, why=reason)
    return account
