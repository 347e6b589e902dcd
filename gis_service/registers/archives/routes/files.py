"""Files of items: the content as it was filed, and a window of an image with the line over it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from gis_service.foundation.access import Act
from gis_service.foundation.files import FileStore
from gis_service.foundation.readings import note_reading
from gis_service.foundation.web import OnDate, Reading, header, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.installation import settings_of
from gis_service.registers.archives.queries import file_of, item_named, told_of
from gis_service.registers.archives.queries.preview import around, draw_preview, newest_image
from gis_service.registers.archives.routes.items import ItemId

router = APIRouter(prefix="/archives", tags=["勘界档案"], dependencies=[permitted(Act.read_registers)])

Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="内容摘要，见档案件的 files")]
_GIVEN_OUT = {
    "ETag": header("内容摘要", {"type": "string", "pattern": '^"[0-9a-f]{64}"$'}),
    "Content-Disposition": header("附件及其文件名", {"type": "string", "pattern": "^attachment; "}),
}


async def _store(request: Request) -> FileStore:
    return FileStore(settings_of(request).files_dir)


Store = Annotated[FileStore, Depends(_store)]


@router.get(
    "/{item_id}/files/{sha256}",
    summary="取回档案的一份文件",
    response_class=Response,
    responses={
        200: {
            "description": "文件的内容",
            "content": {"application/octet-stream": {}},
            "headers": _GIVEN_OUT,
        },
        **refusals(404),
    },
)
def read_archive_file(session: Reading, store: Store, item_id: ItemId, sha256: Digest) -> Response:
    """扫描件、影像或数据，与收入时逐字节相同。一律作为附件答复，浏览器不会打开它。"""
    item = item_named(session, item_id)
    file = file_of(session, item, sha256)
    [told] = told_of(session, [item])
    note_reading(session, told.classification, f"{item.number} {file.name}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": f'"{sha256}"',
    }
    return Response(store.read(sha256), headers=headers, media_type="application/octet-stream")


@router.get(
    "/{item_id}/preview",
    summary="看一件档案的影像",
    response_class=Response,
    responses={200: {"description": "PNG 图片", "content": {"image/png": {}}}, **refusals(404)},
)
def preview_archive(
    session: Reading,
    store: Store,
    item_id: ItemId,
    on: OnDate,
    size: Annotated[int, Query(ge=16, le=2048, description="边长（像素）")] = 512,
) -> Response:
    """一件档案最近收入的影像（或校正后的扫描图）的全貌，上绘此件所涉界线；其中一块见各文件的 preview。"""
    item = item_named(session, item_id)
    digest, bounds = newest_image(session, item)
    file = file_of(session, item, digest)
    [told] = told_of(session, [item])
    note_reading(session, told.classification, f"{item.number} {file.name}")
    drawn = draw_preview(session, store.kept_at(digest), bounds, told.lines, size=size, on=on)
    return Response(drawn, media_type="image/png", headers={"X-Content-Type-Options": "nosniff"})


@router.get(
    "/{item_id}/files/{sha256}/preview",
    summary="看影像的一块，上绘界线",
    response_class=Response,
    responses={200: {"description": "PNG 图片", "content": {"image/png": {}}}, **refusals(404)},
)
def preview_archive_image(
    session: Reading,
    store: Store,
    item_id: ItemId,
    sha256: Digest,
    on: OnDate,
    lon: Annotated[float, Query(ge=73, le=136, description="中心的经度（度）", examples=[119.02])],
    lat: Annotated[float, Query(ge=3, le=54, description="中心的纬度（度）", examples=[31.99])],
    metres: Annotated[float, Query(ge=1, le=200_000, description="边长（米）")] = 1000,
    size: Annotated[int, Query(ge=16, le=2048, description="边长（像素）")] = 512,
) -> Response:
    """影像在一点周围的一块，上北下南，以红线绘出此件所涉界线在某一天的走向；影像之外为白。"""
    item = item_named(session, item_id)
    file = file_of(session, item, sha256)
    [told] = told_of(session, [item])
    note_reading(session, told.classification, f"{item.number} {file.name}")
    path = store.kept_at(file.sha256)
    bounds = around(lon, lat, metres)
    drawn = draw_preview(session, path, bounds, told.lines, size=size, on=on)
    return Response(drawn, media_type="image/png", headers={"X-Content-Type-Options": "nosniff"})
