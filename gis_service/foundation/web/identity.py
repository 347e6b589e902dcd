"""Who asks: nobody in particular, or whoever shows a token or the cookie of a session. And what he may ask.

Whether a credential is good, `Ground.identify` tells; here it is only taken from the request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from gis_service.foundation.access import ANONYMOUS, Act, Actor, permission_for, require
from gis_service.foundation.errors import NotSignedIn
from gis_service.foundation.standing import stand_before
from gis_service.foundation.web.ground import ground_of
from gis_service.foundation.web.turns import Turn

SESSION_COOKIE = "gis_session"
CSRF_HEADER = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST = 16_000


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request shows: a bearer token, or a session cookie with the token against forged requests.

    `must_be_meant` is set where a browser may have been made to send the cookie along: the request writes.
    """

    token: str = field(repr=False)
    is_cookie: bool = False
    csrf: str | None = field(default=None, repr=False)
    must_be_meant: bool = False


def credential_of(request: Request) -> Credential | None:
    """What a request shows; a token in its header counts before a cookie.

    Raises:
        NotSignedIn: an Authorization header that is no bearer token.
    """
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip() or len(token) > _LONGEST:
            raise NotSignedIn("Authorization 头无法识别", way_out="请写 Authorization: Bearer 令牌")
        return Credential(token.strip())
    cookie = request.cookies.get(SESSION_COOKIE)
    if not cookie or len(cookie) > _LONGEST:
        return None
    return Credential(cookie, True, request.headers.get(CSRF_HEADER), request.method not in SAFE)


async def _acting(request: Request, _: Turn) -> Actor:
    shown = credential_of(request)
    return ANONYMOUS if shown is None else await run_in_threadpool(_identified, request, shown)


def _identified(request: Request, shown: Credential) -> Actor:
    ground = ground_of(request)
    at = ground.clock()
    with ground.sessions() as session:
        stand_before(session, ANONYMOUS, at=at)
        actor = ground.identify(session, shown, at)
    request.state.account_id = actor.account_id
    return actor


Acting = Annotated[Actor, Depends(_acting, scope="function")]


class Permitted:
    """A dependency of routes: the act they do, which the actor must be allowed somewhere.

    Where he is allowed, the command asks once it knows what it is about.
    """

    def __init__(self, act: Act) -> None:
        self.act = act

    async def __call__(self, request: Request, actor: Acting) -> Actor:
        """Let the request in, or refuse it; without an account, to acts this installation opens to all."""
        if not (actor.is_anonymous and self.act in ground_of(request).open_acts):
            require(actor, self.act)
        return actor


class OpenToAll:
    """The same for what is answered to everybody without a look at who asks, even without a database."""

    def __init__(self, act: Act) -> None:
        assert permission_for(act).is_public, "only what is public is open to all"
        self.act = act

    async def __call__(self) -> None:
        """Let the request in."""


def open_to_all(act: Act) -> Any:
    """For `dependencies=[…]` of routes that answer whoever asks."""
    return Depends(OpenToAll(act))


def permitted(act: Act) -> Any:
    """For `dependencies=[…]` of a router or a route: it does `act`. Every route does exactly one."""
    return Depends(Permitted(act), scope="function")


def act_of(route: Any) -> Act | None:
    """The act that a route does; the innermost counts where a router and its route name one each."""
    named = (each.dependency for each in route.dependencies)
    acts = [each.act for each in named if isinstance(each, Permitted | OpenToAll)]
    return acts[-1] if acts else None
