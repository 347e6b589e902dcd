"""From a token to its claims: form, header, key, signature, then what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jwt
from jwt.types import Options

from gis_service.foundation.errors import NotSignedIn
from gis_service.foundation.oidc.claims import SIGN_IN_AGAIN, Claims, judged
from gis_service.foundation.oidc.keys import ALGORITHMS, Keys
from gis_service.foundation.settings import Provider

MOST_CHARACTERS = 16_000
# Three parts of base64url, of which the first begins with the code of a brace.
_SHAPE = re.compile(r"e[w-z0-9_-][\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
_TYPES = {"jwt", "at+jwt"}
# Moments and names are judged in `claims`, by the clock that was given.
_SIGNATURE_ALONE: Options = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
    "enforce_minimum_key_length": True,
}
_MISSHAPEN = (jwt.PyJWTError, ValueError, RecursionError)


def looks_like_jwt(token: str) -> bool:
    """Whether a credential has the form of a signed token, whatever it is worth."""
    return _SHAPE.fullmatch(token) is not None


class Verifier:
    """Verifies the tokens of one provider; one for each application, for all of its threads."""

    def __init__(self, provider: Provider, *, clock: Callable[[], datetime]) -> None:
        self.provider = provider
        self.clock = clock
        self._keys = Keys(provider, clock)

    def verify(self, token: str) -> Claims:
        """Who the provider says has signed in.

        Raises:
            NotSignedIn: the token is not sound, not for us, or not of now; says which, but nothing of it.
            IdentityProviderUnavailable: whether it is sound cannot be told, as keys are missing.
        """
        key_id, algorithm = _announced(token)
        key = self._keys.key(key_id, algorithm)
        return judged(_said(token, key, algorithm), self.provider, self.clock())


def _announced(token: str) -> tuple[str | None, str]:
    """Key and algorithm that the header names; addresses and keys in it (`jku`, `jwk`) are not looked at."""
    if len(token) > MOST_CHARACTERS or not looks_like_jwt(token):
        raise NotSignedIn("凭证过长，或不是可识别的令牌", way_out=SIGN_IN_AGAIN)
    try:
        header = jwt.get_unverified_header(token)
    except _MISSHAPEN as error:
        raise NotSignedIn("凭证不是可识别的令牌", way_out=SIGN_IN_AGAIN) from error
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise NotSignedIn("凭证的签名算法不被接受", way_out=SIGN_IN_AGAIN)
    if not _is_plain(header):
        raise NotSignedIn("凭证的种类不能用于登录", way_out=SIGN_IN_AGAIN)
    return header.get("kid"), algorithm


def _is_plain(header: dict[str, Any]) -> bool:
    """A token as such, and nothing in it that must be understood and is not."""
    kind = header.get("typ", "JWT")
    known = isinstance(kind, str) and kind.lower().removeprefix("application/") in _TYPES
    return known and "crit" not in header and "b64" not in header


def _said(token: str, key: jwt.PyJWK, algorithm: str) -> dict[str, Any]:
    try:
        said: dict[str, Any] = jwt.decode(token, key, algorithms=[algorithm], options=_SIGNATURE_ALONE)
    except (jwt.InvalidSignatureError, jwt.InvalidKeyError) as error:
        raise NotSignedIn("凭证的签名不符", way_out=SIGN_IN_AGAIN) from error
    except _MISSHAPEN as error:
        raise NotSignedIn("凭证不是可识别的令牌", way_out=SIGN_IN_AGAIN) from error
    return said
