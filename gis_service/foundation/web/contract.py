"""The application class: its OpenAPI document names every way a request can be refused."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from gis_service.foundation.web.acts import tell_acts
from gis_service.foundation.web.document import complete, header, schema_of
from gis_service.foundation.web.geojson import GEOJSON
from gis_service.foundation.web.parameters import refuse_unreadable
from gis_service.foundation.web.problems import KINDS, PROBLEM, Problem

_PROBLEM_CONTENT = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}

_RETRY_AFTER = header("几秒后可以重试", {"type": "integer", "minimum": 0})
_SAID_WITH = {
    401: {"WWW-Authenticate": header("凭证的出示方式（RFC 6750）", {"type": "string", "pattern": "^Bearer"})},
    429: {"Retry-After": _RETRY_AFTER},
    503: {"Retry-After": _RETRY_AFTER},
}

Responses = dict[int | str, dict[str, Any]]


def refusals(*statuses: int) -> Responses:
    """The `responses` of an endpoint that may refuse with these statuses, all as problem+json."""
    return {
        status: {
            "description": _titles(status),
            "content": _PROBLEM_CONTENT,
            "headers": _SAID_WITH.get(status, {}),
        }
        for status in statuses
    }


def answered_with(status: int, **headers: dict[str, Any]) -> Responses:
    """The `responses` entry of an endpoint whose answer has headers of its own: `ETag=REVISION`."""
    return {status: {"headers": headers}}


def _titles(status: int) -> str:
    return "；".join(dict.fromkeys(kind.title for kind in KINDS if kind.status == status))


def geojson_content(description: str, model: type[BaseModel]) -> Responses:
    """The `responses` entry of an endpoint that (also) answers with GeoJSON as `model` tells."""
    return {200: {"description": description, "content": {GEOJSON: {"schema": schema_of(model)}}}}


def operation_id(route: APIRoute) -> str:
    """Operations are called as the functions that answer them."""
    return route.name


_JUDGED = {str(status): answer for status, answer in refusals(401, 403).items()}


def refuse_other_methods(request: Request) -> None:
    """Hold an address that the contract spells out to the methods told there.

    `GET /changes/check` would else be taken for a question about a case whose number is `check`.

    Raises:
        HTTPException: 405.
    """
    told = request.app.openapi()["paths"].get(request.scope["path"])
    if told is not None and request.method.lower() not in told:
        raise HTTPException(405)


async def refuse_mistaken(request: Request) -> None:
    """Refuse what no endpoint could understand: one dependency of all, as each costs every request.

    Raises:
        HTTPException: 405, see `refuse_other_methods`.
        InvalidInput: see `refuse_unreadable`.
    """
    refuse_other_methods(request)
    refuse_unreadable(request)


class Service(FastAPI):
    """FastAPI whose contract holds the problem schema that all refusals share."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = schema_of(Problem)
            tell_acts(document, self.routes, _JUDGED)
            complete(document)
        assert self.openapi_schema is not None
        return self.openapi_schema
