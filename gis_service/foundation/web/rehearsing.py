"""A transaction that is always undone: for questions that are answered by doing and taking back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request

from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web.ground import ground_of
from gis_service.foundation.web.identity import Acting
from gis_service.foundation.web.sessions import working
from gis_service.foundation.web.turns import Turn


def _rehearsing(request: Request, _: Turn, actor: Acting) -> Iterator[Transaction]:
    with working(ground_of(request), actor, dry_run=True) as tx:
        yield tx


Rehearsal = Annotated[Transaction, Depends(_rehearsing, scope="function")]
