"""Documents of a case: taken in as they are, given out only as attachments."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from gis_service.foundation.access import Act
from gis_service.foundation.files import FileStore
from gis_service.foundation.readings import note_reading
from gis_service.foundation.web import Reading, answered_with, header, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.installation import settings_of
from gis_service.foundation.web.limits import body_up_to
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.queries import case_by_number, material_with_digest
from gis_service.procedures.changes.routes.in_hand import REVISION, InHand, Number
from gis_service.procedures.changes.rules import largest_material_bytes
from gis_service.procedures.changes.schemas import CaseOut

router = APIRouter(prefix="/changes/{number}/materials", tags=["行政区划变更"], responses=refusals(404, 409))
duty_router = APIRouter(
    prefix="/changes/{number}/duties", tags=["行政区划变更"], responses=refusals(404, 409)
)

_BYTES = {"type": "string", "format": "binary", "minLength": 1}
_RAW: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}},
    **body_up_to(largest_material_bytes()),
}
_FILED = answered_with(201, ETag=REVISION)
_GIVEN_OUT = {
    "ETag": header("内容摘要", {"type": "string", "pattern": '^"[0-9a-f]{64}"$'}),
    "Content-Disposition": header("附件及其文件名", {"type": "string", "pattern": "^attachment; "}),
}


async def _content(request: Request) -> bytes:
    return await request.body()


async def _store(request: Request) -> FileStore:
    return FileStore(settings_of(request).files_dir)


Store = Annotated[FileStore, Depends(_store)]


@router.post(
    "",
    summary="收入一份材料",
    status_code=201,
    openapi_extra=_RAW,
    responses=_FILED,
    dependencies=[permitted(Act.draft_change)],
)
def add_material(
    content: Annotated[bytes, Depends(_content)],  # first: nothing may be held while a body comes in
    case: InHand,
    store: Store,
    kind: Annotated[
        str,
        Query(
            json_schema_extra={"enum": list(commands.kinds_to_add())},
            description="材料种类："
            + "；".join(f"{kind} {title}" for kind, title in commands.kinds_to_add().items()),
            examples=["risk_report"],
        ),
    ],
    name: Annotated[
        str, Query(min_length=1, max_length=200, description="文件名", examples=["风险评估报告.pdf"])
    ],
) -> CaseOut:
    """把请求的内容原样作为一份材料收入案卷，如 `curl --data-binary @风险评估报告.pdf`。

    申请材料须在批准之前收入；程序文件、部门答复、备案报告等，只要案卷没有撤回或被否决，随时可收。
    同样的材料再收一次，案卷不变。
    """
    return case.moved_by(commands.add_material, kind=kind, name=name, content=content, store=store)


@duty_router.post(
    "/{duty}/documents",
    summary="收入一项后续事项的文件",
    status_code=201,
    openapi_extra=_RAW,
    responses=_FILED,
    dependencies=[permitted(Act.follow_up_change)],
)
def add_duty_document(
    content: Annotated[bytes, Depends(_content)],
    case: InHand,
    store: Store,
    duty: Annotated[
        str, Path(pattern=r"^[a-z_]{1,40}$", description="事项，见案卷的 follow_ups", examples=["survey"])
    ],
    name: Annotated[
        str, Query(min_length=1, max_length=200, description="文件名", examples=["界线协议书.pdf"])
    ],
) -> CaseOut:
    """把请求的内容原样作为办结一项后续事项的文件收入案卷，如勘界成果、协议书、公告、完成报告。"""
    return case.moved_by(commands.add_duty_document, duty, name=name, content=content, store=store)


@router.get(
    "/{sha256}",
    summary="取回一份材料",
    response_class=Response,
    responses={
        200: {
            "description": "材料的内容，作为附件",
            "content": {"application/octet-stream": {}},
            "headers": _GIVEN_OUT,
        }
    },
    dependencies=[permitted(Act.read_cases)],
)
def read_material(
    session: Reading,
    store: Store,
    number: Number,
    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="内容摘要，见案卷的 materials")],
) -> Response:
    """材料的内容与收入时逐字节相同。一律作为附件答复，浏览器不会打开它。"""
    case = case_by_number(session, number)
    material = material_with_digest(session, case, sha256)
    note_reading(session, case.classification, f"{number} {material.name}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(material.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": f'"{sha256}"',
    }
    return Response(store.read(sha256), headers=headers, media_type="application/octet-stream")
