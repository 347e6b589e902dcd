"""The web service, composed: what it stands on, how it refuses, what it answers. Read from top to bottom."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import Engine

from gis_service.agenda import due
from gis_service.foundation.access import Act
from gis_service.foundation.cluster import check_database, ensure_cluster
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.oidc import Verifier
from gis_service.foundation.settings import Settings, read_settings
from gis_service.foundation.standing import stand_before_nobody
from gis_service.foundation.web import (
    Ground,
    Service,
    guard,
    health_router,
    introduction,
    manual_router,
    metrics_router,
    operation_id,
    refusals,
    refuse_mistaken,
    stand_on,
)
from gis_service.foundation.web.installation import install
from gis_service.procedures.accounts.commands.identifying import Identify, identify_with
from gis_service.procedures.accounts.routes import ROUTERS as ACCOUNT_ROUTERS
from gis_service.procedures.archiving.routes import ROUTERS as ARCHIVING_ROUTERS
from gis_service.procedures.changes.routes import ROUTERS as CHANGE_ROUTERS
from gis_service.procedures.classification.routes import router as classification_router
from gis_service.procedures.corrections.routes import router as corrections_router
from gis_service.procedures.disputes.routes import ROUTERS as DISPUTE_ROUTERS
from gis_service.procedures.disputes.routes import router_drawing as risk_map_drawn_by
from gis_service.procedures.intake.routes import PLACENAMES as PLACENAME_INTAKE_ROUTERS
from gis_service.procedures.intake.routes import ROUTERS as INTAKE_ROUTERS
from gis_service.procedures.resurveys.routes import router as resurveys_router
from gis_service.procedures.seats.routes import router as seats_router
from gis_service.procedures.settlements.routes import router as settlements_router
from gis_service.publications.checks.routes import router as checks_router
from gis_service.publications.exchange.routes import ROUTERS as EXCHANGE_ROUTERS
from gis_service.publications.forms.routes import router as forms_router
from gis_service.publications.maps.routes import ROUTERS as MAP_ROUTERS
from gis_service.publications.risks.formats import page as risk_page
from gis_service.reactions import react
from gis_service.registers.archives.routes import ROUTERS as ARCHIVE_ROUTERS
from gis_service.registers.authorities.routes import router as journal_router
from gis_service.registers.boundaries.routes import ROUTERS as BOUNDARY_ROUTERS
from gis_service.registers.divisions.routes import router as divisions_router
from gis_service.registers.instruments.routes import router as instruments_router
from gis_service.registers.markers.routes import ROUTERS as MARKER_ROUTERS
from gis_service.registers.placenames.routes import ROUTERS as PLACENAME_ROUTERS
from gis_service.registers.placenames.routes import SEARCH
from gis_service.schema import newest_revision, upgrade

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

# Every address of the service: registers, procedures, publications, operation. They are tried one after the
# other, so names come first: nothing is asked as often as a search.
ROUTERS: tuple[APIRouter, ...] = (
    SEARCH,
    *PLACENAME_INTAKE_ROUTERS,
    corrections_router,  # before those that take any word for an id
    *PLACENAME_ROUTERS,
    divisions_router,
    *BOUNDARY_ROUTERS,
    *MARKER_ROUTERS,
    *ARCHIVE_ROUTERS,
    *ARCHIVING_ROUTERS,
    *EXCHANGE_ROUTERS,
    instruments_router,
    *CHANGE_ROUTERS,
    settlements_router,
    resurveys_router,
    risk_map_drawn_by(risk_page.draw),
    *DISPUTE_ROUTERS,
    seats_router,
    *INTAKE_ROUTERS,
    classification_router,
    journal_router,
    *MAP_ROUTERS,
    forms_router,
    checks_router,
    *ACCOUNT_ROUTERS,
    health_router,
    metrics_router,
    manual_router,
)

TAGS = [
    {"name": "行政区划", "description": "某一天有哪些单位、隶属于谁、范围多大、从何而来。"},
    {"name": "行政区域界线", "description": "某一天的界线：在哪两个单位之间、代码、名称、长度和线形。"},
    {"name": "界线边", "description": "每段边界只存一次的线段，单位的范围和界线都由它们拼成。"},
    {"name": "界桩", "description": "某一天的界桩和三交点：编号、位置、状况、管理，及一点附近的界线和界桩。"},
    {"name": "地名", "description": "某一天的地理实体及其名称：类别、所在单位、图形、沿革和派生地名。"},
    {
        "name": "勘界档案",
        "description": "在档的协议书、附图、登记表、影像和矢量：文件、校正、覆盖和缺少的种类。",
    },
    {"name": "文件依据", "description": "使登记事项成立的批复、决定、公告，以及最初录入所用的数据集。"},
    {"name": "行政区划变更", "description": "改变行政区划的唯一途径：立案、报请、批准、实施，及随后的事项。"},
    {"name": "变更程序", "description": "案卷的程序、部门意见、对照、备案、评估、归档目录，以及办理日历。"},
    {
        "name": "设立标准",
        "description": "设镇、设街道、设市、设区的标准：各版的要求，和逐项对照。",
    },
    {"name": "变更后的勘界", "description": "区划变更后各条界线待办的事项，直至定界、备案。"},
    {
        "name": "界线修测",
        "description": "河流、道路改移或指示物变化后的修测：何处、因何、何时完成、成果和备案。",
    },
    {"name": "隐患纠纷", "description": "界线上的隐患和纠纷：登记、化解、报请裁决、裁决，重点地段和风险图。"},
    {
        "name": "平安边界",
        "description": "界线双方的协议、联席会议、应急预案和年度考核：有何效力、何时到期、谁的责任。",
    },
    {
        "name": "地名更正建议",
        "description": "地名有误、漏登或已不存在的：谁都可以提出，编辑答复，写入登记簿。",
    },
    {"name": "驻地", "description": "各单位的批准驻地和实际办公地，以及驻地迁移遗留问题。"},
    {"name": "来件", "description": "已装入登记簿的各批数据，及装入时的意见。"},
    {"name": "定密", "description": "为文件定密、变更密级、解密；依此文件登记的事项随之同级。"},
    {"name": "登记日志", "description": "谁在何时依据什么办了什么，每条都与前一条相扣；供审计员查阅。"},
    {"name": "图幅", "description": "由登记簿绘制的界线图：印刷用的 PDF 和可切换日期的 HTML，各版永久保留。"},
    {"name": "表册", "description": "由登记簿出具的一条界线的表册：登记表、成果表、走向说明、管理清单。"},
    {"name": "内业检查", "description": "外出之前先查：一条界线的登记、界桩和文件有何不妥，在何处，怎么办。"},
    {"name": "登录", "description": "程序以令牌、浏览器以 Cookie 证明是谁。"},
    {"name": "本人账户", "description": "自己的口令、验证器、恢复码和各处登录。"},
    {"name": "账户管理", "description": "系统管理员在辖区内开立账户、授予和免去角色、签发和撤销令牌。"},
    {"name": "运行状况", "description": "供守护进程、负载均衡和监控使用。"},
]


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """The service on `engine`, or on the database that `settings` name, opened when the service starts."""
    app = Service(
        title="行政区划与界线登记服务",
        summary="行政区划、行政区域界线：任何一天的状况，每项都有文件依据",
        description=introduction(),
        version=version("gis-service"),
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=_opened(settings, engine),
        generate_unique_id_function=operation_id,
        dependencies=[Depends(refuse_mistaken)],
        responses=refusals(408, 413, 414, 422, 429, 431, 500, 503),
    )
    install(app, settings)
    guard(app, settings)
    for router in ROUTERS:
        app.include_router(router)
    return app


def _opened(settings: Settings, engine: Engine | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        """Open the database (starting the private cluster if it is ours), bring it up to date, close it."""
        own = engine or open_engine(settings.database_url or ensure_cluster(settings.home))
        check_database(own.url)
        upgrade(own)
        sessions = session_factory(own)
        stand_before_nobody(sessions)
        known = _identified_by(settings)
        opened = _open_acts(settings)
        stand_on(app, Ground(sessions, _utc_now, react, newest_revision(), known, due, open_acts=opened))
        yield
        if engine is None:
            own.dispose()

    return lifespan


def _identified_by(settings: Settings) -> Identify:
    return identify_with(Verifier(settings.oidc, clock=_utc_now) if settings.oidc else None)


def _open_acts(settings: Settings) -> frozenset[Act]:
    """What needs no account here."""
    is_open = settings.anonymous_suggestions == "on"
    return frozenset({Act.suggest_corrections}) if is_open else frozenset()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def app_from_environment() -> FastAPI:
    """For a server: `uvicorn --factory gis_service.main:app_from_environment`."""
    return create_app(read_settings())
