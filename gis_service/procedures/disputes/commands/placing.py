"""Where a case lies: a stretch by chainage or between two markers, a marker, a place in lon/lat."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shapely.geometry import Point

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.rules import MarkerSaid
from gis_service.procedures.disputes.schemas import DisputeIn
from gis_service.registers.boundaries.queries import LineInForce, lines_by_id
from gis_service.registers.boundaries.rules import Course
from gis_service.registers.markers.queries.standing import MarkerOnDay, markers_on
from gis_service.registers.markers.rules import normalised

_WORDS = {"marker": "界桩", "from_marker": "起点界桩", "to_marker": "终点界桩"}


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a case lies, as far as it could be found: metres of chainage, ids of markers, a place."""

    stretch: tuple[float, float] | None
    where: Point | None
    markers: dict[str, UUID]
    said: tuple[MarkerSaid, ...]
    findings: tuple[Finding, ...]


def placed(tx: Transaction, line: LineInForce, course: Course | None, sent: DisputeIn) -> Placed:
    """Find where a case lies on the day it was found. What is not on the line is told by `said`.

    Raises:
        InvalidInput: half of a pair, a stretch told twice, or a marker that lies nowhere.
    """
    _require_pairs(sent)
    wanted = {name: getattr(sent, name) for name in _WORDS if getattr(sent, name)}
    numbers = {name: normalised(number) for name, number in wanted.items()}
    known = {name: _standing(tx, line, number, sent) for name, (number, _) in numbers.items()}
    there = {name: found for name, found in known.items() if isinstance(found, MarkerOnDay)}
    elsewhere = {name: found for name, found in known.items() if not isinstance(found, MarkerOnDay)}
    said = [
        MarkerSaid(_WORDS[name], numbers[name][0], elsewhere.get(name, ()), name in there) for name in known
    ]
    return Placed(
        _stretch(course, there, sent),
        _place(there.get("marker"), sent),
        {name: found.marker.id for name, found in there.items()},
        tuple(said),
        tuple(finding for _, finding in numbers.values() if finding is not None),
    )


def _require_pairs(sent: DisputeIn) -> None:
    pairs = ((sent.lon, sent.lat), (sent.from_m, sent.to_m), (sent.from_marker, sent.to_marker))
    if any((one is None) != (other is None) for one, other in pairs):
        raise InvalidInput("经度和纬度、起点和终点须成对写明", way_out="请补齐，或都不写")
    if sent.from_m is not None and sent.from_marker is not None:
        raise InvalidInput("区间既写了里程，又写了界桩", way_out="里程和起讫界桩只写一种")


def _standing(
    tx: Transaction, line: LineInForce, number: str, sent: DisputeIn
) -> MarkerOnDay | tuple[str, ...]:
    """The marker of this number on the line that day; else the names of the lines one stands on."""
    found = markers_on(tx.session, on=sent.found_on, number=number)
    own = [marker for marker in found if line.id in marker.lines]
    if own:
        return own[0]
    elsewhere = {other for marker in found for other in marker.lines}
    return tuple(each.name for each in lines_by_id(tx.session, elsewhere, on=sent.found_on))


def _stretch(
    course: Course | None, there: dict[str, MarkerOnDay], sent: DisputeIn
) -> tuple[float, float] | None:
    """Between two markers the one further back comes first, however they were written."""
    if sent.from_m is not None and sent.to_m is not None:
        return sent.from_m, sent.to_m
    if "from_marker" not in there or "to_marker" not in there:
        return None
    ends = sorted(_chainage(course, there[name]) for name in ("from_marker", "to_marker"))
    return ends[0], ends[1]


def _chainage(course: Course | None, marker: MarkerOnDay) -> float:
    if course is None or marker.point is None:
        raise InvalidInput(
            f"界桩 {marker.number} 或界线当日没有可用的位置，不能换算里程",
            way_out="请改写起点和终点里程（米）",
        )
    return round(course.foot(marker.point).chainage_m, 3)


def _place(marker: MarkerOnDay | None, sent: DisputeIn) -> Point | None:
    if sent.lon is not None and sent.lat is not None:
        return Point(sent.lon, sent.lat)
    return None if marker is None else marker.point
