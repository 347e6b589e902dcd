"""Classifying an act anew: within the jurisdiction that keeps it, up at any time, down for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import Conflict, InvalidInput, NotFound, NotPermitted
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.classification.queries import topmost_above, units_touched
from gis_service.procedures.classification.schemas import ReclassificationIn, ReclassifiedOut
from gis_service.registers.authorities.queries import require_within
from gis_service.registers.instruments.commands import reclassify
from gis_service.registers.instruments.events import InstrumentReclassified
from gis_service.registers.instruments.queries import instrument_by_number


def classify(tx: Transaction, wanted: ReclassificationIn) -> ReclassifiedOut:
    """Classify an act, and with it all that stands by it.

    Raises:
        NotFound: no such act, or none the actor may know of.
        NotPermitted: it is kept beyond his jurisdiction, or would be kept above his clearance.
        Conflict: it is classified so already.
        InvalidInput: the classification is lowered without a reason.
    """
    tx.require(Act.classify_records)
    lock_registers(tx.session)
    instrument = instrument_by_number(tx.session, wanted.number)
    if instrument is None:
        raise NotFound(f"没有文号为“{wanted.number}”的文件", way_out="请核对文号，或在 /instruments 中查找")
    before = Classification(instrument.classification)
    _require_sensible(wanted, before)
    with full_sight(tx.session):
        units = units_touched(tx.session, instrument.id)
        kept_within = instrument.kept_within or topmost_above(tx.session, units)
    _require_allowed(tx, wanted.classification, kept_within)
    reclassify(
        tx,
        instrument,
        wanted.classification,
        kept_within=kept_within,
        reason=wanted.reason,
        basis=wanted.basis,
    )
    tx.publish(InstrumentReclassified(instrument.id, before, wanted.classification, tuple(units)))
    return ReclassifiedOut(
        number=instrument.number, before=before, classification=wanted.classification, units=len(units)
    )


def _require_sensible(wanted: ReclassificationIn, before: Classification) -> None:
    if wanted.classification is before:
        raise Conflict(f"“{wanted.number}”已是{before.value}级", way_out="密级未变，无须办理")
    if not wanted.classification.allows(before) and not wanted.reason:
        raise InvalidInput(
            "降低密级须写明理由", way_out="请在 reason（命令行 --reason）中写明解密或降密的理由"
        )


def _require_allowed(tx: Transaction, classification: Classification, kept_within: Sequence[UUID]) -> None:
    """Who keeps an act decides on it; one that is kept by nobody in particular is the whole country's."""
    if not tx.actor.clearance.allows(classification):
        raise NotPermitted(f"您不能定为{classification.value}级", way_out="请由有相应密级权限的人员办理")
    if not kept_within and not tx.actor.reach(Act.classify_records).everywhere:
        raise NotPermitted("此文件不属任何一地，不在您的辖区", way_out="请由全国的机关办理")
    require_within(tx.session, tx.actor, Act.classify_records, kept_within, on=tx.today)
