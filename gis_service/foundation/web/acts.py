"""Which act each operation does, written into the OpenAPI document: `x-act`, its security, its refusals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from gis_service.foundation.access import Act, permission_for
from gis_service.foundation.web.identity import CSRF_HEADER, SESSION_COOKIE, act_of

BEARER, COOKIE = "token", "session"
SCHEMES = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "访问令牌、服务令牌，或身份提供方签发的令牌：Authorization: Bearer …",
    },
    COOKIE: {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": f"浏览器登录后的会话；写入请求还须带 {CSRF_HEADER} 头",
    },
}


def endpoints(routes: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    """Every endpoint of an application, those of included routers too."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        included: Any = getattr(route, "original_router", None)
        if included is not None:
            yield from endpoints(included.routes)


def tell_acts(document: dict[str, Any], routes: Sequence[BaseRoute], refusals: dict[str, Any]) -> None:
    """Say of each operation which act it does, what it asks to be shown, and that it may refuse.

    `refusals` holds the answers to 401 and 403 as the document tells them.
    """
    document["components"]["securitySchemes"] = SCHEMES
    acts = {
        (route.path_format, method.lower()): act_of(route)
        for route in endpoints(routes)
        for method in route.methods or ()
    }
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            act = acts[path, method]
            if act is not None:
                _tell(operation, act, refusals)


def _tell(operation: dict[str, Any], act: Act, refusals: dict[str, Any]) -> None:
    permission = permission_for(act)
    nobody: list[dict[str, list[str]]] = [{}] if permission.is_public else []
    operation["x-act"] = act.value
    operation["security"] = [*nobody, {BEARER: []}, {COOKIE: []}]
    operation["responses"].setdefault("401", deepcopy(refusals["401"]))
    if not permission.is_public:
        operation["responses"].setdefault("403", deepcopy(refusals["403"]))
