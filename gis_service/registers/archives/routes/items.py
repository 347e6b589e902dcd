"""Items on file: the list, one item, and what is on file of a line."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from gis_service.foundation.access import Act
from gis_service.foundation.web import ListingOnDate, OnDate, PageByText, Reading, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.registers.archives.models import ArchiveGroup, ArchiveKind
from gis_service.registers.archives.queries import (
    Wanted,
    coverage_of,
    inventory_of,
    item_named,
    items_page,
    told_of,
)
from gis_service.registers.archives.routes.showing import detail_out, item_out, line_out
from gis_service.registers.archives.schemas import ArchiveDetailOut, ArchiveItemOut, LineArchivesOut
from gis_service.registers.boundaries.queries import line_named
from gis_service.registers.boundaries.routes.lines import LineReference, NamedLine

router = APIRouter(prefix="/archives", tags=["勘界档案"], dependencies=[permitted(Act.read_registers)])
line_router = APIRouter(
    prefix="/boundary-lines", tags=["勘界档案"], dependencies=[permitted(Act.read_registers)]
)

ItemId = Annotated[UUID, Path(description="档案件的标识，见 /archives")]
Text = Annotated[
    str | None,
    Query(min_length=1, max_length=80, description="档号、题名或责任者中的文字", examples=["协议书"]),
]


@router.get("", summary="列出勘界档案", responses=refusals(404, 409))
def list_archives(
    session: Reading,
    on: OnDate,
    page: PageByText,
    line: Annotated[NamedLine | None, Query(description="所涉界线（代码或 UUID）", examples=["3234"])] = None,
    marker: Annotated[UUID | None, Query(description="所涉界桩的标识")] = None,
    kind: Annotated[ArchiveKind | None, Query(description="种类", examples=["协议书"])] = None,
    group: Annotated[ArchiveGroup | None, Query(description="类别", examples=["勘界成果"])] = None,
    text: Text = None,
) -> ListingOnDate[ArchiveItemOut]:
    """在档的各件，按档号排列，逐页取得；条件可以并用。日期只用于辨认界线代码：档案归档后一直在档。"""
    lines = None if line is None else [line_named(session, line, on=on).id]
    wanted = Wanted(lines=lines, marker=marker, kind=kind, group=group, text=text)
    found = items_page(session, wanted, after=page.after, limit=page.one_more)
    cut, following = page.cut(found, lambda item: item.number)
    return ListingOnDate(on=on, items=[item_out(each) for each in told_of(session, cut)], next=following)


@router.get("/{item_id}", summary="取一件勘界档案", responses=refusals(404))
def read_archive(session: Reading, item_id: ItemId) -> ArchiveDetailOut:
    """一件档案的著录、文件及其自身所载、影像范围、历次校正、矢量化成果和鉴定。"""
    [told] = told_of(session, [item_named(session, item_id)])
    return detail_out(session, told)


@line_router.get("/{reference}/archives", summary="列出一条界线的档案", responses=refusals(404, 409))
def list_archives_of_line(session: Reading, reference: LineReference, on: OnDate) -> LineArchivesOut:
    """一条界线至某日在档的各件、缺少的法定档案，以及沿线影像所覆盖和没有覆盖的里程。"""
    line = line_named(session, reference, on=on)
    [inventory] = inventory_of(session, [line], on=on)
    return line_out(inventory, coverage_of(session, line, on=on), on=on)
