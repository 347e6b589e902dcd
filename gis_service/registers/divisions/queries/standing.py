"""Divisions as they stood on a day. Every question says which day; none guesses today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import NotFound
from gis_service.foundation.readings import note_readings
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.divisions.rules import DivisionLevel, Holder


def in_force(on: date) -> ColumnElement[bool]:
    """The SQL condition that a division version holds on a day."""
    return holds_on(DivisionVersion.valid, on)


def subtree(root: UUID, *, on: date) -> CTE:
    """A division and all below it on a day, as a recursive CTE with one column `division_id`."""
    top = select(DivisionVersion.division_id).where(DivisionVersion.division_id == root, in_force(on))
    below = top.cte("subtree", recursive=True)
    child = aliased(DivisionVersion)
    return below.union_all(
        select(child.division_id)
        .join(below, child.superior_id == below.c.division_id)
        .where(holds_on(child.valid, on))
    )


def divisions_on(
    session: Session,
    *,
    on: date,
    level: DivisionLevel | None = None,
    within: UUID | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[DivisionVersion]:
    """Versions in force on a day, by code; `within` includes the unit itself; `after` pages by code."""
    wanted = select(DivisionVersion).where(in_force(on)).order_by(DivisionVersion.code)
    if level is not None:
        wanted = wanted.where(DivisionVersion.level == level.value)
    if within is not None:
        wanted = wanted.where(DivisionVersion.division_id.in_(select(subtree(within, on=on))))
    if after is not None:
        wanted = wanted.where(DivisionVersion.code > after)
    return list(session.scalars(wanted.limit(limit)))


def find_by_code(session: Session, code: str, *, on: date) -> DivisionVersion | None:
    """The unit that holds a code on a day, if any (R-COD-07)."""
    return session.scalar(select(DivisionVersion).where(DivisionVersion.code == code, in_force(on)))


def find_by_codes(session: Session, codes: Iterable[str], *, on: date) -> dict[str, DivisionVersion]:
    """The units that hold these codes on a day, by code; codes nobody holds are left out."""
    wanted = select(DivisionVersion).where(DivisionVersion.code.in_(set(codes)), in_force(on))
    return {version.code: version for version in session.scalars(wanted)}


def division_by_code(session: Session, code: str, *, on: date) -> DivisionVersion:
    """The unit that holds a code on a day (R-COD-07).

    Raises:
        NotFound: nobody holds the code that day; says when and by whom it was held otherwise.
    """
    found = find_by_code(session, code, on=on)
    if found is None:
        raise NotFound(f"{on} 没有代码为 {code} 的行政区划", way_out=_other_days(session, code))
    return found


def _other_days(session: Session, code: str) -> str:
    held = holders_of_code(session, code)
    if not held:
        return "登记簿中从未有过此代码；请核对代码，或先导入该地区数据"
    note_readings(session, ((v.classification, v.code) for v in held))
    spells = "；".join(f"{v.name} {v.valid.start} 至 {v.valid.end or '今'}" for v in held)
    return f"此代码的使用情况：{spells}"


def division_by_id(session: Session, division_id: UUID, *, on: date) -> DivisionVersion:
    """The version of a division that holds on a day.

    Raises:
        NotFound: unknown id, or the unit did not exist that day.
    """
    wanted = select(DivisionVersion).where(DivisionVersion.division_id == division_id, in_force(on))
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(f"{on} 没有标识为 {division_id} 的行政区划", way_out="请换一个日期，或查该单位的沿革")
    return found


def divisions_by_id(session: Session, ids: Iterable[UUID], *, on: date) -> dict[UUID, DivisionVersion]:
    """Many units on a day, by their lasting id."""
    wanted = select(DivisionVersion).where(DivisionVersion.division_id.in_(set(ids)), in_force(on))
    return {version.division_id: version for version in session.scalars(wanted)}


def ids_by_code(session: Session, codes: Iterable[str], *, on: date) -> dict[str, UUID]:
    """The units that hold these codes on a day."""
    wanted = select(DivisionVersion.code, DivisionVersion.division_id).where(
        DivisionVersion.code.in_(set(codes)), in_force(on)
    )
    return {row.code: row.division_id for row in session.execute(wanted)}


def holders_of_code(session: Session, code: str) -> list[DivisionVersion]:
    """Every version that ever held a code, oldest first."""
    wanted = select(DivisionVersion).where(DivisionVersion.code == code)
    return list(session.scalars(wanted.order_by(func.lower(DivisionVersion.valid))))


def holders_of_codes(session: Session, codes: Iterable[str]) -> dict[str, list[DivisionVersion]]:
    """Every version that ever held each of these codes, oldest first; codes nobody held are left out."""
    wanted = select(DivisionVersion).where(DivisionVersion.code.in_(set(codes)))
    held: dict[str, list[DivisionVersion]] = {}
    for version in session.scalars(wanted.order_by(func.lower(DivisionVersion.valid))):
        held.setdefault(version.code, []).append(version)
    return held


def holdings_below(session: Session, prefix: str, *, digits: int) -> list[Holder]:
    """Every holding, on any day, of a code of so many digits that begins alike."""
    wanted = select(DivisionVersion).where(
        DivisionVersion.code.startswith(prefix, autoescape=True), func.length(DivisionVersion.code) == digits
    )
    versions = session.scalars(wanted.order_by(func.lower(DivisionVersion.valid))).all()
    note_readings(session, ((version.classification, version.code) for version in versions))
    return [Holder(version.code, version.name, version.valid) for version in versions]


def versions_of(session: Session, division_id: UUID) -> list[DivisionVersion]:
    """The whole history of one division, oldest first."""
    wanted = select(DivisionVersion).where(DivisionVersion.division_id == division_id)
    return list(session.scalars(wanted.order_by(func.lower(DivisionVersion.valid))))


def lineage_of(session: Session, division_ids: Iterable[UUID]) -> list[Lineage]:
    """Links from and to these divisions, oldest first."""
    ids = set(division_ids)
    wanted = select(Lineage).where(or_(Lineage.predecessor_id.in_(ids), Lineage.successor_id.in_(ids)))
    return list(session.scalars(wanted.order_by(Lineage.on_date)))


def last_known(session: Session, ids: Iterable[UUID]) -> dict[UUID, DivisionVersion]:
    """The newest version of each division, in force or not; to name units that have ended."""
    newest = (
        select(DivisionVersion)
        .where(DivisionVersion.division_id.in_(set(ids)))
        .order_by(DivisionVersion.division_id, func.lower(DivisionVersion.valid).desc())
        .ext(distinct_on(DivisionVersion.division_id))
    )
    return {version.division_id: version for version in session.scalars(newest)}


def with_later_history(session: Session, division_ids: Iterable[UUID], *, on: date) -> set[UUID]:
    """Those of which anything begins or ends after a day, so that nothing may be slid under it."""
    wanted = select(DivisionVersion.division_id).where(
        DivisionVersion.division_id.in_(set(division_ids)),
        or_(func.lower(DivisionVersion.valid) > on, func.upper(DivisionVersion.valid) > on),
    )
    return set(session.scalars(wanted))


def inferiors_of_each(session: Session, division_ids: Iterable[UUID], *, on: date) -> Counter[UUID]:
    """How many units hang directly on each of these on a day."""
    wanted = (
        select(DivisionVersion.superior_id, func.count())
        .where(DivisionVersion.superior_id.in_(set(division_ids)), in_force(on))
        .group_by(DivisionVersion.superior_id)
    )
    return Counter({superior: count for superior, count in session.execute(wanted) if superior})


def inferiors_on(session: Session, division_id: UUID, *, on: date) -> list[DivisionVersion]:
    """The units that hang directly on a division on a day, by code."""
    wanted = select(DivisionVersion).where(DivisionVersion.superior_id == division_id, in_force(on))
    return list(session.scalars(wanted.order_by(DivisionVersion.code)))


def superiors_of(session: Session, division_id: UUID, *, on: date) -> list[DivisionVersion]:
    """The chain above a division on a day, nearest first."""
    chain: list[DivisionVersion] = []
    current = division_by_id(session, division_id, on=on)
    while current.superior_id is not None:
        above = divisions_by_id(session, [current.superior_id], on=on).get(current.superior_id)
        if above is None:  # the reader may not know of it
            break
        current = above
        chain.append(current)
    return chain
