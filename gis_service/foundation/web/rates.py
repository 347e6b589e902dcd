"""How often one may ask: budgets for reading, writing and signing in, per address and per credential.

Counted with the library `limits` by a sliding window, which takes little memory however much is asked.
A store that cannot be reached limits nobody: better no limit than no service.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import time

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request
from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.settings import Rates
from gis_service.foundation.web.problems import TOO_MANY_REQUESTS, Refused, refusal_of

EXEMPT = {"/healthz", "/readyz"}
READING = {"GET", "HEAD", "OPTIONS"}

log = logging.getLogger(__name__)


class Budget(StrEnum):
    """What a request counts against."""

    reading = "reading"
    writing = "writing"
    signing_in = "signing_in"


BUDGET_ZH = {Budget.reading: "查询", Budget.writing: "写入", Budget.signing_in: "登录"}


class Ration:
    """The budgets of one application and what is left of them."""

    def __init__(self, rates: Rates) -> None:
        self._items = _items(rates)
        self._storage = _storage(rates.storage)
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)

    async def spend(self, scope: Scope, budget: Budget) -> None:
        """Count one request against a budget.

        Raises:
            Refused: the budget of its address or of its credential is used up for now.
        """
        item = self._items[budget]
        if item is None:
            return
        for whose in _spenders(scope):
            wait_s = await self._wait_s(item, budget, whose)
            if wait_s is not None:
                raise _used_up(budget, item, wait_s)

    async def _wait_s(self, item: RateLimitItem, budget: Budget, whose: str) -> int | None:
        """Seconds until there is something left; None when there is now."""
        if isinstance(self._storage, MemoryStorage):
            return self._count(item, budget, whose)
        try:
            return await run_sync(self._count, item, budget, whose)
        except StorageError as error:
            log.error("the store of rates is away", extra={"error": type(error.storage_error).__name__})
            return None

    def _count(self, item: RateLimitItem, budget: Budget, whose: str) -> int | None:
        if self._limiter.hit(item, budget, whose):
            return None
        until = self._limiter.get_window_stats(item, budget, whose).reset_time
        return max(1, ceil(until - time()))


def _items(rates: Rates) -> dict[Budget, RateLimitItem | None]:
    told = {Budget.reading: rates.reading, Budget.writing: rates.writing, Budget.signing_in: rates.signing_in}
    return {budget: parse(rate) if rate else None for budget, rate in told.items()}


def _storage(address: str) -> Storage:
    try:
        storage = storage_from_string(address, wrap_exceptions=True)
    except ConfigurationError as error:
        way_out = "请写 memory:// 或 redis://主机:端口，后者须安装 redis 包"
        raise InvalidInput("GIS_RATE_STORAGE 无法使用", way_out=way_out) from error
    assert isinstance(storage, Storage)
    return storage


def _spenders(scope: Scope) -> Iterator[str]:
    """The address of a request, then its credential if it shows one: kept as a hash only."""
    yield _address(scope)
    shown = [value for name, value in scope["headers"] if name in {b"authorization", b"cookie"}]
    if shown:
        yield "credential " + sha256(b"\n".join(shown)).hexdigest()


def _address(scope: Scope) -> str:
    """The peer; of IPv6 the /64 that one subscriber gets."""
    host = scope["client"][0] if scope.get("client") else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return f"address {host}"
    if isinstance(address, IPv6Address):
        return f"address {IPv6Address(int(address) >> 64 << 64)}"
    return f"address {address}"


def _used_up(budget: Budget, item: RateLimitItem, wait_s: int) -> Refused:
    name, most, window_s = BUDGET_ZH[budget], item.amount, item.get_expiry()
    return Refused(
        TOO_MANY_REQUESTS,
        f"{name}请求过于频繁：{window_s} 秒内至多 {most} 次",
        way_out=f"请在 {wait_s} 秒后重试，并放慢请求",
        headers={
            "Retry-After": str(wait_s),
            "RateLimit-Policy": f'"{budget}";q={most};w={window_s}',
            "RateLimit": f'"{budget}";r=0;t={wait_s}',
        },
    )


class Rationing:
    """ASGI middleware: every request counts as reading or as writing."""

    def __init__(self, app: ASGIApp, ration: Ration) -> None:
        self.app = app
        self.ration = ration

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or tell it to slow down."""
        if scope["type"] == "http" and scope["path"] not in EXEMPT:
            try:
                budget = Budget.reading if scope["method"] in READING else Budget.writing
                await self.ration.spend(scope, budget)
            except Refused as error:
                await refusal_of(Request(scope), error)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def ration_of(app: FastAPI) -> Ration:
    """The budgets of an application."""
    ration = app.state.ration
    assert isinstance(ration, Ration)
    return ration


async def count_sign_in(request: Request) -> None:
    """A dependency of endpoints that take a password, a code or a token to refresh: they have a small budget.

    Raises:
        Refused: too many attempts.
    """
    await ration_of(request.app).spend(request.scope, Budget.signing_in)
