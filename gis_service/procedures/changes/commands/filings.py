"""Recording that something of a case was filed, with whom and under which number (R-CHG-04)."""

from __future__ import annotations

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.in_hand import in_hand
from gis_service.procedures.changes.commands.steps import require_documents, require_past
from gis_service.procedures.changes.models import ChangeCase, Filing
from gis_service.procedures.changes.schemas import FilingIn


def record_filing(tx: Transaction, number: str, filing: FilingIn) -> Filing:
    """Record a filing of an approved case.

    Raises:
        Conflict: the case is not approved, or this filing is recorded already.
        InvalidInput: a day before the approval, or a document that is not in the file.
    """
    case = in_hand(tx, number, Act.follow_up_change)
    if case.approved_on is None:
        raise Conflict(f"案卷 {number} 尚未批准，没有可备案的事项", way_out="请先登记批准文件")
    require_past(tx, filing.filed_on, "备案日期")
    if filing.filed_on < case.approved_on:
        raise InvalidInput(
            f"备案日期 {filing.filed_on} 早于批准日期 {case.approved_on}", way_out="请核对日期"
        )
    require_documents(tx, case, [filing.document] if filing.document else [])
    return keep_filing(tx, case, filing)


def keep_filing(tx: Transaction, case: ChangeCase, filing: FilingIn) -> Filing:
    """Keep a filing with a case in hand."""
    kept = Filing(case_id=case.id, recorded_at=tx.at, **filing.model_dump())
    kept.matter = filing.matter.value
    tx.session.add(kept)
    tx.session.flush()
    tx.journal("changes.filing", case.number, instrument_id=case.instrument_id, after=filing.model_dump())
    return kept
