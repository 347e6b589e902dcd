"""Tokens are made, renewed and revoked here; readable only in what is returned, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, update

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput, NotSignedIn
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.accounts.models import Token
from gis_service.procedures.accounts.queries import holds, token_shown
from gis_service.procedures.accounts.rules import (
    Kind,
    digest_of,
    holds_until,
    lasting,
    limit,
    new_token,
    whole_span,
)
from gis_service.registers.authorities.models import Account

SIGN_IN_AGAIN = "请重新登录"


@dataclass(frozen=True, slots=True)
class Issued:
    """A token as its holder gets it, and until when it holds."""

    token: str = field(repr=False)
    record: Token


@dataclass(frozen=True, slots=True)
class Pair:
    """What a program signs in for: a token to ask with, and one to get the next."""

    access: Issued
    refresh: Issued


@dataclass(frozen=True, slots=True)
class Lineage:
    """Whose a token is, what it came of, and how strongly its holder proved who he is."""

    account_id: UUID
    family: UUID
    second_factor: bool
    ends_at: datetime


def issue(tx: Transaction, kind: Kind, of: Lineage) -> Issued:
    """Make a token of a family."""
    token = new_token(kind)
    record = Token(
        kind=kind.value,
        digest=digest_of(token),
        account_id=of.account_id,
        family=of.family,
        second_factor=of.second_factor,
        made_at=tx.at,
        expires_at=holds_until(kind, tx.at, of.ends_at),
        ends_at=of.ends_at,
    )
    tx.session.add(record)
    tx.session.flush()
    return Issued(token, record)


def begin_family(tx: Transaction, kind: Kind, account_id: UUID, *, second_factor: bool) -> Lineage:
    """What a sign-in begins; what ended long ago is swept away."""
    gone = Token.ends_at < tx.at - lasting("token", "kept_days")
    tx.session.execute(delete(Token).where(Token.account_id == account_id, gone))
    return Lineage(account_id, uuid4(), second_factor, tx.at + whole_span(kind))


def issue_pair(tx: Transaction, account_id: UUID, *, second_factor: bool) -> Pair:
    """An access token, and a refresh token that begins its family."""
    family = begin_family(tx, Kind.refresh, account_id, second_factor=second_factor)
    return _pair(tx, family)


def _pair(tx: Transaction, family: Lineage) -> Pair:
    return Pair(issue(tx, Kind.access, family), issue(tx, Kind.refresh, family))


def renew(tx: Transaction, token: str) -> Pair | NotSignedIn:
    """The next pair for a refresh token, which is spent by it.

    One that was spent before has been copied by somebody: its whole family is revoked. The refusal is
    returned, not raised, so that this stays written down.
    """
    record = token_shown(tx.session, token, Kind.refresh, for_update=True)
    if record is not None and record.spent_at is not None and record.revoked_at is None:
        revoke_family(tx, record.family)
        account = tx.session.get_one(Account, record.account_id)
        tx.journal("accounts.refresh_token_reused", account.name, after={"family": record.family})
        return NotSignedIn("此续期令牌已用过，由它而来的令牌全部撤销", way_out=SIGN_IN_AGAIN)
    if record is None or not holds(record, tx.at):
        return NotSignedIn("续期令牌无效或已过期", way_out=SIGN_IN_AGAIN)
    record.spent_at = tx.at
    return _pair(tx, Lineage(record.account_id, record.family, record.second_factor, record.ends_at))


def revoke_family(tx: Transaction, family: UUID) -> None:
    """Revoke what came of one sign-in."""
    _revoke(tx, Token.family == family)


def revoke_all(tx: Transaction, account: Account, *, why: str) -> None:
    """Revoke every token of an account."""
    _revoke(tx, Token.account_id == account.id)
    tx.journal("accounts.revoke_tokens", account.name, reason=why)


def revoke_one(tx: Transaction, account: Account, record: Token, *, why: str = "") -> None:
    """Revoke a token, and with a refresh token or what came of it the whole family."""
    revoke_family(tx, record.family)
    after = {"token": record.id, "kind": record.kind, "name": record.name}
    tx.journal("accounts.revoke_token", account.name, after=after, reason=why)


def _revoke(tx: Transaction, *which: object) -> None:
    wanted = update(Token).where(Token.revoked_at.is_(None), *which)  # type: ignore[arg-type]
    tx.session.execute(wanted.values(revoked_at=tx.at))
    tx.session.expire_all()


@dataclass(frozen=True, slots=True)
class Service:
    """What a program gets a token for: its name, how many days, and for which acts if not for all."""

    name: str
    days: int | None = None
    acts: frozenset[Act] | None = None

    def span(self) -> timedelta:
        """How long the token holds.

        Raises:
            InvalidInput: not at all, or for too long.
        """
        longest = limit("token", "service_longest_days")
        days = limit("token", "service_days") if self.days is None else self.days
        if not 0 < days <= longest:
            raise InvalidInput(f"服务令牌的期限不能是 {days} 天", way_out=f"请写 1 至 {longest} 天")
        return timedelta(days=days)


def issue_service_token(tx: Transaction, account: Account, service: Service) -> Issued:
    """A token for a program that acts as `account`.

    It counts as a second factor: no program can type codes, and the token is strong, dated and journaled.
    """
    ends_at = tx.at + service.span()
    token = new_token(Kind.service)
    record = Token(
        kind=Kind.service.value,
        digest=digest_of(token),
        account_id=account.id,
        family=uuid4(),
        name=service.name,
        acts=None if service.acts is None else sorted(act.value for act in service.acts),
        second_factor=True,
        made_at=tx.at,
        expires_at=ends_at,
        ends_at=ends_at,
    )
    tx.session.add(record)
    tx.session.flush()
    after = {"token": record.id, "name": service.name, "acts": record.acts, "ends_at": ends_at}
    tx.journal("accounts.issue_service_token", account.name, after=after)
    return Issued(token, record)


def acts_named(names: Iterable[str]) -> frozenset[Act] | None:
    """Acts as people write them; None where none is named: all that the roles allow.

    Raises:
        InvalidInput: no such act.
    """
    wanted = list(names)
    unknown = [name for name in wanted if name not in {act.value for act in Act}]
    if unknown:
        raise InvalidInput(
            f"没有许可“{unknown[0][:60]}”", way_out="可选：" + "、".join(act.value for act in Act)
        )
    return frozenset(map(Act, wanted)) or None
