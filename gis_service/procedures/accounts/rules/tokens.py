"""Tokens: what they look like, so that a leaked one can be searched for, and what is kept of them."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from gis_service.procedures.accounts.rules.limits import lasting


class Kind(StrEnum):
    """What a token is for."""

    access = "access"
    refresh = "refresh"
    service = "service"
    session = "session"
    invitation = "invitation"


KIND_WORDS = {
    Kind.access: "访问令牌",
    Kind.refresh: "续期令牌",
    Kind.service: "服务令牌",
    Kind.session: "浏览器登录",
    Kind.invitation: "一次性链接",
}
PREFIXES = {
    Kind.access: "gis_at_",
    Kind.refresh: "gis_rt_",
    Kind.service: "gis_st_",
    Kind.session: "gis_ss_",
    Kind.invitation: "gis_in_",
}
# How long one holds from now, and how long at most from its making.
_SPANS = {
    Kind.access: ("access_minutes", "access_minutes"),
    Kind.refresh: ("refresh_idle_hours", "refresh_days"),
    Kind.session: ("session_idle_minutes", "session_hours"),
    Kind.invitation: ("invitation_hours", "invitation_hours"),
}


def new_token(kind: Kind) -> str:
    """256 random bits behind a prefix that tells what they are."""
    return PREFIXES[kind] + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """What a page must send beside the cookie of a session: known to who can read the cookie, or was told."""
    return hmac.new(token.encode(), b"csrf", sha256).hexdigest()


def idle_span(kind: Kind) -> timedelta:
    """How long a token holds without being used."""
    return lasting("token", _SPANS[kind][0])


def whole_span(kind: Kind) -> timedelta:
    """How long a token, or the family it begins, holds at most."""
    return lasting("token", _SPANS[kind][1])


def holds_until(kind: Kind, at: datetime, ends_at: datetime) -> datetime:
    """When a token that is used now ends, unless it is used again."""
    return min(at + idle_span(kind), ends_at)
