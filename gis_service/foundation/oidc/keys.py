"""The keys of the identity provider, kept: fetched anew now and then, and used on while it is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from jwt import PyJWK, PyJWTError

from gis_service.foundation.errors import IdentityProviderUnavailable, NotSignedIn
from gis_service.foundation.oidc.fetching import fetch_keys
from gis_service.foundation.settings import Provider

# Every algorithm that is accepted, with type and curve its keys have. None of them knows a shared secret.
ALGORITHMS = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), ("RSA", None)),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "EdDSA": ("OKP", None),
}
FRESH_FOR = timedelta(minutes=15)
USED_FOR = timedelta(days=1)
PAUSE = timedelta(minutes=1)
PAUSE_WITHOUT_KEYS = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Held:
    keys: list[dict[str, Any]]
    since: datetime


class Keys:
    """The keys of one provider, for many threads; one of them asks, and only those that must wait for it."""

    def __init__(self, provider: Provider, clock: Callable[[], datetime]) -> None:
        self.provider = provider
        self.clock = clock
        self._asking = Lock()
        self._asked_at: datetime | None = None
        self._away: IdentityProviderUnavailable | None = None
        self._held: _Held | None = None

    def key(self, key_id: str | None, algorithm: str) -> PyJWK:
        """The key that a token names; without a name, the only one there is for its algorithm.

        Raises:
            NotSignedIn: the provider has no such key.
            IdentityProviderUnavailable: it may have one, but cannot be asked.
        """
        now = self.clock()
        key = self._found(key_id, algorithm, now)
        if key is None or not self._held_within(FRESH_FOR, now):
            self._ask(now, wait=key is None)
            key = self._found(key_id, algorithm, now)
        if key is not None:
            return key
        if self._away is not None:
            raise IdentityProviderUnavailable(self._away.message, way_out=self._away.way_out)
        raise NotSignedIn("凭证的签名密钥不在身份认证服务公布之列", way_out="请重新登录后再试")

    def _ask(self, now: datetime, *, wait: bool) -> None:
        """Fetch the keys, unless that was just done, or is being done and need not be waited for."""
        if not self._asking.acquire(blocking=wait):
            return
        try:
            pause = PAUSE if self._held_within(USED_FOR, now) else PAUSE_WITHOUT_KEYS
            if _within(pause, self._asked_at, now):
                return
            self._asked_at = now
            self._held, self._away = _Held(fetch_keys(self.provider), now), None
        except IdentityProviderUnavailable as away:
            self._away = away
        finally:
            self._asking.release()

    def _held_within(self, span: timedelta, now: datetime) -> bool:
        held = self._held
        return held is not None and _within(span, held.since, now)

    def _found(self, key_id: str | None, algorithm: str, now: datetime) -> PyJWK | None:
        held = self._held
        if held is None or not _within(USED_FOR, held.since, now):
            return None
        fitting = list(_fitting(held.keys, key_id, algorithm))
        return fitting[0] if len(fitting) == 1 or (fitting and key_id is not None) else None


def _within(span: timedelta, moment: datetime | None, now: datetime) -> bool:
    """Either way: threads read the clock one after the other, and clocks are set back."""
    return moment is not None and abs(now - moment) < span


def _fitting(keys: list[dict[str, Any]], key_id: str | None, algorithm: str) -> Iterator[PyJWK]:
    for key in keys:
        if (key_id is None or key.get("kid") == key_id) and _is_for(key, algorithm):
            try:
                yield PyJWK(key, algorithm)
            except (PyJWTError, UnsupportedAlgorithm, ValueError):  # others may be sound
                continue


def _is_for(key: dict[str, Any], algorithm: str) -> bool:
    """Whether a key may sign by an algorithm; one whose private half is published proves nothing."""
    kind, curve = ALGORITHMS[algorithm]
    purposes = key.get("key_ops", ["verify"])
    return (
        key.get("kty") == kind
        and (curve is None or key.get("crv") == curve)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and isinstance(purposes, list)
        and "verify" in purposes
        and "d" not in key
    )
