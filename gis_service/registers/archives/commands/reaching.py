"""Who may write of archives: those who act for a side of what it is about, or for what lies below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class About:
    """What an item is about."""

    lines: frozenset[UUID] = frozenset()
    markers: frozenset[UUID] = frozenset()
    tri_points: frozenset[UUID] = frozenset()

    def columns(self) -> Iterator[dict[str, UUID]]:
        """One row for each."""
        for name, ids in (
            ("line_id", self.lines),
            ("marker_id", self.markers),
            ("tri_point_id", self.tri_points),
        ):
            for each in sorted(ids):
                yield {name: each}

    def beyond(self, other: About) -> About:
        """What the other is not about."""
        return About(
            self.lines - other.lines, self.markers - other.markers, self.tri_points - other.tri_points
        )


def about_of(tx: Transaction, item: UUID) -> About:
    """What an item on file is about."""
    rows = tx.session.scalars(select(ArchiveSubject).where(ArchiveSubject.item_id == item)).all()
    return About(
        frozenset(row.line_id for row in rows if row.line_id),
        frozenset(row.marker_id for row in rows if row.marker_id),
        frozenset(row.tri_point_id for row in rows if row.tri_point_id),
    )


def require_reach(tx: Transaction, about: About) -> None:
    """Let nobody else write, and see that the actor acts for a side of each of these.

    Raises:
        NotPermitted: names those of which no side lies in the jurisdiction of the actor.
    """
    beyond = sorted(name for name, is_within in _subjects(tx, about) if not is_within)
    if beyond:
        raise NotPermitted(
            f"{'、'.join(beyond[:5])} 的各方都不在您的辖区", way_out="请由界线一方的机关办理，或不写这几项"
        )


def require_reach_of_item(tx: Transaction, item: UUID) -> None:
    """See that the actor acts for a side of something an item on file is about.

    Raises:
        NotPermitted: no side of anything it is about lies in the jurisdiction of the actor.
    """
    if not any(is_within for _, is_within in _subjects(tx, about_of(tx, item))):
        raise NotPermitted("档案所涉界线、界桩的各方都不在您的辖区", way_out="请由界线一方的机关办理")


def _subjects(tx: Transaction, about: About) -> list[tuple[str, bool]]:
    """What it is called, and whether a side of it is within reach, for each."""
    tx.require(Act.keep_archives)
    lock_registers(tx.session)
    known = _known(tx, about)
    sides = frozenset().union(*(own for _, own in known.values()))
    reach = tx.actor.reach(Act.keep_archives)
    within = covered(tx.session, reach, sides, on=tx.today)
    asked = (each for columns in about.columns() for each in columns.values())
    told = (known.get(each, (f"标识 {each}", frozenset())) for each in asked)
    return [(name, reach.everywhere or bool(own & within)) for name, own in told]


def _known(tx: Transaction, about: About) -> dict[UUID, tuple[str, frozenset[UUID]]]:
    """Name and sides of everything the writer may know of."""
    markers = tx.session.scalars(select(Marker).where(Marker.id.in_(about.markers))).all()
    standing = {marker.id: {marker.line_id} for marker in markers}
    for row in tx.session.scalars(select(MarkerLine).where(MarkerLine.marker_id.in_(about.markers))):
        standing.setdefault(row.marker_id, set()).add(row.line_id)
    lines = tx.session.scalars(
        select(BoundaryLine).where(BoundaryLine.id.in_(about.lines.union(*standing.values())))
    ).all()
    sides = {line.id: frozenset((line.first_id, line.second_id)) for line in lines}
    found = {line.id: (f"界线 {line.name}", sides[line.id]) for line in lines}
    for marker in markers:
        own = (sides.get(line, frozenset()) for line in standing[marker.id])
        found[marker.id] = (f"界桩 {marker.number}", frozenset().union(*own))
    for met in tx.session.scalars(select(TriPoint).where(TriPoint.id.in_(about.tri_points))):
        found[met.id] = (f"三交点 {met.name}", frozenset((met.first_id, met.second_id, met.third_id)))
    return found
