"""Markers and tri-points that a change touches (R-CHG-14): on which lines they stood, and stand now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.registers.boundaries.queries import LinesChanged
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.markers.models import MarkerLine, TriPoint
from gis_service.registers.markers.queries.standing import MarkerOnDay, markers_on

STAYS, GOES_OVER, STANDS_ALONE = "留在原界线", "改列界线", "不再在任何在册界线上"
_KEEPER_ENDS = "管理方终止，须另定"
_SIDE_ENDS = "一方终止，须重新登记"


def markers_told(
    session: Session, lines: LinesChanged, ended: Collection[UUID], *, on: date
) -> dict[str, Any]:
    """Each marker whose lines or keeper are not what they were, and how many stay on the lines concerned."""
    names = {
        each.line.id: f"{each.line.name}（{each.line.code}）"
        for each in (*lines.ended, *lines.stayed, *lines.begun)
    }
    before, after = (_standing(session, names, on=day) for day in (on - timedelta(days=1), on))
    stays = {marker for marker in before if before[marker] == after.get(marker)}
    kept = _of_ended_keepers(session, before, ended, on=on - timedelta(days=1))
    shown = markers_on(session, on=on, ids=({*before, *after} - stays) | kept)
    return {
        "touched": [_told(each, before, after, names, kept) for each in shown],
        "stay": len(stays - kept),
    }


def _standing(session: Session, lines: Iterable[UUID], *, on: date) -> dict[UUID, frozenset[UUID]]:
    wanted = select(MarkerLine.marker_id, MarkerLine.line_id).where(
        MarkerLine.line_id.in_(list(lines)), holds_on(MarkerLine.valid, on)
    )
    found: dict[UUID, set[UUID]] = {}
    for marker, line in session.execute(wanted):
        found.setdefault(marker, set()).add(line)
    return {marker: frozenset(several) for marker, several in found.items()}


def _of_ended_keepers(
    session: Session, markers: Collection[UUID], ended: Collection[UUID], *, on: date
) -> set[UUID]:
    if not markers or not ended:
        return set()
    return {each.marker.id for each in markers_on(session, on=on, ids=markers, managing=ended)}


def _told(
    marker: MarkerOnDay,
    before: Mapping[UUID, frozenset[UUID]],
    after: Mapping[UUID, frozenset[UUID]],
    names: Mapping[UUID, str],
    kept: Collection[UUID],
) -> dict[str, Any]:
    stood, stands = (side.get(marker.marker.id, frozenset()) for side in (before, after))
    what = STAYS if stood == stands else GOES_OVER if marker.lines else STANDS_ALONE
    return {
        "number": marker.number,
        "state": marker.state.value if marker.state else None,
        "from": sorted(names[line] for line in stood - stands),
        "to": sorted(names[line] for line in stands - stood),
        "what": f"{what}；{_KEEPER_ENDS}" if marker.marker.id in kept else what,
    }


def tri_points_told(
    session: Session, ended: Collection[UUID], known: Mapping[UUID, DivisionVersion], *, on: date
) -> list[dict[str, Any]]:
    """Places where three units met, one of which has ended."""
    if not ended:
        return []
    sides = (TriPoint.first_id, TriPoint.second_id, TriPoint.third_id)
    wanted = (
        select(TriPoint)
        .where(or_(*(side.in_(list(ended)) for side in sides)), holds_on(TriPoint.valid, on))
        .order_by(TriPoint.name, TriPoint.id)
    )
    return [
        {
            "number": point.number,
            "name": point.name,
            "sides_ended": sorted(
                known[side].name
                for side in (point.first_id, point.second_id, point.third_id)
                if side in ended and side in known
            ),
            "what": _SIDE_ENDS,
        }
        for point in session.scalars(wanted)
    ]
