"""Headers that keep browsers from doing more with an answer than was meant; on every answer, problems too."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Pages set a policy of their own, which stands; data need nothing at all.
DEFAULTS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}
OVER_HTTPS: Mapping[str, str] = {  # elsewhere browsers ignore them, and complain
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_CREDENTIALS = {b"authorization", b"cookie"}


class Shielding:
    """ASGI middleware: what an answer does not say itself is said for it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        extra = dict(DEFAULTS)
        if any(name in _CREDENTIALS for name, _ in scope["headers"]):
            extra["Cache-Control"] = "no-store"
        if scope["scheme"] == "https":
            extra |= OVER_HTTPS

        async def send_shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in extra.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_shielded)
