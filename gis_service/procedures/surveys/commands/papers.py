"""The acts that an entry names by their number; those that come with it are registered first."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.surveys.schemas import OfLineIn
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.queries import acts_numbered


def papers_of(
    tx: Transaction, sent: OfLineIn, naming: Iterable[str] = (), *, within: Iterable[UUID] = ()
) -> dict[str | None, UUID]:
    """The acts that an entry names in `instrument`, in its fields `naming` and in its consents.

    Raises:
        InvalidInput: one is not registered.
    """
    for act in sent.acts:
        register_instrument(tx, act, kept_within=within)
    named = [getattr(sent, name, None) for name in ("instrument", *naming)]
    wanted = {number for number in [*named, *getattr(sent, "consents", ())] if number is not None}
    known = acts_numbered(tx.session, wanted)
    if absent := sorted(wanted - known.keys()):
        raise InvalidInput(
            f"没有登记文号为“{'”、“'.join(absent)}”的文件", way_out="请核对文号，或在 acts 中写明该文件"
        )
    return {number: act.id for number, act in known.items()}
