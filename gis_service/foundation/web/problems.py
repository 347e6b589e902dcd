"""Every refusal as problem+json (RFC 9457): one table from what is the case to the HTTP status.

Nothing internal is ever told; an unexpected error is logged under the id of its request.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware

from gis_service.foundation.database import conflict_of
from gis_service.foundation.errors import (
    Conflict,
    DatabaseUnavailable,
    FilesUnavailable,
    IdentityProviderUnavailable,
    IllegalMove,
    InvalidInput,
    NotFound,
    NotPermitted,
    NotSignedIn,
    SecondFactorNeeded,
    ServiceError,
)
from gis_service.foundation.findings import Finding, RuleViolated, Severity
from gis_service.foundation.web.announcing import request_id
from gis_service.foundation.web.wording import findings_of

PROBLEM = "application/problem+json"
RETRY_AFTER_S = 5
_ALSO_SAID = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": str(RETRY_AFTER_S)}}
_QUERY_CANCELED = "57014"
_LOCK_NOT_AVAILABLE = "55P03"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of refusal: the last part of its `type`, its HTTP status, its title."""

    name: str
    status: int
    title: str

    @property
    def type(self) -> str:
        """The address that names the kind, and explains it when opened."""
        return f"/problems/{self.name}"


STATUS: dict[type[ServiceError], ProblemKind] = {
    NotSignedIn: ProblemKind("not-signed-in", 401, "未登录或凭证无效"),
    NotPermitted: ProblemKind("not-permitted", 403, "无权办理"),
    SecondFactorNeeded: ProblemKind("second-factor-needed", 403, "须经第二重验证"),
    NotFound: ProblemKind("not-found", 404, "没有找到"),
    Conflict: ProblemKind("conflict", 409, "与登记簿或案卷的现状不符"),
    IllegalMove: ProblemKind("illegal-move", 409, "案卷现状不允许此项操作"),
    InvalidInput: ProblemKind("invalid-input", 422, "请求无法识别"),
    RuleViolated: ProblemKind("rule-violated", 422, "违反规则，未写入任何内容"),
    DatabaseUnavailable: ProblemKind("database-unavailable", 503, "数据库暂不可用"),
    FilesUnavailable: ProblemKind("files-unavailable", 503, "文件目录暂不可用"),
    IdentityProviderUnavailable: ProblemKind("identity-provider-unavailable", 503, "身份认证服务暂不可用"),
    ServiceError: ProblemKind("refused", 422, "请求被拒绝"),
}
NO_SUCH_ADDRESS = ProblemKind("no-such-address", 404, "没有这个地址")
NO_SUCH_METHOD = ProblemKind("no-such-method", 405, "此地址不接受这种请求方法")
UNREADABLE = ProblemKind("unreadable-request", 400, "请求无法读取")
BODY_TOO_SLOW = ProblemKind("body-too-slow", 408, "请求内容传送过慢")
BODY_TOO_LARGE = ProblemKind("body-too-large", 413, "请求内容过大")
ADDRESS_TOO_LONG = ProblemKind("address-too-long", 414, "请求地址过长")
TOO_MANY_REQUESTS = ProblemKind("too-many-requests", 429, "请求过于频繁")
HEADERS_TOO_LARGE = ProblemKind("headers-too-large", 431, "请求头过多或过大")
TOO_SLOW = ProblemKind("query-too-slow", 503, "查询超时")
LOCKED = ProblemKind("registers-busy", 503, "登记簿正由他人办理")
OUT_OF_TIME = ProblemKind("out-of-time", 503, "请求处理超时")
OVERLOADED = ProblemKind("overloaded", 503, "同时在办的请求过多")
GOING_DOWN = ProblemKind("going-down", 503, "服务正在停止")
INTERNAL = ProblemKind("internal-error", 500, "服务内部错误")
KINDS = (
    *STATUS.values(),
    NO_SUCH_ADDRESS,
    NO_SUCH_METHOD,
    UNREADABLE,
    BODY_TOO_SLOW,
    BODY_TOO_LARGE,
    ADDRESS_TOO_LONG,
    TOO_MANY_REQUESTS,
    HEADERS_TOO_LARGE,
    TOO_SLOW,
    LOCKED,
    OUT_OF_TIME,
    OVERLOADED,
    GOING_DOWN,
    INTERNAL,
)


class Refused(HTTPException):
    """A refusal at the edge; the one kind of error that FastAPI lets through while it reads a body."""

    def __init__(
        self, kind: ProblemKind, detail: str, *, way_out: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(kind.status, detail, headers)
        self.kind = kind
        self.way_out = way_out


class FindingOut(BaseModel):
    """One thing a rule found; the same shape everywhere."""

    rule: str = Field(description="规则编号", examples=["R-COD-05"])
    severity: Severity = Field(description="blocking 阻断、warning 警告、info 提示", examples=["blocking"])
    subject: str = Field(description="所指的记录、名称或参数", examples=["on"])
    class_: str | None = Field(default=None, alias="class", description="规则分类时的类别")
    message: str = Field(description="问题所在", examples=["历法中没有 2020-02-30 这一天"])
    legal_basis: str = Field(description="依据")
    place: dict[str, Any] | None = Field(description="问题所在的位置（GeoJSON 几何）")
    suggestion: str = Field(description="建议", examples=["请核对月份和日数"])
    rule_version: str = Field(description="规则版本", examples=["1"])


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(
        description="问题种类的地址",
        examples=["/problems/invalid-input"],
        json_schema_extra={"pattern": f"^/problems/({'|'.join(sorted({kind.name for kind in KINDS}))})$"},
    )
    title: str = Field(description="问题种类", examples=["请求无法识别"])
    status: int = Field(description="HTTP 状态码", examples=[422])
    detail: str = Field(description="这一次的具体情况", examples=["参数 on：历法中没有 2020-02-30 这一天"])
    way_out: str = Field(description="怎样解决", examples=["请核对月份和日数"])
    findings: list[FindingOut] = Field(description="各项检查结果；没有时为空")
    request_id: str = Field(description="请求编号，与 X-Request-Id 头一致，报障时请提供")


def problem(
    request: Request,
    kind: ProblemKind,
    detail: str,
    *,
    way_out: str = "",
    findings: Sequence[Finding] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer of `kind` in the one shape that all refusals have."""
    request.state.problem = kind.name
    content = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "way_out": way_out,
        "findings": [finding.as_json() for finding in findings],
        "request_id": request_id(request),
    }
    return Response(orjson.dumps(content), kind.status, headers, media_type=PROBLEM)


def kind_of(error: ServiceError) -> ProblemKind:
    """The kind of a refusal: that of its class, or of the nearest class above in the table."""
    return next(STATUS[known] for known in type(error).__mro__ if known in STATUS)


async def _refused(request: Request, error: ServiceError) -> Response:
    kind = kind_of(error)
    findings = error.findings if isinstance(error, RuleViolated) else ()
    headers = _ALSO_SAID.get(kind.status)
    return problem(request, kind, error.message, way_out=error.way_out, findings=findings, headers=headers)


async def _not_valid(request: Request, error: RequestValidationError) -> Response:
    findings = findings_of(error.errors())
    detail = "；".join(f"{finding.subject}：{finding.message}" for finding in findings[:3])
    way_out = "；".join(dict.fromkeys(finding.suggestion for finding in findings[:3] if finding.suggestion))
    return problem(request, STATUS[InvalidInput], detail, way_out=way_out, findings=findings)


def refusal_of(request: Request, error: Refused) -> Response:
    """The answer that tells of a refusal at the edge."""
    headers = dict(error.headers or {})
    return problem(request, error.kind, str(error.detail), way_out=error.way_out, headers=headers)


async def _refused_at_the_edge(request: Request, error: Refused) -> Response:
    return refusal_of(request, error)


async def _http_refused(request: Request, error: HTTPException) -> Response:
    headers = dict(error.headers or {})
    if error.status_code == 404:
        return problem(
            request, NO_SUCH_ADDRESS, f"没有地址 {request.url.path[:200]}", way_out="接口一览见 /docs"
        )
    if error.status_code == 405:
        headers["Allow"] = _methods_at(request, headers.get("Allow", ""))
        detail = f"{request.url.path[:200]} 不接受 {request.method} 请求"
        way_out = f"可用的方法：{headers['Allow']}"
        return problem(request, NO_SUCH_METHOD, detail, way_out=way_out, headers=headers)
    kind = ProblemKind(UNREADABLE.name, error.status_code, UNREADABLE.title)
    return problem(request, kind, str(error.detail), way_out="请对照 /docs 检查请求", headers=headers)


def _methods_at(request: Request, told: str) -> str:
    """Every method the address takes; the framework tells those of the first route it found there only."""
    path = getattr(request.scope.get("route"), "path_format", None)
    paths = request.app.openapi()["paths"]
    methods = paths.get(request.scope["path"]) or paths.get(path)
    return ", ".join(method.upper() for method in methods) if methods else told


async def _database_failed(request: Request, error: OperationalError) -> Response:
    told = _STOPPED.get(getattr(error.orig, "pgcode", None) or "")
    if told is None:
        return await _database_away(request, error)
    kind, detail, way_out = told
    return problem(request, kind, detail, way_out=way_out, headers={"Retry-After": str(RETRY_AFTER_S)})


# What the database itself stopped, by its code.
_STOPPED = {
    _QUERY_CANCELED: (
        TOO_SLOW,
        "查询超过了规定的时间，已停止，没有写入任何内容",
        "请缩小范围、加上条件，或减小 limit",
    ),
    _LOCK_NOT_AVAILABLE: (
        LOCKED,
        "所要改动的登记事项正由另一项办理占用，等候已超过规定的时间，没有写入任何内容",
        "请稍后重试；持续出现时请管理员查看是否有办理没有结束",
    ),
}


async def _database_away(request: Request, error: Exception) -> Response:
    log.error("database unavailable", extra=_about(request, error))
    away = DatabaseUnavailable("数据库连接失败或中断", way_out="请稍后重试；持续出现时请联系管理员")
    return await _refused(request, away)


async def _value_refused(request: Request, error: DataError) -> Response:
    log.warning("value refused by the database", extra=_about(request, error))
    unfit = InvalidInput("请求中有数据库无法表示的值", way_out="请检查数值大小、日期和字符")
    return await _refused(request, unfit)


async def _constraint_broken(request: Request, error: IntegrityError) -> Response:
    return await _refused(request, conflict_of(error))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request failed", exc_info=error, extra=_about(request, error))
    detail = "服务遇到未预料的错误，没有写入任何内容"
    way_out = "请把请求编号告诉管理员"
    return problem(request, INTERNAL, detail, way_out=way_out)


def _about(request: Request, error: Exception) -> dict[str, str]:
    """What the log may know of an error: never its words, which may hold values of records or of requests."""
    code = getattr(getattr(error, "orig", None), "pgcode", None)
    told = {"request_id": request_id(request), "error": type(error).__name__}
    return told | ({"sqlstate": code} if code else {})


def answer_problems(app: FastAPI) -> None:
    """Install the table: from here on every refusal of `app` is problem+json.

    Unexpected errors are answered inside all other middleware, so that their answers carry every header too.
    """
    app.add_middleware(ServerErrorMiddleware, handler=_unexpected)
    app.add_exception_handler(ServiceError, _refused)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _not_valid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http_refused)  # type: ignore[arg-type]
    app.add_exception_handler(Refused, _refused_at_the_edge)  # type: ignore[arg-type]
    app.add_exception_handler(OperationalError, _database_failed)  # type: ignore[arg-type]
    app.add_exception_handler(InterfaceError, _database_away)
    app.add_exception_handler(NoConnectionFree, _database_away)
    app.add_exception_handler(DataError, _value_refused)  # type: ignore[arg-type]
    app.add_exception_handler(IntegrityError, _constraint_broken)  # type: ignore[arg-type]
