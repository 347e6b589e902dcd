"""Giving a line more time: once, by the consent of whoever approved the change (区划条例 Art 15)."""

from __future__ import annotations

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.settlements.commands.moving import acts_of, in_hand, require_open
from gis_service.procedures.settlements.rules import due_after
from gis_service.procedures.settlements.schemas import ExtendedIn
from gis_service.registers.instruments.queries import instrument_by_id


def extend_settlement(tx: Transaction, number: str, sent: ExtendedIn) -> list[Finding]:
    """Let a line be settled six months later, by an act of the approver, and why.

    Raises:
        NotFound: no such settlement within the jurisdiction of the actor.
        Conflict: it is not open, or was extended before.
        InvalidInput: the act is not registered, or is older than the approval.
    """
    settlement = in_hand(tx, number)
    require_open(settlement)
    if settlement.extended_by is not None:
        raise Conflict(
            f"勘界事项 {number} 已延期至 {settlement.due_on}，只能延期一次",
            way_out="请在期限内完成，或另行请示批准机关",
        )
    [consent] = acts_of(tx, settlement, [sent.instrument], sent.acts)
    approval, act = (instrument_by_id(tx.session, each) for each in (settlement.instrument_id, consent))
    if act.issued_on < approval.issued_on or act.id == approval.id:
        raise InvalidInput(
            f"“{act.number}”不是变更批准之后同意延期的文件", way_out="请写批准机关同意延期的文件的文号"
        )
    before = settlement.due_on
    settlement.due_on = due_after(approval.issued_on, extended=True)
    settlement.extended_by, settlement.extension_reason = consent, sent.reason
    tx.session.flush()
    tx.journal(
        "settlements.extend",
        number,
        instrument_id=consent,
        before={"due_on": before},
        after={"due_on": settlement.due_on},
        reason=sent.reason,
    )
    return []
