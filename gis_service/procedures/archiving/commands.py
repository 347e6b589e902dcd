"""Filing what is handed in, by the act that is named, in the reach of the register."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.coordinates import Zone, read_system
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.archiving.schemas import (
    AppraisalIn,
    ArchiveCorrectionIn,
    ArchiveItemIn,
    GeoreferenceIn,
)
from gis_service.registers.archives import commands as archives
from gis_service.registers.archives.commands.keeping import Keeping
from gis_service.registers.archives.models import ArchiveItem
from gis_service.registers.archives.queries import file_of, item_named
from gis_service.registers.archives.rules import Given
from gis_service.registers.instruments.queries import instrument_by_number

Done = tuple[ArchiveItem, list[Finding]]
_CALLED = {"group": "fonds"}  # what is sent under another name than it is kept


def file_item(tx: Transaction, sent: ArchiveItemIn, *, store: FileStore) -> Done:
    """File an item without files; raises as `register_item`."""
    tx.require(Act.keep_archives)
    about = archives.About(frozenset(sent.lines), frozenset(sent.markers), frozenset(sent.tri_points))
    names = ("number", "title", "kind", "dated_on", "issuer", "pages", "medium", "group", "retention", "note")
    new = archives.NewItem(**{_CALLED.get(name, name): getattr(sent, name) for name in names})
    how = Keeping(_paper(tx, sent.instrument), store, sent.captured_on)
    filed = archives.register_item(tx, new, about, [], how)
    return filed.item, filed.findings


def add_file(
    tx: Transaction,
    item_id: UUID,
    *,
    name: str,
    content: bytes,
    instrument: str,
    captured_on: date | None,
    store: FileStore,
) -> Done:
    """Keep a file with an item; raises as `attach_to_item`."""
    tx.require(Act.keep_archives)
    item = item_named(tx.session, item_id)
    how = Keeping(_paper(tx, instrument), store, captured_on)
    filed = archives.attach_to_item(tx, item, archives.About(), [archives.NewFile(name, content)], how)
    return filed.item, filed.findings


def lay_on_the_ground(
    tx: Transaction, item_id: UUID, sha256: str, sent: GeoreferenceIn, *, store: FileStore
) -> Done:
    """Lay a scan on the ground; raises as `georeference_scan`."""
    tx.require(Act.keep_archives)
    if not sent.points and sent.world is None:
        raise InvalidInput("没有写明控制点，也没有坐标文件", way_out="请写 points 或 world 中的一种")
    if (sent.zone is None) != (sent.zone_width is None):
        raise InvalidInput("分带和带号须一并写明", way_out="请补写 zone_width 或 zone")
    item = item_named(tx.session, item_id)
    scan = file_of(tx.session, item, sha256)
    zone = None if sent.zone is None or sent.zone_width is None else Zone(sent.zone_width, sent.zone)
    rows = [{name: value for name, value in point if value not in (None, "")} for point in sent.points]
    given = Given(read_system(sent.system), zone)
    control = archives.Control(rows, given, sent.method, sent.scale, sent.page, sent.world)
    how = Keeping(_paper(tx, sent.instrument), store)
    return item, archives.georeference_scan(tx, item, scan, control, made_on=tx.today, how=how).findings


def appraise(tx: Transaction, item_id: UUID, sent: AppraisalIn) -> Done:
    """Note an appraisal; raises as `appraise_item`, and InvalidInput for a day to come."""
    tx.require(Act.keep_archives)
    on = sent.on or tx.today
    if on > tx.today:
        raise InvalidInput(f"日期 {on} 尚未到来", way_out=f"请写不晚于 {tx.today} 的日期")
    item = item_named(tx.session, item_id)
    archives.appraise_item(tx, item, sent.conclusion, on=on, instrument_id=_paper(tx, sent.instrument))
    return item, []


def correct(tx: Transaction, item_id: UUID, sent: ArchiveCorrectionIn) -> Done:
    """Put right what is written of an item; raises as `correct_item`."""
    tx.require(Act.keep_archives)
    item = item_named(tx.session, item_id)
    told = sent.model_dump(exclude={"instrument", "reason"}, exclude_none=True)
    changes = {
        _CALLED.get(name, name): value.value if isinstance(value, StrEnum) else value
        for name, value in told.items()
    }
    paper = _paper(tx, sent.instrument)
    archives.correct_item(tx, item, changes, reason=sent.reason, instrument_id=paper)
    return item, []


def _paper(tx: Transaction, number: str) -> UUID:
    found = instrument_by_number(tx.session, number)
    if found is None:
        raise InvalidInput(f"没有登记文号为“{number[:60]}”的文件", way_out="请核对文号")
    return found.id
