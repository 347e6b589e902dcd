"""Accounts as an administrator or an auditor sees them: those that lie wholly within his reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, cast, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor, Reach, Role
from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import NotFound
from gis_service.procedures.accounts.models import Password, SecondFactor
from gis_service.procedures.accounts.schemas import Held, Told
from gis_service.registers.authorities.models import Account, Appointment, Authority
from gis_service.registers.authorities.queries import account_named, appointments_of
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, last_known

WHOLE_COUNTRY = ("全国", "all")


def any_account(session: Session) -> bool:
    """Whether there is any account at all, closed or not."""
    return bool(session.scalar(select(exists().where(Account.id.is_not(None)))))


def accounts_page(
    session: Session, actor: Actor, *, on: date, after: str | None = None, limit: int | None = None
) -> list[Told]:
    """Accounts within the reach of an actor by name, closed ones too."""
    wanted = _within(select(Account), actor.reach(Act.read_accounts), on)
    if after is not None:
        wanted = wanted.where(Account.name > after)
    return _told(session, session.scalars(wanted.order_by(Account.name).limit(limit)).all(), on=on)


def account_told(session: Session, actor: Actor, name: str, *, on: date) -> Told:
    """One account; of those beyond the actor's reach it is not told that there are any.

    Raises:
        NotFound: no account of this name within his reach.
    """
    wanted = _within(select(Account), actor.reach(Act.read_accounts), on).where(Account.name == name)
    account = session.scalar(wanted)
    if account is None:
        raise NotFound(f"您的辖区没有名为“{name[:60]}”的账户", way_out="请核对账户名")
    return _told(session, [account], on=on)[0]


def own_account_told(session: Session, account_id: UUID, *, on: date) -> Told:
    """The account somebody is signed in with."""
    return _told(session, [session.get_one(Account, account_id)], on=on)[0]


def _within(wanted: Select[Account], reach: Reach, on: date) -> Select[Account]:
    wanted = wanted.join(Authority, Authority.id == Account.authority_id)
    return wanted.where(true() if reach.everywhere else _wholly_within(reach, on))


def _wholly_within(reach: Reach, on: date) -> ColumnElement[bool]:
    covered = select(func.divisions_within(cast(sorted(reach.roots), ARRAY(Uuid)), on))
    beyond = exists().where(
        Appointment.account_id == Account.id,
        Appointment.revoked_at.is_(None),
        holds_on(Appointment.valid, on),
        or_(Appointment.division_id.is_(None), Appointment.division_id.not_in(covered)),
    )
    return and_(Authority.division_id.in_(covered), ~beyond)


def _told(session: Session, accounts: Sequence[Account], *, on: date) -> list[Told]:
    ids = [account.id for account in accounts]
    roles = _roles_of(session, ids, on=on)
    serving = select(Authority).where(Authority.id.in_({account.authority_id for account in accounts}))
    authorities = {each.id: each for each in session.scalars(serving)}
    known = select(Password).where(Password.account_id.in_(ids))
    passwords = {each.account_id: each for each in session.scalars(known)}
    confirmed = SecondFactor.account_id.in_(ids) & SecondFactor.confirmed_at.is_not(None)
    strong = set(session.scalars(select(SecondFactor.account_id).where(confirmed)))
    return [
        Told(each, authorities[each.authority_id], roles[each.id], passwords.get(each.id), each.id in strong)
        for each in accounts
    ]


def _roles_of(session: Session, ids: Sequence[UUID], *, on: date) -> dict[UUID, list[Held]]:
    appointments = appointments_of(session, ids, on=on)
    units = last_known(session, filter(None, (each.division_id for each in appointments)))
    roles: dict[UUID, list[Held]] = {id_: [] for id_ in ids}
    for each in appointments:
        unit = units[each.division_id] if each.division_id else None
        roles[each.account_id].append(Held(Role(each.role), unit, each.valid.start))
    return roles


def place_named(session: Session, within: str, *, on: date) -> DivisionVersion | None:
    """The division of a jurisdiction by its code; None for the whole country.

    Raises:
        NotFound: nobody holds the code that day.
    """
    written = within.strip()
    return None if written in WHOLE_COUNTRY else division_by_code(session, written, on=on)


def place_held(session: Session, name: str, role: Role, within: str, *, on: date) -> UUID | None:
    """Where an account holds a role, by the code of the unit, if it has ended too; None is everywhere.

    Raises:
        NotFound: it does not hold the role there.
    """
    held = appointments_of(session, [account_named(session, name).id], on=on)
    places = [each.division_id for each in held if each.role == role]
    units = last_known(session, filter(None, places))
    written = within.strip()
    for place in places:
        code = units[place].code if place in units else None
        if (place is None and written in WHOLE_COUNTRY) or (code is not None and code == written):
            return place
    raise NotFound(f"账户“{name}”在 {written[:20]} 没有此角色", way_out="请用 accounts show 查看其角色")
