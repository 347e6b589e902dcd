"""Taking turns at the database: as many requests at once as there are connections, the others wait.

A request waits in the event loop, not in a thread: threads that wait for a connection would be lacking to the
requests that could give theirs back, and everything would stand still.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated

from anyio import fail_after
from fastapi import Depends, Request

from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.web.ground import ground_of

LONGEST_WAIT_S = 20


async def _turn(request: Request) -> AsyncIterator[None]:
    turns = ground_of(request).turns
    with _in_time():
        await turns.acquire_on_behalf_of(request)
    try:
        yield
    finally:
        turns.release_on_behalf_of(request)


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        with fail_after(LONGEST_WAIT_S):
            yield
    except TimeoutError as error:
        raise DatabaseUnavailable(
            f"服务繁忙，等候 {LONGEST_WAIT_S} 秒仍未轮到", way_out="请稍后重试，或减少同时发出的请求"
        ) from error


Turn = Annotated[None, Depends(_turn, scope="function")]
