"""The application class: its OpenAPI document names every way a request can be refused."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from gis_service.foundation.web.problems import KINDS, PROBLEM, FindingOut, Problem

_PROBLEM_CONTENT = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}

Responses = dict[int | str, dict[str, Any]]


def refusals(*statuses: int) -> Responses:
    """The `responses` of an endpoint that may refuse with these statuses, all as problem+json."""
    return {status: {"description": _titles(status), "content": _PROBLEM_CONTENT} for status in statuses}


def _titles(status: int) -> str:
    return "；".join(dict.fromkeys(kind.title for kind in KINDS if kind.status == status))


def geojson_content(description: str, example: Any | None = None) -> Responses:
    """The `responses` entry of an endpoint that (also) answers with GeoJSON."""
    media: dict[str, Any] = {"schema": {"type": "object", "description": "GeoJSON（RFC 7946）"}}
    if example is not None:
        media["example"] = example
    return {200: {"description": description, "content": {"application/geo+json": media}}}


def operation_id(route: APIRoute) -> str:
    """Operations are called as the functions that answer them."""
    return route.name


class Service(FastAPI):
    """FastAPI whose contract holds the problem schema that all refusals share."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas["FindingOut"] = FindingOut.model_json_schema(by_alias=True)
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            problem.pop("$defs", None)
            schemas["Problem"] = problem
        assert self.openapi_schema is not None
        return self.openapi_schema
