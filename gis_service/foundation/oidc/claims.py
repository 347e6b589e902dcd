"""What a token says, judged: by whom, for whom, from when to when, of whom. Its signature has been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gis_service.foundation.errors import NotSignedIn
from gis_service.foundation.settings import Provider

LEEWAY = timedelta(seconds=60)
LONGEST_TEXT = 255  # what OpenID Connect allows a subject
SIGN_IN_AGAIN = "请重新登录后再试；仍被拒绝时请联系管理员"
# What providers call the tokens that tell who somebody is, where they tell two kinds apart inside the token.
_USES = {"access", "id"}
_TYPES = {"bearer", "id", "jwt", "at+jwt"}


@dataclass(frozen=True, slots=True)
class Claims:
    """Who signed in, and how.

    `authenticated_by` holds the methods by RFC 8176: `otp` or `mfa` tell a second factor.
    """

    issuer: str
    subject: str
    name: str | None
    issued_at: datetime
    expires_at: datetime
    authenticated_by: frozenset[str]


def judged(said: Mapping[str, Any], provider: Provider, now: datetime) -> Claims:
    """The claims of a token whose signature is sound.

    Raises:
        NotSignedIn: it is of somebody else, for somebody else, of another time or of another kind.
    """
    _require(said.get("iss") == provider.issuer, "凭证不是由本系统认可的身份认证服务签发的")
    _require(provider.audience in _texts(said.get("aud")), "凭证不是为本系统签发的")
    _require(_is_of_a_person_signing_in(said), "凭证的种类不能用于登录")
    issued_at, expires_at = _moment(said.get("iat")), _moment(said.get("exp"))
    valid_from = _moment(said["nbf"]) if "nbf" in said else issued_at
    _require(now - LEEWAY < expires_at, "凭证已过期")
    _require(max(issued_at, valid_from) <= now + LEEWAY, "凭证尚未生效，或签发时间在将来")
    subject = _text(said.get("sub"))
    if subject is None:
        raise NotSignedIn("凭证没有写明是谁", way_out=SIGN_IN_AGAIN)
    methods = frozenset(_texts(said.get("amr")))
    return Claims(provider.issuer, subject, _text(said.get("name")), issued_at, expires_at, methods)


def _is_of_a_person_signing_in(said: Mapping[str, Any]) -> bool:
    """No refresh token, no notice of signing out, and nothing bound to a key (`cnf`) to be proved."""
    use, kind = said.get("token_use", "access"), said.get("typ", "Bearer")
    known = isinstance(use, str) and use in _USES and isinstance(kind, str) and kind.lower() in _TYPES
    return known and "events" not in said and "cnf" not in said


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotSignedIn(otherwise, way_out=SIGN_IN_AGAIN)


def _moment(seconds: Any) -> datetime:
    """Seconds since 1970, whole or not; nothing else stands for a moment."""
    try:
        if isinstance(seconds, int | float) and not isinstance(seconds, bool):
            return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise NotSignedIn("凭证没有写明可以识别的起止时间", way_out=SIGN_IN_AGAIN)


def _texts(value: Any) -> list[str]:
    """One text, or those in a list."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _text(value: Any) -> str | None:
    """A text that can be stored and shown, or none."""
    if isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and value.isprintable() and value.strip():
        return value
    return None
