"""JSON bodies: taken only where the database can hold every character; a NUL in a text would become a bug."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from gis_service.foundation.errors import InvalidInput

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class JsonBody(APIRoute):
    """A route whose body, if there is one, is strict JSON without control characters."""

    def get_route_handler(self) -> Handler:
        """Read and judge the body, then hand it on."""
        answer = super().get_route_handler()

        async def answer_readable(request: Request) -> Response:
            body = await request.body()
            if body:
                _require_plain(_parsed(body))

            async def read_again() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return await answer(Request(request.scope, read_again))

        return answer_readable


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            f"请求内容不是合法的 JSON（第 {error.lineno} 行第 {error.colno} 列）",
            way_out="请按 UTF-8 编码的 JSON 发送，并写明 Content-Type: application/json",
        ) from error


def _require_plain(content: Any) -> None:
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and _CONTROL.search(value):
            raise InvalidInput("请求内容的文字中含有控制字符", way_out="请删除不可见字符后重试")
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
