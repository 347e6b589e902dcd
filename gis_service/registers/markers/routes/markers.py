"""Markers on a day: the list, one marker, its files, and those along a line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, highest
from gis_service.foundation.errors import NotFound
from gis_service.foundation.files import FileStore
from gis_service.foundation.readings import note_reading
from gis_service.foundation.web import (
    DEFAULT_LIMIT,
    UUID_WRITTEN,
    WRITTEN_BBOX,
    After,
    FeaturesOut,
    Limit,
    ListingOnDate,
    OnDate,
    Page,
    Reading,
    Shape,
    WantedShape,
    feature_collection,
    geojson_content,
    header,
    keyed,
    read_bbox,
    refusals,
)
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.installation import settings_of
from gis_service.registers.boundaries.queries import course_on, line_named
from gis_service.registers.boundaries.routes.lines import LineReference, NamedLine
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision
from gis_service.registers.markers.models import MarkerState
from gis_service.registers.markers.queries import marker_on, markers_on
from gis_service.registers.markers.queries.histories import history_of, kept_as, marker_file, papers_of
from gis_service.registers.markers.queries.telling import Told, told_of
from gis_service.registers.markers.routes.showing import detail_out, feature_of, marker_out, on_line_out
from gis_service.registers.markers.schemas import MarkerDetailOut, MarkerOnLineOut, MarkerOut

router = APIRouter(prefix="/markers", tags=["界桩"], dependencies=[permitted(Act.read_registers)])
line_router = APIRouter(prefix="/boundary-lines", tags=["界桩"], dependencies=[permitted(Act.read_registers)])

SYNTHETIC = "含有合成示例，并非真实界桩"
AfterNumberAndId = Annotated[str | None, keyed(f"^[^\\x00-\\x1f\\x7f]{{1,40}}\\.{UUID_WRITTEN}$"), After]
MarkerId = Annotated[UUID, Path(description="界桩的标识，见 /markers")]
_GIVEN_OUT = {
    "ETag": header("内容摘要", {"type": "string", "pattern": '^"[0-9a-f]{64}"$'}),
    "Content-Disposition": header("附件及其文件名", {"type": "string", "pattern": "^attachment; "}),
}


async def _page(request: Request, after: AfterNumberAndId = None, limit: Limit = DEFAULT_LIMIT) -> Page:
    return Page(request, after, limit)


async def _store(request: Request) -> FileStore:
    return FileStore(settings_of(request).files_dir)


@router.get(
    "",
    summary="列出某日的界桩",
    response_model=ListingOnDate[MarkerOut],
    responses={**geojson_content("一页界桩；GeoJSON 时带点位", FeaturesOut[MarkerOut]), **refusals(404, 409)},
)
def list_markers(
    request: Request,
    session: Reading,
    on: OnDate,
    page: Annotated[Page, Depends(_page)],
    shape: WantedShape,
    line: Annotated[NamedLine | None, Query(description="所在界线（代码或 UUID）", examples=["3234"])] = None,
    managing: Annotated[
        NamedDivision | None, Query(description="负责管理的一方（代码或 UUID）", examples=["320000"])
    ] = None,
    number: Annotated[
        str | None, Query(pattern=r"^[0-9]{4,12}[A-Z]{0,2}$", description="界桩编号", examples=["3234001Q"])
    ] = None,
    state: Annotated[MarkerState | None, Query(description="最近所见的状况", examples=["完好"])] = None,
    bbox: Annotated[
        str | None,
        Query(
            description="西,南,东,北（度），只列登记位置在其中的",
            examples=["118.0,31.5,119.5,32.5"],
            json_schema_extra=WRITTEN_BBOX,
        ),
    ] = None,
) -> Any:
    """某一天在册的界桩，按编号和标识排列，逐页取得；条件可以并用。

    编号永不改写、永不重用；位置、状况和管理的变化各是一项记录，见 `/markers/{id}`。
    """
    found = markers_on(
        session,
        on=on,
        lines=None if line is None else [line_named(session, line, on=on).id],
        managing=None if managing is None else [division_named(session, managing, on=on).division_id],
        number=number,
        state=state,
        bounds=None if bbox is None else read_bbox(bbox),
        after=_position(page.after),
        limit=page.one_more,
    )
    cut, following = page.cut(found, lambda each: f"{each.number}.{each.marker.id}")
    told = [marker_out(each) for each in told_of(session, cut, on=on)]
    if shape is Shape.json:
        return ListingOnDate(on=on, items=told, next=following)
    statement = SYNTHETIC if any(each.is_synthetic for each in told) else None
    features = (feature_of(each) for each in told)
    return feature_collection(request, features, on=on, statement=statement, next_page=following)


def _position(after: str | None) -> tuple[str, UUID] | None:
    """Where a page begins: `number.id`, as `next` wrote it."""
    if after is None:
        return None
    number, _, marker = after.rpartition(".")
    return number, UUID(marker)


@router.get("/{marker_id}", summary="取某日的一座界桩", responses=refusals(404))
def read_marker(session: Reading, marker_id: MarkerId, on: OnDate) -> MarkerDetailOut:
    """一座界桩在某一天的登记内容，以及历次的位置、查看和处置、移位和增设的文件、附件。"""
    told = _told(session, marker_id, on=on)
    history = history_of(session, marker_id)
    papers = papers_of(session, history.papers())
    kept = highest(told.classification, history.kept(papers))
    note_reading(session, kept, told.marker.number)
    out = detail_out(told, history, papers, on=on)
    return out.model_copy(update={"classification": kept})


def _told(session: Session, marker_id: UUID, *, on: date) -> Told:
    marker = marker_on(session, marker_id, on=on)
    told = told_of(session, [] if marker is None else [marker], on=on)
    if not told:
        raise NotFound(
            f"{on} 没有标识为 {marker_id} 的界桩", way_out="请核对日期；界桩的标识可在 /markers 中查得"
        )
    return told[0]


@router.get(
    "/{marker_id}/files/{sha256}",
    summary="取回界桩的一份附件",
    response_class=Response,
    responses={
        200: {
            "description": "附件的内容",
            "content": {"application/octet-stream": {}},
            "headers": _GIVEN_OUT,
        },
        **refusals(404),
    },
)
def read_marker_file(
    session: Reading,
    store: Annotated[FileStore, Depends(_store)],
    marker_id: MarkerId,
    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="内容摘要，见界桩的 files")],
    on: OnDate,
) -> Response:
    """位置略图、照片或登记表，与收入时逐字节相同。一律作为附件答复，浏览器不会打开它。"""
    told = _told(session, marker_id, on=on)
    file = marker_file(session, marker_id, sha256)
    papers = papers_of(session, [file.instrument_id])
    kept = highest(told.classification, kept_as(papers, [file.instrument_id]))
    note_reading(session, kept, f"{told.marker.number} {file.name}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": f'"{sha256}"',
    }
    return Response(store.read(sha256), headers=headers, media_type="application/octet-stream")


@line_router.get(
    "/{reference}/markers",
    summary="列出某日一条界线上的界桩",
    response_model=ListingOnDate[MarkerOnLineOut],
    responses={
        **geojson_content("全线界桩；GeoJSON 时带点位", FeaturesOut[MarkerOnLineOut]),
        **refusals(404, 409),
    },
)
def list_markers_of_line(
    request: Request, session: Reading, reference: LineReference, on: OnDate, shape: WantedShape
) -> Any:
    """一条界线在某一天的全部界桩，沿编号方向（自西向东或自北向南）排列，各注明垂足的里程。"""
    line = line_named(session, reference, on=on)
    course = course_on(session, line, on=on)
    told = told_of(session, markers_on(session, on=on, lines=[line.id]), on=on)
    feet = {
        each.marker.marker.id: course.foot(each.marker.point)
        for each in told
        if course is not None and each.marker.point is not None
    }
    out = [on_line_out(each, feet.get(each.marker.marker.id)) for each in told]
    out.sort(key=lambda each: (each.chainage_m is None, each.chainage_m or 0.0, each.number))
    if shape is Shape.json:
        return ListingOnDate(on=on, items=out, next=None)
    statement = SYNTHETIC if any(each.is_synthetic for each in out) else None
    features = (feature_of(each) for each in out)
    return feature_collection(request, features, on=on, statement=statement, next_page=None)
