"""Reading the queue of names to be reviewed, as far as it lies within reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from gis_service.foundation.access import Reach
from gis_service.foundation.errors import NotFound
from gis_service.procedures.intake.models import NameReview, ReviewState

# The day is that of the transaction: who reaches where is asked of today.
_WITHIN = text(
    "name_review.division_id IN (SELECT divisions_within(CAST(:roots AS uuid[]),"
    " CAST(current_setting('gis.day') AS date)))"
)


@dataclass(frozen=True, slots=True)
class ReviewsAsked:
    """Which reviews: in a state, of a source, with at least so good a candidate."""

    state: ReviewState | None = None
    source: str | None = None
    at_least: float | None = None


def reviews_page(
    session: Session,
    asked: ReviewsAsked,
    *,
    reach: Reach,
    after: UUID | None = None,
    limit: int | None = None,
) -> Sequence[NameReview]:
    """Reviews within reach, in the order they were put in."""
    wanted = _wanted(asked, reach).order_by(NameReview.id).limit(limit)
    if after is not None:
        wanted = wanted.where(NameReview.id > after)
    return session.scalars(wanted).all()


def _wanted(asked: ReviewsAsked, reach: Reach) -> Select[NameReview]:
    wanted = select(NameReview)
    if asked.state is not None:
        wanted = wanted.where(NameReview.state == asked.state.value)
    if asked.source is not None:
        wanted = wanted.where(NameReview.source == asked.source)
    if asked.at_least is not None:
        wanted = wanted.where(NameReview.score >= asked.at_least)
    if not reach.everywhere:
        wanted = wanted.where(_WITHIN.bindparams(roots=list(map(str, reach.roots))))
    return wanted


def review_by_id(session: Session, id_: UUID, *, reach: Reach) -> NameReview:
    """One review.

    Raises:
        NotFound: there is none, or it is not within reach.
    """
    found = session.scalar(_wanted(ReviewsAsked(), reach).where(NameReview.id == id_))
    if found is None:
        raise NotFound("没有这一条待核对的地名", way_out="请核对标识，或用 names reviews list 查看")
    return found
