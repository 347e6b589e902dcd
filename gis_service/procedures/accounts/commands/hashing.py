"""Passwords become argon2id hashes; a name nobody has takes as long to refuse as one that somebody has."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gis_service.procedures.accounts.rules import limit, normalised


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=limit("hashing", "passes"),
        memory_cost=limit("hashing", "memory_kib"),
        parallelism=limit("hashing", "lanes"),
    )


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows."""
    return _hasher().hash(secrets.token_urlsafe(32))


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(normalised(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one that is kept; where none is kept, no, after as much work."""
    too_long = len(password.encode()) > 4 * limit("password", "longest_bytes")
    try:
        _hasher().verify(kept or _nobodys(), normalised("" if too_long else password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with less effort than is made now."""
    return _hasher().check_needs_rehash(kept)
