"""What commands for the peace of lines ask before they write: reach, the acts they stand by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor, Classification, highest
from gis_service.foundation.errors import NotFound, NotPermitted
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.queries.peace_ground import Kept, numbered
from gis_service.registers.authorities.queries import covered
from gis_service.registers.boundaries.queries import LineInForce
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import acts_numbered
from gis_service.registers.instruments.schemas import InstrumentIn

WAY_OUT = "请按各条意见改正后重试"


def require_a_side(
    session: Session, actor: Actor, act: Act, subject: str, sides: Sequence[UUID], *, on: date
) -> None:
    """Refuse an act on a line of which neither side lies within the jurisdiction of the actor.

    Raises:
        NotPermitted: neither does.
    """
    if not covered(session, actor.reach(act), sides, on=on):
        raise NotPermitted(f"{subject}的两侧都不在您的辖区", way_out="请由任一侧的机关办理")


def in_hand(tx: Transaction, model: type[Kept], number: str) -> Kept:
    """A record to be written to, locked until the end of the transaction.

    Raises:
        NotFound: no such record, or not for the actor.
    """
    found = numbered(tx.session, model, number)
    tx.session.refresh(found, with_for_update=True)
    return found


def take_numbers(tx: Transaction) -> None:
    """Let one transaction at a time number records and judge what else holds on a line."""
    tx.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('gis_service.peace'))"))


def act_named(
    tx: Transaction, number: str | None, new: Iterable[InstrumentIn], sides: Iterable[UUID]
) -> Instrument | None:
    """The act something stands by, after those not yet registered were; None where none is named.

    Raises:
        NotFound: the act is not registered.
    """
    sides = list(sides)
    for act in new:
        register_instrument(tx, act, kept_within=sides)
    if number is None:
        return None
    known = acts_numbered(tx.session, [number]).get(number)
    if known is None:
        raise NotFound(
            f"没有登记文号为“{number}”的文件", way_out="请核对文号；尚未登记的，写在登记内容的 acts 中"
        )
    return known


def kept_as(
    tx: Transaction, sent: Classification, lines: Iterable[LineInForce], act: Instrument | None
) -> str:
    """How closely a record is kept: as asked, and no less than its lines and its act.

    Raises:
        NotPermitted: more closely than the actor may know.
    """
    papers = [act.classification] if act else []
    kept = highest(sent, *(line.classification for line in lines), *papers)
    require_cleared(tx.actor, kept)
    return kept.value


def require_cleared(actor: Actor, kept: Classification) -> None:
    """Refuse to keep or to tell what is above the clearance of the actor.

    Raises:
        NotPermitted: it is.
    """
    if not actor.clearance.allows(kept):
        raise NotPermitted(
            f"此项为{kept.value}级，您没有相应的密级权限", way_out="请由有相应密级权限的人员办理"
        )


def entered_by(tx: Transaction) -> dict[str, Any]:
    """Who enters something, for whom and when."""
    return {"actor": tx.actor.name, "authority": tx.actor.authority, "recorded_at": tx.at}
