"""The first account: opened when a service starts that has none, so that somebody can let the others in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from rich.markup import escape
from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli.console import out
from gis_service.cli.office import operator
from gis_service.foundation.access import Classification, Role
from gis_service.foundation.errors import Conflict
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.procedures.accounts.commands import Issued, invite_to, open_with_roles
from gis_service.procedures.accounts.queries import any_account
from gis_service.registers.authorities.commands import NewAccount

NAME = "admin"
HOW = f"gis-service accounts create {NAME} --role administrator --everywhere"


def open_first_account(sessions: sessionmaker[Session], settings: Settings) -> Issued | None:
    """A one-time link for the administrator of an installation without accounts; None where there are some.

    None as well where the person at the keyboard counts for nothing.
    """
    if settings.local_operator == "off":
        return None
    new = NewAccount(NAME, "系统管理员", "机关未注明（全国）", None, Classification.internal)
    try:
        with transaction(sessions, actor=operator(), at=datetime.now(UTC)) as tx:
            if any_account(tx.session):
                return None
            account = open_with_roles(tx, new, frozenset({Role.administrator}))
            return invite_to(tx, account)
    except Conflict:  # another service that starts at the same time was first
        return None


def welcome_first_account(sessions: sessionmaker[Session], settings: Settings, address: str) -> None:
    """Open it when somebody is watching, and show him the link; else say how, since what is said is kept."""
    if sys.stdout.isatty():
        tell_first_account(open_first_account(sessions, settings), address)
        return
    with sessions() as session:
        if not any_account(session):
            out.print(f"还没有账户。开立第一个：{HOW}")


def tell_first_account(invitation: Issued | None, address: str) -> None:
    """Show the link, this once."""
    if invitation is not None:
        until = f"{invitation.record.expires_at.astimezone():%Y-%m-%d %H:%M}"
        out.print(
            f"已开立系统管理员账户 {NAME}。请打开此链接设定口令（一次性，{until} 前有效，只显示这一次）："
        )
        out.print(f"  {escape(address)}/welcome#{invitation.token}")
