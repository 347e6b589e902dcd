"""Putting right what is written of an item on file; what was published stays readable beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.registers.archives.commands.filing import require_fields
from gis_service.registers.archives.commands.reaching import require_reach_of_item
from gis_service.registers.archives.models import ArchiveCorrection, ArchiveItem, ArchiveKind

CORRIGIBLE = (
    *("number", "title", "kind", "fonds", "retention", "dated_on", "issuer", "pages", "medium", "note"),
)


def correct_item(
    tx: Transaction, item: ArchiveItem, changes: Mapping[str, Any], *, reason: str, instrument_id: UUID
) -> ArchiveCorrection:
    """Put right some of what is written of an item, by an act and for a reason.

    Raises:
        InvalidInput: nothing changes, a field cannot be taken so, or an item becomes an image or none.
        Conflict: the number is taken.
        NotPermitted: see `require_reach_of_item`.
    """
    require_reach_of_item(tx, item.id)
    if len(reason.strip()) < _SHORTEST:
        raise InvalidInput("没有写明更正的理由", way_out=f"请写不少于 {_SHORTEST} 字的理由")
    published = {name: getattr(item, name) for name in CORRIGIBLE}
    new = {name: value for name, value in changes.items() if value != published[name]}
    if not new:
        raise InvalidInput(f"档案 {item.number} 的著录与所写相同，没有更正", way_out="请写明要更正的项目")
    _require_sound(tx, item, published | new)
    for name, value in new.items():
        setattr(item, name, value)
    row = ArchiveCorrection(
        item_id=item.id,
        published=_plain({name: published[name] for name in new}),
        corrected=_plain(new),
        reason=reason,
        instrument_id=instrument_id,
        recorded_at=tx.at,
    )
    tx.session.add(row)
    tx.session.flush()
    tx.journal(
        "archives.correct",
        item.number,
        instrument_id=instrument_id,
        before=row.published,
        after=row.corrected,
        reason=reason,
        item=item.id,
    )
    return row


_SHORTEST = 4


def _require_sound(tx: Transaction, item: ArchiveItem, told: Mapping[str, Any]) -> None:
    require_fields(told["number"], told["title"], told["issuer"], told["pages"])
    if (told["kind"] == ArchiveKind.image) != (item.kind == ArchiveKind.image):
        raise InvalidInput("影像与其他种类不能互改", way_out="影像须带坐标和拍摄日期，请另行归档")
    taken = select(ArchiveItem.id).where(ArchiveItem.number == told["number"], ArchiveItem.id != item.id)
    if tx.session.scalar(taken) is not None:
        raise Conflict(f"档号 {told['number']} 已用于另一件档案", way_out="请核对档号")


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date) else value for name, value in told.items()}
