"""Registering acts. Registering the same act again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from gis_service.foundation.access import Classification
from gis_service.foundation.errors import Conflict, NotPermitted
from gis_service.foundation.transaction import Transaction
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instrument_by_number
from gis_service.registers.instruments.schemas import InstrumentIn


def register_instrument(tx: Transaction, act: InstrumentIn, kept_within: Iterable[UUID] = ()) -> Instrument:
    """Enter an act, or return the one already entered under its number, which stays as classified as it is.

    `kept_within` are the divisions in whose jurisdiction an act above public is kept.

    Raises:
        Conflict: the number is taken by an act with another issuer, date or content, or one less classified.
        NotPermitted: the act is classified above what the actor may know.
    """
    if not tx.actor.clearance.allows(act.classification):
        raise NotPermitted(
            f"您不能登记{act.classification.value}级的文件", way_out="请由有相应密级权限的人员登记"
        )
    known = instrument_by_number(tx.session, act.number)
    if known is not None:
        _require_same(known, act)
        return known
    kept = sorted(kept_within) if act.classification is not Classification.public else []
    entered = Instrument(**act.model_dump(), kept_within=kept)
    tx.session.add(entered)
    tx.session.flush()
    after = act.model_dump(exclude_none=True) | ({"kept_within": kept} if kept else {})
    tx.journal("instruments.register", act.number, instrument_id=entered.id, after=after)
    return entered


def register_instruments(tx: Transaction, acts: Iterable[InstrumentIn]) -> dict[str, UUID]:
    """Enter many public acts at once; number → id, also of those entered before.

    Raises:
        Conflict: a number is taken by an act with another issuer, date or content.
    """
    wanted = {act.number: act for act in acts}
    known = tx.session.scalars(select(Instrument).where(Instrument.number.in_(wanted))).all()
    for instrument in known:
        _require_same(instrument, wanted[instrument.number])
    ids = {instrument.number: instrument.id for instrument in known}
    new = {number: act for number, act in wanted.items() if number not in ids}
    ids |= {number: uuid4() for number in new}
    if new:
        rows = [{"id": ids[number], **act.model_dump(), "kept_within": []} for number, act in new.items()]
        tx.session.execute(insert(Instrument), rows)
    for number, act in new.items():
        after = act.model_dump(exclude_none=True)
        tx.journal("instruments.register", number, instrument_id=ids[number], after=after)
    return ids


def reclassify(
    tx: Transaction,
    instrument: Instrument,
    classification: Classification,
    *,
    kept_within: Iterable[UUID],
    reason: str,
    basis: str,
) -> None:
    """Classify an act anew, and with it whatever stands by it."""
    kept = sorted(kept_within) if classification is not Classification.public else []
    before = {"classification": instrument.classification, "kept_within": instrument.kept_within}
    instrument.classification, instrument.kept_within = classification.value, kept
    tx.session.flush()
    tx.journal(
        "instruments.classify",
        instrument.number,
        instrument_id=instrument.id,
        before=before,
        after={"classification": classification, "kept_within": kept},
        reason=reason,
        basis=basis,
    )


def _require_same(known: Instrument, act: InstrumentIn) -> None:
    for field, word in (("issuer", "制发机关"), ("issued_on", "成文日期"), ("sha256", "内容摘要")):
        if getattr(known, field) != getattr(act, field):
            raise Conflict(
                f"文号“{act.number}”已登记，但{word}不同：已登记 {getattr(known, field)}，"
                f"来件 {getattr(act, field)}",
                way_out="核对文号与日期；同一文号只能登记一次",
            )
    if not Classification(known.classification).allows(act.classification):
        raise Conflict(
            f"文号“{act.number}”已按{known.classification}级登记，来件为{act.classification.value}级",
            way_out="请先变更已登记文件的密级",
        )
