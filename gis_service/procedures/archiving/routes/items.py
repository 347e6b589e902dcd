"""Filing items, laying their scans on the ground, appraising and putting them right."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request

from gis_service.foundation.access import Act
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web import Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.installation import settings_of
from gis_service.procedures.archiving import commands
from gis_service.procedures.archiving.schemas import (
    AppraisalIn,
    ArchiveCorrectionIn,
    ArchivedOut,
    ArchiveItemIn,
    GeoreferenceIn,
)
from gis_service.registers.archives.models import ArchiveItem
from gis_service.registers.archives.queries import told_of
from gis_service.registers.archives.routes.showing import detail_out

router = APIRouter(
    prefix="/archives",
    tags=["勘界档案"],
    route_class=JsonBody,
    dependencies=[permitted(Act.keep_archives)],
    responses=refusals(404, 409),
)

ItemId = Annotated[UUID, Path(description="档案件的标识，见 /archives")]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="内容摘要，见档案件的 files")]


async def store_of(request: Request) -> FileStore:
    """Where files are kept."""
    return FileStore(settings_of(request).files_dir)


Store = Annotated[FileStore, Depends(store_of)]


@router.post("", status_code=201, summary="归档一件")
def file_archive(tx: Tx, store: Store, sent: ArchiveItemIn) -> ArchivedOut:
    """著录一件档案及其所涉的界线、界桩、三交点；文件随后逐份收入（files）。密级随所依据的文件。"""
    return archived(tx, *commands.file_item(tx, sent, store=store))


@router.post("/{item_id}/files/{sha256}/georeference", status_code=201, summary="校正一份扫描图")
def georeference_archive(
    tx: Tx, store: Store, item_id: ItemId, sha256: Digest, sent: GeoreferenceIn
) -> ArchivedOut:
    """依控制点或坐标文件（.tfw、.jgw、.pgw）校正一份 TIFF、JPEG、PNG 或 PDF 扫描图，存入校正后的影像。

    残差依原图比例尺核对；每次校正都是一项新记录，列于此件的 georeferences。
    """
    return archived(tx, *commands.lay_on_the_ground(tx, item_id, sha256, sent, store=store))


@router.post("/{item_id}/appraisals", status_code=201, summary="登记一件档案的鉴定")
def appraise_archive(tx: Tx, item_id: ItemId, sent: AppraisalIn) -> ArchivedOut:
    """登记对保管期满的一件的鉴定意见；档案本身永远保留，永久保管的不鉴定。"""
    return archived(tx, *commands.appraise(tx, item_id, sent))


@router.post("/{item_id}/corrections", status_code=201, summary="更正一件档案的著录")
def correct_archive(tx: Tx, item_id: ItemId, sent: ArchiveCorrectionIn) -> ArchivedOut:
    """只改所写各项；以前所公布的照原样保留，列于此件的 corrections。"""
    return archived(tx, *commands.correct(tx, item_id, sent))


def archived(tx: Transaction, item: ArchiveItem, findings: list[Finding]) -> ArchivedOut:
    """An item after something was filed of it."""
    [told] = told_of(tx.session, [item])
    return ArchivedOut(
        item=detail_out(tx.session, told), findings=[finding.as_json() for finding in findings]
    )
