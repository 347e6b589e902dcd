"""What has come to stand on a change since: as long as there is any, it cannot be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gis_service.procedures.changes.models import CaseState, ChangeCase
from gis_service.registers.boundaries.models import Membership
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.divisions.queries import last_known


def standing_upon(session: Session, units: Iterable[UUID], *, on: date, written_by: UUID) -> list[str]:
    """Later changes of the units an act wrote on a day, and what hangs on them by other acts: for people."""
    ids = set(units)
    found = (
        _versions(session, ids, on, written_by) | _links(session, ids, on) | _faces(session, on, written_by)
    )
    names = last_known(session, found)
    return sorted(f"{version.name}（{version.code}）" for version in names.values())


def _versions(session: Session, units: set[UUID], on: date, written_by: UUID) -> set[UUID]:
    begins, ends = func.lower(DivisionVersion.valid), func.upper(DivisionVersion.valid)
    own = DivisionVersion.division_id.in_(units) & ((begins > on) | (ends > on))
    hanging = (
        DivisionVersion.superior_id.in_(units) & (begins >= on) & (DivisionVersion.begun_by != written_by)
    )
    return set(session.scalars(select(DivisionVersion.division_id).where(or_(own, hanging))))


def _links(session: Session, units: set[UUID], on: date) -> set[UUID]:
    sides = (Lineage.predecessor_id, Lineage.successor_id)
    touching = or_(*(side.in_(units) for side in sides))
    rows = session.execute(select(*sides).where(touching, Lineage.on_date > on)).all()
    return {unit for row in rows for unit in row}


def _faces(session: Session, on: date, written_by: UUID) -> set[UUID]:
    """Who holds later what an act handed over."""
    handed = select(Membership.face_id).where(
        Membership.begun_by == written_by, func.lower(Membership.valid) == on
    )
    later = select(Membership.division_id).where(
        Membership.face_id.in_(handed), func.lower(Membership.valid) > on
    )
    return set(session.scalars(later))


def others_by_the_same_act(session: Session, case: ChangeCase, *, written_by: UUID) -> bool:
    """Whether another case wrote by the same act on the same day: neither can be told from the other then."""
    written, unrecorded = ChangeCase.written["instrument"].astext, ChangeCase.written.is_(None)
    wanted = select(ChangeCase.id).where(
        ChangeCase.id != case.id,
        ChangeCase.state == CaseState.enacted.value,
        ChangeCase.effective_on == case.effective_on,
        or_(written == str(written_by), unrecorded & (ChangeCase.instrument_id == written_by)),
    )
    return session.scalar(wanted.limit(1)) is not None
