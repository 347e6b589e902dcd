"""Addresses of other services: which of them are safe to name."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_PLAIN = re.compile(r"[!-~]+")


def is_shielded(address: str) -> bool:
    """Whether what is said there is out of the reach of others: over https, or inside this machine.

    Passwords and fragments have no place in such an address, nor has anything but plain ASCII.
    """
    try:
        parts = urlsplit(address)
        named = bool(_PLAIN.fullmatch(address) and parts.hostname and parts.port != 0)
    except ValueError:
        return False
    if not named or "@" in parts.netloc or "#" in address or "\\" in address:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_inside(parts))


def is_inside(parts: SplitResult) -> bool:
    """Whether an address is of this machine alone."""
    host = parts.hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
