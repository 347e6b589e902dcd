"""What a page of ours may do in a browser: run the scripts it was drawn with, and ask nobody for anything."""

from __future__ import annotations

import base64
import re
from hashlib import sha256

_SCRIPT = re.compile(rb"<script[^>]*>(.*?)</script", re.DOTALL | re.IGNORECASE)
_NEWLINE = re.compile(rb"\r\n?")


def policy_for(page: bytes) -> str:
    """The Content-Security-Policy of a page: only its own inline scripts, each named by its hash.

    Styles may be inline, since Leaflet sets them on elements; pictures and typefaces are inside the page.
    """
    scripts = (match[1] for match in _SCRIPT.finditer(_NEWLINE.sub(b"\n", page)))
    allowed = " ".join(dict.fromkeys(_named(script) for script in scripts)) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def _named(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(sha256(script).digest()).decode()}'"
