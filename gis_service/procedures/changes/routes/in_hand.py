"""A case in somebody's hand: which one, as of which revision, and how it is told after a move."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Concatenate, ParamSpec

from fastapi import Depends, Header, Path, Request
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.readings import note_reading
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web import Tx, announce, answered_with, header, parsed_by
from gis_service.procedures.changes.commands import require_revision
from gis_service.procedures.changes.models import ChangeCase
from gis_service.procedures.changes.queries import case_by_number, follow_ups_of, materials_of, sides_of
from gis_service.procedures.changes.schemas import CaseOut, CaseSummaryOut, basis_of
from gis_service.registers.instruments.queries import instruments_by_id
from gis_service.registers.instruments.schemas import InstrumentOut

Arguments = ParamSpec("Arguments")

REVISION = header("修订次数，办理时可放在 If-Match 头中", {"type": "string", "pattern": '^"[0-9]+"$'})
TOLD = answered_with(200, ETag=REVISION)

Number = Annotated[
    str, Path(pattern=r"^BG-[0-9]{4}-[0-9]{5,9}$", description="案号", examples=["BG-2026-00001"])
]
_ETAG = re.compile(r' *(?:\*|(?:W/)?"?([0-9]{1,9})"?) *')


@dataclass(frozen=True, slots=True)
class CaseInHand:
    """The case a request writes to; `seen` is the revision its sender has read, None if he does not say."""

    request: Request
    tx: Transaction
    number: str
    seen: int | None

    def moved_by(
        self,
        command: Callable[Concatenate[Transaction, str, Arguments], object],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> CaseOut:
        """Run a command on the case as it was seen, and tell the case afterwards."""
        return told(self.request, self.tx.session, self.after(command, *args, **kwargs))

    def after(
        self,
        command: Callable[Concatenate[Transaction, str, Arguments], object],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> ChangeCase:
        """Run a command on the case as it was seen, and announce the revision it has then."""
        if self.seen is not None:
            require_revision(self.tx, self.number, self.seen)
        command(self.tx, self.number, *args, **kwargs)
        return announced(self.request, self.tx.session, self.number)


def _revision(header: str) -> int | None:
    """The revision an If-Match header names; None for `*`, which any revision matches."""
    found = _ETAG.fullmatch(header)
    if found is None:
        raise InvalidInput(f"If-Match 头“{header[:40]}”无法识别", way_out='请原样使用 ETag 头的值，如 "3"')
    return int(found[1]) if found[1] else None


async def _in_hand(
    request: Request,
    tx: Tx,
    number: Number,
    if_match: Annotated[
        int | None,
        parsed_by(_revision, written={"type": "string", "pattern": f"^{_ETAG.pattern}$"}),
        Header(
            description="办理所依据的修订次数（取自 ETag 头或 revision）；案卷已被他人改动时答复 409",
            examples=['"3"'],
        ),
    ] = None,
) -> CaseInHand:
    return CaseInHand(request, tx, number, if_match)


InHand = Annotated[CaseInHand, Depends(_in_hand)]


def announced(request: Request, session: Session, number: str) -> ChangeCase:
    """A case of which a part is to be told; its revision is announced as ETag."""
    case = case_by_number(session, number)
    announce(request, "ETag", f'"{case.revision}"')
    if case.classification == Classification.secret:
        note_reading(session, case.classification, case.number)
    return case


def told(request: Request, session: Session, case: ChangeCase) -> CaseOut:
    """A case in full; its revision is announced as ETag."""
    announce(request, "ETag", f'"{case.revision}"')
    if case.classification == Classification.secret:  # cases kept inside are daily work
        note_reading(session, case.classification, case.number)
    known = instruments_by_id(session, filter(None, [case.instrument_id]))  # none that is above the reader
    act = next(iter(known.values()), None)
    sides = sides_of(session, case)
    return CaseOut.model_validate(
        CaseSummaryOut.model_validate(case).model_dump()
        | {
            "parties": sides.parties,
            "endorsements": sides.endorsements,
            "drafted_by": sides.drafted_by,
            "submitted_by": sides.submitted_by,
            "basis": basis_of(case.proposal.get("basis"), has_act=bool(case.proposal.get("instrument"))),
            "proposal": case.proposal,
            "instrument": InstrumentOut.model_validate(act) if act else None,
            "findings": case.findings,
            "outcome": case.outcome,
            "materials": materials_of(session, case),
            "follow_ups": follow_ups_of(session, case),
        }
    )
