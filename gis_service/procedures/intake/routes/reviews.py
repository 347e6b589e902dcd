"""Lists held against the register over HTTP, and the queue of what is in doubt."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from gis_service.foundation.access import Act
from gis_service.foundation.web import Acting, Listing, PageById, Reading, Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.foundation.web.rehearsing import Rehearsal
from gis_service.procedures.intake.commands.placenames.batches import Batch
from gis_service.procedures.intake.commands.placenames.entering import EnteringNames
from gis_service.procedures.intake.commands.placenames.likening import match_records
from gis_service.procedures.intake.commands.placenames.reviewing import (
    accept_above,
    decide,
    enter_decided,
    queue_doubts,
    undo,
)
from gis_service.procedures.intake.models import NameReview, ReviewState
from gis_service.procedures.intake.queries.reviews import ReviewsAsked, review_by_id, reviews_page
from gis_service.procedures.intake.routes.batches import MOST_BODY_BYTES
from gis_service.procedures.intake.routes.telling import by_record, told
from gis_service.procedures.intake.rules.placenames import Tally
from gis_service.procedures.intake.schemas.placenames import BatchIn, BatchReportOut
from gis_service.procedures.intake.schemas.reviews import (
    MatchesOut,
    MatchingIn,
    MatchOut,
    QueuedOut,
    ReviewDecisionIn,
    ReviewOut,
    ReviewsAcceptedIn,
    ReviewsAcceptedOut,
    ReviewsEnteredIn,
)

router = APIRouter(
    prefix="/placenames",
    tags=["地名"],
    route_class=JsonBody,
    dependencies=[permitted(Act.keep_placenames)],
    responses=refusals(404),
)

ReviewId = Annotated[UUID, Path(description="核对队列中一条的标识")]
InState = Annotated[ReviewState | None, Query(description="只列此状态的", examples=["pending"])]
OfSource = Annotated[str | None, Query(max_length=200, description="只列此来源的")]
AtLeast = Annotated[float | None, Query(ge=0, le=1, description="只列相符程度不低于此的")]


def _batch(sent: MatchingIn) -> Batch:
    return Batch(BatchIn(instrument=sent.instrument, on=sent.on, source=sent.source, records=sent.records))


@router.post("/matching", summary="把名单与登记簿对照", openapi_extra=body_up_to(MOST_BODY_BYTES))
def match_list(tx: Rehearsal, sent: MatchingIn) -> MatchesOut:
    """逐条说明与哪条登记的地名相符、相符到什么程度、为什么；不写入。"""
    tally = Tally(sent.source, keep_all=True)
    found = match_records(tx.session, _batch(sent), tally, on=sent.on)
    return MatchesOut(
        matches=[MatchOut.model_validate(each.as_json()) for each in found],
        findings=list(by_record(tally.findings)),
    )


@router.post(
    "/reviews",
    summary="对照名单，存疑的放入核对队列",
    responses=refusals(409),
    openapi_extra=body_up_to(MOST_BODY_BYTES),
)
def queue_list(tx: Tx, sent: MatchingIn) -> QueuedOut:
    """确定相符的随即写入，其余放入核对队列，由编辑员逐条核定；同一来件的同一行只放入一次。"""
    wish = EnteringNames(sent.on, sent.instrument, change=sent.change)
    queued = queue_doubts(tx, _batch(sent), wish)
    return QueuedOut(
        source=queued.source,
        rows=queued.rows,
        queued=queued.queued,
        report=None if queued.certain is None else told(queued.certain),
        findings=list(by_record(queued.findings)),
    )


@router.get("/reviews", summary="列出待核对的地名")
def list_reviews(
    session: Reading,
    actor: Acting,
    page: PageById,
    state: InState = None,
    source: OfSource = None,
    at_least: AtLeast = None,
) -> Listing[ReviewOut]:
    """您辖区内核对队列中的各条，先放入的在前，逐页取得。"""
    asked, reach = ReviewsAsked(state, source, at_least), actor.reach(Act.keep_placenames)
    found = reviews_page(session, asked, reach=reach, after=page.after_id, limit=page.one_more)
    rows, following = page.cut(found, lambda row: str(row.id))
    return Listing(items=[_shown(row) for row in rows], next=following)


@router.get("/reviews/{review}", summary="查一条待核对的地名")
def read_review(session: Reading, actor: Acting, review: ReviewId) -> ReviewOut:
    """来件的这一条，可能相符的地名及理由，核定的结果。"""
    return _shown(review_by_id(session, review, reach=actor.reach(Act.keep_placenames)))


@router.post("/reviews/{review}/decision", summary="核定一条", responses=refusals(409))
def decide_review(tx: Tx, review: ReviewId, sent: ReviewDecisionIn) -> ReviewOut:
    """采纳、调整后采纳、不采纳或新增；入库之前可以撤回。"""
    decision = ReviewState(sent.decision)
    found = decide(tx, review, decision, feature=sent.feature, record=sent.record, reason=sent.reason)
    return _shown(found)


@router.post("/reviews/{review}/undoing", summary="撤回核定", responses=refusals(409))
def undo_review(tx: Tx, review: ReviewId) -> ReviewOut:
    """撤回后重新待核对；已入库的不能撤回。"""
    return _shown(undo(tx, review))


@router.post("/reviews/acceptance", summary="按相符程度成批采纳")
def accept_reviews(tx: Tx, sent: ReviewsAcceptedIn) -> ReviewsAcceptedOut:
    """一个来源中待核对而相符程度不低于所写的，各采纳最相符的一条。"""
    return ReviewsAcceptedOut(accepted=accept_above(tx, sent.source, sent.at_least))


@router.post("/reviews/entering", summary="核定的入库", responses=refusals(409))
def enter_reviews(tx: Tx, sent: ReviewsEnteredIn) -> BatchReportOut:
    """一个来源中采纳、调整后采纳和新增的各条写入登记簿，全部写入或全不写入。"""
    report = enter_decided(tx, sent.source, on=sent.on, instrument=sent.instrument, change=sent.change)
    return told(report)


def _shown(row: NameReview) -> ReviewOut:
    return ReviewOut.model_validate(row, from_attributes=True)
