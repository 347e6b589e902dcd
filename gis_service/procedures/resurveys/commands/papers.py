"""The acts that resurveys name by their number; those that come with it are registered first."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.queries import acts_numbered
from gis_service.registers.instruments.schemas import InstrumentIn


def papers_numbered(
    tx: Transaction, numbers: Iterable[str | None], new: Iterable[InstrumentIn], *, within: Iterable[UUID]
) -> list[UUID | None]:
    """The ids of acts in the order of their numbers; None where no number is given.

    Raises:
        InvalidInput: one is not registered.
    """
    sides = tuple(within)
    for act in new:
        register_instrument(tx, act, kept_within=sides)
    wanted = list(numbers)
    known = acts_numbered(tx.session, [number for number in wanted if number is not None])
    if absent := [number for number in wanted if number is not None and number not in known]:
        raise InvalidInput(
            f"没有登记文号为“{'”、“'.join(absent)}”的文件", way_out="请核对文号，或在 acts 中写明该文件"
        )
    return [None if number is None else known[number].id for number in wanted]
