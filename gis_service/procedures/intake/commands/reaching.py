"""Whether the actor may load what a delivery is about: its places, and how closely it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.registers.authorities.queries import require_within
from gis_service.registers.divisions.queries import ids_by_code
from gis_service.registers.divisions.rules import codes_above


def require_cleared(tx: Transaction, classification: Classification) -> None:
    """Refuse what is kept closer than the actor may know."""
    if not tx.actor.clearance.allows(classification):
        raise NotPermitted(
            f"您不能装入{classification.value}级的来件", way_out="请由有相应密级权限的人员装入"
        )


def require_codes_within(tx: Transaction, codes: Iterable[str], *, on: date) -> None:
    """The units must lie within reach on a day; new ones lie where their nearest known superior lies."""
    if tx.actor.reach(Act.load_delivery).everywhere:
        return
    chains = [(code, *codes_above(code)) for code in codes]
    with full_sight(tx.session):
        known = ids_by_code(tx.session, {code for chain in chains for code in chain}, on=on)
    places = [next((known[code] for code in chain if code in known), None) for chain in chains]
    require_within(tx.session, tx.actor, Act.load_delivery, filter(None, places), on=tx.today)
    if None in places:
        raise NotPermitted(
            "来件中有登记簿尚无其任何上级的单位，不在您的辖区", way_out="请由全国或其上级的机关先行装入"
        )
