"""Guessing is slowed down: after some failures an account is locked, each time for longer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gis_service.procedures.accounts.rules.limits import lasting, limit


@dataclass(frozen=True, slots=True)
class Strikes:
    """How often somebody failed to prove who he is since the last success."""

    failures: int = 0
    lockouts: int = 0
    locked_until: datetime | None = None

    def locked(self, at: datetime) -> bool:
        """Whether nothing is taken at this moment, right or wrong."""
        return self.locked_until is not None and at < self.locked_until

    def one_more(self, at: datetime) -> Strikes:
        """One failure further; the last one that is borne begins a lock-out."""
        failures = self.failures + 1
        if failures < limit("lockout", "failures"):
            return replace(self, failures=failures)
        doubled = lasting("lockout", "first_minutes") * 2 ** min(self.lockouts, 10)
        span = min(doubled, lasting("lockout", "longest_minutes"))
        return Strikes(0, self.lockouts + 1, at + span)
