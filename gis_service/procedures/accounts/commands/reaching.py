"""Over whom an administrator has power: accounts wholly within his reach that know no more than he."""

from __future__ import annotations

from uuid import UUID

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.transaction import Transaction
from gis_service.registers.authorities.models import Account, Authority
from gis_service.registers.authorities.queries import appointments_of, require_within

_ASK_ABOVE = "请由上级的系统管理员办理"


def require_over(tx: Transaction, account: Account) -> None:
    """Refuse to manage an account that reaches beyond the administrator.

    Raises:
        NotPermitted: it serves or holds a role outside his jurisdiction, or may know more than he.
    """
    tx.require(Act.manage_accounts)
    require_places(tx, {tx.session.get_one(Authority, account.authority_id).division_id})
    held = appointments_of(tx.session, [account.id], on=tx.today)
    require_places(tx, {appointment.division_id for appointment in held})
    if not tx.actor.clearance.allows(_clearance(account)):
        raise NotPermitted(f"账户“{account.name}”的知悉范围高于您的", way_out=_ASK_ABOVE)


def _clearance(account: Account) -> Classification:
    return Classification(account.clearance)


def require_places(tx: Transaction, places: set[UUID | None]) -> None:
    """Refuse what reaches beyond the jurisdiction in which the actor manages accounts; None is everywhere."""
    reach = tx.actor.reach(Act.manage_accounts)
    if None in places and not reach.everywhere:
        raise NotPermitted("全国范围的账户和角色不在您的辖区", way_out=_ASK_ABOVE)
    named = {place for place in places if place is not None}
    require_within(tx.session, tx.actor, Act.manage_accounts, named, on=tx.today)


def require_another(tx: Transaction, account: Account) -> None:
    """Refuse to give oneself anything."""
    if account.id == tx.actor.account_id:
        raise NotPermitted("不能给自己授予角色或提高知悉范围", way_out="请由另一位系统管理员办理")
