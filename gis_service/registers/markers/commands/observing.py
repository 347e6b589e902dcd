"""What was seen of markers and what was done about it: one record each time, none replaces another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from geoalchemy2 import WKTElement
from shapely.geometry import Point
from sqlalchemy import insert

from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, in_order_of_weight, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.registers.markers.commands.in_hand import InHand, take_in_hand
from gis_service.registers.markers.models import MarkerAction, MarkerObservation, MarkerState
from gis_service.registers.markers.rules import ActionFacts, MarkerFacts, judge_actions, judge_moved


@dataclass(frozen=True, slots=True)
class Seen:
    """A marker as it was seen: `found` is where, lon/lat; `neighbour_present` None where nobody wrote it."""

    marker_id: UUID
    seen_on: date
    state: MarkerState
    observer: str
    action: MarkerAction | None = None
    found: tuple[float, float] | None = None
    neighbour_present: bool | None = None
    note: str | None = None


def observe_markers(tx: Transaction, seen: Sequence[Seen], *, instrument_id: UUID) -> list[Finding]:
    """Record what was seen, by the report or the inspection that tells of it; returns what it gives to think.

    Raises:
        RuleViolated: a repair without the neighbour (R-BND-12), or a moving told as a visit (R-BND-13).
        InvalidInput: a day to come.
        NotFound, NotPermitted: see `take_in_hand`.
    """
    if not seen:
        return []
    if late := [each.seen_on for each in seen if each.seen_on > tx.today]:
        raise InvalidInput(f"日期 {max(late)} 尚未到来", way_out="请核对日期")
    last = max(each.seen_on for each in seen)
    hand = take_in_hand(tx, {each.marker_id for each in seen}, on=last, where_they_stand=True)
    findings = in_order_of_weight(judged(hand, seen))
    refuse_if_blocking(findings, "界桩状况不能登记", way_out="请按各条意见处理；没有登记任何一项")
    write_observations(tx, seen, instrument_id=instrument_id)
    for each in seen:
        number = hand.markers[each.marker_id].number
        tx.journal("markers.observe", number, instrument_id=instrument_id, after=_told(each))
    return findings


def judged(hand: InHand, seen: Iterable[Seen]) -> Iterable[Finding]:
    """R-BND-12, -13 and R-MRK-12 of what was seen."""
    for each in seen:
        marker = hand.markers[each.marker_id]
        found = None if each.found is None else Point(each.found)
        action = ActionFacts(marker.number, each.action, each.neighbour_present, found or marker.point)
        yield from judge_actions([action])
        yield from judge_moved(
            MarkerFacts(marker.number, point=marker.point, found=found, state=each.state.value)
        )


def write_observations(tx: Transaction, seen: Iterable[Seen], *, instrument_id: UUID) -> None:
    """The rows alone; whoever calls has judged and journals."""
    rows = [_row(tx, each, instrument_id) for each in seen]
    if rows:
        tx.session.execute(insert(MarkerObservation), rows)


def _row(tx: Transaction, each: Seen, instrument_id: UUID) -> dict[str, Any]:
    return {
        "marker_id": each.marker_id,
        "seen_on": each.seen_on,
        "state": each.state.value,
        "action": None if each.action is None else each.action.value,
        "found": None if each.found is None else point_element(each.found),
        "observer": each.observer,
        "neighbour_present": each.neighbour_present,
        "note": each.note,
        "instrument_id": instrument_id,
        "recorded_at": tx.at,
    }


def point_element(point: tuple[float, float]) -> WKTElement:
    """A place (lon, lat) for a column of the storage CRS."""
    return WKTElement(f"POINT({point[0]!r} {point[1]!r})", srid=STORAGE_SRID)


def _told(each: Seen) -> dict[str, Any]:
    return {
        "seen_on": each.seen_on,
        "state": each.state.value,
        "action": each.action and each.action.value,
        "found": each.found,
        "neighbour_present": each.neighbour_present,
        "observer": each.observer,
    }
