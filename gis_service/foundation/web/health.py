"""Whether the process is up, and whether it may be sent work: database, schema, age of the data."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act
from gis_service.foundation.cluster import check_database
from gis_service.foundation.database import server_versions
from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.journal.queries import newest
from gis_service.foundation.revisions import may_serve, revision_of
from gis_service.foundation.web.contract import refusals
from gis_service.foundation.web.ground import ground_of
from gis_service.foundation.web.identity import open_to_all
from gis_service.foundation.web.installation import settings_of
from gis_service.foundation.web.metrics import free_bytes
from gis_service.foundation.web.sessions import Reading

LOW_DISK_BYTES = 1_000_000_000

router = APIRouter(tags=["运行状况"], dependencies=[open_to_all(Act.ask_the_service)])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The service can be sent work."""

    status: Literal["ready"] = "ready"
    schema_revision: str = Field(description="数据库结构的版本", examples=["09079dea74be"])
    postgresql: str = Field(description="PostgreSQL 版本", examples=["15.18"])
    postgis: str = Field(description="PostGIS 版本", examples=["3.3.2"])
    newest_entry_at: datetime | None = Field(description="最近一次写入的时刻；空表示尚无数据")
    data_age_s: float | None = Field(description="距最近一次写入的秒数")
    disk: Literal["ample", "low"] = Field(description="数据目录所在磁盘：ample 充足，low 不足 1 GB")


@router.get("/healthz", summary="进程是否在运行")
def healthz() -> Alive:
    """只要进程能答复就是 200，不访问数据库。供守护进程判断是否需要重启。"""
    return Alive()


@router.get("/readyz", summary="服务能否受理请求", responses=refusals(503))
def readyz(request: Request, session: Reading) -> Ready:
    """检查数据库连通、结构版本、PostGIS 版本和中文检索所需的区域设置；任何一项不合格即为 503 并说明原因。

    `newest_entry_at` 与 `data_age_s` 说明数据的新旧。供负载均衡和监控使用。
    """
    ground = ground_of(request)
    check_database(session.connection())
    revision = _require_current(session, ground.revision)
    _, newest_at = newest(session)
    postgresql, postgis = server_versions(session)
    return Ready(
        schema_revision=revision,
        postgresql=postgresql,
        postgis=postgis,
        newest_entry_at=newest_at,
        data_age_s=(ground.clock() - newest_at).total_seconds() if newest_at else None,
        disk="low" if free_bytes(settings_of(request).home) < LOW_DISK_BYTES else "ample",
    )


def _require_current(session: Session, expected: str | None) -> str:
    connection = session.connection()
    found = revision_of(connection)
    if found is None or not may_serve(connection, expected):
        raise DatabaseUnavailable(
            f"数据库结构的版本是 {found or '空'}，本程序需要 {expected}",
            way_out="请用与数据库相配的程序版本，或重新启动服务以升级数据库结构",
        )
    return found
