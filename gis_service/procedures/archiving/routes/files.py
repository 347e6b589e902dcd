"""Taking in the files of items, byte for byte."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from gis_service.foundation.access import Act
from gis_service.foundation.web import Day, Tx, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.procedures.archiving import commands
from gis_service.procedures.archiving.routes.items import ItemId, Store, archived
from gis_service.procedures.archiving.schemas import ArchivedOut
from gis_service.registers.archives.rules import largest_file_bytes

router = APIRouter(prefix="/archives", tags=["勘界档案"], responses=refusals(404, 409))

_BYTES = {"type": "string", "format": "binary", "minLength": 1}
_RAW: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}},
    **body_up_to(largest_file_bytes()),
}


async def _content(request: Request) -> bytes:
    return await request.body()


@router.post(
    "/{item_id}/files",
    status_code=201,
    summary="为一件档案收入一份文件",
    openapi_extra=_RAW,
    dependencies=[permitted(Act.keep_archives)],
)
def add_archive_file(
    content: Annotated[bytes, Depends(_content)],  # first: nothing may be held while a body comes in
    tx: Tx,
    store: Store,
    item_id: ItemId,
    name: Annotated[str, Query(min_length=1, max_length=200, description="文件名", examples=["附图.tif"])],
    instrument: Annotated[
        str, Query(min_length=1, max_length=200, description="所依据文件的文号", examples=["国函〔2020〕1号"])
    ],
    captured_on: Annotated[Day | None, Query(description="影像的拍摄日期")] = None,
) -> ArchivedOut:
    """把请求的内容原样收入一件档案，如 `curl --data-binary @附图.tif`；同样的文件再收一次，档案不变。"""
    done = commands.add_file(
        tx,
        item_id,
        name=name,
        content=content,
        instrument=instrument,
        captured_on=captured_on,
        store=store,
    )
    return archived(tx, *done)
