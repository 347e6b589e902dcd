"""Reading who did what: the journal, for auditors within their reach."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import Act
from gis_service.foundation.journal.queries import Wanted, entries
from gis_service.foundation.web import Listing, Reading, announce
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.paging import DEFAULT_LIMIT, Limit
from gis_service.foundation.web.parameters import Moment

router = APIRouter(prefix="/journal", tags=["登记日志"], dependencies=[permitted(Act.read_journal)])

_HASH: dict[str, Any] = {"pattern": "^[0-9a-f]{64}$"}


class EntryOut(BaseModel):
    """An entry of the journal."""

    model_config = ConfigDict(from_attributes=True)

    position: int = Field(description="条目的序号")
    at: datetime = Field(description="登记时刻")
    actor: str = Field(description="经办人")
    account_id: UUID | None = Field(description="经办账户；空表示本机操作或未登录")
    authority: str = Field(description="经办机关")
    command: str = Field(description="所办之事", examples=["changes.draft"])
    subject: str = Field(description="所办的对象")
    instrument_id: UUID | None = Field(description="所依据的文件，见 /instruments")
    before: dict[str, Any] | None = Field(description="办理之前；空表示新设")
    after: dict[str, Any] | None = Field(description="办理之后")
    detail: dict[str, Any] = Field(description="其他情况")
    previous_hash: str = Field(description="前一条的校验值", json_schema_extra=_HASH)
    hash: str = Field(description="本条的校验值（SHA-256）", json_schema_extra=_HASH)


Words = Annotated[str | None, Query(min_length=1, max_length=200)]


@router.get("", summary="查登记日志")
def list_entries(
    request: Request,
    session: Reading,
    subject: Annotated[Words, Query(description="只列此对象的条目", examples=["BG-2026-00001"])] = None,
    actor: Annotated[Words, Query(description="只列此经办人的条目")] = None,
    command: Annotated[Words, Query(description="只列此事的条目", examples=["changes.enacted"])] = None,
    since: Annotated[
        Moment | None, Query(description="自此时刻起（须写时区）", examples=["2026-01-31T08:00:00+08:00"])
    ] = None,
    below: Annotated[int | None, Query(ge=1, le=2**62, description="只列序号小于此数的条目")] = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[EntryOut]:
    """登记日志中所辖机关经办的条目，新的在前，逐页取得。涉及无权知悉事项的条目不列出。

    全部条目是否完整未改，由 `gis-service journal verify` 核验。
    """
    wanted = Wanted(subject=subject, actor=actor, command=command, since=since, below=below)
    found = entries(session, wanted, limit=limit + 1)
    following = _older(request, found[limit - 1].position) if len(found) > limit else None
    return Listing(items=[EntryOut.model_validate(entry) for entry in found[:limit]], next=following)


def _older(request: Request, below: int) -> str:
    asked = dict(request.query_params) | {"below": str(below)}
    link = f"{request.scope.get('root_path', '')}{request.url.path}?{urlencode(asked)}"
    announce(request, "Link", f'<{link}>; rel="next"')
    return link
