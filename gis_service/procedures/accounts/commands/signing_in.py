"""Signing in and out: a pair of tokens for programs, a session for browsers."""

from __future__ import annotations

from pathlib import Path

from gis_service.foundation.errors import NotSignedIn
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.accounts.commands.proving import Proof, Refusal, prove
from gis_service.procedures.accounts.commands.tokens import (
    Issued,
    Pair,
    begin_family,
    issue,
    issue_pair,
    revoke_one,
)
from gis_service.procedures.accounts.queries import holds, token_shown
from gis_service.procedures.accounts.rules import Kind
from gis_service.registers.authorities.models import Account


def sign_in(tx: Transaction, proof: Proof, key: Path) -> Pair | Refusal:
    """An access and a refresh token for somebody who proves who he is."""
    proven = prove(tx, proof, key)
    if isinstance(proven, Refusal):
        return proven
    _told(tx, proven.account, "tokens", second_factor=proven.second_factor)
    return issue_pair(tx, proven.account.id, second_factor=proven.second_factor)


def open_session(tx: Transaction, proof: Proof, key: Path) -> Issued | Refusal:
    """A session of a browser for somebody who proves who he is."""
    proven = prove(tx, proof, key)
    if isinstance(proven, Refusal):
        return proven
    _told(tx, proven.account, "session", second_factor=proven.second_factor)
    account_id, second_factor = proven.account.id, proven.second_factor
    family = begin_family(tx, Kind.session, account_id, second_factor=second_factor)
    return issue(tx, Kind.session, family)


def _told(tx: Transaction, account: Account, by: str, *, second_factor: bool) -> None:
    tx.journal("accounts.sign_in", account.name, after={"by": by, "second_factor": second_factor})


def sign_out(tx: Transaction, token: str) -> None:
    """Revoke what somebody shows, and all that came of the same sign-in.

    Raises:
        NotSignedIn: it holds no longer anyhow.
    """
    record = token_shown(tx.session, token, Kind.session, Kind.access, Kind.service)
    if record is None or not holds(record, tx.at):
        raise NotSignedIn("没有登录，无需退出", way_out="需要时请重新登录")
    account = tx.session.get_one(Account, record.account_id)
    revoke_one(tx, account, record, why="退出登录")
