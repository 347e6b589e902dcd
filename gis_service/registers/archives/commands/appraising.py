"""Noting an appraisal of an item whose period of keeping has run out; the item stays."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.registers.archives.commands.reaching import require_reach_of_item
from gis_service.registers.archives.models import ArchiveAppraisal, ArchiveItem
from gis_service.registers.archives.rules import judge_appraised


def appraise_item(
    tx: Transaction, item: ArchiveItem, conclusion: str, *, on: date, instrument_id: UUID
) -> ArchiveAppraisal:
    """Note what an appraisal found.

    Raises:
        RuleViolated: the item is kept for ever, or its period has not run out.
        InvalidInput: no conclusion.
        NotPermitted: see `require_reach`.
    """
    require_reach_of_item(tx, item.id)
    if not conclusion.strip():
        raise InvalidInput("没有写明鉴定意见", way_out="请写明，如 继续保存二十年")
    findings = list(judge_appraised(item.number, item.retention, item.dated_on, on=on))
    refuse_if_blocking(findings, f"档案 {item.number} 没有登记鉴定", way_out="请按各条意见办理")
    noted = ArchiveAppraisal(
        item_id=item.id,
        appraised_on=on,
        conclusion=conclusion,
        instrument_id=instrument_id,
        recorded_at=tx.at,
    )
    tx.session.add(noted)
    tx.session.flush()
    after = {"conclusion": conclusion, "appraised_on": on}
    tx.journal("archives.appraise", item.number, instrument_id=instrument_id, after=after, item=item.id)
    return noted
