"""Forms of a boundary line over HTTP, made when they are asked for from the registers of the day asked."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel, Field

from gis_service.foundation.access import Act
from gis_service.foundation.readings import note_readings
from gis_service.foundation.web import OnDate, Reading, header, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.publications.forms.formats import FORMATS
from gis_service.publications.forms.queries import gather
from gis_service.publications.forms.schemas import FormPlan
from gis_service.publications.forms.sheets import SHEET_TYPES
from gis_service.registers.boundaries.queries import line_named
from gis_service.registers.boundaries.routes.lines import LineReference
from gis_service.registers.divisions.queries import divisions_by_id

router = APIRouter(prefix="/boundary-lines", tags=["表册"], dependencies=[permitted(Act.read_products)])

FORMS = {module.NAME: module for module in SHEET_TYPES}
BY_NAME = {module.NAME: module for module in FORMATS}
FormName = StrEnum("FormName", list(FORMS))  # type: ignore[misc]
FormatName = StrEnum("FormatName", list(BY_NAME))  # type: ignore[misc]

_ETAG = header("内容摘要", {"type": "string", "pattern": '^"[0-9a-f]{64}"$'})
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_TOLD = ", ".join(f"{module.NAME} {module.TITLE}" for module in SHEET_TYPES)


class FormFileOut(BaseModel):
    """A format of a form."""

    format: str = Field(description="格式", examples=["pdf"])
    media_type: str = Field(description="媒体类型", examples=["application/pdf"])
    address: str = Field(description="取文件的地址")


class FormOut(BaseModel):
    """A form that is offered for a line."""

    form: str = Field(description="表册的名称", examples=["registration"])
    title: str = Field(description="表册的中文名称", examples=["界桩登记表"])
    files: list[FormFileOut] = Field(description="各种格式")


class FormsOut(BaseModel):
    """The forms of a line on a day."""

    on: date = Field(description="登记状况日期", examples=["2020-06-05"])
    code: str = Field(description="界线代码", examples=["3234"])
    name: str = Field(description="界线名称", examples=["苏皖线"])
    forms: list[FormOut] = Field(description="可出具的表册")


@router.get("/{reference}/forms", summary="列出一条界线可出具的表册", responses=refusals(404, 409))
def list_forms(request: Request, session: Reading, reference: LineReference, on: OnDate) -> FormsOut:
    """一条界线在某一天可出具的表册及其格式。PDF、DOCX 供印刷签署，XLSX、GeoPackage、JSON 供程序读取。"""
    line = line_named(session, reference, on=on)
    sides = divisions_by_id(session, (line.first_id, line.second_id), on=on)
    note_readings(session, ((unit.classification, unit.code) for unit in sides.values()))
    note_readings(session, [(line.classification, line.code)])
    root = f"{request.scope.get('root_path', '')}/boundary-lines/{line.id}/forms"
    return FormsOut(
        on=on,
        code=line.code,
        name=line.name,
        forms=[
            FormOut(
                form=form.NAME,
                title=form.TITLE,
                files=[
                    FormFileOut(
                        format=kind.NAME,
                        media_type=kind.MEDIA_TYPE,
                        address=f"{root}/{form.NAME}.{kind.NAME}?on={on}",
                    )
                    for kind in FORMATS
                ],
            )
            for form in SHEET_TYPES
        ],
    )


@router.get(
    "/{reference}/forms/{form}.{format}",
    summary="出具一条界线的一种表册",
    response_class=Response,
    responses={
        200: {
            "description": "文件的内容",
            "content": {
                module.MEDIA_TYPE: {"schema": {"type": "object"}} if module.NAME == "json" else _BINARY
                for module in FORMATS
            },
            "headers": {
                "ETag": _ETAG,
                "Content-Disposition": header("文件名", {"type": "string", "pattern": "^inline; "}),
            },
        },
        304: {"description": "与 If-None-Match 所示的一致，不再传送", "headers": {"ETag": _ETAG}},
        **refusals(403, 404, 409),
    },
)
def read_form(
    session: Reading,
    reference: LineReference,
    form: Annotated[FormName, Path(description=_TOLD)],
    format: Annotated[FormatName, Path(description="pdf、docx 供人阅读；xlsx、gpkg、json 供程序读取")],
    on: OnDate,
    if_none_match: Annotated[str | None, Header(max_length=1000, description="已有文件的 ETag")] = None,
) -> Response:
    """由登记簿当场出具的表册，从不另存；同一天的同一状况得到逐字节相同的文件。

    界桩很多的界线出具登记表需要数秒；全部表册一次出具可用命令 `gis-service boundaries forms`。
    """
    evidence = gather(session, line_named(session, reference, on=on), on=on)
    plan = FORMS[form].plan(evidence)
    content = BY_NAME[format].draw(plan)
    digest = sha256(content).hexdigest()
    headers = {"ETag": f'"{digest}"'}
    if if_none_match and digest in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=BY_NAME[format].MEDIA_TYPE, headers=headers | _manners(plan, format))


def _manners(plan: FormPlan, format_: str) -> dict[str, str]:
    name = quote(f"{plan.line_code}{plan.line_name}-{plan.title}{BY_NAME[format_].SUFFIX}", safe="")
    return {
        "Content-Disposition": f"inline; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
    }
