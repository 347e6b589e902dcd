"""Finding cases and what belongs to them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.procedures.changes.models import CaseState, ChangeCase, FollowUp, Material


def case_by_number(session: Session, number: str, *, for_update: bool = False) -> ChangeCase:
    """The case with this number (案号); when asked for update, read anew and locked to the end.

    Raises:
        NotFound: no such case.
    """
    wanted = select(ChangeCase).where(ChangeCase.number == number)
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(f"没有案号为 {number} 的变更案卷", way_out="请核对案号，或在案卷列表中查找")
    return found


def live_case_like(session: Session, digest: str) -> ChangeCase | None:
    """A case for the very same change that was not given up: withdrawn, rejected or cancelled."""
    given_up = (CaseState.withdrawn.value, CaseState.rejected.value, CaseState.cancelled.value)
    wanted = select(ChangeCase).where(ChangeCase.digest == digest, ChangeCase.state.not_in(given_up))
    return session.scalar(wanted.order_by(ChangeCase.number))


def cases_page(
    session: Session, *, state: CaseState | None = None, after: str | None = None, limit: int | None = None
) -> list[ChangeCase]:
    """Cases in order of their number."""
    wanted = select(ChangeCase).order_by(ChangeCase.number).limit(limit)
    if state is not None:
        wanted = wanted.where(ChangeCase.state == state.value)
    if after is not None:
        wanted = wanted.where(ChangeCase.number > after)
    return list(session.scalars(wanted))


def materials_of(session: Session, case: ChangeCase) -> list[Material]:
    """The documents of a case, oldest first."""
    wanted = select(Material).where(Material.case_id == case.id)
    return list(session.scalars(wanted.order_by(Material.added_at, Material.name)))


def material_with_digest(session: Session, case: ChangeCase, sha256: str) -> Material:
    """The document of a case with this content.

    Raises:
        NotFound: the file of the case holds none.
    """
    wanted = select(Material).where(Material.case_id == case.id, Material.sha256 == sha256)
    found = session.scalar(wanted.order_by(Material.added_at).limit(1))
    if found is None:
        raise NotFound(f"案卷 {case.number} 没有内容摘要为 {sha256} 的材料", way_out="请在案卷的材料中查找")
    return found


def follow_up_of(session: Session, case: ChangeCase, duty: str) -> FollowUp:
    """One duty that a case left.

    Raises:
        NotFound: it left no such duty.
    """
    wanted = select(FollowUp).where(FollowUp.case_id == case.id, FollowUp.duty == duty)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(f"案卷 {case.number} 没有后续事项“{duty}”", way_out="请在案卷的后续事项中查找")
    return found


def follow_ups_of(session: Session, case: ChangeCase) -> list[FollowUp]:
    """What a case leaves to do, the dated ones first."""
    wanted = select(FollowUp).where(FollowUp.case_id == case.id)
    return list(session.scalars(wanted.order_by(FollowUp.due_on.nulls_last(), FollowUp.duty)))
