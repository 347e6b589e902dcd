"""What holds for every operation, written into the OpenAPI document once: headers, and the form of texts.

Done on the finished document, so that no route can forget it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from gis_service.foundation.web.announcing import ON, REQUEST_ID, STATEMENT

PLAIN_PARAMETER = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
PLAIN_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

_SAYS_HOW = {"pattern", "format", "enum", "const"}

Schema = dict[str, Any]


def header(description: str, schema: Mapping[str, Any], *, required: bool = True) -> dict[str, Any]:
    """A header of an answer, as the contract tells it."""
    return {"description": description, "required": required, "schema": dict(schema)}


_EVERYWHERE = {
    REQUEST_ID: header(
        "请求编号，报障时请提供；来件的同名头合用时沿用", {"type": "string", "pattern": r"^[\w.-]{8,64}$"}
    )
}
_ON = header("答复所依据的日期", {"type": "string", "format": "date"})
_LINK = header("下一页的地址（rel=next）；最后一页没有此头", {"type": "string"}, required=False)
_STATEMENT = header(
    "使用数据须知的声明，UTF-8 百分号编码", {"type": "string", "pattern": "^UTF-8''"}, required=False
)


def schema_of(model: type[BaseModel]) -> Schema:
    """The schema of an answer that no route returns as such; the schemas it stands on are kept within."""
    return model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")


def complete(document: dict[str, Any]) -> None:
    """Write into the document what every operation has in common."""
    schemas = document["components"]["schemas"]
    schemas.update(_taken_out(document))
    for operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            parameter["schema"] = _sent(parameter["schema"])
            if parameter["in"] != "header":
                _tell_plain(parameter["schema"], PLAIN_PARAMETER)
        for status, answer in operation["responses"].items():
            answer["headers"] = _headers(operation, status, answer) | answer.get("headers", {})
    for name in _named_in_bodies(document):
        for field in schemas[name].get("properties", {}).values():
            _tell_plain(field, PLAIN_TEXT)


def _taken_out(part: Any) -> dict[str, Schema]:
    """Take the schemas kept within others out of them."""
    found: dict[str, Schema] = {}
    if isinstance(part, dict):
        found |= part.pop("$defs", {})
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            found |= _taken_out(inner)
    return found


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def _sent(schema: Schema) -> Schema:
    """A parameter's schema without null: what is not sent is absent, and `null` sent is four letters."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == len(schema.get("anyOf", ())):
        return schema
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**options[0], **rest} if len(options) == 1 else {"anyOf": options, **rest}


def _tell_plain(schema: Schema, pattern: str) -> None:
    """Say of texts with no form of their own that they hold no control characters."""
    if schema.get("type") == "string" and not _SAYS_HOW & schema.keys():
        schema["pattern"] = pattern
    for inner in (*schema.get("anyOf", ()), *filter(None, [schema.get("items")])):
        _tell_plain(inner, pattern)


def _headers(operation: Mapping[str, Any], status: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The headers of one answer that follow from the parameters and the kinds of content."""
    headers = dict(_EVERYWHERE)
    if not status.startswith("2"):
        return headers
    sent = {parameter["name"] for parameter in operation.get("parameters", ())}
    if "on" in sent:
        headers[ON] = _ON
    if "after" in sent:
        headers["Link"] = _LINK
    if "application/geo+json" in answer.get("content", {}):
        headers[STATEMENT] = _STATEMENT
    return headers


def _named_in_bodies(document: Mapping[str, Any]) -> set[str]:
    """The schemas that bodies of requests are made of."""
    bodies = [operation["requestBody"] for operation in _operations(document) if "requestBody" in operation]
    waiting, found = list(_references(bodies)), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(document["components"]["schemas"][name])
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _references(inner)
