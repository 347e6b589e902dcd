"""Accounts, what was granted to them, and how far a jurisdiction reaches on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor, Classification, Grant, Reach, Role
from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import NotFound, NotPermitted, NotSignedIn
from gis_service.registers.authorities.models import Account, Appointment, Authority
from gis_service.registers.divisions.queries import last_known

_COVERED = text(
    "SELECT place FROM unnest(CAST(:places AS uuid[])) AS place"
    " WHERE place IN (SELECT divisions_within(CAST(:roots AS uuid[]), :on))"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """How somebody proved who he is: with a second factor or without, by a token for some acts only."""

    second_factor: bool = False
    scope: frozenset[Act] | None = None


def account_named(session: Session, name: str) -> Account:
    """The account with this name.

    Raises:
        NotFound: no such account.
    """
    found = session.scalar(select(Account).where(Account.name == name))
    if found is None:
        raise NotFound(f"没有名为“{name[:60]}”的账户", way_out="请核对账户名，或用 accounts list 查看")
    return found


def account_of_outside(session: Session, issuer: str, subject: str) -> Account | None:
    """The account that an identity provider calls by this subject, if one is linked."""
    return session.scalar(select(Account).where(Account.issuer == issuer, Account.subject == subject))


def actor_of(session: Session, account_id: UUID, shown: Shown, *, on: date) -> Actor:
    """Who acts, with all that was granted to him on a day.

    Raises:
        NotSignedIn: the account is closed or gone.
    """
    wanted = select(Account, Authority).join(Authority).where(Account.id == account_id)
    row = session.execute(wanted).one_or_none()
    if row is None or row.Account.closed_at is not None:
        raise NotSignedIn("账户已停用", way_out="请与系统管理员联系")
    return Actor(
        name=row.Account.title,
        authority=row.Authority.name,
        account_id=account_id,
        grants=tuple(
            Grant(Role(held.role), held.division_id) for held in appointments_of(session, [account_id], on=on)
        ),
        clearance=Classification(row.Account.clearance),
        second_factor=shown.second_factor,
        scope=shown.scope,
    )


def appointments_of(session: Session, accounts: Iterable[UUID], *, on: date) -> Sequence[Appointment]:
    """The appointments of accounts that hold on a day, oldest first."""
    wanted = select(Appointment).where(Appointment.account_id.in_(set(accounts)), _in_force(on))
    return session.scalars(wanted.order_by(func.lower(Appointment.valid), Appointment.role)).all()


def _in_force(on: date) -> ColumnElement[bool]:
    return holds_on(Appointment.valid, on) & Appointment.revoked_at.is_(None)


def titles_of(session: Session, accounts: Iterable[UUID]) -> dict[UUID, str]:
    """How the people behind accounts are called."""
    wanted = select(Account.id, Account.title).where(Account.id.in_(set(accounts)))
    return {row.id: row.title for row in session.execute(wanted)}


def covered(session: Session, reach: Reach, places: Iterable[UUID], *, on: date) -> frozenset[UUID]:
    """Which of these divisions lie within a reach on a day, mergers followed."""
    asked = frozenset(places)
    if reach.everywhere or not asked:
        return asked
    parameters = {"places": list(map(str, asked)), "roots": list(map(str, reach.roots)), "on": on}
    return frozenset(session.scalars(_COVERED, parameters))


def limits_of(reach: Reach, within: UUID | None) -> Iterator[Reach]:
    """What a list is limited by: the reach of its reader, unless it is everything, and a unit asked for."""
    if not reach.everywhere:
        yield reach
    if within is not None:
        yield Reach(roots=frozenset({within}))


def require_within(session: Session, actor: Actor, act: Act, places: Iterable[UUID], *, on: date) -> None:
    """Refuse an act that reaches beyond the jurisdiction of the actor.

    Raises:
        NotPermitted: names the divisions beyond it.
    """
    asked = frozenset(places)
    beyond = asked - covered(session, actor.reach(act), asked, on=on)
    if beyond:
        units = last_known(session, beyond).values()
        names = "、".join(sorted(f"{unit.name}（{unit.code}）" for unit in units)[:5])
        raise NotPermitted(f"{names or '所涉单位'}不在您的辖区", way_out="请由其所在地或共同上级的机关办理")
