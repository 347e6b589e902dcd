"""A transaction that is always undone: for questions that are answered by doing and taking back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import event

from gis_service.foundation.transaction import Transaction, transaction
from gis_service.foundation.web.ground import ground_of
from gis_service.foundation.web.identity import Acting
from gis_service.foundation.web.sessions import _limited
from gis_service.foundation.web.turns import Turn


def _rehearsing(request: Request, _: Turn, actor: Acting) -> Iterator[Transaction]:
    ground = ground_of(request)
    with transaction(ground.sessions, actor=actor, at=ground.clock(), react=ground.react, dry_run=True) as tx:
        event.listen(tx.session, "after_begin", _limited)
        yield tx


Rehearsal = Annotated[Transaction, Depends(_rehearsing, scope="function")]
