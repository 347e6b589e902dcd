"""Who may write of archives: those who act for a side of what it is about, or for what lies below."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from gis_service.foundation.access import Act
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.transaction import Transaction
from gis_service.registers.archives.models import ArchiveSubject
from gis_service.registers.authorities.queries import covered
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.markers.models import Marker, MarkerLine, TriPoint


def require_reach(
    tx: Transaction,
    *,
    lines: Iterable[UUID] = (),
    markers: Iterable[UUID] = (),
    tri_points: Iterable[UUID] = (),
) -> None:
    """Let nobody else write, and see that the actor acts for a side of some of these.

    Raises:
        NotPermitted: no side of any of them lies in the jurisdiction of the actor.
    """
    tx.require(Act.keep_archives)
    lock_registers(tx.session)
    sides = _sides(tx, set(lines), set(markers), set(tri_points))
    reach = tx.actor.reach(Act.keep_archives)
    if not reach.everywhere and not covered(tx.session, reach, sides, on=tx.today):
        raise NotPermitted("档案所涉界线、界桩的各方都不在您的辖区", way_out="请由界线一方的机关办理")


def require_reach_of_item(tx: Transaction, item: UUID) -> None:
    """The same, for an item on file."""
    rows = tx.session.scalars(select(ArchiveSubject).where(ArchiveSubject.item_id == item)).all()
    require_reach(
        tx,
        lines=[row.line_id for row in rows if row.line_id],
        markers=[row.marker_id for row in rows if row.marker_id],
        tri_points=[row.tri_point_id for row in rows if row.tri_point_id],
    )


def _sides(tx: Transaction, lines: set[UUID], markers: set[UUID], tri_points: set[UUID]) -> set[UUID]:
    read = tx.session.scalars
    lines = lines | set(read(select(Marker.line_id).where(Marker.id.in_(markers))))
    lines |= set(read(select(MarkerLine.line_id).where(MarkerLine.marker_id.in_(markers))))
    found = read(select(BoundaryLine).where(BoundaryLine.id.in_(lines)))
    sides = {side for line in found for side in (line.first_id, line.second_id)}
    met = read(select(TriPoint).where(TriPoint.id.in_(tri_points)))
    return sides | {side for each in met for side in (each.first_id, each.second_id, each.third_id)}
