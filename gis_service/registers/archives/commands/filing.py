"""Filing an item of the archives, and attaching files, lines and markers to one on file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.registers.archives.commands.keeping import Keeping, NewFile, judge_file, keep_file
from gis_service.registers.archives.commands.reaching import (
    About,
    about_of,
    require_reach,
    require_reach_of_item,
)
from gis_service.registers.archives.models import (
    ArchiveGroup,
    ArchiveItem,
    ArchiveKind,
    ArchiveSubject,
    Medium,
    Retention,
)
from gis_service.registers.archives.rules import filings

__all__ = ["About", "Filed", "NewFile", "NewItem", "attach_to_item", "register_item"]

LONGEST = 80


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to file; group and retention are those of its kind, where nothing else is said."""

    number: str
    title: str
    kind: ArchiveKind
    dated_on: date
    issuer: str
    pages: int | None = None
    medium: Medium = Medium.paper
    fonds: ArchiveGroup | None = None
    retention: Retention | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """An item as it is on file now, how many files were kept, and what was found."""

    item: ArchiveItem
    kept: int
    findings: list[Finding]


def register_item(
    tx: Transaction, new: NewItem, about: About, files: Sequence[NewFile], how: Keeping
) -> Filed:
    """File an item with its files.

    Raises:
        InvalidInput: a field or a file that cannot be taken, or an item about nothing.
        Conflict: the number is taken.
        RuleViolated: a file is on file in another item.
        NotPermitted: see `require_reach`.
    """
    _require_fields(new, about, how)
    require_reach(tx, about)
    if tx.session.scalar(select(ArchiveItem.id).where(ArchiveItem.number == new.number)) is not None:
        raise Conflict(
            f"档号 {new.number} 已用于另一件档案", way_out="请核对档号；补充文件请用 archives attach"
        )
    item = _item(tx, new, how)
    tx.session.add(item)
    tx.session.flush()
    told = {
        name: getattr(item, name) for name in ("title", "kind", "fonds", "retention", "dated_on", "issuer")
    }
    tx.journal("archives.register", item.number, instrument_id=how.instrument_id, after=told, item=item.id)
    _relate(tx, item, about, how)
    return _keep_all(tx, item, files, how)


def attach_to_item(
    tx: Transaction, item: ArchiveItem, about: About, files: Sequence[NewFile], how: Keeping
) -> Filed:
    """Attach files, lines, markers and tri-points to an item; what is attached already is left as it is.

    Raises:
        InvalidInput, RuleViolated: see `register_item`.
        NotPermitted: see `require_reach_of_item`, and `require_reach` for what is attached.
    """
    require_reach_of_item(tx, item.id)
    new = about.beyond(about_of(tx, item.id))
    require_reach(tx, new)
    _relate(tx, item, new, how)
    return _keep_all(tx, item, files, how)


def require_fields(number: str, title: str, issuer: str, pages: int | None) -> None:
    """Refuse what an item cannot be called.

    Raises:
        InvalidInput: names the field.
    """
    if not number.strip() or len(number) > LONGEST or not number.isprintable():
        raise InvalidInput("档号为空、过长或含有不可见字符", way_out=f"请写不超过 {LONGEST} 字的档号")
    if not title.strip() or not issuer.strip():
        raise InvalidInput("题名和责任者不能为空", way_out="请照原件填写")
    if pages is not None and pages < 1:
        raise InvalidInput("页数应为正整数", way_out="不知页数的可以不写")


def _require_fields(new: NewItem, about: About, how: Keeping) -> None:
    require_fields(new.number, new.title, new.issuer, new.pages)
    if not any(about.columns()):
        raise InvalidInput("没有写明档案所涉的界线、界桩或三交点", way_out="请至少写明一条界线")
    if new.kind is ArchiveKind.image and how.captured_on is None:
        raise InvalidInput("没有写明影像的拍摄日期", way_out="请用 --captured 写明，如 2020-06-05")


def _item(tx: Transaction, new: NewItem, how: Keeping) -> ArchiveItem:
    filing = filings()[new.kind]
    return ArchiveItem(
        number=new.number,
        title=new.title,
        kind=new.kind.value,
        fonds=(new.fonds or ArchiveGroup(filing.group)).value,
        retention=(new.retention or Retention(filing.retention)).value,
        dated_on=new.dated_on,
        issuer=new.issuer,
        pages=new.pages,
        medium=new.medium.value,
        note=new.note,
        instrument_id=how.instrument_id,
        recorded_at=tx.at,
    )


def _relate(tx: Transaction, item: ArchiveItem, about: About, how: Keeping) -> None:
    new = list(about.columns())
    for columns in new:
        tx.session.add(ArchiveSubject(item_id=item.id, instrument_id=how.instrument_id, **columns))
    tx.session.flush()
    if new:
        after: dict[str, Any] = {"about": new}
        tx.journal("archives.relate", item.number, instrument_id=how.instrument_id, after=after, item=item.id)


def _keep_all(tx: Transaction, item: ArchiveItem, files: Sequence[NewFile], how: Keeping) -> Filed:
    findings = [finding for file in files for finding in judge_file(tx, item, file)]
    refuse_if_blocking(findings, f"档案 {item.number} 没有收入", way_out="请按各条意见办理")
    kept = [keep_file(tx, item, file, how) for file in files]
    if item.pages is None:
        told = [row.told.get("pages") for row in kept if row is not None]
        item.pages = sum(each for each in told if each) or None
        tx.session.flush()
    return Filed(item, sum(row is not None for row in kept), findings)
