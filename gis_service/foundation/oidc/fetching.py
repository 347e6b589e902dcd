"""The one place that asks the identity provider: two documents, at addresses the operator named or confirmed.

No proxy is taken from the environment and no redirection is followed: nothing but these addresses is asked.
"""

from __future__ import annotations

import json
import logging
import socket
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from gis_service.foundation.addresses import is_inside, is_shielded
from gis_service.foundation.errors import IdentityProviderUnavailable
from gis_service.foundation.settings import Provider

WAIT_S = 5.0
MOST_BYTES = 512_000
_DISCOVERY = "/.well-known/openid-configuration"

log = logging.getLogger(__name__)


class _Useless(Exception):
    """What came is no answer to go by; the text is for the log, and a constant."""


def fetch_keys(provider: Provider) -> list[dict[str, Any]]:
    """The keys a provider publishes now, as it words them.

    Raises:
        IdentityProviderUnavailable: it cannot be reached in time, or what it answers cannot be relied on.
    """
    try:
        return _keys_in(_document(provider.jwks_url or _address_of_keys(provider)))
    except (OSError, HTTPException, ValueError, RecursionError, _Useless) as error:
        reason = str(error) if isinstance(error, _Useless) else type(error).__name__
        log.warning("keys of the identity provider not fetched", extra={"reason": reason})
        raise IdentityProviderUnavailable(
            "身份认证服务暂时无法访问，不能核对凭证",
            way_out="请稍后重试；持续出现时请管理员核对 GIS_OIDC_ISSUER 及到该服务的网络",
        ) from error


def _address_of_keys(provider: Provider) -> str:
    """Out of the discovery document, which must be that of the very issuer that was named."""
    document = _document(provider.issuer.removesuffix("/") + _DISCOVERY)
    if document.get("issuer") != provider.issuer:
        raise _Useless("discovery names another issuer")
    address = document.get("jwks_uri")
    if not isinstance(address, str) or not is_shielded(address):
        raise _Useless("discovery names no safe address of keys")
    if is_inside(urlsplit(address)) and not is_inside(urlsplit(provider.issuer)):
        raise _Useless("discovery points into this machine")
    return address


def _keys_in(document: dict[str, Any]) -> list[dict[str, Any]]:
    keys = document.get("keys")
    found = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    if not found:
        raise _Useless("no keys published")
    return found


def _document(address: str) -> dict[str, Any]:
    """The JSON object at an address; all of it has come within the time, or nothing is returned."""
    connection = _connection(urlsplit(address))
    try:
        connection.connect()
        cut = Timer(
            WAIT_S, _cut, [connection.sock]
        )  # bytes that drip would renew the time limit of the socket
        cut.start()
        try:
            document = json.loads(_body(connection, urlsplit(address)))
        finally:
            cut.cancel()
    finally:
        connection.close()
    if not isinstance(document, dict):
        raise _Useless("no JSON object")
    return document


def _connection(parts: SplitResult) -> HTTPConnection:
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=WAIT_S)


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):  # it ended by itself
        connected.shutdown(socket.SHUT_RDWR)


def _body(connection: HTTPConnection, parts: SplitResult) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"Accept": "application/json"})
    with connection.getresponse() as response:
        if response.status != 200:
            raise _Useless("status is not 200")
        body = response.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise _Useless("too large")
    return body
