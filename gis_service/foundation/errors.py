"""What can be the case when a request is refused. No HTTP here: `web.py` and `cli/` hold the translations."""

from __future__ import annotations


class ServiceError(Exception):
    """Base of every refusal this service makes on purpose; anything else is a bug.

    `message` is Chinese, for officials; `way_out` says what to do next.
    """

    def __init__(self, message: str, *, way_out: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.message}（{self.way_out}）" if self.way_out else self.message


class NotFound(ServiceError):
    """The record asked for does not exist, or not on that date."""


class Conflict(ServiceError):
    """The register or case is in another state than the command needs."""


class InvalidInput(ServiceError):
    """The request itself cannot be read: a file, a field or a parameter."""


class IllegalMove(Conflict):
    """A case was asked to make a move its lifecycle does not allow."""


class NotSignedIn(ServiceError):
    """No credential was shown, or one that is not accepted."""


class NotPermitted(ServiceError):
    """The actor may not do this, or not there. Of records he may not know of, say `NotFound` instead."""


class SecondFactorNeeded(NotPermitted):
    """The actor's roles allow it, but he has not shown a second factor."""


class DatabaseUnavailable(ServiceError):
    """The database cannot be reached, created or trusted."""


class FilesUnavailable(ServiceError):
    """The folder of kept files cannot be read or written, or is full."""


class IdentityProviderUnavailable(ServiceError):
    """The provider that issues credentials cannot be asked for its keys, or answers with nonsense."""
