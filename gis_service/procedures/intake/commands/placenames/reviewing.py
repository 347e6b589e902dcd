"""The queue of names in doubt: put in with what they may be, decided, undone, and entered under an act."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
import shapely
from sqlalchemy import select

from gis_service.foundation.access import Act
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.placenames.batches import Batch
from gis_service.procedures.intake.commands.placenames.entering import (
    EnteringNames,
    load_placenames,
    paper_of,
)
from gis_service.procedures.intake.commands.placenames.likening import Match, match_records
from gis_service.procedures.intake.commands.placenames.opening import Origin, Records
from gis_service.procedures.intake.commands.placenames.reporting import NamesReport
from gis_service.procedures.intake.models import REVIEW_WORDS, NameReview, ReviewState
from gis_service.procedures.intake.queries.reviews import ReviewsAsked, review_by_id, reviews_page
from gis_service.procedures.intake.rules.placenames import NameChange, PlaceRecord, Tally
from gis_service.procedures.intake.schemas.placenames import BatchIn, PlaceNameRecord
from gis_service.registers.authorities.queries import require_within
from gis_service.registers.instruments.schemas import InstrumentIn

_SAME = (
    *("id", "revision", "code", "name", "specific", "generic", "roman", "reading", "status", "process"),
    *("role", "accuracy_m", "method", "surveyed_on", "facts", "synthetic", "change", "end", "reason"),
)
DECIDED = (ReviewState.accepted, ReviewState.adjusted, ReviewState.new)  # what is entered


@dataclass(frozen=True, slots=True)
class Queued:
    """What holding a list against the register came to."""

    source: str
    rows: int
    certain: NamesReport | None
    queued: int
    findings: tuple[Finding, ...]


def queue_doubts(tx: Transaction, records: Records, wish: EnteringNames) -> Queued:
    """Edit what is beyond doubt as the list says, and put the rest into the queue; once for each row.

    Raises:
        RuleViolated: records beyond doubt cannot be entered. NotPermitted: beyond the jurisdiction.
    """
    tx.require(Act.keep_placenames)
    lock_registers(tx.session)
    tally = Tally(records.source)
    matches = match_records(tx.session, records, tally, on=wish.on)
    units = {unit for match in matches for unit in match.units}
    require_within(tx.session, tx.actor, Act.keep_placenames, units, on=tx.today)
    instrument = paper_of(tx, records, wish)
    known = set(tx.session.scalars(select(NameReview.row).where(NameReview.sha256 == records.sha256)))
    doubtful = [each for each in matches if each.certain is None and each.record.row not in known]
    tx.session.add_all(_review(tx, each, records, instrument, on=wish.on) for each in doubtful)
    tx.session.flush()
    sure = [match for match in matches if match.certain is not None]
    report = load_placenames(tx, _Sure(records, sure, wish.change), wish) if sure else None
    tx.journal(
        "placenames.review.queue",
        records.source,
        instrument_id=instrument,
        after={"queued": len(doubtful), "certain": len(sure)},
    )
    return Queued(records.source, len(matches), report, len(doubtful), tuple(tally.findings))


@dataclass(frozen=True)
class _Sure:
    """The records that are beyond doubt, each with the feature it is.

    Another name for it is left alone, unless `change` says what it means.
    """

    records: Records
    matches: Sequence[Match]
    change: NameChange | None

    @property
    def source(self) -> str:
        return self.records.source

    @property
    def sha256(self) -> str:
        return hashlib.sha256(f"match\t{self.records.sha256}".encode()).hexdigest()

    @property
    def findings(self) -> Sequence[Finding]:
        return ()

    @property
    def origin(self) -> Origin:
        return self.records.origin

    def chunks(self, tally: Tally) -> Iterator[list[PlaceRecord]]:
        wanted = {match.record.row: match for match in self.matches}
        for chunk in self.records.chunks(tally):
            kept = [record for record in chunk if record.row in wanted]
            for record in kept:
                sure = wanted[record.row].certain
                assert sure is not None
                record.id = sure.feature_id
                if record.name != sure.name and (record.change or self.change) is None:
                    record.name, record.roman, record.reading = "", None, None
            yield kept


def _review(tx: Transaction, match: Match, records: Records, instrument: UUID, *, on: date) -> NameReview:
    return NameReview(
        instrument_id=instrument,
        source=records.source,
        sha256=records.sha256,
        row=match.record.row,
        name=match.record.name,
        record=sent_of(match.record).model_dump(mode="json", by_alias=True, exclude_defaults=True),
        candidates=[each.as_json() for each in match.candidates],
        score=match.candidates[0].score if match.candidates else 0.0,
        division_id=match.units[0] if match.units else None,
        on_date=on,
        state=ReviewState.pending.value,
        opened_at=tx.at,
    )


def sent_of(record: PlaceRecord) -> PlaceNameRecord:
    """A record as programs would send it."""
    several = {name: getattr(record, name) for name in ("former", "aliases", "short")}
    shape = None if record.geometry is None else shapely.to_geojson(record.geometry)
    told: dict[str, Any] = {name: getattr(record, name) for name in _SAME}
    return PlaceNameRecord.model_validate(
        {
            **told,
            **{name: None if names is None else list(names) for name, names in several.items()},
            "class": record.class_code,
            "divisions": list(record.divisions) or None,
            "minority": None
            if record.minority is None
            else [{"text": m.text, "language": m.language, "roman": m.roman} for m in record.minority],
            "geometry": None if shape is None else orjson.loads(shape),
        }
    )


def decide(
    tx: Transaction,
    id_: UUID,
    decision: ReviewState,
    *,
    feature: UUID | None = None,
    record: dict[str, Any] | None = None,
    reason: str | None = None,
) -> NameReview:
    """Say what a record is: a feature (accepted), one after the record was adjusted, a new one, or nothing.

    Raises:
        NotFound: no such review within reach. Conflict: it is decided already.
        InvalidInput: no candidate is named and there is none, or a rejection without a reason.
    """
    tx.require(Act.keep_placenames)
    review = _in_hand(tx, id_)
    if review.state != ReviewState.pending:
        raise Conflict(
            f"这一条已定为“{REVIEW_WORDS[ReviewState(review.state)]}”", way_out="要改请先撤回（undo）"
        )
    before = review.state
    review.feature_id = _feature_of(review, decision, feature)
    if decision is ReviewState.adjusted and not record:
        raise InvalidInput("没有写明调整了什么", way_out="请写明要改的项，如 name=…")
    if decision is ReviewState.rejected and not reason:
        raise InvalidInput("不采纳须写明理由", way_out="请写 reason")
    if record:
        PlaceNameRecord.model_validate({**review.record, **record})
    review.adjusted, review.reason = record or None, reason
    _decided(tx, review, decision)
    tx.journal(
        "placenames.review.decide",
        str(review.id),
        instrument_id=review.instrument_id,
        before={"state": before},
        after={"state": review.state, "feature": review.feature_id, "adjusted": record, "reason": reason},
    )
    return review


def _feature_of(review: NameReview, decision: ReviewState, feature: UUID | None) -> UUID | None:
    if decision in (ReviewState.new, ReviewState.rejected):
        return None
    if feature is not None:
        return feature
    if decision is ReviewState.accepted:
        if not review.candidates:
            raise InvalidInput(f"“{review.name}”没有候选地名", way_out="请写明地名标识，或定为新增、不采纳")
        return UUID(review.candidates[0]["id"])
    return UUID(review.candidates[0]["id"]) if review.candidates else None


def _decided(tx: Transaction, review: NameReview, decision: ReviewState) -> None:
    review.state, review.decided_by, review.decided_at = decision.value, tx.actor.name, tx.at
    tx.session.flush()


def _in_hand(tx: Transaction, id_: UUID) -> NameReview:
    return review_by_id(tx.session, id_, reach=tx.actor.reach(Act.keep_placenames))


def undo(tx: Transaction, id_: UUID) -> NameReview:
    """Take a decision back, as long as it was not entered.

    Raises:
        Conflict: it is not decided, or entered already.
    """
    tx.require(Act.keep_placenames)
    review = _in_hand(tx, id_)
    if review.state in (ReviewState.pending, ReviewState.entered):
        word = REVIEW_WORDS[ReviewState(review.state)]
        raise Conflict(f"这一条“{word}”，没有可撤回的决定", way_out="已入库的请另行更正")
    before = {"state": review.state, "feature": review.feature_id, "adjusted": review.adjusted}
    review.feature_id = review.adjusted = review.reason = None
    review.state, review.decided_by, review.decided_at = ReviewState.pending.value, None, None
    tx.session.flush()
    tx.journal(
        "placenames.review.undo",
        str(review.id),
        instrument_id=review.instrument_id,
        before=before,
        after={"state": review.state},
    )
    return review


def accept_above(tx: Transaction, source: str, at_least: float) -> int:
    """Accept the best candidate of every pending record of a source whose score is at least so much."""
    tx.require(Act.keep_placenames)
    asked = ReviewsAsked(ReviewState.pending, source, at_least)
    found = reviews_page(tx.session, asked, reach=tx.actor.reach(Act.keep_placenames))
    with_candidates = [review for review in found if review.candidates]
    for review in with_candidates:
        review.feature_id = UUID(review.candidates[0]["id"])
        review.state, review.decided_by, review.decided_at = ReviewState.accepted.value, tx.actor.name, tx.at
    tx.session.flush()
    tx.journal(
        "placenames.review.accept", source, after={"accepted": len(with_candidates), "at_least": at_least}
    )
    return len(with_candidates)


def enter_decided(
    tx: Transaction,
    source: str,
    *,
    on: date,
    instrument: str | InstrumentIn | None = None,
    change: NameChange | None = None,
) -> NamesReport:
    """Enter what was decided of a source, under an act or the dataset it came with; all of it or nothing.

    Raises:
        Conflict: nothing is decided. RuleViolated: with all findings.
    """
    tx.require(Act.keep_placenames)
    reach = tx.actor.reach(Act.keep_placenames)
    decided = [
        review
        for state in DECIDED
        for review in reviews_page(tx.session, ReviewsAsked(state, source), reach=reach)
    ]
    if not decided:
        raise Conflict(f"“{source}”没有已定而未入库的地名", way_out="请先逐条核定，或按得分成批采纳")
    records = [_decided_record(review, change) for review in decided]
    sent = BatchIn(instrument=instrument, on=on, change=change, source=source, records=records)
    report = load_placenames(tx, Batch(sent), EnteringNames(on, instrument, change=change))
    for review in decided:
        review.state, review.entered_by = ReviewState.entered.value, report.instrument_id
    tx.session.flush()
    return report


def _decided_record(review: NameReview, change: NameChange | None) -> PlaceNameRecord:
    """The record as decided, with where it came from; another name for a feature is left alone."""
    record = PlaceNameRecord.model_validate({**review.record, **(review.adjusted or {})})
    record.id = review.feature_id
    record.revision = None
    if record.id is not None and (record.change or change) is None and "name" not in (review.adjusted or {}):
        record.name, record.roman, record.reading = "", None, None
    record.reason = record.reason or review.reason or f"{review.source} 第{review.row}行"
    return record
