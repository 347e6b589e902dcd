"""Deciding a suggestion: what is taken is written to the register in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, Severity, refuse_if_blocking
from gis_service.foundation.lifecycle import require_move
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.corrections.commands.applying import Wanted, edits_of, new_feature
from gis_service.procedures.corrections.commands.suggesting import move
from gis_service.procedures.corrections.models import NameSuggestion
from gis_service.procedures.corrections.queries import (
    known_feature,
    require_known_to,
    suggestion_numbered,
)
from gis_service.procedures.corrections.rules import (
    MOVES,
    R_COR_01,
    STATE_WORDS,
    Decision,
    Kind,
    NameMeaning,
    SuggestionState,
)
from gis_service.procedures.corrections.schemas import DecisionIn, ProposedIn
from gis_service.registers.authorities.queries import require_within
from gis_service.registers.divisions.queries import division_by_code, last_known
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.queries import acts_numbered
from gis_service.registers.placenames.commands import Seen, edit_features, enter_features

_TO = {
    Decision.accept: SuggestionState.accepted,
    Decision.adjust: SuggestionState.adjusted,
    Decision.reject: SuggestionState.rejected,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided suggestion, the feature it touched with its new revision, and what was found."""

    row: NameSuggestion
    feature_id: UUID | None
    revision: int | None
    findings: tuple[Finding, ...] = ()


def decide_suggestion(tx: Transaction, number: str, sent: DecisionIn) -> Decided:
    """Accept, adjust or reject a suggestion; what is accepted is written under the instrument.

    Raises:
        Conflict: what is sent is not whole.
        NotFound: no such suggestion, feature or unit within the jurisdiction of the actor.
        NotPermitted: it, or where the feature shall lie, is beyond it.
        IllegalMove: it was decided or withdrawn. StaleRevision: the feature is not as the actor saw it.
        InvalidInput: nothing that could be written, or an unknown paper. RuleViolated: a name that cannot be.
    """
    tx.require(Act.decide_suggestions)
    sent.require_whole()
    row = suggestion_numbered(tx.session, number)
    require_known_to(tx.session, row, tx.actor, None, on=tx.today)
    places = [row.division_id] if row.division_id else []
    require_within(tx.session, tx.actor, Act.decide_suggestions, places, on=tx.today)
    to = _TO[sent.decision]
    require_move(MOVES, SuggestionState(row.state), to, subject=f"建议 {number} ", words=STATE_WORDS)
    row.decided_by = tx.actor.name
    if sent.decision is Decision.reject:
        move(tx, row, to, sent.reason, on=tx.today)
        return Decided(row, row.feature_id, None)
    return _taken(tx, row, sent, to)


def _taken(tx: Transaction, row: NameSuggestion, sent: DecisionIn, to: SuggestionState) -> Decided:
    on = sent.on or tx.today
    if on > tx.today:
        raise InvalidInput(f"日期 {on} 尚未到来", way_out=f"请写不晚于 {tx.today} 的日期")
    row.instrument_id = _paper(tx, row, sent)
    wanted = _wanted(tx, row, sent, on)
    findings = wanted.findings()
    refuse_if_blocking(findings, f"建议 {row.number} 的名称不能登记", way_out="请以 adjust 答复，改正名称")
    written: tuple[UUID, int]
    if row.feature_id is None:
        [entered] = enter_features(tx, [new_feature(wanted)], on=on, instrument_id=row.instrument_id)
        written = entered, 1
    else:
        written, changed = _edited(tx, row, wanted, sent.revision, on)
        findings += changed
    feature_id, revision = written
    row.applied = _applied(wanted, feature_id, on)
    move(tx, row, to, sent.reason, on=tx.today)
    return Decided(row, feature_id, revision, tuple(findings))


def _wanted(tx: Transaction, row: NameSuggestion, sent: DecisionIn, on: date) -> Wanted:
    values = sent.values if sent.decision is Decision.adjust and sent.values else _proposed(row)
    unit, code = row.division_id if row.feature_id is None else None, ""
    if values.division is not None:
        unit = division_by_code(tx.session, values.division, on=on).division_id
        require_within(tx.session, tx.actor, Act.decide_suggestions, [unit], on=tx.today)
    place = unit or row.division_id
    if place is not None:
        code = last_known(tx.session, [place])[place].code
    change = sent.change if values.name is not None else NameMeaning.correct
    return Wanted(Kind(row.kind), values, unit, code, change, sent.reason)


def _proposed(row: NameSuggestion) -> ProposedIn:
    return ProposedIn.model_validate(row.proposed)


def _edited(
    tx: Transaction, row: NameSuggestion, wanted: Wanted, revision: int | None, on: date
) -> tuple[tuple[UUID, int], list[Finding]]:
    """Edit the feature as the actor saw it; told where others changed it after it was suggested."""
    assert row.feature_id is not None
    assert row.instrument_id is not None
    known = known_feature(tx.session, row.feature_id, on=on)
    current = known.feature.revision
    seen = Seen(row.feature_id, revision or current)
    edits = edits_of(wanted, known, seen)
    report = edit_features(tx, edits, on=on, instrument_id=row.instrument_id)
    findings = []
    if row.revision != current:
        message = f"提出建议之后“{row.feature_name}”已有改动（版次 {row.revision} 至 {current}）"
        findings.append(R_COR_01.finding(Severity.warning, row.number, message))
    if row.feature_id in report.unchanged:
        findings.append(R_COR_01.finding(Severity.info, row.number, "登记簿已是如此，没有改动"))
    return (row.feature_id, report.revisions.get(row.feature_id, current)), findings


def _applied(wanted: Wanted, feature_id: UUID, on: date) -> dict[str, Any]:
    values = wanted.values.model_dump(mode="json", exclude_none=True, by_alias=True)
    return {"feature": str(feature_id), "on": on.isoformat(), "change": wanted.change.value, "values": values}


def _paper(tx: Transaction, row: NameSuggestion, sent: DecisionIn) -> UUID:
    """The act of the decision; those that come with it are registered first."""
    for act in sent.acts:
        register_instrument(tx, act, kept_within=[row.division_id] if row.division_id else ())
    assert sent.instrument is not None  # the schema asks for it
    known = acts_numbered(tx.session, [sent.instrument])
    if sent.instrument not in known:
        raise InvalidInput(
            f"没有登记文号为“{sent.instrument}”的文件", way_out="请核对文号，或在 acts 中写明该文件"
        )
    return known[sent.instrument].id
