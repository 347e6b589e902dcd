"""Finding the marker somebody means: by its lasting id, or by its number, which others may share."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.errors import Conflict, NotFound
from gis_service.registers.markers.queries.standing import MarkerOnDay, marker_on, markers_on
from gis_service.registers.markers.queries.telling import told_of
from gis_service.registers.markers.rules import normalised


def marker_named(session: Session, reference: str, *, on: date) -> MarkerOnDay:
    """The marker a number or an id means on a day.

    Raises:
        NotFound: none stands on the day.
        Conflict: several lines have a marker of this number; names them.
    """
    found = _by_id(session, reference, on=on)
    if not found:
        found = markers_on(session, on=on, number=normalised(reference)[0])
    told = told_of(session, found, on=on)
    if not told:
        raise NotFound(f"{on} 没有编号为 {reference[:40]} 的界桩", way_out="请核对编号和日期")
    if len(told) > 1:
        several = "；".join(
            f"{each.lines[0].name if each.lines else '不在界线上'} {each.marker.marker.id}" for each in told
        )
        raise Conflict(f"{on} 有 {len(told)} 座界桩编号为 {reference}", way_out=f"请改用标识：{several}")
    return told[0].marker


def _by_id(session: Session, reference: str, *, on: date) -> list[MarkerOnDay]:
    try:
        marker = marker_on(session, UUID(reference), on=on)
    except ValueError:
        return []
    return [] if marker is None else [marker]
