"""Figures for Prometheus: requests, refusals, turns at the database, the journal, age of the data, disk.

Every application has a registry of its own. Labels hold routes and kinds, never what was asked or by whom.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from gis_service.foundation.access import Act
from gis_service.foundation.database import Base
from gis_service.foundation.journal.queries import newest
from gis_service.foundation.web.ground import Ground, ground_of
from gis_service.foundation.web.identity import open_to_all
from gis_service.foundation.web.installation import settings_of
from gis_service.foundation.web.traffic import Traffic

QUESTION_TIMEOUT_MS = 3_000
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60, 120)

# Of tables behind walls even the number of rows would tell what not everybody may know.
_OPEN_TABLES = text(
    "SELECT relname, n_live_tup FROM pg_stat_user_tables AS tables JOIN pg_class USING (relname)"
    " WHERE pg_class.oid = tables.relid AND NOT relrowsecurity"
)

router = APIRouter(tags=["运行状况"], dependencies=[open_to_all(Act.ask_the_service)])


class Metrics:
    """The figures of one application."""

    def __init__(self, version: str, traffic: Traffic) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("gis_service", "Version of the service", registry=registry).info({"version": version})
        self._requests = Counter(
            "gis_requests", "Requests answered", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "gis_request_seconds",
            "Time from the head of a request to the end of its answer",
            ["method", "route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._refusals = Counter("gis_refusals", "Problems answered", ["kind"], registry=registry)
        under_way = Gauge("gis_requests_under_way", "Requests let in and not ended", registry=registry)
        under_way.set_function(lambda: traffic.under_way)
        self.found = _Found(registry)

    def count(self, method: str, route: str, status: int | None, problem: str | None, seconds: float) -> None:
        """Count a request that has ended."""
        self._requests.labels(method, route, f"{status // 100}xx" if status else "none").inc()
        self._seconds.labels(method, route).observe(seconds)
        if problem:
            self._refusals.labels(problem).inc()


class _Found:
    """Figures that are looked up when somebody asks."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, what: str, *labels: str) -> Gauge:
            return Gauge(f"gis_{name}", what, labels, registry=registry)

        self.connections = gauge("database_connections", "Connections of the pool", "state")
        self.turns = gauge("database_turns", "Turns at the database", "state")
        self.is_up = gauge("database_up", "Whether the database answers")
        self.entries = gauge("journal_position", "Number of the newest entry of the journal")
        self.age_s = gauge("data_age_seconds", "Time since the newest entry of the journal")
        self.rows = gauge("table_rows", "Rows of a table by the statistics of the database", "table")
        self.free_bytes = gauge("disk_free_bytes", "Free bytes of the disk the home lies on")


def measure_with(app: FastAPI, traffic: Traffic) -> Metrics:
    """Give an application figures of its own."""
    app.state.metrics = Metrics(app.version, traffic)
    found: Metrics = app.state.metrics
    return found


@router.get(
    "/metrics",
    summary="运行指标",
    response_class=Response,
    responses={200: {"description": "Prometheus 文本格式", "content": {"text/plain": {}}}},
)
def metrics(request: Request) -> Response:
    """供 Prometheus 采集：请求数与耗时、拒绝数、数据库连接与等候、登记日志位置、数据新旧、磁盘余量、版本。

    数据库不可用时照样答复，`gis_database_up` 为 0。标签只有接口和种类，不含任何人名、参数或登记内容。
    """
    figures: Metrics = request.app.state.metrics
    ground = ground_of(request)
    _look_at_pool(figures.found, ground)
    _ask_database(figures.found, ground)
    figures.found.free_bytes.set(free_bytes(settings_of(request).home))
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def free_bytes(folder: Path) -> int:
    """Free bytes of the disk a folder lies on, or would lie on."""
    place = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    return shutil.disk_usage(place).free


def _look_at_pool(found: _Found, ground: Ground) -> None:
    waiting = ground.turns.statistics()
    found.turns.labels("all").set(waiting.total_tokens)
    found.turns.labels("taken").set(waiting.borrowed_tokens)
    found.turns.labels("waited_for").set(waiting.tasks_waiting)
    with ground.sessions() as session:
        pool = session.get_bind().engine.pool
    if isinstance(pool, QueuePool):
        found.connections.labels("kept").set(pool.size())
        found.connections.labels("in_use").set(pool.checkedout())


def _ask_database(found: _Found, ground: Ground) -> None:
    """Beside the turns of others: whoever watches must see most when nobody gets a turn."""
    found.is_up.set(0)
    try:
        with ground.sessions() as session:
            session.execute(text(f"SET LOCAL statement_timeout = {QUESTION_TIMEOUT_MS}"))
            _read_registers(found, ground, session)
    except (DBAPIError, NoConnectionFree):
        return
    found.is_up.set(1)


def _read_registers(found: _Found, ground: Ground, session: Session) -> None:
    position, at = newest(session)
    found.entries.set(position)
    found.age_s.set((ground.clock() - at).total_seconds() if at else float("nan"))
    counted = session.execute(_OPEN_TABLES)
    for table, rows in counted:
        if table in Base.metadata.tables:
            found.rows.labels(table).set(rows)
