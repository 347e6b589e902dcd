"""Taking a suggestion in, and letting who asked take it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import func, select

from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.lifecycle import require_move
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.corrections.models import NameSuggestion
from gis_service.procedures.corrections.queries import (
    asked_by,
    known_feature,
    require_known_to,
    suggestion_numbered,
)
from gis_service.procedures.corrections.rules import MOVES, STATE_WORDS, SuggestionState, term
from gis_service.procedures.corrections.schemas import SuggestionIn, SuggestionWithdrawnIn
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.placenames.rules.romanization import allowed


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion that was taken in, with the receipt of somebody who has no account."""

    row: NameSuggestion
    receipt: str | None = field(repr=False)


def suggest_correction(tx: Transaction, sent: SuggestionIn) -> Suggested:
    """Take a suggestion in. Who may ask, the edge decides: with an account, or without where that is allowed.

    Raises:
        Conflict: parts that need each other are not all there.
        NotFound: no such feature or unit today that the actor may know of.
        InvalidInput: a spelling with signs that spellings do not have (R-PY-09).
    """
    sent.require_whole()
    if sent.proposed.roman and not allowed(sent.proposed.roman):
        raise InvalidInput(f"拼写“{sent.proposed.roman}”含有规定以外的字符", way_out="请用拼音字母和声调符号")
    lock_registers(tx.session)
    receipt = token_urlsafe(12) if tx.actor.is_anonymous else None
    row = NameSuggestion(
        number=_next_number(tx),
        kind=sent.kind.value,
        **_about(tx, sent),
        text=sent.text,
        proposed=sent.proposed.model_dump(mode="json", exclude_none=True, by_alias=True),
        evidence=sent.evidence,
        contact=sent.contact,
        account_id=tx.actor.account_id,
        receipt_hash=sha256(receipt.encode()).hexdigest() if receipt else None,
        asked_at=tx.at,
        due_on=term().due(tx.today),
        state=SuggestionState.open.value,
    )
    tx.session.add(row)
    tx.session.flush()
    after = {"kind": row.kind, "feature": row.feature_id, "proposed": row.proposed, "due_on": row.due_on}
    tx.journal("corrections.suggest", row.number, after=after)
    return Suggested(row, receipt)


def _about(tx: Transaction, sent: SuggestionIn) -> dict[str, UUID | str | int | None]:
    """The feature as it stands today, or where the missing one lies."""
    if sent.feature is None:
        place = division_by_code(tx.session, str(sent.within), on=tx.today).division_id
        return {
            "feature_id": None,
            "feature_name": sent.proposed.name,
            "revision": None,
            "division_id": place,
        }
    known = known_feature(tx.session, sent.feature, on=tx.today)
    return {
        "feature_id": sent.feature,
        "feature_name": known.name.text if known.name else (known.feature.code or "无名"),
        "revision": known.feature.revision,
        "division_id": known.place,
    }


def withdraw_suggestion(
    tx: Transaction, number: str, sent: SuggestionWithdrawnIn, receipt: str | None = None
) -> NameSuggestion:
    """Let who asked take it back while nobody has decided.

    Raises:
        NotFound: no such suggestion that the actor may know of.
        Conflict: he may know of it, but did not ask. IllegalMove: it was decided or taken back.
    """
    row = suggestion_numbered(tx.session, number)
    require_known_to(tx.session, row, tx.actor, receipt, on=tx.today)
    if not asked_by(row, tx.actor, receipt):
        raise Conflict(f"建议 {number} 不是您提出的，不能撤回", way_out="不采纳的，请以 reject 答复")
    move(tx, row, SuggestionState.withdrawn, sent.reason, on=tx.today)
    return row


def move(tx: Transaction, row: NameSuggestion, to: SuggestionState, reason: str, *, on: date) -> None:
    """Move a suggestion to its end, and have it journaled.

    Raises:
        IllegalMove: it has ended already.
    """
    before = SuggestionState(row.state)
    require_move(MOVES, before, to, subject=f"建议 {row.number} ", words=STATE_WORDS)
    row.state, row.reason, row.ended_on = to.value, reason, on
    tx.session.flush()
    tx.journal(
        f"corrections.{to.value}",
        row.number,
        instrument_id=row.instrument_id,
        before={"state": before.value},
        after={"state": row.state, "reason": reason, "applied": row.applied},
    )


def _next_number(tx: Transaction) -> str:
    """JY (建议), the year, a running number; the lock on the registers is held."""
    prefix = f"JY-{tx.today.year}-"
    with full_sight(tx.session):
        newest = tx.session.scalar(
            select(func.max(NameSuggestion.number)).where(NameSuggestion.number.startswith(prefix))
        )
    return f"{prefix}{(int(newest.removeprefix(prefix)) if newest else 0) + 1:05d}"
