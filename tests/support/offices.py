"""People of authorities: accounts with a role somewhere, as services of tests know them by token."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Classification, Grant, Role
from gis_service.foundation.transaction import transaction
from gis_service.registers.authorities.commands import NewAccount, appoint, open_account
from gis_service.registers.divisions.queries import find_by_code
from tests.support.factories import BEGINNING, NOW, REGISTRAR


def unit_of(sessions: sessionmaker[Session], code: str) -> UUID:
    """The id of the division that held a code when everything began."""
    with sessions() as session:
        found = find_by_code(session, code, on=BEGINNING)
    assert found is not None, code
    return found.division_id


def somebody(
    sessions: sessionmaker[Session],
    title: str,
    within: str,
    role: Role = Role.registrar,
    *,
    clearance: Classification = Classification.internal,
    second_factor: bool = True,
) -> Actor:
    """A new account of the authority of a division, with a role there."""
    place, authority = unit_of(sessions, within), f"{within}民政局"
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        account = open_account(tx, NewAccount(title, title, authority, place, clearance))
        appoint(tx, account, role, place, on=BEGINNING)
    return Actor(title, authority, account.id, (Grant(role, place),), clearance, second_factor)
