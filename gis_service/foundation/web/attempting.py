"""A transaction whose refusal is kept: failed attempts to sign in are counted, though they are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Request

from gis_service.foundation.access import Actor
from gis_service.foundation.errors import ServiceError
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web.ground import Ground, ground_of
from gis_service.foundation.web.identity import Acting
from gis_service.foundation.web.sessions import working
from gis_service.foundation.web.turns import Turn

Arguments = ParamSpec("Arguments")
Gained = TypeVar("Gained")


@dataclass(frozen=True, slots=True)
class Attempt:
    """Runs a command that returns its refusal: what it wrote is committed, then the refusal is raised."""

    ground: Ground
    actor: Actor

    def at(
        self,
        command: Callable[Concatenate[Transaction, Arguments], Gained | ServiceError],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Gained:
        """What the command gains; what it raises undoes it as ever."""
        with working(self.ground, self.actor) as tx:
            gained = command(tx, *args, **kwargs)
        if isinstance(gained, ServiceError):
            raise gained
        return gained


async def _attempting(request: Request, _: Turn, actor: Acting) -> Attempt:
    return Attempt(ground_of(request), actor)


Attempting = Annotated[Attempt, Depends(_attempting, scope="function")]
