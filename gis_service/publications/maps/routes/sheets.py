"""Sheets, their editions, and the files of an edition as they were drawn."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import Act, Classification, highest
from gis_service.foundation.readings import note_reading
from gis_service.foundation.web import Listing, PageById, Reading, header, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.installation import settings_of
from gis_service.foundation.web.policy import policy_for
from gis_service.publications.maps.formats import FORMATS
from gis_service.publications.maps.queries import (
    SheetKept,
    content_of,
    edition_in,
    note_sheet,
    sheet_kept,
    sheets_kept,
)
from gis_service.publications.maps.sheets import SHEET_TYPES

router = APIRouter(prefix="/sheets", tags=["图幅"], dependencies=[permitted(Act.read_products)])

BY_NAME = {module.NAME: module for module in FORMATS}
TYPE_TITLES = {module.NAME: module.TITLE for module in SHEET_TYPES}
SheetType = StrEnum("SheetType", list(TYPE_TITLES))  # type: ignore[misc]
Format = StrEnum("Format", list(BY_NAME))  # type: ignore[misc]

_ETAG = header("内容摘要", {"type": "string", "pattern": '^"[0-9a-f]{64}"$'})
_FOREVER = "max-age=31536000, immutable"  # an edition never changes


class FileOut(BaseModel):
    """A file of an edition."""

    format: str = Field(description="格式", examples=["pdf"])
    address: str = Field(description="取文件的地址")
    sha256: str = Field(description="内容摘要（SHA-256），也是 ETag")


class EditionOut(BaseModel):
    """One edition of a sheet."""

    model_config = ConfigDict(from_attributes=True)

    number: int = Field(description="版次")
    valid_on: date = Field(description="图上状况的日期")
    since: date | None = Field(description="两日对比图的较早日期；其他图为空")
    denominator: int = Field(description="比例尺分母", examples=[250000])
    fingerprint: str = Field(description="图上内容的摘要；内容不变就不出新版")
    drawn_at: datetime = Field(description="绘制时刻")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])
    files: list[FileOut] = Field(description="各种格式的文件")


class SheetOut(BaseModel):
    """A sheet with its editions."""

    id: UUID = Field(description="图幅的标识")
    type: str = Field(description="类型", examples=["change"])
    type_name: str = Field(description="类型（中文）", examples=["变更前后对照图"])
    title: str = Field(description="图名")
    subject: UUID = Field(description="所示对象的标识：单位，或批准文件")
    stale_on: date | None = Field(description="须按此日状况重绘；空表示最新一版即现状")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])
    editions: list[EditionOut] = Field(description="各版，新的在前；旧版一直保留")


@router.get("", summary="列出图幅")
def list_sheets(
    request: Request,
    session: Reading,
    page: PageById,
    type: Annotated[SheetType | None, Query(description="图幅类型", examples=["change"])] = None,
    subject: Annotated[UUID | None, Query(description="所示单位或批准文件的标识")] = None,
    stale: Annotated[bool | None, Query(description="true 只列待重绘的，false 只列最新的")] = None,
) -> Listing[SheetOut]:
    """全部图幅及其各版，按图名排列，逐页取得。

    变更实施后有关图幅自动标为待重绘，由 `gis-service sheets draw --stale` 在请求之外绘制。
    """
    found = sheets_kept(
        session, type_=type, subject=subject, stale=stale, after=page.after_id, limit=page.one_more
    )
    sheets, following = page.cut(found, lambda sheet: str(sheet.id))
    return Listing(items=[_told(request, session, sheet) for sheet in sheets], next=following)


@router.get("/{sheet_id}", summary="查一幅图", responses=refusals(404))
def read_sheet(
    request: Request, session: Reading, sheet_id: Annotated[UUID, Path(description="图幅的标识")]
) -> SheetOut:
    """一幅图的类型、所示对象、各版的日期、比例尺和文件。"""
    return _told(request, session, sheet_kept(session, sheet_id))


@router.get(
    "/{sheet_id}/editions/{number}.{format}",
    summary="取一版的文件",
    response_class=Response,
    responses={
        200: {
            "description": "文件的内容",
            "content": {
                "application/pdf": {"schema": {"type": "string", "format": "binary"}},
                "text/html": {"schema": {"type": "string"}},
            },
            "headers": {
                "ETag": _ETAG,
                "Content-Disposition": header("文件名", {"type": "string", "pattern": "^inline; "}),
            },
        },
        304: {"description": "与 If-None-Match 所示的一致，不再传送", "headers": {"ETag": _ETAG}},
        **refusals(404),
    },
)
def read_edition(
    request: Request,
    session: Reading,
    sheet_id: Annotated[UUID, Path(description="图幅的标识")],
    number: Annotated[int, Path(ge=1, le=1_000_000, description="版次", examples=[1])],
    format: Annotated[Format, Path(description="pdf 为印刷图，html 为可在浏览器中切换前后的图")],
    if_none_match: Annotated[str | None, Header(max_length=1000, description="已有文件的 ETag")] = None,
) -> Response:
    """一版的文件，与绘制时逐字节相同；文件缺失或与登记的摘要不符时答复 404。HTML 不访问任何其他地址。"""
    sheet = sheet_kept(session, sheet_id)
    edition, file = edition_in(session, sheet, number, format)
    kept = highest(sheet.classification, edition.classification)
    note_reading(session, kept, f"{sheet.id} 第{number}版 {format}")
    headers = {"ETag": f'"{file.sha256}"'}
    if kept is Classification.public:  # of all others the trace of the reading says how to keep them: not
        headers["Cache-Control"] = _FOREVER
    if if_none_match and file.sha256 in if_none_match:
        return Response(status_code=304, headers=headers)
    content = content_of(settings_of(request).editions_dir, file)
    return Response(content, headers=headers | _manners(sheet, number, format, content))


def _manners(sheet: SheetKept, number: int, format_: str, content: bytes) -> dict[str, str]:
    """How a browser is to take the file: as what it is, under its title, with its own scripts only."""
    name = quote(f"{sheet.title} 第{number}版{BY_NAME[format_].SUFFIX}", safe="")
    kind = BY_NAME[format_].MEDIA_TYPE
    return {
        "Content-Type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        "Content-Disposition": f"inline; filename*=UTF-8''{name}",
        "Content-Security-Policy": policy_for(content),
        "X-Content-Type-Options": "nosniff",
    }


def _told(request: Request, session: Reading, sheet: SheetKept) -> SheetOut:
    note_sheet(session, sheet)
    root = f"{request.scope.get('root_path', '')}/sheets/{sheet.id}/editions"
    return SheetOut(
        id=sheet.id,
        type=sheet.type,
        type_name=TYPE_TITLES[sheet.type],
        title=sheet.title,
        subject=sheet.subject,
        stale_on=sheet.stale_on,
        classification=Classification(sheet.classification),
        editions=[
            EditionOut(
                number=edition.number,
                valid_on=edition.valid_on,
                since=edition.since,
                denominator=edition.denominator,
                fingerprint=edition.fingerprint,
                drawn_at=edition.drawn_at,
                classification=Classification(edition.classification),
                files=[
                    FileOut(
                        format=file.format,
                        address=f"{root}/{edition.number}.{file.format}",
                        sha256=file.sha256,
                    )
                    for file in edition.files
                ],
            )
            for edition in sheet.editions
        ],
    )
