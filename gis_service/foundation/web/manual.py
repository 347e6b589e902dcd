"""The manual at /docs: the OpenAPI document as a page in Chinese with a form to try each question.

Drawn here and not by a ready-made viewer, since those load from foreign hosts, speak English, and list where
a manual should explain. Page, style and script come from this service alone, and a policy header holds it so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from gis_service.foundation.access import Act
from gis_service.foundation.web.identity import open_to_all
from gis_service.foundation.web.problems import KINDS

router = APIRouter(include_in_schema=False, dependencies=[open_to_all(Act.ask_the_service)])

POLICY = "default-src 'none'; img-src data:; " + "; ".join(
    f"{kind}-src 'self'" for kind in ("style", "font", "script", "connect")
)
_ASSETS = {"manual.css": "text/css; charset=utf-8", "manual.js": "text/javascript; charset=utf-8"}


def introduction() -> str:
    """The opening chapter of the manual, in Markdown: what holds for every question."""
    return _text("introduction.md")


@router.get("/docs")
def manual(request: Request) -> Response:
    """The manual of this very version of the service."""
    page = _template().render(doc=request.app.openapi(), kinds=KINDS)
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})


@router.get("/docs/manual.css")
async def manual_style() -> Response:
    """The style of the manual."""
    return _asset("manual.css")


@router.get("/docs/manual.js")
async def manual_script() -> Response:
    """The script that sends the questions of the manual's forms."""
    return _asset("manual.js")


@router.get("/docs/typeface.ttf")
def manual_typeface() -> Response:
    """Noto Sans SC (OFL), for machines without any Chinese typeface; others never ask for it."""
    package = find_spec("zhplot")
    assert package is not None
    assert package.origin is not None
    font = Path(package.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"
    return FileResponse(font, media_type="font/ttf", headers={"Cache-Control": "max-age=2592000"})


@router.get("/problems/{name}")
async def problem_kind(name: str) -> Response:
    """The `type` of a problem opens its explanation."""
    known = any(kind.name == name for kind in KINDS)
    return RedirectResponse(f"/docs#problem-{name}" if known else "/docs#problems", 302)


def _asset(name: str) -> Response:
    return Response(_text(name), media_type=_ASSETS[name], headers={"Cache-Control": "max-age=3600"})


def _text(name: str) -> str:
    return files(__package__).joinpath("pages", name).read_text(encoding="utf-8")


@cache
def _template() -> Any:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["markdown"] = _markdown
    environment.filters["kind_of_value"] = kind_of_value
    environment.globals["operations_by_tag"] = operations_by_tag
    environment.globals["fields_of"] = fields_of
    return environment.from_string(_text("manual.html.j2"))


def _markdown(text: str) -> Markup:
    """Rendered without raw HTML, so nothing a description says can become a script.

    A line break inside a Chinese paragraph is no space.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("softbreak", lambda *_: "")
    return Markup(reader.render(text))


def operations_by_tag(
    document: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], list[dict[str, Any]]]]:
    """The chapters of the manual: each tag, with its operations in the order they were composed."""
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    for tag in document.get("tags", ()):
        own = [operation for operation in operations if tag["name"] in operation.get("tags", ())]
        if own:
            yield tag, own


def resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with its reference followed."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def fields_of(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of an answer or a body as rows (name, kind, meaning), inner objects one level deep."""
    rows = []
    for name, field in resolved(document, schema).get("properties", {}).items():
        rows.append(_row(document, name, field))
        inner = resolved(document, _inner(field))
        rows += [
            _row(document, f"{name}.{below}", told) for below, told in inner.get("properties", {}).items()
        ]
    return rows


def _row(document: Mapping[str, Any], name: str, field: Mapping[str, Any]) -> dict[str, Any]:
    kind = kind_of_value(field, document)
    return {"name": name, "kind": kind, "meaning": field.get("description", "")}


def _inner(field: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of what a list holds, or of the object a field is (or may be)."""
    if "items" in field:
        return _inner(field["items"])
    options = [option for option in field.get("anyOf", ()) if option.get("type") != "null"]
    return _inner(options[0]) if options else field


_WORDS = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "真假",
    "array": "列表",
    "object": "对象",
    "null": "空",
}
_FORMATS = {"date": "日期", "date-time": "时刻", "uuid": "UUID"}


def kind_of_value(schema: Mapping[str, Any], document: Mapping[str, Any], *, with_null: bool = True) -> str:
    """What kind of value a schema allows, in Chinese; for what may be left out, without the null."""
    schema = resolved(document, schema)
    if "anyOf" in schema:
        options = [option for option in schema["anyOf"] if with_null or option.get("type") != "null"]
        return "或".join(dict.fromkeys(kind_of_value(option, document) for option in options))
    if "enum" in schema or "const" in schema:
        return "、".join(map(str, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"{kind_of_value(schema.get('items', {}), document)}的列表"
    return _FORMATS.get(schema.get("format", ""), _WORDS.get(schema.get("type", ""), "任意"))
