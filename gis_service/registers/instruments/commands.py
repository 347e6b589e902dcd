"""Registering acts. Registering the same act again changes nothing."""

from __future__ import annotations

from gis_service.foundation.errors import Conflict
from gis_service.foundation.transaction import Transaction
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instrument_by_number
from gis_service.registers.instruments.schemas import InstrumentIn


def register_instrument(tx: Transaction, act: InstrumentIn) -> Instrument:
    """Enter an act, or return the one already entered under its number.

    Raises:
        Conflict: the number is taken by an act with another issuer, date or content.
    """
    known = instrument_by_number(tx.session, act.number)
    if known is not None:
        _require_same(known, act)
        return known
    entered = Instrument(**act.model_dump())
    tx.session.add(entered)
    tx.session.flush()
    tx.journal(
        "instruments.register", act.number, instrument_id=entered.id, after=act.model_dump(exclude_none=True)
    )
    return entered


def _require_same(known: Instrument, act: InstrumentIn) -> None:
    for field, word in (("issuer", "制发机关"), ("issued_on", "成文日期"), ("sha256", "内容摘要")):
        if getattr(known, field) != getattr(act, field):
            raise Conflict(
                f"文号“{act.number}”已登记，但{word}不同：已登记 {getattr(known, field)}，"
                f"来件 {getattr(act, field)}",
                way_out="核对文号与日期；同一文号只能登记一次",
            )
